"""What does the page of services show?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from services.console.rendering.shapes import Choice

Tone = Literal["ok", "warn", "danger"]


@dataclass(frozen=True, slots=True)
class Job:
    """What a service does once a day."""

    name: str
    at: str
    """`4:00 am`"""
    last: str
    """`Tue 24 Nov, 4:00 am`; `never`"""


@dataclass(frozen=True, slots=True)
class Service:
    """A service, and how far it is."""

    name: str
    state: str
    """`ready`, `does not answer`, `not ready: no database`"""
    tone: Tone
    lag: int = 0
    """Events that it has not processed yet."""
    outbox: int = 0
    dead: int = 0
    retrying: int = 0
    up: str = ""
    """`3 days`"""
    pack: str = ""
    jobs: tuple[Job, ...] = ()
    warnings: tuple[str, ...] = ()
    """What an operator should look at."""


@dataclass(frozen=True, slots=True)
class Dead:
    """A dead letter."""

    service: str
    number: int
    consumer: str
    subject: str
    error: str
    tries: int
    at: datetime
    href: str = ""
    """The event, if the console has it."""


@dataclass(frozen=True, slots=True)
class Rebuild:
    """The rebuild of the read models."""

    running: bool
    text: str
    """`Being built anew: 41 %, 12,400 events read so far.`"""
    percent: int = 0


@dataclass(frozen=True, slots=True)
class Services:
    """The page."""

    sections: tuple[Choice, ...]
    sentence: str
    """`All 6 services are ready.`"""
    rows: tuple[Service, ...]
    dead: tuple[Dead, ...]
    dead_total: int
    rebuild: Rebuild
    change: bool
    """Whether the person may run jobs, resolve dead letters and rebuild."""
    ask_rebuild: bool = False
    next: str = ""
    """The address of the dead letters after these."""
    csv: str = ""
    dead_csv: str = ""
