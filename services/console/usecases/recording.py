"""How is a batch of events applied to the read models?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from pydantic_core import to_json

from services.console.settings import usual_name
from services.console.store import reading as store
from services.console.store.rebuilding import write_to_rebuilt
from services.console.usecases.reading import Personal, logged, split, state_of
from shared.contracts import events as e
from shared.storage.database import Tx

NOTICE_BYTES = 7_000
"""PostgreSQL refuses a notification of 8,000 bytes."""


async def record(tx: Tx, events: Sequence[e.Event]) -> None:
    """Apply events of one type; a repeated or older event changes nothing."""
    parts = [(event, *split(event)) for event in events]
    states = [state for event, data, _ in parts if (state := state_of(event, data))]
    entries = [entry for event, data, _ in parts if (entry := logged(event, data))]
    tasks = [state.id for state in states if state.kind in ("task", "task_end")]
    if tasks:
        await tx.lock("states", ["task"])  # a task and its end may arrive at the same time
    await store.save_states(tx, states)
    if tasks:
        await store.end_tasks(tx, tasks)
    await store.save_personal(tx, _personal(parts))
    await store.append(tx, entries)
    await _save_facilities(tx, events)


async def record_and_announce(tx: Tx, events: Sequence[e.Event]) -> None:
    """Apply events of one type, also to read models that are being rebuilt, and tell the pages that are open."""
    rebuilding = await store.begin_writing(tx)
    await record(tx, events)
    await store.announce(tx, notice(events))
    if rebuilding:
        await write_to_rebuilt(tx)
        await record(tx, events)


def notice(events: Sequence[e.Event]) -> str:
    """What changed, for open pages: the subject, and the facilities; all of them if they do not fit."""
    facilities = sorted({str(key) for event in events if (key := getattr(event, "facility_id", None))})
    text = to_json([events[0].SUBJECT, facilities]).decode()
    return text if len(text.encode()) <= NOTICE_BYTES else to_json([events[0].SUBJECT, None]).decode()


def _personal(parts: Iterable[tuple[e.Event, dict[str, Any], dict[str, Any]]]) -> list[Personal]:
    found = []
    for event, data, hidden in parts:
        if not hidden:
            continue
        if state := state_of(event, data):
            found.append(Personal(state.kind, state.id, state.version, hidden))
        if event.event_id:
            found.append(Personal("log", str(event.event_id), 1, hidden))
    return found


async def _save_facilities(tx: Tx, events: Sequence[e.Event]) -> None:
    first = events[0]
    if isinstance(first, e.FacilityListed):
        await store.save_columns(tx, [_listed(event) for event in events], "listed_version")  # type: ignore[arg-type]
    elif isinstance(first, e.FacilityDelisted):
        await store.save_columns(tx, [_delisted(event) for event in events], "listed_version")  # type: ignore[arg-type]
    elif isinstance(first, e.ScoreChanged):
        await store.save_columns(tx, [_scored(event) for event in events], "score_version")  # type: ignore[arg-type]
    elif isinstance(first, e.AccountMoved):
        await store.save_columns(tx, [_owned(event) for event in events], "account_version")  # type: ignore[arg-type]
    elif isinstance(first, e.TouchLogged):
        await store.save_touches(tx, [row for event in events for row in _touched(event)])  # type: ignore[arg-type]
    elif isinstance(first, e.FacilityMatched):
        await store.save_matches(tx, [row for event in events for row in _matched(event)])  # type: ignore[arg-type]


def _listed(event: e.FacilityListed) -> dict[str, Any]:
    names = " ".join([event.name, *(other.name for other in event.other_names)])
    digits = "".join(filter(str.isdigit, event.phone or ""))
    return {
        "facility_id": event.facility_id,
        "name": usual_name(event.name),
        "city": usual_name(event.city),
        "state": event.state,
        "zip": event.zip,
        "phone": event.phone,
        "chain": event.chain and usual_name(event.chain),
        "listed": True,
        "listed_version": event.version,
        "search": " ".join(filter(None, [names, event.facility_id, event.city, event.chain, digits])).lower(),
    }


def _delisted(event: e.FacilityDelisted) -> dict[str, Any]:
    return {"facility_id": event.facility_id, "listed": False, "listed_version": event.version}


def _scored(event: e.ScoreChanged) -> dict[str, Any]:
    return {
        "facility_id": event.facility_id,
        "tier": event.tier,
        "score": event.score,
        "urgency": event.urgency,
        "score_version": event.score_version,
    }


def _owned(event: e.AccountMoved) -> dict[str, Any]:
    return {
        "facility_id": event.facility_id,
        "owner": event.owner or None,
        "client": event.client,
        "account_version": event.version,
    }


def _touched(event: e.TouchLogged) -> list[dict[str, Any]]:
    if event.kind != "done":
        return []
    reached = event.reached or (event.facility_id,)
    return [{"facility_id": each, "touched_on": event.touched_on} for each in reached]


def _matched(event: e.FacilityMatched) -> list[dict[str, Any]]:
    return [
        {"posting_id": each, "facility_id": event.facility_id, "version": event.version} for each in event.posting_ids
    ]
