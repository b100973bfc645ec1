"""Pure libraries: matching, scoring, the reading of files and packs, the writing of names."""
