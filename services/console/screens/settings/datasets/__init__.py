"""Published datasets that arrive by themselves: which version is in use, and which waits for a person."""
