"""Runs the notifier as a process: `python -m services.notifier`."""

from services.notifier.app import service
from shared.runtime import main

main(service)
