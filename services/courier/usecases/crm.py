"""What follows from what came of a slice: what both sides agreed on, what we accept, and when its lane is due next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from engines.crm.exchange import Failure, Outcome
from engines.crm.mapping import Crm
from engines.crm.merging import Merged
from engines.crm.records import Kind, System
from services.courier import settings
from services.courier.domain.crm import JOB_FROM, JOB_MOST, SLICE, Lane, rest
from services.courier.domain.wanted import Wanted
from services.courier.store import crm as store
from services.courier.store import crm_fields, crm_links
from services.courier.usecases.agreeing import agreed_of, differs, stored, taken
from services.courier.usecases.asking import REMEDIES
from services.courier.usecases.exchanging import Exchanged, Slice
from shared.contracts import events as e
from shared.storage import work
from shared.storage.database import Tx
from shared.storage.work import NewItem

KIND: Final = "crm"
"""The kind of work; an item is a lane."""
KINDS: Final[Mapping[System, tuple[Kind, ...]]] = {
    "hubspot": ("companies", "contacts", "tasks", "notes"),
    "salesforce": ("companies", "contacts", "tasks"),
}
"""The kinds of records that are exchanged with each system, to the extent that the pack has fields of them."""
IDLE: Final = timedelta(days=1)
LONG_JOB: Final = timedelta(hours=6)
"""A job that runs for longer is shown to an operator. Salesforce itself ends it some day."""
TROUBLED: Final = 4
"""Failures in a row of which an operator is warned."""


def _key(system: str, kind: str) -> str:
    return f"{system} {kind}"


async def wake(tx: Tx) -> None:
    """Let the lanes be due now, if there is a CRM."""
    if system := settings.deployed().crm:
        await work.hasten(tx, KIND, [_key(system, kind) for kind in KINDS[system]])


async def begin(tx: Tx, system: System, crm: Crm) -> None:
    """Set up the properties that are missing, and exchange records from then on. Safe to repeat."""
    kinds = [kind for kind in KINDS[system] if crm.properties(system, kind)]
    known = {each.kind: each for each in await store.lanes(tx, system)}
    for kind in kinds:
        lane = known.get(kind) or _new(system, kind)
        await store.save_lane(tx, lane._replace(set_up_at=None, failures=0, rests_until=None, cause=None, error=None))
    await store.retry(tx, system)
    await work.add(tx, [NewItem(KIND, _key(system, kind)) for kind in kinds])
    await wake(tx)


def _new(system: Any, kind: Any) -> Lane:
    return Lane(system, kind, None, [], {}, None, None, None, None, 0, None, None, None)


async def record(given: Slice, done: Exchanged, tx: Tx) -> Lane:
    """Record a slice; returns how far its lane has come."""
    lane = given.lane
    links, conflicts = list[dict[str, Any]](), list[dict[str, Any]]()
    for wanted, merged, outcome in done.merged.values():
        links.append(_link(lane, wanted, merged, outcome, tx.now))
        if outcome.failure:
            continue
        place = {"system": lane.system, "kind": lane.kind, "id": wanted.id, "at": tx.now}
        conflicts += [{**place, **_row(each)} for each in merged.conflicts]
        accepted = taken(agreed_of(wanted.agreed), merged)
        if accepted and lane.kind == "companies":
            fields = tuple(
                e.CrmField(field=name, value=value, changed_at=merged.agreed[name].changed_at)
                for name, value in accepted.items()
            )
            tx.emit(
                e.CrmChanged(facility_id=wanted.id, system=lane.system, their_id=outcome.their_id or "", fields=fields)
            )
    links += [_link(lane, *each, Outcome(each[0].id), tx.now, done.job) for each in done.by_job.values()]
    links += [_withheld(lane, each, tx.now) for each in done.withheld]
    await store.save_links(tx, links)
    await crm_links.unlink(tx, lane.system, lane.kind, [each.id for each in done.removed])
    await store.end_job(tx, [_ended(lane, each, tx.now) for each in done.ended or ()])
    await store.add_conflicts(tx, conflicts)
    await _announce(tx, given, done)
    await crm_links.adopt(tx, lane.system, lane.kind, {each.id: each.their_id for each in done.seen if each.their_id})
    known = await store.agreed(tx, lane.system, lane.kind, [each.id for each in done.seen])
    changed = [each.id for each in done.seen if each.id in known and differs(each, agreed_of(known[each.id]))]
    await store.look_again(tx, lane.system, lane.kind, changed)
    after = _after(given, done, tx.now)
    await store.save_lane(tx, after)
    return after


async def _announce(tx: Tx, given: Slice, done: Exchanged) -> None:
    """What is about records that are there now, under ids that we did not know, is associated with them."""
    new = [wanted.id for wanted, _, outcome in done.merged.values() if outcome.their_id not in (None, wanted.their_id)]
    new += [each.id for each in done.ended or () if each.their_id]
    if new:
        await crm_fields.arrived(tx, given.lane.kind, new)
        await wake(tx)


async def next_at(tx: Tx, lane: Lane) -> datetime:
    """When a lane is due. While a job sends new records, it sends no others of them."""
    if lane.rests_until and lane.rests_until > tx.now:
        return min(lane.rests_until, tx.now + IDLE)
    due = await store.next_at(tx, lane.system, lane.kind, "known" if lane.job else "all")
    return min(lane.poll_at(tx.now), due or tx.now + IDLE)


async def slice_of(tx: Tx, lane: Lane, crm: Crm) -> Slice | None:
    """What is exchanged now, if anything is. Many new records are sent to Salesforce as a job."""
    place, most, polls = (lane.system, lane.kind), SLICE[lane.system], lane.poll_at(tx.now) <= tx.now
    wanted = await store.due(tx, *place, "known" if lane.job else "all", most)
    if not wanted and not polls and lane.set_up_at:
        return None
    found = Slice(lane, crm, wanted, polls, tx.now)
    if lane.job:
        return replace(found, sent=await store.sent_by(tx, *place, lane.job))
    if (
        lane.system == "salesforce"
        and lane.kind != "tasks"
        and len(wanted) == most
        and await store.is_due(tx, *place, "new", JOB_FROM)
    ):
        return replace(found, wanted=await store.due(tx, *place, "new", JOB_MOST), as_job=True)
    return found


def refused(event: e.CrmRefused, now: datetime) -> list[dict[str, Any]]:
    """What they set, and does not count here."""
    place = {"system": event.system, "kind": "companies", "id": event.facility_id, "at": now}
    return [{**place, "field": each.field, "theirs": each.value, "why": each.why} for each in event.fields]


def _row(conflict: Any) -> dict[str, Any]:
    names = ("field", "base", "ours", "theirs", "kept", "rule")
    return {name: getattr(conflict, name) for name in names}


def _link(
    lane: Lane, wanted: Wanted, merged: Merged, outcome: Outcome, now: datetime, job: str | None = None
) -> dict[str, Any]:
    failure = outcome.failure or outcome.unassociated
    failures = wanted.failures + 1 if failure else 0
    return {
        "system": lane.system,
        "kind": lane.kind,
        "id": wanted.id,
        "their_id": outcome.their_id or wanted.their_id,
        "agreed": wanted.agreed if outcome.failure else stored(merged.agreed),
        "about": wanted.about if failure or wanted.suppressed else wanted.belongs,
        # A record that is refused is not sent again until it changes; the others are, at `next_at`.
        "sent_revision": wanted.revision if not failure or failure.cause == "record" else 0,
        "pushed_at": now,
        "failures": failures,
        "job": job,
        **_failed(failure, failures, now),
    }


def _ended(lane: Lane, outcome: Outcome, now: datetime) -> dict[str, Any]:
    failed = _failed(outcome.failure, 1, now)
    return {"system": lane.system, "kind": lane.kind, "id": outcome.id, "their_id": outcome.their_id, **failed}


def _failed(failure: Failure | None, failures: int, now: datetime) -> dict[str, Any]:
    """Why a record was not taken, and when it is sent again although it does not change."""
    if failure is None:
        return {"next_at": None, "cause": None, "error": None}
    next_at = None if failure.cause == "record" else now + rest(failure, failures)
    return {"next_at": next_at, "cause": failure.cause, "error": f"{failure.code}: {failure.message}"}


def _withheld(lane: Lane, wanted: Wanted, now: datetime) -> dict[str, Any]:
    return {
        "system": lane.system, "kind": lane.kind, "id": wanted.id, "their_id": None, "agreed": {}, "about": {},
        "sent_revision": wanted.revision, "pushed_at": None, "failures": 0, "job": None, **_failed(None, 0, now),
    }  # fmt: skip


def _after(given: Slice, done: Exchanged, now: datetime) -> Lane:
    lane = given.lane
    if done.owners is not None:
        lane = lane._replace(owners=done.owners, owners_at=now)
    if done.set_up:
        wrong = list(done.set_up.wrong)
        lane = lane._replace(wrong=wrong, set_up_at=None if wrong else now)
    if done.polled_until:
        lane = lane._replace(page=done.page, polled_at=now, polled_until=done.polled_until)
    if done.job or done.ended is not None:
        lane = lane._replace(job=done.job)
    if done.failure is None:
        return lane._replace(failures=0, rests_until=None, cause=None, error=None)
    failures = lane.failures + 1
    error = f"{done.failure.code}: {done.failure.message}"
    if done.failure.cause == "credentials":
        error = f"{error.rstrip('.')}; {REMEDIES[lane.system]}"
    return lane._replace(
        failures=failures, rests_until=now + rest(done.failure, failures), cause=done.failure.cause, error=error
    )


async def warnings(tx: Tx) -> list[str]:
    """Why nothing is exchanged with the CRM, if only an operator can mend it or it fails again and again."""
    system = settings.deployed().crm
    found = await store.lanes(tx, system)
    jobs = await store.with_jobs_since(tx, system, tx.now - LONG_JOB)
    return [
        f"CRM {system} {kind}: its job {job} has run for hours; Salesforce lists it under Bulk Data Load Jobs"
        for kind, job in jobs.items()
    ] + [
        f"CRM {each.key}: {each.error.rstrip('.')}; `pipeline crm setup` tries again"
        for each in found
        if each.error and (each.cause != "theirs" or each.failures >= TROUBLED)
    ]
