"""Runs the sequencer as a process: `python -m services.sequencer`."""

import gc

gc.disable()  # until it runs: imports leave nothing to collect, and searching them takes a fifth of the time

from services.sequencer.app import app  # noqa: E402

app().main()
