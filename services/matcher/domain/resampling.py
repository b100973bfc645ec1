"""How precise are the automatic matches? A person judges a small share of them without seeing the match."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt
from typing import Any

from engines.matching.facilities import Facility
from engines.matching.trade import Trade
from services.matcher.domain.directory import Group

SHOWN = 6
WIDTH = 1.96
"""The standard deviations of a 95 % interval."""


@dataclass(frozen=True, slots=True)
class Match:
    """The postings of a group that were matched automatically to a facility, which the key does not reveal."""

    key: str
    employer_key: str
    city_key: str
    state_key: str
    facility_id: str
    employer_name: str
    city: str | None
    state: str | None
    zip: str | None
    address: str | None
    postings: int

    @property
    def group(self) -> Group:
        return Group(self.employer_key, self.city_key, self.state_key)


@dataclass(frozen=True, slots=True)
class Judged:
    """How often a person named the matched facility without seeing it."""

    judged: int
    agreed: int
    unsure: int
    """Judged as well, but not counted in the precision."""
    precision: float | None
    low: float | None
    high: float | None
    """Wilson's 95 % interval."""


def alternatives(match: Match, facilities: Iterable[Facility], trade: Trade) -> list[Facility]:
    """The matched facility and those most similar by city and name, sorted by name."""
    words = set(trade.normalize(match.employer_name).split())

    def distance(facility: Facility) -> tuple[bool, bool, int, str]:
        shared = words & set(trade.normalize(facility.name).split())
        return (
            facility.facility_id != match.facility_id,
            trade.place_of(facility.city) != match.city_key,
            -len(shared),
            facility.facility_id,
        )

    there = [each for each in facilities if each.listed and each.state == match.state_key]
    return sorted(sorted(there, key=distance)[:SHOWN], key=lambda each: (each.name, each.facility_id))


def shown(match: Match, facilities: Iterable[Facility], trade: Trade) -> dict[str, Any]:
    """The match as a person judges it; it does not reveal the matched facility or its confidence."""
    return {
        "key": match.key,
        "employer_name": match.employer_name,
        "city": match.city,
        "state": match.state,
        "zip": match.zip,
        "address": match.address,
        "candidates": [
            {"facility_id": each.facility_id, "name": each.name, "address": each.address, "city": each.city}
            for each in alternatives(match, facilities, trade)
        ],
    }


def judged(agreed: int, disagreed: int, unsure: int) -> Judged:
    count = agreed + disagreed
    if not count:
        return Judged(unsure, 0, unsure, None, None, None)
    low, high = wilson(agreed, count)
    return Judged(count + unsure, agreed, unsure, round(agreed / count, 4), round(low, 4), round(high, 4))


def wilson(right: int, count: int) -> tuple[float, float]:
    """Wilson's score interval for a share of `count` > 0."""
    share, square = right / count, WIDTH * WIDTH
    middle = (share + square / (2 * count)) / (1 + square / count)
    half = WIDTH * sqrt(share * (1 - share) / count + square / (4 * count * count)) / (1 + square / count)
    return max(0.0, middle - half), min(1.0, middle + half)
