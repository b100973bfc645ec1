"""Runs the matcher as a process: `python -m services.matcher`."""

from services.matcher.app import app

app().main()
