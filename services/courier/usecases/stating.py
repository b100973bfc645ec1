"""What do our events state that a CRM should show?

Each field follows from one kind of event, whose version decides which value is the newest, or its time if it has none.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, Final

from engines.crm.records import text_of
from engines.suppression.marks import mark_of
from services.courier.domain.wanted import Statement, Suppression
from services.courier.usecases.stating_people import is_contact, milliseconds, of_task, of_touch, touched_at
from shared.contracts import events as e

REASONS: Final = 3
"""Of a score, those that count most."""
DAY: Final = 1_000_000
"""Versions of a lead are below this."""


def stated(events: Sequence[Any]) -> list[Statement]:
    """What these events state of records."""
    return [each._replace(at=event.origin.time) for event in events for each in _stated(event)]


def _stated(event: e.Event) -> Iterator[Statement]:
    match event:
        case e.FacilityListed():
            yield Statement(
                "companies", event.facility_id, event.version,
                {"account_key": event.facility_id, "name": event.name, "street": event.address, "city": event.city,
                 "state": event.state, "zip": event.zip, "phone": event.phone, "chain": event.chain,
                 "delisted_on": None},
                marks=(mark_of("facility", event.facility_id), *_chain(event.chain)),
            )  # fmt: skip
        case e.FacilityDelisted():
            yield _company(event, event.version, delisted_on=event.delisted_as_of.isoformat())
        case e.FacilityAssessed():
            for fact in event.facts:
                if fact.field == "website":
                    version = fact.as_of.toordinal() * DAY + event.import_no
                    yield _company(event, version, website=fact.value)
        case e.ScoreChanged():
            score = {"tier": str(event.tier), "score": str(event.score), "reasons": _reasons(event.breakdown)}
            yield _company(event, event.score_version, **score)
        case e.AccountMoved():
            client = "true" if event.client else "false"
            yield _company(event, event.version, owner=event.owner or None, client=client)
            if event.client:
                yield _without_clock(event)
        case e.LeadState():
            yield _company(event, _of_lead(event.raised_on, event.version), status=event.stage or None)
            if event.closed_on:
                yield _without_clock(event)
        case e.SlaBreached():
            clock = {"sla_status": event.label, "recommended_action": event.action or None}
            yield _company(event, milliseconds(event), **clock)
        case e.TouchLogged():
            yield from of_touch(event)
            if is_contact(event):
                at = touched_at(event)
                last: dict[str, str | None] = {"contacted_at": text_of(at), "outcome": event.outcome}
                yield _company(event, int(at.timestamp() * 1000), **last)
                yield _without_clock(event)
        case e.TaskDue() | e.TaskMoved() | e.TaskDone():
            yield from of_task(event)
        case _:
            return


def _company(event: Any, version: int, **values: str | None) -> Statement:
    return Statement("companies", event.facility_id, version, values)


def _without_clock(event: e.Event) -> Statement:
    """The account is not late any more."""
    return _company(event, milliseconds(event), sla_status=None, recommended_action=None)


def _chain(name: str | None) -> tuple[str, ...]:
    return (mark_of("chain", " ".join(name.split()).upper()),) if name and name.strip() else ()


def suppressed(events: Sequence[e.SuppressionState]) -> list[Suppression]:
    """What must not be contacted; nothing, once that is lifted."""
    return [
        Suppression(
            str(each.suppression_id), each.version, [] if each.lifted else sorted({*each.marks, *_target(each)})
        )
        for each in events
    ]


def _target(event: e.SuppressionState) -> tuple[str, ...]:
    return () if event.scope == "person" else (mark_of(event.scope, event.target),)


def _of_lead(raised_on: date, version: int) -> int:
    """An account has one lead after the other, each with versions from 1."""
    return raised_on.toordinal() * DAY + version


def _reasons(breakdown: Sequence[e.FactorScore]) -> str | None:
    best = sorted((each for each in breakdown if each.known and each.points > 0), key=lambda each: -each.points)
    return "\n".join(f"{each.label}: {each.evidence}" for each in best[:REASONS]) or None
