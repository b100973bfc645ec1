"""Which commands does the console carry out itself: about oneself, and about users?"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeVar, get_args
from uuid import UUID
from zoneinfo import available_timezones

from pydantic import ValidationError

from services.console.domain import saving
from services.console.domain.forms import Done, Form
from services.console.domain.saving import address_of_view
from services.console.domain.sessions import Session
from services.console.rendering.filters import day
from services.console.rendering.frame import Theme
from services.console.store import sessions, users, views
from services.console.usecases import (
    calendars,
    creating_keys,
    managing_users,
    own_factors,
    publishing,
    showing_secrets,
    signing_in,
    using_keys,
)
from services.console.usecases.auditing import record
from services.console.usecases.seeing import refuse_undone, refused_form
from shared.contracts.console import AddUser, ChangeRole, NewLink, RemoveUser, ReviewUser
from shared.contracts.keys import hash_of, new_key
from shared.contracts.refusals import Refused
from shared.contracts.requests import Command
from shared.http.backend import Backend
from shared.storage.database import Tx

LONGEST_TITLE = 80
C = TypeVar("C", bound=Command[Any])
Run = Callable[[Backend, Session, Form], Awaitable[Done]]


@dataclass(frozen=True, slots=True)
class Own:
    """A command of the console itself."""

    action: str
    """The action of `PERMISSIONS`."""
    run: Run


async def do_here(backend: Backend, session: Session, name: str, form: Form) -> Done:
    """Carry out a command; refuses what the person may not do or what is not valid."""
    own = HERE[name]
    refuse_undone(session, own.action)
    done = await own.run(backend, session, form)
    async with backend.begin() as tx:
        await sessions.say(tx, session.session_id, done.as_status())
    return done


# --- oneself -------------------------------------------------------------------------------------------------


async def change_password(backend: Backend, session: Session, form: Form) -> Done:
    """The other sessions end, because a person who knew the old password may have begun them."""
    await signing_in.confirm_oneself(backend.begin, session, form.first("current"))
    await signing_in.replace_password(
        backend.begin, session.name, form.first("password"), form.first("again"), session.session_id
    )
    return Done("The password is changed. Your other sessions have ended.")


async def set_preferences(backend: Backend, session: Session, form: Form) -> Done:
    theme, zone, keys_off = form.first("theme"), form.first("timezone"), form.first("keys") == "off"
    if theme not in get_args(Theme):
        raise Refused("Choose one of the themes.", 422, {"theme": "is none of the themes"})
    if zone and zone not in available_timezones():
        raise Refused("Write a time zone such as America/New_York.", 422, {"timezone": "is not a time zone"})
    async with backend.begin() as tx:
        await users.set_preferences(tx, session.name, theme, zone, keys_off=keys_off)
        await _record(tx, session, "set_preferences", form, changed="theme, timezone, keys")
    return Done("Stored.")


async def end_session(backend: Backend, session: Session, form: Form) -> Done:
    """End one of one's own sessions, or without a target all but this one."""
    target = form.first("target")
    async with backend.begin() as tx:
        if await _record(tx, session, "end_session", form, session_id=target):
            return Done("It has ended.")
        if not target:
            count = await sessions.end_all(tx, session.name, but=session.session_id)
            return Done(f"Your other sessions have ended: {count}.")
        if not await sessions.end_one(tx, session.name, _id(target)):
            raise Refused("There is no such session of yours.", 404)
    return Done("The session has ended.")


async def add_key(backend: Backend, session: Session, form: Form) -> Done:
    """Add the security key that answered what this session asked."""
    title, answer = form.first("title"), form.first("answer")
    title = await using_keys.add_key(backend.begin, session, title, answer, _form_id(form))
    return Done(f"{title} is added; it replaces the code when you sign in.")


async def turn_off_authenticator(backend: Backend, session: Session, form: Form) -> Done:
    await signing_in.confirm_oneself(backend.begin, session, form.first("current"))
    await own_factors.turn_off(backend.begin, session, _form_id(form))
    return Done("The authenticator is turned off; your password is enough.")


async def remove_key(backend: Backend, session: Session, form: Form) -> Done:
    async with backend.begin() as tx:
        if await _record(tx, session, "remove_key", form):
            return Done("It is removed.")
        title = await using_keys.remove_key(tx, session.name, form.first("target"))
    return Done(f"{title} is removed.")


async def save_view(backend: Backend, session: Session, form: Form) -> Done:
    """Save a list with its filters under a name; it replaces one of that list with the same name."""
    title = " ".join(form.first("name").split())
    if not 0 < len(title) <= LONGEST_TITLE:
        problem = f"Write a name of 1 to {LONGEST_TITLE} characters."
        raise Refused(problem, 422, {"name": problem})
    try:
        url = address_of_view(form.first("target"))
    except ValueError:
        raise Refused("Only lists with filters can be saved as views.", 422) from None
    async with backend.begin() as tx:
        if not await _record(tx, session, "save_view", form, name=title):
            await _save(tx, session.name, title, url)
    return Done(f"Saved as {title}.")


async def _save(tx: Tx, name: str, title: str, url: str) -> None:
    if not await views.save(tx, name, title, url):
        problem = "A view of another list has this name; choose another one."
        raise Refused(problem, 422, {"name": problem})
    if len(await views.of(tx, name)) > saving.MOST:
        raise Refused(f"You have {saving.MOST} views, which is the most; remove one first.", 422)


async def remove_view(backend: Backend, session: Session, form: Form) -> Done:
    async with backend.begin() as tx:
        removed = await views.remove(tx, session.name, _id(form.first("target")))
        if not await _record(tx, session, "remove_view", form) and not removed:
            raise Refused("There is no such view of yours.", 404)
    return Done("The view is removed.")


# --- users ---------------------------------------------------------------------------------------------------


async def add_user(backend: Backend, session: Session, form: Form) -> Done:
    token = new_key()
    request = _request(AddUser, session, form, link_hash=hash_of(token))
    async with backend.begin() as tx:
        await managing_users.add_user(request, tx, session.role)
    return Done(f"{request.name} is added.", token=token)


async def new_link(backend: Backend, session: Session, form: Form) -> Done:
    token = new_key()
    request = _request(NewLink, session, form, link_hash=hash_of(token))
    async with backend.begin() as tx:
        await managing_users.new_link(request, tx, session.role)
    return Done(f"{request.name} has a new link.", token=token)


async def change_role(backend: Backend, session: Session, form: Form) -> Done:
    request = _request(ChangeRole, session, form)
    _refuse_oneself(session, request.name)
    async with backend.begin() as tx:
        user = await managing_users.change_role(request, tx, session.role)
    return Done(f"{user.name} is {user.role} now, and has to sign in again.")


async def review_user(backend: Backend, session: Session, form: Form) -> Done:
    request = _request(ReviewUser, session, form)
    _refuse_oneself(session, request.name)
    async with backend.begin() as tx:
        user = await managing_users.review_user(request, tx, session.role)
    return Done(f"{user.name} keeps access as {user.role}; the next review is due {day(user.review_due_on, 'year')}.")


async def remove_user(backend: Backend, session: Session, form: Form) -> Done:
    request = _request(RemoveUser, session, form)
    _refuse_oneself(session, request.name)
    async with backend.begin() as tx:
        await managing_users.remove_user(request, tx, session.role)
    return Done(f"{request.name} can no longer sign in.")


async def end_sessions(backend: Backend, session: Session, form: Form) -> Done:
    """End one session of a user, or all."""
    name, one = form.first("target"), form.first("session")
    async with backend.begin() as tx:
        await _record(tx, session, "end_sessions", form, session_id=one)
        count = await sessions.end_one(tx, name, _id(one)) if one else await sessions.end_all(tx, name)
    return Done(f"Sessions of {name} that have ended: {count:d}.")


HERE: dict[str, Own] = {
    "change_password": Own("oneself", change_password),
    "set_preferences": Own("oneself", set_preferences),
    "end_session": Own("oneself", end_session),
    "add_key": Own("oneself", add_key),
    "turn_off_authenticator": Own("oneself", turn_off_authenticator),
    "remove_key": Own("oneself", remove_key),
    "save_view": Own("oneself", save_view),
    "add_calendar": Own("oneself", calendars.add_calendar),
    "remove_calendar": Own("oneself", calendars.remove_calendar),
    "remove_view": Own("oneself", remove_view),
    "add_user": Own("administration", add_user),
    "new_link": Own("administration", new_link),
    "change_role": Own("administration", change_role),
    "review_user": Own("administration", review_user),
    "remove_user": Own("administration", remove_user),
    "publish_pack": Own("packs", publishing.publish_pack),
    "create_api_key": Own("administration", creating_keys.create_key),
    "show_secret": Own("administration", showing_secrets.show_secret),
    "end_sessions": Own("administration", end_sessions),
}
"""By the name in `/do/NAME`."""


def _request(kind: type[C], session: Session, form: Form, **more: Any) -> C:
    """The command that a form gives; its target is the name of a user. Refuses invalid fields, each at its name."""
    given: dict[str, Any] = {name: value for name, value in form.typed() if value and name in kind.model_fields}
    given |= {"name": form.first("target") or form.first("name"), "actor": session.name, "command_id": _form_id(form)}
    if "seen" in kind.model_fields and form.first("version"):
        given["seen"] = form.first("version")
    try:
        return kind(**given | more)
    except ValidationError as invalid:
        raise refused_form(invalid) from None


async def _record(tx: Tx, session: Session, action: str, form: Form, **fields: str) -> bool:
    return await record(tx, session, action, form.first("target")[:300], fields, _form_id(form))


def _form_id(form: Form) -> UUID:
    return _id(form.first("command_id")) if form.first("command_id") else form.command_id


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Refused("This id is not valid; load the page again.", 422) from None


def _refuse_oneself(session: Session, name: str) -> None:
    if name == session.name:
        raise Refused("Another person of operations does this for you, so that one always remains.", 409)
