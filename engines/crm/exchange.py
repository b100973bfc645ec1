"""What is asked of a CRM, what does it answer, and what became of each record?

An adapter is a generator: it yields a request, is sent the answer, and returns what it found. It knows neither the
network nor the clock, nor a secret: the caller adds the address of the system and the token.
"""

from __future__ import annotations

import json
from collections.abc import Generator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar

from engines.crm.records import Record

T = TypeVar("T")
Cause = Literal["record", "setup", "credentials", "theirs"]
"""Whose error: of this record, which is not sent again until it changes; of the set-up there or the pack, or of the
credentials, which an operator has to mend; or of their system, which is asked again later."""


@dataclass(frozen=True, slots=True)
class Request:
    """A request below the address of a system."""

    method: str
    path: str
    """With its query."""
    body: bytes = b""
    content_type: str | None = None
    is_signed_in: bool = True
    """Whether it has the token; the one that asks for a token has not."""

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer; without a status if none came."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    """By their names in lower case."""

    @property
    def json(self) -> Any:
        """The body, None if it is empty or no JSON."""
        try:
            return json.loads(self.body) if self.body else None
        except ValueError:
            return None

    @property
    def has_succeeded(self) -> bool:
        return 200 <= self.status < 300

    @property
    def object(self) -> dict[str, Any]:
        found = self.json
        return found if isinstance(found, dict) else {}

    @property
    def text(self) -> str:
        return self.body.decode(errors="replace")


Steps = Generator[Request, Answer, T]


@dataclass(frozen=True, slots=True)
class Failure:
    """Why something did not succeed, whose error it is, and when to try again."""

    cause: Cause
    code: str
    message: str
    after: float | None = None
    """Seconds that they ask to wait; without them, the caller's schedule counts."""
    existing_id: str | None = None
    """The record of theirs that is in the way."""

    @property
    def concerns_all(self) -> bool:
        """Whether other records would fail too."""
        return self.cause != "record"


class Failed(Exception):
    """A request that concerns no record, or all of them, did not succeed."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(f"{failure.code}: {failure.message}")
        self.failure = failure


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a record that was sent."""

    id: str
    """Ours."""
    their_id: str | None = None
    created: bool = False
    failure: Failure | None = None
    unassociated: Failure | None = None
    """Why it was written, but not associated with the records that it is about."""
    shown: Mapping[str, str | None] | None = None
    """How they show what was written, if their answer states it: they trim texts, and format telephone numbers."""


@dataclass(frozen=True, slots=True)
class Page:
    """Records of theirs, and where the next ones begin."""

    records: tuple[Record, ...]
    after: str | None = None
    """To be stated for the next page; None at the end."""


@dataclass(frozen=True, slots=True)
class SetUp:
    """The properties of our own, of one kind."""

    created: tuple[str, ...] = ()
    present: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()
    """Sentences about properties that exist and are of another type."""


def as_json(method: str, path: str, body: Any = None) -> Request:
    content = b"" if body is None else json.dumps(body).encode()
    return Request(method, path, content, None if body is None else "application/json")


def seconds(answer: Answer) -> float | None:
    """How long they ask to wait."""
    stated = answer.headers.get("retry-after", "").strip()
    return float(stated) if stated.isascii() and stated.isdigit() else None
