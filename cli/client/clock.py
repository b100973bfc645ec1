"""What time is it in the deployment, and how do people there read an instant?

The services say it. This machine's time zone, and the pack that lies on it, may be others than the deployment's.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from cli.client.connection import ask
from shared.clock import local_text
from shared.contracts.kernel import Time
from shared.contracts.refusals import AskFailed


@dataclass(frozen=True, slots=True)
class Deployment:
    """The day that a service counts as today, and the time zone by which it does."""

    today: date
    timezone: str


def deployment(service: str = "sequencer") -> Deployment:
    """Asked of a service; raises `AskFailed`."""
    time = ask(Time(), service=service)
    return Deployment(time.today, time.timezone)


def shown(instant: Any, timezone: str) -> str:
    """An instant out of an answer, by the deployment's clock; what is none is shown as it is."""
    try:
        moment = instant if isinstance(instant, datetime) else datetime.fromisoformat(str(instant))
        return local_text(moment, timezone)
    except (ValueError, OverflowError):
        return "" if instant is None else str(instant)


def reader(service: str = "sequencer") -> Callable[[Any], str]:
    """Shows instants by the deployment's clock, or as they are, in UTC, while no service says which that is."""
    try:
        timezone = deployment(service).timezone
    except AskFailed:
        return str
    return lambda instant: shown(instant, timezone)
