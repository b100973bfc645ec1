"""Runs ingest as a process: `python -m services.ingest`."""

from services.ingest.app import service
from shared.runtime import main

main(service)
