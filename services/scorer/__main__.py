"""Runs the scorer as a process: `python -m services.scorer`."""

import gc

gc.disable()  # until it runs: imports leave nothing to collect, and searching them takes a fifth of the time

from services.scorer.app import app  # noqa: E402

app().main()
