"""Whom we do not contact, and why."""
