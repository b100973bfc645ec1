"""Runs the sequencer."""

from services.sequencer.app import service
from shared.runtime import main

main(service)
