"""Runs the scorer as a process: `python -m services.scorer`."""

from services.scorer.app import app

app().main()
