"""How is a slice of records exchanged with a CRM?

Nothing is sent that was not read and merged just before.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from engines.crm.adapters import Adapter, adapter_of
from engines.crm.exchange import Failed, Failure, Outcome, SetUp
from engines.crm.mapping import Crm, Rule
from engines.crm.merging import Merged, as_shown, merge
from engines.crm.records import Kind, Record, System
from engines.crm.salesforce import Salesforce
from services.courier.domain.crm import JOB_FROM, LATE, OWNERS, Lane
from services.courier.domain.wanted import Wanted
from services.courier.usecases.agreeing import agreed_of
from services.courier.usecases.asking import Ask, run


@dataclass(frozen=True, slots=True)
class Slice:
    """What is done now."""

    lane: Lane
    crm: Crm
    wanted: Sequence[Wanted]
    polls: bool
    now: datetime
    as_job: bool = False
    """Send those that are not there as a job."""
    sent: Sequence[str] = ()
    """What the job of the lane sends."""


@dataclass(slots=True)
class Exchanged:
    """What came of a slice. What was not reached is due again."""

    owners: dict[str, str] | None = None
    set_up: SetUp | None = None
    merged: dict[str, tuple[Wanted, Merged, Outcome]] = field(default_factory=dict)
    """By our id; also records that were even already."""
    job: str | None = None
    """The job that was begun."""
    by_job: dict[str, tuple[Wanted, Merged]] = field(default_factory=dict)
    """By our id, what that job sends."""
    ended: list[Outcome] | None = None
    """What became of the records of the job before."""
    withheld: list[Wanted] = field(default_factory=list)
    removed: list[Wanted] = field(default_factory=list)
    """What was taken back here, and is gone there."""
    polled_until: datetime | None = None
    """What they changed until then is known, if we looked."""
    seen: list[Record] = field(default_factory=list)
    """Those of theirs that changed."""
    page: str | None = None
    failure: Failure | None = None
    """Why the slice ended, if it concerns more than a record."""


async def exchange(given: Slice, ask: Ask) -> Exchanged:
    """Send what we changed, and see what they changed; ends at the first failure that concerns more than a record."""
    done = Exchanged()
    try:
        await _exchange(given, ask, done)
    except Failed as failed:
        done.failure = failed.failure
    return done


async def _exchange(given: Slice, ask: Ask, done: Exchanged) -> None:
    lane = given.lane
    owners = lane.owners
    if lane.owners_at is None or lane.owners_at + OWNERS <= given.now:
        owners = done.owners = await run(adapter_of(lane.system, given.crm, {}).users(), ask)
    system = adapter_of(lane.system, given.crm, owners)
    if lane.set_up_at is None:
        done.set_up = await run(system.set_up(lane.kind), ask)
        if done.set_up.wrong:
            raise Failed(Failure("setup", "WRONG_PROPERTIES", " ".join(done.set_up.wrong)))
    if lane.job and given.polls and isinstance(system, Salesforce):
        done.ended = await run(system.job_result(lane.kind, lane.job, given.sent), ask)
        _stop_if_all_failed(done.ended or [])
    done.withheld = [each for each in given.wanted if each.is_withheld]
    await _remove(given, system, ask, done)
    await _send(given, system, ask, done)
    if given.polls:
        until = given.now - LATE[lane.system]
        since = lane.polled_until or until
        page = await run(system.modified(lane.kind, since, lane.page), ask)
        done.seen, done.page = [each for each in page.records if each.id], page.after
        done.polled_until = since if page.after else until


async def _remove(given: Slice, system: Adapter, ask: Ask, done: Exchanged) -> None:
    removed = [each for each in given.wanted if each.is_removed and not each.is_withheld]
    if removed:
        await run(system.remove(given.lane.kind, [each.their_id for each in removed if each.their_id]), ask)
        done.removed = removed


async def _send(given: Slice, system: Adapter, ask: Ask, done: Exchanged) -> None:
    kind, rules = given.lane.kind, known_rules(given.crm, given.lane.system, given.lane.kind)
    wanted = {each.id: each for each in given.wanted if not each.is_withheld and not each.is_removed}
    if not wanted:
        return
    theirs = {each.id: each for each in await run(system.read(kind, list(wanted)), ask)}
    for name in [name for name, each in wanted.items() if each.suppressed and name not in theirs]:
        done.withheld.append(wanted.pop(name))  # one that they removed is not made again to state that
    merged = dict[str, Merged]()
    for name, each in wanted.items():
        other = theirs.get(name)
        base = agreed_of(each.agreed) if other else {}  # one that they removed is made again
        merged[name] = merge(base, ours_of(each, system, kind), other, rules, given.now)
    about = {name: each.belongs for name, each in wanted.items() if not _is_associated(each, theirs.get(name))}
    records = {
        name: Record(kind, name, one.push)
        for name, one in merged.items()
        if one.push or name not in theirs or name in about
    }
    by_job = {name for name in records if name not in theirs} if given.as_job else set[str]()
    if len(by_job) < JOB_FROM:
        by_job.clear()
    at_once = [each for name, each in records.items() if name not in by_job]
    outcomes = {each.id: each for each in await run(system.upsert(kind, at_once, about), ask)} if at_once else {}
    shown = await _shown(system, kind, outcomes.values(), ask)
    for name in merged.keys() - by_job:
        outcome = outcomes.get(name) or Outcome(name, theirs[name].their_id)
        done.merged[name] = (wanted[name], as_shown(merged[name], shown.get(name, {})), outcome)
    _stop_if_all_failed([*outcomes.values()])
    if by_job and isinstance(system, Salesforce):
        done.job = await run(system.start_job(kind, [records[name] for name in sorted(by_job)]), ask)
        done.by_job = {name: (wanted[name], merged[name]) for name in by_job}


def _is_associated(wanted: Wanted, theirs: Record | None) -> bool:
    """Whether theirs is associated already with what it is about, or is not to be."""
    if not wanted.belongs or wanted.suppressed:
        return True
    return theirs is not None and theirs.their_id == wanted.their_id and wanted.about == wanted.belongs


def _stop_if_all_failed(outcomes: Sequence[Outcome]) -> None:
    """Whatever is sent next would fail too."""
    failures = [each.failure or each.unassociated for each in outcomes]
    stopped = [each for each in failures if each and each.concerns_all]
    if stopped and len(stopped) == len(outcomes):
        raise Failed(stopped[0])


async def _shown(
    system: Adapter, kind: Kind, outcomes: Collection[Outcome], ask: Ask
) -> dict[str, Mapping[str, str | None]]:
    """How they show what was written just now: by their answers to it or, if those do not state it, by a look."""
    written = [each for each in outcomes if not each.failure]
    unknown = [each.id for each in written if each.shown is None]
    read = await run(system.read(kind, unknown), ask) if unknown else []
    return {each.id: each.values for each in read} | {each.id: each.shown for each in written if each.shown is not None}


def ours_of(wanted: Wanted, system: Adapter, kind: Kind) -> Record:
    """Ours, also where only they have a value that counts here.

    Without an owner whom they do not know, so that nothing follows from theirs.
    """
    record = wanted.record(kind)
    unknown = {name: None for name, (write_back, _) in system.crm.rules(kind).items() if write_back}
    values = {**unknown, **record.values}
    if values.get("owner") not in (None, *system.owners):
        del values["owner"]
    return replace(record, values=values)


def known_rules(crm: Crm, system: System, kind: Kind) -> dict[str, tuple[bool, Rule]]:
    """The rules of the fields that a system has."""
    known = {each.field for each in crm.properties(system, kind)}
    return {name: rule for name, rule in crm.rules(kind).items() if name in known}
