"""The screens of the console, a folder each: what its pages show (`view`), and its templates."""
