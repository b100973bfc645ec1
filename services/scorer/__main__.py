"""Runs the scorer as a process."""

from services.scorer.app import service
from shared.runtime import main

main(service)
