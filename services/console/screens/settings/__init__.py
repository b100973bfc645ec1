"""Oneself, the users, and what people did; and what all sections of the settings share."""
