"""Who may sign in, in which role?"""

from __future__ import annotations

from engines.packs import calendar
from services.console import settings
from services.console.domain.permissions import NEEDS_CODE
from services.console.domain.waiting import LINK, review_due_on
from services.console.store import sessions
from services.console.store import users as store
from services.console.usecases.auditing import CLI, record
from shared.clock import local_date
from shared.contracts.console import AddUser, ChangeRole, NewLink, Purpose, RemoveUser, ReviewUser, StoredLink, UserRow
from shared.contracts.refusals import Refused
from shared.contracts.requests import refuse_outdated
from shared.storage.database import Tx

ADD_USER = "pipeline console user add NAME --role operations"
"""What pages name while there are no users."""


async def add_user(request: AddUser, tx: Tx, role: str = CLI) -> StoredLink:
    """Add a user with a one-time link; `role` is that of the sender. Repeated, only the link is another one."""
    rep = _rep_of(request.role, request.rep)
    _refuse_signing_in(request.purpose)
    if await _record(tx, request, role):
        return await _with_link(tx, request.name, request.purpose, request.link_hash)
    await _refuse_known_email(tx, request)
    if not await store.add(tx, request.name, request.role, rep, request.full_name or request.name, request.email):
        raise Refused(f"There is a user {request.name} already; `pipeline console user list` shows all.", 409)
    return await _with_link(tx, request.name, request.purpose, request.link_hash)


async def new_link(request: NewLink, tx: Tx, role: str = CLI) -> StoredLink:
    await _known(tx, request.name)
    _refuse_signing_in(request.purpose)
    await _record(tx, request, role)
    return await _with_link(tx, request.name, request.purpose, request.link_hash, reset_code=request.reset_code)


async def change_role(request: ChangeRole, tx: Tx, role: str = CLI) -> UserRow:
    """Sessions end, so that the next one begins with what the new role needs."""
    user = await _known(tx, request.name)
    if await _record(tx, request, role):
        return row_of(user)
    refuse_outdated(request, user.version, f"{user.name} is {user.role}.")
    rep = _rep_of(request.role, request.rep)
    await store.change_role(tx, request.name, request.role, rep)
    await sessions.end_all(tx, request.name)
    return row_of(await _known(tx, request.name))


async def review_user(request: ReviewUser, tx: Tx, role: str = CLI) -> UserRow:
    """Confirm that the user still needs this access."""
    await _known(tx, request.name)
    if not await _record(tx, request, role):
        await store.review(tx, request.name)
    return row_of(await _known(tx, request.name))


async def remove_user(request: RemoveUser, tx: Tx, role: str = CLI) -> None:
    if await _record(tx, request, role):
        return
    await _known(tx, request.name)
    await store.remove(tx, request.name)
    await store.end_links(tx, request.name)
    await sessions.end_all(tx, request.name)


async def everyone(tx: Tx) -> list[UserRow]:
    return [row_of(user) for user in await store.everyone(tx)]


def row_of(user: store.User) -> UserRow:
    second_factor = user.totp_secret is not None
    return UserRow(
        name=user.name,
        role=user.role,
        rep=user.rep,
        full_name=user.full_name,
        email=user.email,
        ready=user.password is not None and (second_factor or user.role not in NEEDS_CODE),
        second_factor=second_factor,
        reviewed_on=user.reviewed_on,
        review_due_on=review_due_on(user.reviewed_on, local_date(user.added_at, calendar().timezone)),
        version=user.version,
        added_at=user.added_at,
    )


async def _with_link(tx: Tx, name: str, purpose: Purpose, link_hash: str, *, reset_code: bool = False) -> StoredLink:
    link = store.OneTimeLink(name, purpose, reset_code, tx.now + LINK)
    await store.add_link(tx, link_hash, link)
    return StoredLink(
        user=row_of(await _known(tx, name)),
        purpose=purpose,
        expires_at=link.expires_at,
        public_url=settings.deployed().url,
    )


async def _known(tx: Tx, name: str) -> store.User:
    user = await store.find(tx, name)
    if user is None:
        known = ", ".join(each.name for each in await store.everyone(tx)) or "none"
        raise Refused(f"There is no user {name}. Users: {known}.", 404)
    return user


async def _refuse_known_email(tx: Tx, request: AddUser) -> None:
    others = await store.everyone(tx) if request.email else []
    if any((other.email or "").lower() == (request.email or "").lower() for other in others):
        raise Refused(f"Another user has the address {request.email}.", 409, {"email": "another user has it"})


def _rep_of(role: str, rep: str | None) -> str | None:
    if role == "rep" and not rep:
        raise Refused("Name the rep whose tasks these are, for example `--rep rep-1`.", 422, {"rep": "is missing"})
    if rep and role not in ("rep", "manager"):
        raise Refused(
            "Only a rep or a manager can have tasks of their own; leave `--rep` out.",
            422,
            {"rep": "is not for this role"},
        )
    return rep


def _refuse_signing_in(purpose: Purpose) -> None:
    if purpose == "sign_in" and not settings.deployed().simulation:
        raise Refused("A link signs in directly only in a simulation; here, a person chooses a password by it.", 403)


async def _record(tx: Tx, request: AddUser | NewLink | ChangeRole | ReviewUser | RemoveUser, role: str) -> bool:
    """Returns whether the command was recorded before."""
    fields = request.model_dump(exclude={"command_id", "actor", "name", "link_hash"})
    return await record(tx, (request.actor, role), request.NAME, request.name, fields, request.command_id)
