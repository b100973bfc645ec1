"""Runs the notifier as a process: `python -m services.notifier`."""

import gc

gc.disable()  # until it runs: imports leave nothing to collect, and searching them takes a fifth of the time

from services.notifier.app import app  # noqa: E402

app().main()
