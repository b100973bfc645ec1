"""What waits for a person, and what first?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from services.matcher.domain.directory import Group

TIED = 0.01
"""Candidates this close to the best share its certainty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxEntry:
    """All postings of one group that wait, or that were dismissed: one decision clears them all."""

    key: str
    version: int
    """How many decisions people have made about it."""
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


def key_of_group(group: Group) -> str:
    """Short, stable, and safe to type."""
    return uuid5(NAMESPACE_URL, f"facility-pipeline/group/{group.state}/{group.city}/{group.employer}").hex[:10]


def in_order(entries: Iterable[InboxEntry]) -> list[InboxEntry]:
    """Most postings times most doubt first; those that probably mean nobody last, however many they are."""
    return sorted(entries, key=_place)


def uncertainty(candidates: list[dict[str, Any]]) -> float:
    """0 to 1: how little is known about whether the best candidate is right."""
    if not candidates:
        return 0.0
    best = max(candidate["confidence"] for candidate in candidates)
    tied = sum(candidate["confidence"] >= best - TIED for candidate in candidates)
    chance = min(best, 0.95) / tied
    return float(4 * chance * (1 - chance))


def means_nobody(candidates: list[dict[str, Any]]) -> bool:
    """Whether "none of these" is likelier than the best candidate."""
    likely = [candidate["confidence"] for candidate in candidates]
    return not likely or max(likely) < 1 - sum(likely)


def _place(entry: InboxEntry) -> tuple[bool, float, date, str]:
    urgent = entry.postings * uncertainty(entry.candidates)
    return means_nobody(entry.candidates), -urgent, entry.waiting_since, entry.key
