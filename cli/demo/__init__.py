"""Sixty days of invented work."""
