"""Where postings come from: the sources, what came of each, and what allowed it."""
