"""Which signals follow from the sightings of one facility and role family?

A pure function of the set of sightings: order and repetition do not matter (R18 to R20, requirements 2b).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import NAMESPACE_URL, UUID, uuid5

from services.matcher.domain.policy import Signals

NAMESPACE = uuid5(NAMESPACE_URL, "facility-pipeline/signal")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """A posting and the days on which it was first and last seen."""

    posting_id: UUID
    source: str
    source_posting_id: str
    first_seen_on: date
    last_seen_on: date
    closed_on: date | None = None
    urgency: int
    title: str
    event_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """The fields of `shared.contracts.events.Signal`, which describes them."""

    signal_id: UUID
    predecessor_id: UUID | None
    first_seen_on: date
    last_seen_on: date
    expires_on: date
    urgency: int
    chronic: bool
    reposted_on: date | None
    closed: bool
    postings: int
    title: str
    sources: tuple[str, ...]
    posting_event_id: UUID | None


def signals_of(facility_id: str, role_family: str, sightings: Iterable[Sighting], rules: Signals) -> tuple[Signal, ...]:
    """All signals of the pair, oldest first, each linked to its predecessor."""
    ordered = sorted({each.posting_id: each for each in sightings}.values(), key=_order)
    signals: list[Signal] = []
    for members in _groups(ordered, rules.join_days):
        predecessor = signals[-1].signal_id if signals else None
        again = [(each, earlier) for each in members for earlier in _before(each, ordered, rules.chronic_days)]
        signals.append(_signal(facility_id, role_family, members, predecessor, again, rules))
    return tuple(signals)


def _order(sighting: Sighting) -> tuple[date, date, str, str]:
    return sighting.first_seen_on, sighting.last_seen_on, sighting.source, sighting.source_posting_id


def _seen_last(sighting: Sighting) -> tuple[date, date, str, str]:
    return sighting.last_seen_on, sighting.first_seen_on, sighting.source, sighting.source_posting_id


def _groups(ordered: Sequence[Sighting], join_days: int) -> list[list[Sighting]]:
    """Consecutive sightings with no gap of more than `join_days` after the latest day seen so far."""
    groups: list[list[Sighting]] = []
    latest = date.min
    for sighting in ordered:
        if groups and (sighting.first_seen_on - latest).days <= join_days:
            groups[-1].append(sighting)
            latest = max(latest, sighting.last_seen_on)
        else:
            groups.append([sighting])
            latest = sighting.last_seen_on
    return groups


def _before(sighting: Sighting, ordered: Sequence[Sighting], chronic_days: int) -> list[Sighting]:
    """The postings that this one repeats: ended ones of the same source; a copy at another one is no new attempt."""
    return [
        earlier
        for earlier in ordered
        if earlier.source == sighting.source
        and 1 <= (sighting.first_seen_on - earlier.last_seen_on).days <= chronic_days
    ]


def _last_repost(again: Sequence[tuple[Sighting, Sighting]]) -> date | None:
    """The last day on which a posting went up again under its title; under another one it is another posting."""
    days = (each.first_seen_on for each, earlier in again if _words(each.title) == _words(earlier.title))
    return max(days, default=None)


def _words(title: str) -> set[str]:
    return set(_WORD.findall(title.casefold()))


_WORD = re.compile(r"[^\W\d_]+")


def _signal(
    facility_id: str,
    role_family: str,
    members: Sequence[Sighting],
    predecessor_id: UUID | None,
    again: Sequence[tuple[Sighting, Sighting]],
    rules: Signals,
) -> Signal:
    chronic = bool(again)
    last = max(members, key=_seen_last)
    closings = [member.closed_on for member in members if member.closed_on]
    closed = len(closings) == len(members)
    expires_on = last.last_seen_on + timedelta(rules.chronic_expiry_days if chronic else rules.expiry_days)
    return Signal(
        signal_id=uuid5(NAMESPACE, f"{facility_id}/{role_family}/{members[0].posting_id}"),
        predecessor_id=predecessor_id,
        first_seen_on=members[0].first_seen_on,
        last_seen_on=last.last_seen_on,
        # A report after the expiry does not reopen the signal.
        expires_on=min(expires_on, max(closings)) if closed else expires_on,
        urgency=min(max(member.urgency for member in members) + chronic, rules.max_urgency),
        chronic=chronic,
        reposted_on=_last_repost(again),
        closed=closed,
        postings=len(members),
        title=last.title,
        sources=tuple(sorted({member.source for member in members})),
        posting_event_id=last.event_id,
    )
