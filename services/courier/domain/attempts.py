"""When is a delivery that failed tried again, and when does its webhook rest?

The delays are those that Standard Webhooks 1.0 recommends. A message that one receiver refuses follows them on its own;
a receiver that accepts nothing rests as a whole, so that events wait in the log and not in the ledger.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Final
from zlib import crc32

DELAYS: Final = tuple(
    timedelta(seconds=seconds) for seconds in (5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400)
)
"""After each attempt until the next one; after the last attempt, the delivery has failed."""
RESTS: Final = tuple(timedelta(seconds=seconds) for seconds in (5, 30, 300, 1_800, 3_600))
"""How long a webhook rests after each slice of which nothing was accepted; the last one repeats."""
DEAD: Final = 5
"""Failures in a row after which a webhook rests."""
PATIENCE: Final = timedelta(days=3)
"""How long a webhook may accept nothing before it is paused."""
LONGEST_WAIT: Final = timedelta(days=1)
"""The longest `Retry-After` that is kept."""
_ASKS_TO_WAIT: Final = frozenset({HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE})


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one attempt."""

    position: int
    started_at: datetime
    millis: int
    status: int = 0
    """Of the answer; 0 without one."""
    answer: str = ""
    """Its first characters."""
    error: str | None = None
    """Why it failed; None: it was delivered."""
    wait: timedelta = timedelta()
    """How long the receiver asks to be left alone."""
    gone: bool = False
    """The receiver does not want this webhook any more (410)."""

    @property
    def delivered(self) -> bool:
        return self.error is None


def error_of(status: int) -> str | None:
    """Why an answer with this status is a failure; None if it is none. Only 2xx is a success."""
    if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        return None
    if HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST:
        return f"It answered {status}, a redirect, and redirects are not followed: change the webhook's URL."
    if status == HTTPStatus.GONE:
        return "It answered 410: this webhook is not wanted any more."
    return f"It answered {status}."


def lost(days: int) -> str:
    """Why a delivery failed whose event the log no longer has."""
    return f"It was not accepted before it was removed from the log, which keeps {days} days."


def wait_of(status: int, headers: Mapping[str, str], now: datetime) -> timedelta:
    """How long an answer of 429 or 503 asks to wait, by its `Retry-After` in seconds or as a date (RFC 9110)."""
    stated = headers.get("retry-after", "").strip() if status in _ASKS_TO_WAIT else ""
    if not stated:
        return timedelta()
    if stated.isascii() and stated.isdigit():
        seconds = min(float(stated), LONGEST_WAIT.total_seconds())
        return timedelta(seconds=seconds)
    try:
        until = parsedate_to_datetime(stated)
    except (ValueError, OverflowError):
        return timedelta()
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return min(max(until - now, timedelta()), LONGEST_WAIT)


def next_attempt(key: str, attempts: int, now: datetime) -> datetime | None:
    """When a delivery is due that failed so often, a fifth earlier or later by its key; None after the last attempt."""
    if attempts > len(DELAYS):
        return None
    spread = 0.8 + 0.4 * crc32(f"{key} {attempts}".encode()) / 0xFFFFFFFF
    return now + DELAYS[attempts - 1] * spread


@dataclass(frozen=True, slots=True)
class Health:
    """How a receiver is doing."""

    failures: int = 0
    """In a row, over all of its deliveries."""
    rests: int = 0
    """In a row."""
    failing_since: datetime | None = None
    rest_until: datetime | None = None

    @property
    def is_dead(self) -> bool:
        """It accepted none of the last deliveries: one at a time is tried."""
        return self.failures >= DEAD

    def after(self, outcomes: tuple[Outcome, ...], now: datetime) -> Health:
        """Its health after a slice, whose outcomes are in the order in which they ended; the same after none."""
        if not outcomes:
            return self
        failures, rests, since = self.failures, self.rests, self.failing_since
        for each in outcomes:
            failures, rests, since = (0, 0, None) if each.delivered else (failures + 1, rests, since or each.started_at)
        wait = max((each.wait for each in outcomes), default=timedelta())
        if failures < DEAD:
            return Health(failures, 0, since, now + wait if wait else None)
        rest = max(wait, RESTS[min(rests, len(RESTS) - 1)])
        return Health(failures, rests + 1, since, now + rest)

    def has_lost(self, now: datetime) -> bool:
        """Whether it accepted nothing for so long that the webhook is paused."""
        return self.is_dead and self.failing_since is not None and now - self.failing_since >= PATIENCE
