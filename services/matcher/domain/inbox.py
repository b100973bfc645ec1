"""Which groups wait for a person, and in which order?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from services.matcher.domain.directory import Group

TIED = 0.01
"""Candidates whose confidence is this close to the best one share its probability."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxEntry:
    """All waiting or all dismissed postings of a group. One decision covers them all."""

    key: str
    version: int
    """The number of decisions of people on the group."""
    employer_name: str
    city: str | None
    state: str | None
    postings: int
    role_families: list[str]
    waiting_since: date
    last_seen_on: date
    reason: str
    candidates: list[dict[str, Any]]
    dismissed_on: date | None = None


@lru_cache(maxsize=10_000)
def key_of_group(group: Group) -> str:
    """The key of a group: short, stable, and safe to type. Results are cached, because groups repeat."""
    return uuid5(NAMESPACE_URL, f"facility-pipeline/group/{group.state}/{group.city}/{group.employer}").hex[:10]


def in_order(entries: Iterable[InboxEntry]) -> list[InboxEntry]:
    """Most postings times most uncertainty first; groups that probably match no facility last."""
    return sorted(entries, key=_place)


def uncertainty(candidates: list[dict[str, Any]]) -> float:
    """0 to 1: how uncertain it is that the best candidate is right."""
    if not candidates:
        return 0.0
    best = max(candidate["confidence"] for candidate in candidates)
    tied = sum(candidate["confidence"] >= best - TIED for candidate in candidates)
    chance = min(best, 0.95) / tied
    return float(4 * chance * (1 - chance))


def has_probably_no_match(candidates: list[dict[str, Any]]) -> bool:
    """Whether "none of these" is more likely than the best candidate."""
    likely = [candidate["confidence"] for candidate in candidates]
    return not likely or max(likely) < 1 - sum(likely)


def _place(entry: InboxEntry) -> tuple[bool, float, date, str]:
    urgent = entry.postings * uncertainty(entry.candidates)
    return has_probably_no_match(entry.candidates), -urgent, entry.waiting_since, entry.key
