"""Runs the sequencer."""

from services.sequencer.app import app

app().main()
