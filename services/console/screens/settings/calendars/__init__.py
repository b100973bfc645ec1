"""Whose tasks calendar programs read."""
