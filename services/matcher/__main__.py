"""Runs the matcher as a process: `python -m services.matcher`."""

from services.matcher.app import service
from shared.runtime import main

main(service)
