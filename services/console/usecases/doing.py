"""What happens when a person gives a command on a page?

Permission, then the audit log, then the service that owns the thing. A repeated command has one effect.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, get_args, get_origin
from uuid import UUID, uuid5

from pydantic import ValidationError

from engines.packs import calendar
from services.console.domain.forms import Done, Form, values_of
from services.console.domain.sessions import Session
from services.console.rendering.filters import instant
from services.console.store import audit, owning, sessions, team
from services.console.usecases import answering
from services.console.usecases.answering import About
from services.console.usecases.auditing import record
from services.console.usecases.commands import COMMANDS, Ordered
from services.console.usecases.seeing import begin_as, refuse_undone, refused_form
from services.console.usecases.wording import in_words
from shared.contracts.notifier_sending import SentOff
from shared.contracts.refusals import AskFailed, Refused
from shared.contracts.requests import Command, Versioned
from shared.contracts.sequencer_contacts import RecordDeparture
from shared.contracts.sequencer_leads import ChangedLead
from shared.contracts.services import SERVICES
from shared.http.backend import Backend
from shared.storage.database import Tx

PATIENCE_SECONDS = 3.0
MOST = 100
"""Things that one form may change."""
NOT_CONFIRMED = (
    "{service} has not confirmed this within 3 seconds. Ask again: it happens once, however often it is asked for."
)


async def do(backend: Backend, session: Session, name: str, form: Form) -> Done:
    """Carry out a command for each of its targets; refuses what the person may not do or what is not valid."""
    about = form.first("target")
    try:
        done = await _do(backend, session, name, form)
    except Refused as refusal:
        async with begin_as(backend.begin, session) as tx:
            text = await in_words(tx, str(refusal), about)
        raise Refused(text, refusal.code, refusal.fields) from None
    async with begin_as(backend.begin, session) as tx:
        done = replace(done, text=await in_words(tx, done.text, about))
        await sessions.say(tx, session.session_id, done.as_status())
    return done


async def _do(backend: Backend, session: Session, name: str, form: Form) -> Done:
    ordered = COMMANDS.get(name)
    if ordered is None:
        raise Refused(f"There is no command {name}.", 404)
    refuse_undone(session, ordered.action)
    targets = form.all("target")
    if len(targets) > MOST:
        raise Refused(f"Select at most {MOST}.", 422)
    return await (
        _do_one(backend, session, name, form, targets[0] if targets else "", form.first("version"))
        if len(targets) < 2
        else _do_all(backend, session, name, form, targets)
    )


async def _do_all(backend: Backend, session: Session, name: str, form: Form, targets: Sequence[str]) -> Done:
    """Each target has its own command, its own row in the audit log, and its own answer."""
    versions = list(form.fields.get("version", ()))
    versions += [""] * (len(targets) - len(versions))
    done, refused = list[str](), dict[str, list[str]]()
    for target, version in zip(targets, versions, strict=False):
        try:
            await _do_one(backend, session, name, form, target, version, part=True)
            done.append(target)
        except Refused as refusal:
            refused.setdefault(str(refusal), []).append(target)
    async with backend.begin() as tx:
        names = await owning.accounts_of(tx, targets)
    called = {why: [names[each] for each in those] for why, those in refused.items()}
    return Done(answering.several(COMMANDS[name].did, [names[each] for each in done], called))


async def _do_one(
    backend: Backend, session: Session, name: str, form: Form, target: str, version: str, *, part: bool = False
) -> Done:
    ordered = COMMANDS[name]
    service = _service_of(ordered, form)
    command = _command_of(ordered, session, form, target, version, part=part)
    async with begin_as(backend.begin, session) as tx:
        await _refuse_others(tx, session, ordered, command)
        fields = command.model_dump(exclude={"command_id", "actor"})
        key = str(target or getattr(command, ordered.target, "") or "")
        shown = "" if ordered.target == "email" else key
        await record(tx, session, name, shown[:300], {**fields, "service": service}, command.command_id)
    reply = await _answer(backend, ordered, command, service)
    async with backend.begin() as tx:
        await audit.record_result(tx, command.command_id, "done", "")
        about = await _about(tx, command)
    return Done(ordered.wording(reply, about), _undo(ordered, target, command, reply))


async def _answer(backend: Backend, ordered: Ordered, command: Command[Any], service: str) -> Any:
    """The reply of the service that owns the thing; refuses in words for a person."""
    owner = (service or command.SERVICE).capitalize()
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            return await backend.ask(command, service=service)
    except TimeoutError:
        refusal = Refused(NOT_CONFIRMED.format(service=f"The {owner.lower()}"), 504)
    except AskFailed as failed:
        refusal = _in_words(failed, f"the {owner.lower()}")
    if refusal.code == 409:
        refusal = await _with_last_change(backend, command, refusal)
    outcome = "unconfirmed" if refusal.code in (503, 504) else "refused"
    await _note_result(backend, command.command_id, outcome, str(refusal.code))
    raise refusal


async def _about(tx: Tx, command: Command[Any]) -> About:
    """What the command is about, as people call it."""
    key = getattr(command, "facility_id", None) or getattr(command, "task_id", None)
    names = await owning.accounts_of(tx, [str(key)]) if key else {}
    undo = bool(getattr(command, "undo", False))
    return About(names.get(str(key), ""), await team.names(tx), undo)


def _in_words(failed: AskFailed, owner: str) -> Refused:
    if failed.code == 504:
        return Refused(NOT_CONFIRMED.format(service=owner.capitalize()), 504)
    if failed.code == 503:
        return Refused(f"{owner.capitalize()} does not answer; nothing was changed. What you typed is below.", 503)
    return Refused(str(failed), 422 if failed.code == 400 else failed.code, failed.fields)


async def _with_last_change(backend: Backend, command: Command[Any], refusal: Refused) -> Refused:
    """Nothing was changed; who has changed what, and when?"""
    facility, task = getattr(command, "facility_id", None), getattr(command, "task_id", None)
    async with backend.begin() as tx:
        change = await owning.last_change(tx, facility, task) if facility or task else None
    if change is None:
        return refusal
    by = f"by {change.rep}, " if change.rep else ""
    last = f"The last change here: {by}{instant(change.at, calendar().timezone, 'full')}."
    nothing = "" if "Nothing was changed" in str(refusal) else "Nothing was changed. "
    return Refused(f"{nothing}{refusal} {last}", 409, refusal.fields)


async def _note_result(backend: Backend, command_id: UUID, outcome: str, code: str = "") -> None:
    """A message may quote what was typed, so only its code is stored."""
    async with backend.begin() as tx:
        await audit.record_result(tx, command_id, outcome, code)


def _command_of(
    ordered: Ordered, session: Session, form: Form, target: str, version: str, *, part: bool
) -> Command[Any]:
    """The command that a form gives; refuses invalid fields, each at its name."""
    kind = ordered.command
    values = values_of(form, target, ordered.target, _lists(kind))
    if "drafts" in values:
        values["drafts"] = [_shown_draft(each) for each in values["drafts"]]
    if version and (issubclass(kind, Versioned) or "seen" in kind.model_fields):
        values["seen"] = version
    try:
        command_id = form.command_id
        values["command_id"] = uuid5(command_id, target) if part else command_id
        values["actor"] = session.actor  # whatever the form states
        command = kind(**values)
        return _with_complete_id(command)
    except ValidationError as invalid:
        raise refused_form(invalid) from None
    except ValueError:
        raise Refused("The id of this form is not valid; load the page again.", 422) from None


def _with_complete_id(command: Command[Any]) -> Command[Any]:
    """Pages give the complete id of a task; raises `ValueError` for another one."""
    task_id = getattr(command, "task_id", None)
    return command.model_copy(update={"task_id": str(UUID(task_id))}) if task_id is not None else command


def _shown_draft(text: Any) -> dict[str, str]:
    """A draft as a person read it: `ID:REVISION`."""
    draft_id, _, revision = str(text).partition(":")
    return {"draft_id": draft_id, "revision": revision}


def _lists(kind: type[Command[Any]]) -> set[str]:
    """The fields that have several values."""
    return {name for name, field in kind.model_fields.items() if _is_list(field.annotation)}


def _is_list(annotation: Any) -> bool:
    return get_origin(annotation) in (list, tuple) or any(_is_list(each) for each in get_args(annotation))


def _service_of(ordered: Ordered, form: Form) -> str:
    """The service that the form names, for what every service does."""
    if not ordered.every_service:
        return ""
    service = form.first("service")
    if service not in SERVICES:
        raise Refused("Name the service.", 422, {"service": "is none of the services"})
    return service


async def _refuse_others(tx: Tx, session: Session, ordered: Ordered, command: Command[Any]) -> None:
    """Refuse what belongs to another person, if the role may only change its own."""
    if session.can(ordered.action, own=False):
        return
    own = bool(session.rep) and await _is_own(tx, str(session.rep), ordered, command)
    refuse_undone(session, ordered.action, own=own)


async def _is_own(tx: Tx, rep: str, ordered: Ordered, command: Any) -> bool:
    match ordered.owner:
        case "task":
            return await owning.rep_of_task(tx, command.task_id) == rep
        case "account":
            return bool(command.facility_id) and await owning.works_account(tx, command.facility_id, rep)
        case "draft":
            return await owning.rep_of_draft(tx, str(command.draft_id)) == rep
        case "drafts":
            return {await owning.rep_of_draft(tx, str(each.draft_id)) for each in command.drafts} == {rep}
        case "rep":
            return bool(command.rep == rep)
    return False


def _undo(ordered: Ordered, target: str, command: Command[Any], reply: Any) -> dict[str, Any] | None:
    if isinstance(reply, ChangedLead):
        return answering.moved_back(reply)
    if isinstance(command, RecordDeparture):
        return None if command.undo else answering.back_again(reply)
    if not ordered.undo or getattr(reply, "changed", True) is False:
        return None
    target = str(getattr(reply, COMMANDS[ordered.undo].target, target) or "") or _only_letter(reply)
    if not target:
        return None
    return {"command": ordered.undo, "target": target, "version": getattr(reply, "version", None)}


def _only_letter(reply: Any) -> str:
    """The letter that was sent off, if it was only one."""
    left = [each for each in reply if isinstance(each, SentOff) and each.refused is None] if type(reply) is list else []
    return str(left[0].draft_id) if len(left) == 1 else ""
