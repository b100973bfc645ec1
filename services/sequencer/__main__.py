"""Runs the sequencer as a process: `python -m services.sequencer`."""

from services.sequencer.app import app

app().main()
