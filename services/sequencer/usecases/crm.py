"""What follows from what people changed in a CRM? The same as from the commands of a rep.

A value that cannot be followed changes nothing: why is recorded and published, and the CRM gets ours back.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from typing import Final, Literal

from pydantic import ValidationError

from engines.crm.records import text_of, time_of
from engines.packs import calendar
from engines.problems import problems
from services.sequencer.domain.identity import logged_there
from services.sequencer.domain.leads import Lead
from services.sequencer.domain.sequences import Channel
from services.sequencer.domain.stages import DECIDED
from services.sequencer.domain.touches import TouchOutcome
from services.sequencer.settings import playbook, touches
from services.sequencer.store import board, crm, reps, tasks
from services.sequencer.usecases.assigning import assign_account
from services.sequencer.usecases.ending import chosen, end, others
from services.sequencer.usecases.leading import lead_on
from services.sequencer.usecases.logging_touches import log_touch
from services.sequencer.usecases.outcomes import record_outcome
from services.sequencer.usecases.staging import move_lead, stage_named
from services.sequencer.usecases.undoing import look
from shared.clock import local_date
from shared.contracts.events import CRMS, CrmChanged, CrmField, CrmRefusal, CrmRefused
from shared.contracts.limits import SHORT
from shared.contracts.refusals import Refused
from shared.contracts.sequencer_accounts import AssignAccount
from shared.contracts.sequencer_leads import MoveLead, OutcomeKind, RecordOutcome
from shared.contracts.sequencer_touches import LogTouch, TouchResult
from shared.storage.database import Tx

AHEAD: Final = timedelta(minutes=10)
"""How far the clock of the CRM, or of its users, may be ahead of ours."""
OLDEST: Final = timedelta(days=30)
"""What came of an older touch has been overtaken."""
CONTACTED: Final[tuple[Literal["call", "email", "linkedin"], ...]] = ("call", "email", "linkedin")

Given = Mapping[str, CrmField]
Follow = Callable[[CrmChanged, Given, Tx], Awaitable[str | None]]
"""Follows fields; raises `Refused`, or returns why ours is shown all the same."""


async def follow(event: CrmChanged, tx: Tx) -> None:
    """Follow the changes of an account: first its owner, then a touch, then the stage of the lead."""
    if event.origin is None:
        raise ValueError("the event was not received")
    tx.actor = CRMS[event.system]
    last = await crm.last_of(tx, event.facility_id)
    given = {each.field: each for each in event.fields}
    refused = {name: f"{name} is not taken over from a CRM." for name in given}
    for names, follows in STEPS.items():
        some = {name: given[name] for name in names if name in given}
        if names != TOUCH and any(last.get(name, event.origin.event_id) > event.origin.event_id for name in some):
            refused |= dict.fromkeys(some, "A later change was followed already.")
        elif some:
            why = await _follow(follows, event, some, tx)
            refused = {name: each for name, each in refused.items() if name not in some}
            refused |= dict.fromkeys(some, why) if why else {}
    await crm.record(tx, [_change(event, each, refused.get(each.field), tx) for each in event.fields])
    fields = tuple(CrmRefusal(field=name, value=given[name].value, why=why) for name, why in refused.items())
    if fields:
        changed = event.origin.event_id
        refusal = CrmRefused(facility_id=event.facility_id, system=event.system, changed=changed, fields=fields)
        tx.emit(refusal, cause=event)


async def _follow(follows: Follow, event: CrmChanged, given: Given, tx: Tx) -> str | None:
    """Follow fields that belong together, all or none; returns why not."""
    if any(len(each.value or "") > SHORT for each in given.values()):
        return f"It is longer than {SHORT} characters."
    try:
        async with tx.savepoint():
            return await follows(event, given, tx)
    except Refused as refused:
        return str(refused)
    except ValidationError as invalid:
        return "; ".join(f"{name}: {problem}" for name, problem in problems(invalid, "value").items())


def _change(event: CrmChanged, each: CrmField, refused: str | None, tx: Tx) -> crm.Change:
    assert event.origin  # noqa: S101 - checked by `follow`
    key = event.origin.event_id
    return crm.Change(key, each.field, event.facility_id, event.system, each.value, each.changed_at, refused, tx.now)


async def _owner(event: CrmChanged, given: Given, tx: Tx) -> str | None:
    """The rep with an e-mail address gets the account."""
    address = given["owner"].value
    if address is None:
        raise Refused("An account keeps its owner until it gets another one.")
    members = [each for each in (await reps.load(tx)).reps if each.is_in_team(tx.today)]
    found = next((each for each in members if (each.email or "").casefold() == address.casefold()), None)
    if found is None:
        raise Refused(f"No rep of the team has the e-mail address {address}.")
    await assign_account(AssignAccount(facility_id=event.facility_id, rep=found.rep, actor=tx.actor), tx)
    return None


async def _touch(event: CrmChanged, given: Given, tx: Tx) -> str | None:
    """A touch with an outcome, of the task that is due by its channel, or without one."""
    if any(each.value is None for each in given.values()):
        raise Refused("A touch that was logged is not removed in a CRM; `pipeline undo` takes it back.")
    at = _at(event, given, tx)
    stated = given["outcome"].value if "outcome" in given else None
    found = {each: outcome for each in CONTACTED if (outcome := _outcome(each, stated))}
    if not found:
        raise Refused(f"There is no outcome {stated!r}; those of a call are {touches().choices('call')}.")
    before, where = await tasks.last_touched_at(tx, event.facility_id), event.facility_id
    task = await tasks.due_at(tx, where, found, local_date(at, calendar().timezone))
    channel = next(each for each in found if task is None or each == task.channel)
    result = TouchResult(outcome=found[channel].id)
    if await tasks.was_touched_at(tx, where, at, result.outcome):
        raise Refused("This touch is logged already.")
    if task:
        outcome = chosen(channel, result, tx.today)
        current = await look(task, tx, await others(where, outcome, tx))
        await end(task, outcome, result, current, tx, at)
    else:
        key = logged_there(where, event.system, text_of(at))
        named = LogTouch(facility_id=where, channel=channel, outcome=result.outcome, actor=tx.actor, command_id=key)
        await log_touch(named, tx, at)
    return f"It is logged; the last touch was at {text_of(before)}." if before and at <= before else None


def _outcome(channel: Channel, stated: str | None) -> TouchOutcome | None:
    """The outcome that people stated by its id or in words; without any, one from which nothing follows."""
    if stated is None:
        return touches().plain(channel)
    known = touches().of(channel).values()
    return next((each for each in known if stated.casefold() in (each.id, each.title.casefold())), None)


def _at(event: CrmChanged, given: Given, tx: Tx) -> datetime:
    """When the touch was: as stated or, of an outcome alone, when that was stated."""
    if "contacted_at" not in given:
        return min(given["outcome"].changed_at or tx.now, tx.now)
    stated = given["contacted_at"].value
    at = time_of(stated)
    if at is None:
        raise Refused(f"{stated!r} is not a time.")
    if at > tx.now + AHEAD:
        raise Refused(f"{stated} is in the future.")
    if at < tx.now - OLDEST:
        raise Refused(f"{stated} is more than {OLDEST.days} days ago, so nothing follows from it any more.")
    return at


async def _status(event: CrmChanged, given: Given, tx: Tx) -> str | None:
    """The lead goes to a stage; one that ends it is its outcome."""
    name, where = given["status"].value, event.facility_id
    if name is None:
        raise Refused("A lead is always in a stage.")
    found = await board.of_accounts(tx, playbook(), [where])
    lead = lead_on(found, where)
    stage = stage_named(lead, name)
    if stage.phase in DECIDED:
        if stage.phase == "won" and not found.accounts[where].owner:
            raise Refused("The account has no owner; state one with the win.")
        kind: OutcomeKind = "won" if stage.phase == "won" else "lost"
        command = RecordOutcome(facility_id=where, outcome=kind, reason=f"Set in {tx.actor}.", actor=tx.actor)
        return _same(lead, name, (await record_outcome(command, tx)).version)
    moved = await move_lead(MoveLead(facility_id=where, stage=name, actor=tx.actor), tx)
    return _same(lead, name, moved.version)


def _same(lead: Lead, name: str, version: int) -> str | None:
    """Why ours is shown, if they only wrote it in another way."""
    return f"The lead is in {lead.stage} already." if version == lead.version and name != lead.stage else None


TOUCH: Final = ("contacted_at", "outcome")
STEPS: Final[Mapping[tuple[str, ...], Follow]] = {("owner",): _owner, TOUCH: _touch, ("status",): _status}
"""By the fields that belong together, in order."""
