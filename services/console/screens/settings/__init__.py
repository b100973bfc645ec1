"""Oneself, the users, and what people did."""
