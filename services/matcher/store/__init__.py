"""Every query of the matcher."""
