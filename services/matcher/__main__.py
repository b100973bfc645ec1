"""Runs the matcher as a process: `python -m services.matcher`."""

import gc

gc.disable()  # until it runs: imports leave nothing to collect, and searching them takes a fifth of the time

from services.matcher.app import app  # noqa: E402

app().main()
