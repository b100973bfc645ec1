"""Runs the notifier as a process: `python -m services.notifier`."""

from services.notifier.app import app

app().main()
