"""What do our events state that a CRM should show?

Each field follows from one kind of event, whose version decides which value is the newest.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, Final

from engines.crm.records import text_of
from services.courier.domain.wanted import Stated
from shared.contracts import events as e

REASONS: Final = 3
"""Of a score, those that count most."""
DAY: Final = 1_000_000
"""Versions of a lead are below this."""


def stated(events: Sequence[Any]) -> list[Stated]:
    """The fields that these events state."""
    return [
        Stated(kind, key, name, value, version, event.origin.time)
        for event in events
        for kind, key, version, values in _stated(event)
        for name, value in values.items()
    ]


def _stated(event: e.Event) -> Iterator[tuple[str, str, int, dict[str, str | None]]]:
    match event:
        case e.FacilityListed():
            yield "companies", event.facility_id, event.version, {
                "account_key": event.facility_id, "name": event.name, "street": event.address, "city": event.city,
                "state": event.state, "zip": event.zip, "phone": event.phone, "chain": event.chain,
            }  # fmt: skip
        case e.ScoreChanged():
            yield "companies", event.facility_id, event.score_version, {
                "tier": str(event.tier), "score": str(event.score), "reasons": _reasons(event.breakdown),
            }  # fmt: skip
        case e.AccountMoved():
            yield "companies", event.facility_id, event.version, {"owner": event.owner or None}
        case e.LeadState():
            yield (
                "companies",
                event.facility_id,
                _of_lead(event.raised_on, event.version),
                {"status": event.stage or None},
            )
        case e.TouchLogged(kind="done", outcome=str(outcome)) if event.channel != "research":
            at = event.touched_at or (event.origin.time if event.origin else None)
            if at:
                values: dict[str, str | None] = {"contacted_at": text_of(at), "outcome": outcome}
                yield "companies", event.facility_id, int(at.timestamp() * 1000), values
        case e.SuppressionChanged(scope="facility" | "chain" as scope):
            mark = {"suppressed": "false" if event.lifted else "true"}
            yield "companies" if scope == "facility" else "chains", event.target, event.version, {**mark}
        case _:
            return


def _of_lead(raised_on: date, version: int) -> int:
    """An account has one lead after the other, each with versions from 1."""
    return raised_on.toordinal() * DAY + version


def _reasons(breakdown: Sequence[e.FactorScore]) -> str | None:
    best = sorted((each for each in breakdown if each.known and each.points > 0), key=lambda each: -each.points)
    return "\n".join(f"{each.label}: {each.evidence}" for each in best[:REASONS]) or None
