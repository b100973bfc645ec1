"""Does a command wait for what only others need?"""

from __future__ import annotations

import subprocess
import sys

from cli.stack.target import SERVICES
from shared.contracts import topology

HEAVY = (
    "nats",
    "pydantic",
    "yaml",
    "structlog",
    "rapidfuzz",
    "shared.contracts.events",
    "shared.messaging.broker",
    "scoring.pack",
)


def test_the_command_line_loads_no_broker_no_events_and_no_engine_before_a_command_needs_them() -> None:
    look = f"import sys, cli.main; print(*[name for name in {HEAVY!r} if name in sys.modules])"

    loaded = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True).stdout.split()

    assert loaded == []


def test_the_command_line_knows_the_same_services_as_the_topology() -> None:
    assert SERVICES == topology.SERVICES
