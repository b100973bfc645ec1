"""Runs ingest as a process: `python -m services.ingest`."""

from services.ingest.app import app

app().main()
