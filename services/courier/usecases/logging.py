"""How do events come into the log?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from services.courier.store import calendars, crm_fields, webhooks
from services.courier.store import log as store
from services.courier.store.log import Entry
from services.courier.usecases import crm, noticing
from services.courier.usecases.calendars import changed
from services.courier.usecases.delivering import wake
from services.courier.usecases.stating import stated, suppressed
from shared.contracts import events as e
from shared.storage.database import Tx

LOCK: Final = ("log", ("all",))
"""The lock of a transaction that adds events: positions become visible in their order."""


async def record(tx: Tx, events: Sequence[Any]) -> None:
    """Add events of one type; the transaction has the lock. What the log has is not added again."""
    await _save_facts(tx, events)
    if await store.append(tx, [_entry(event) for event in events]):
        await store.announce(tx)
        await wake(tx, await webhooks.waiting_for(tx, [events[0].SUBJECT]))
        await noticing.wake(tx, events)


def _entry(event: e.Event) -> Entry:
    origin = event.origin
    if origin is None:
        raise ValueError(f"{event.SUBJECT} was not received")
    facility_id = getattr(event, "facility_id", None)
    return Entry(
        origin.event_id,
        event.SUBJECT,
        origin.source.removeprefix("/"),
        event.key,
        facility_id,
        origin.time,
        origin.traceparent,
        event.model_dump_json(),
    )


async def _save_facts(tx: Tx, events: Sequence[Any]) -> None:
    """What filters and notices ask of facilities and reps, and what calendars and a CRM show."""
    if await crm_fields.save(tx, stated(events)):
        await crm.wake(tx)
    match events[0]:
        case e.TaskDue() | e.TaskMoved() | e.TaskDone():
            await calendars.save_tasks(tx, changed(events))
        case e.RepChanged():
            found = [{"rep": x.rep, "version": x.version, "name": x.name, "email": x.email} for x in events]
            await calendars.save_reps(tx, found)
            await crm_fields.owned(tx, [x.rep for x in events])
            await crm.wake(tx)
        case e.SuppressionChanged() | e.AddressSuppressionChanged():
            await crm_fields.suppress(tx, suppressed(events))
            await crm.wake(tx)
        case e.CrmRefused():
            await crm_fields.restate(tx, [row for x in events for row in crm.refused(x, tx.now)])
            await crm.wake(tx)
        case e.FacilityListed():
            found = [
                {
                    "facility_id": x.facility_id,
                    "name": x.name,
                    "city": x.city,
                    "state": x.state,
                    "listed_version": x.version,
                }
                for x in events
            ]
            await store.save_facts(tx, found, "listed_version")
        case e.ScoreChanged():
            found = [{"facility_id": x.facility_id, "tier": x.tier, "score_version": x.score_version} for x in events]
            await store.save_facts(tx, found, "score_version")
        case e.AccountMoved():
            found = [{"facility_id": x.facility_id, "owner": x.owner, "account_version": x.version} for x in events]
            await store.save_facts(tx, found, "account_version")
        case _:
            pass
