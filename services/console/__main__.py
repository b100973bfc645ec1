"""Runs the console as a process: `python -m services.console`."""

import gc

gc.disable()  # until it runs: imports leave nothing to collect, and searching them takes a fifth of the time

from services.console.app import app  # noqa: E402

app().main()
