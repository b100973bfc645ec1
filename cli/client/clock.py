"""What is the time in the deployment, and how is an instant displayed there?

The services reply with the time. The time zone and pack of this machine may differ from the deployment's.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from cli.client.connection import ask
from shared.clock import local_text
from shared.contracts.kernel import Status, Time
from shared.contracts.refusals import AskFailed


@dataclass(frozen=True, slots=True)
class Deployment:
    """A service's current day and time zone."""

    today: date
    timezone: str


def deployment(service: str = "sequencer") -> Deployment:
    """The day and time zone of a service; raises `AskFailed`."""
    time = ask(Time(), service=service)
    return Deployment(time.today, time.timezone)


def is_simulated(service: str = "notifier") -> bool:
    """Whether the time of a service passes only while a simulation runs; raises `AskFailed`."""
    return ask(Status(), service=service).simulation


def shown(instant: Any, timezone: str) -> str:
    """An instant from a reply, by the deployment's clock; other values are unchanged."""
    try:
        moment = instant if isinstance(instant, datetime) else datetime.fromisoformat(str(instant))
        return local_text(moment, timezone)
    except (ValueError, OverflowError):
        return "" if instant is None else str(instant)


def reader(service: str = "sequencer") -> Callable[[Any], str]:
    """A function that displays instants by the deployment's clock, or unchanged, in UTC, if no service replies."""
    try:
        timezone = deployment(service).timezone
    except AskFailed:
        return str
    return lambda instant: shown(instant, timezone)
