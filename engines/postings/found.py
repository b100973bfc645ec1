"""What does a page or an answer of a recruiting system state about a posting?"""

from __future__ import annotations

from datetime import date
from typing import Final, NamedTuple

DAMAGED_ROW: Final = "a damaged row"
"""So begins the problem with a row of a table that cannot be read."""


class Found(NamedTuple):
    """A posting as a page or an answer states it. No field is about a person, so candidate data cannot enter (R11)."""

    source_posting_id: str
    title: str
    employer_name: str
    """Empty where it is not stated; the employer of the source stands in for it."""
    city: str | None = None
    state: str | None = None
    zip: str | None = None
    address: str | None = None
    url: str | None = None
    description: str | None = None
    """Determines the urgency; it is not stored."""
    posted_on: date | None = None
    closes_on: date | None = None
    """The last day of the posting. A day in the past: it closed on that day."""


class Read(NamedTuple):
    """The postings of a page or an answer, and what could not be taken from it."""

    format: str
    postings: list[Found]
    problems: list[str]


class Unreadable(ValueError):
    """No posting can be read: the format has no adapter, or the content is damaged. The message says which."""
