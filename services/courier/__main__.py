"""Runs the courier as a process: `python -m services.courier`."""

import gc

gc.disable()  # until it runs: imports leave nothing to collect, and searching them takes a fifth of the time

from services.courier.app import app  # noqa: E402

app().main()
