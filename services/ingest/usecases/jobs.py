"""What does a fetch need to know before it begins, and what ends it?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from services.ingest.adapters.protocol import Adapter
from services.ingest.domain.fetches import Problem, Remembered, Robots, Source


class Ended(Exception):
    """The fetch ends here, with what it has found so far."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.reason)
        self.problem = problem


class Cut(Exception):
    """The time is over; the next fetch goes on at this page."""


class NotPermitted(Exception):
    """This may not be asked."""


@dataclass(frozen=True, eq=False)
class Job:
    """What a fetch needs to know before it begins."""

    source: Source
    adapter: Adapter
    options: Any
    now: datetime
    today: date
    listing_no: int
    per_second: float
    pages: Mapping[str, Remembered]
    robots: Mapping[str, Robots]
    waits: Mapping[str, float]
    """Seconds for which hosts may not be asked yet."""
    began: float
    """By the monotonic clock."""
    secret: str | None = None
    folder: Path | None = None
    is_test: bool = False
    refusal: str | None = None
    """Why nothing may be asked."""

    def is_looked_at(self, page: str) -> bool:
        """Whether an earlier fetch of the same listing has looked at a page."""
        known = self.pages.get(page)
        return known is not None and known.listing_no == self.listing_no and not self.is_test
