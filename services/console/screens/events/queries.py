"""Which events are in the log, and what led to one?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from shared.storage.arrays import uuids
from shared.storage.database import Tx

CAUSES = ("posting", "facility", "score", "signal")
"""What leads to touches; everything else follows from it."""
MOST_OF_TRACE = 40


@dataclass(frozen=True, slots=True)
class Logged:
    """An event, with the name of its account."""

    event_id: UUID
    subject: str
    facility_id: str | None
    account: str | None
    at: datetime
    trace: str
    data: dict[str, Any]


COLUMNS = "log.event_id, log.subject, log.facility_id, facilities.name AS account, log.at, log.trace, log.data"


@dataclass(frozen=True, slots=True)
class Narrowed:
    """Which events are asked for; an empty value is any."""

    subject: str = ""
    facility: str = ""
    rep: str = ""
    events: Sequence[UUID] | None = None
    """Only these; None: any."""

    @property
    def conditions(self) -> list[str]:
        given = {
            "facility_id = %(facility)s": self.facility,
            "rep = %(rep)s": self.rep,
            "event_id = ANY(%(events)s)": self.events is not None,
        }
        return [condition for condition, value in given.items() if value]

    @property
    def params(self) -> dict[str, Any]:
        return {"facility": self.facility, "rep": self.rep, "events": uuids(self.events or ())}


async def page(tx: Tx, asked: Narrowed, limit: int, offset: int = 0, before: UUID | None = None) -> list[Logged]:
    """A page of the events, the latest first; perhaps only those before one."""
    given = {
        "subject = %(subject)s": asked.subject,
        "event_id < %(before)s": before,
    }
    conditions = [*asked.conditions, *(condition for condition, value in given.items() if value)]
    return await tx.all(
        Logged,
        f"""
        WITH page AS MATERIALIZED (
            SELECT event_id FROM log {"WHERE " + " AND ".join(conditions) if conditions else ""}
            ORDER BY event_id DESC LIMIT %(limit)s OFFSET %(offset)s
        )
        SELECT {COLUMNS} FROM page JOIN log USING (event_id) LEFT JOIN facilities USING (facility_id)
        ORDER BY log.event_id DESC
        """,
        **asked.params,
        subject=asked.subject,
        before=before,
        limit=limit,
        offset=offset,
    )


async def counts(tx: Tx, asked: Narrowed) -> dict[str, int]:
    """How many events of each kind there are, the most frequent first."""
    where = "WHERE " + " AND ".join(asked.conditions) if asked.conditions else ""
    found = await tx.dicts(
        f"SELECT subject, count(*) AS count FROM log {where} GROUP BY 1 ORDER BY 2 DESC, 1",
        **asked.params,
    )
    return {each["subject"]: each["count"] for each in found}


async def event(tx: Tx, event_id: UUID) -> Logged | None:
    return await tx.one(
        Logged,
        f"SELECT {COLUMNS} FROM log LEFT JOIN facilities USING (facility_id) WHERE log.event_id = %(id)s",
        id=event_id,
    )


async def account_of(tx: Tx, posting_id: str) -> str | None:
    """The account of a posting."""
    found: str | None = await tx.value("SELECT facility_id FROM matches WHERE posting_id = %(id)s::uuid", id=posting_id)
    return found


async def story(tx: Tx, about: Logged, facility_id: str | None) -> list[Logged]:
    """From the first cause to the last effect: what has the same trace, the sighting before it, the touch after it."""
    is_cause = about.subject.partition(".")[0] in CAUSES
    linked = f"""
        SELECT trace FROM log WHERE facility_id = %(facility)s AND subject = %(linked)s
            AND event_id {">" if is_cause else "<"} %(id)s ORDER BY event_id {"ASC" if is_cause else "DESC"} LIMIT 1
    """
    return await tx.all(
        Logged,
        f"""
        WITH traces AS (SELECT %(trace)s::text AS trace UNION SELECT trace FROM ({linked}) AS linked)
        SELECT {COLUMNS} FROM log LEFT JOIN facilities USING (facility_id)
        WHERE log.event_id = %(id)s OR (
            log.trace <> '' AND log.trace IN (SELECT trace FROM traces)
            AND (log.facility_id IS NULL OR log.facility_id = %(facility)s)
        )
        ORDER BY log.event_id LIMIT {MOST_OF_TRACE}
        """,
        id=about.event_id,
        trace=about.trace,
        facility=facility_id,
        linked="task.due" if is_cause else "facility.matched",
    )
