"""Runs the scorer as a process."""

from services.scorer.app import app

app().main()
