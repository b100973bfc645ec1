"""How does a person sign in: by password and code, and the first time by a one-time link?

A try is counted before the password is verified, so that many at a time do not get around the delay. The message, the
delay and the work are the same whether or not there is such a user. Delays, codes and sessions count real time, because
people wait for it also while the clock of a simulation stands.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from uuid import UUID

from services.console import settings
from services.console.domain import codes, passwords
from services.console.domain.permissions import NEEDS_CODE
from services.console.domain.sessions import Session
from services.console.domain.waiting import delay_after, seconds_left
from services.console.store import sessions, users
from services.console.store.users import OneTimeLink, User
from services.console.usecases.auditing import record
from services.console.usecases.sealing import open_sealed, seal
from shared.clock import real_time
from shared.contracts.refusals import Refused
from shared.storage.database import Begin, Tx

WRONG = "Wrong name or password."
WRONG_CODE = "This code is wrong, was used, or has expired."
NO_LINK = (
    "This link was used, has expired, or is incomplete. Operations makes another one:"
    " `pipeline console user link NAME`."
)
Use = Callable[[Tx, User], Awaitable[bool]]
"""Uses up what a user sent; returns whether it is right."""
NOT_RECENT = "Sign out and in again, and then do this within 10 minutes; you have no password to confirm it by."
RECENT = timedelta(minutes=10)
KEPT = timedelta(days=2)
"""How long failures and ended sessions are kept."""

_hashing = asyncio.Semaphore(2)
"""A hash takes tens of milliseconds of CPU; more than two at a time would slow down everybody."""


@dataclass(frozen=True, slots=True)
class Factor:
    """What a person who has given the password does next."""

    kind: str
    """`none`, `code`: gives a code, `key`: uses a security key, or `setup`: sets up a second factor."""
    secret: str | None = None
    """For `setup`."""


async def check_password(begin: Begin, typed: str, password: str) -> User:
    """The user with this name or e-mail address and password; refuses all others in the same way."""
    typed = typed.strip().lower()
    async with begin() as tx:
        wait, failures = await _count_try(tx, f"name:{typed}")
        user = await users.find_by_name_or_email(tx, typed)
    # Verified even while the person has to wait, so that this takes as long.
    right = await verified(password, user.password if user else None)
    if wait or user is None or not right:
        if not wait:
            async with begin() as tx:
                await record(tx, (user.name if user else "unknown", user.role if user else ""), "sign_in_failed")
        raise Refused(_with_delay(WRONG, wait or delay_after(failures)), 422)
    async with begin() as tx:
        await users.forget_failures(tx, _key(f"name:{typed}"))
        if user.password and passwords.is_outdated(user.password):
            await users.set_password(tx, user.name, await hashed(password))
    return user


def next_factor(user: User, *, has_key: bool = False) -> Factor:
    if user.totp_secret:
        return Factor("key" if has_key else "code")
    return Factor("setup", codes.new_secret()) if user.role in NEEDS_CODE else Factor("none")


async def check_code(begin: Begin, name: str, code: str) -> None:
    """Use up a code of the authenticator app, or a recovery code; refuses any other."""
    await check_factor(begin, name, partial(_use, code), WRONG_CODE)


async def check_factor(begin: Begin, name: str, use: Use, wrong: str) -> None:
    """Use up what proves the second factor; the next try waits after one that is wrong."""
    async with begin() as tx:
        wait, failures = await _count_try(tx, f"code:{name}")
        user = await users.find(tx, name)
        right = not wait and user is not None and await use(tx, user)
        if right:
            await users.forget_failures(tx, _key(f"code:{name}"))
        else:
            await record(tx, (name, user.role if user else ""), "code_failed")
    if not right:
        raise Refused(_with_delay(wrong, wait or delay_after(failures)), 422)


async def set_up_code(tx: Tx, name: str, secret: str, code: str, *, replace: bool = False) -> list[str]:
    """Set up the second factor with a first code; returns the recovery codes, which are shown once."""
    user = await users.find(tx, name)
    step = codes.step_of(secret, code, real_time(), last=0)
    if user is None or step is None:
        raise Refused("This code is wrong or has expired. Is the clock of your telephone right?", 422)
    if user.totp_secret and not replace:
        raise Refused("A second factor is set up already; sign in again.", 409)
    recovery = codes.new_recovery_codes()
    await users.set_code(tx, name, seal(secret, name), step, [codes.recovery_hash(each) for each in recovery])
    await record(tx, (name, user.role), "second_factor")
    return recovery


async def begin_session(tx: Tx, token_hash: str, user: User, agent: str, factor: Factor) -> None:
    """Begin the session of a person who has given the password; it counts once the factor is verified as well."""
    secret = seal(factor.secret, user.name) if factor.secret else None
    await sessions.begin(tx, token_hash, user.name, agent, verified=factor.kind == "none", secret=secret)
    if factor.kind == "none":
        await record(tx, (user.name, user.role), "sign_in")
    await sessions.prune(tx, real_time() - KEPT)
    await users.prune(tx, KEPT)


async def verify_session(tx: Tx, name: str, old_hash: str, token_hash: str, agent: str) -> None:
    """Begin the session of a person who has given the code as well, under a new token."""
    user = await users.find(tx, name)
    if user is None:
        raise Refused(NO_LINK, 403)
    await sessions.end(tx, old_hash)
    await sessions.begin(tx, token_hash, name, agent, verified=True)
    await record(tx, (name, user.role), "sign_in")


async def user_of_link(tx: Tx, link_hash: str) -> tuple[OneTimeLink, User]:
    """Whose link this is; refuses one that cannot be used any more."""
    link = await users.find_link(tx, link_hash)
    user = await users.find(tx, link.name) if link else None
    if link is None or user is None:
        raise Refused(NO_LINK, 404)
    if link.purpose == "sign_in" and not settings.deployed().simulation:
        raise Refused(NO_LINK, 404)
    return link, user


async def choose_password(begin: Begin, link_hash: str, password: str, again: str) -> User:
    """Set the password of a link's user, and use the link up; refuses a weak one, and one that is not repeated."""
    async with begin() as tx:
        link, user = await user_of_link(tx, link_hash)
    refuse_weak(password, again, user)
    stored = await hashed(password)
    async with begin() as tx:
        link, user = await user_of_link(tx, link_hash)  # another request may have used it meanwhile
        if link.purpose == "sign_in":
            raise Refused(NO_LINK, 404)
        await users.use_link(tx, link_hash)
        await users.set_password(tx, user.name, stored)
        if link.reset_code:
            await users.forget_code(tx, user.name)
        await sessions.end_all(tx, user.name)
        await users.forget_failures(tx, _key(f"name:{user.name}"))
        await record(tx, (user.name, user.role), "password", fields={"purpose": link.purpose})
        found = await users.find(tx, user.name)
    return found or user


async def confirm_oneself(begin: Begin, session: Session, password: str) -> None:
    """Refuse a person who has signed in and does not know the password, or without one has not just signed in."""
    async with begin() as tx:
        wait, failures = await _count_try(tx, f"own:{session.name}")
        user = await users.find(tx, session.name)
        recent = await sessions.began_after(tx, session.session_id, real_time() - RECENT)
    if user is not None and user.password is None and not recent:
        raise Refused(NOT_RECENT, 422, {"current": NOT_RECENT})
    if wait or user is None or (user.password and not await verified(password, user.password)):
        problem = _with_delay("This is not your password.", wait or delay_after(failures))
        raise Refused(problem, 422, {"current": problem})
    async with begin() as tx:
        await users.forget_failures(tx, _key(f"own:{session.name}"))


async def replace_password(begin: Begin, name: str, password: str, again: str, session_id: UUID) -> None:
    """Set another password of a person who has signed in; the other sessions end, and so do links."""
    async with begin() as tx:
        user = await users.find(tx, name)
    if user is None:
        raise Refused(NO_LINK, 403)
    refuse_weak(password, again, user)
    stored = await hashed(password)
    async with begin() as tx:
        await users.set_password(tx, name, stored)
        await sessions.end_all(tx, name, but=session_id)
        await users.end_links(tx, name)
        await record(tx, (name, user.role), "change_password")


async def sign_in_by_link(tx: Tx, link_hash: str) -> User:
    """Use up a link that signs in directly, which only a simulation has."""
    link, user = await user_of_link(tx, link_hash)
    if link.purpose != "sign_in":
        raise Refused(NO_LINK, 404)
    await users.use_link(tx, link_hash)
    return user


def refuse_weak(password: str, again: str, user: User) -> None:
    problem = "" if password == again else "The two are not the same."
    if problem := problem or passwords.problem_with(password, user.name, user.full_name, user.email or ""):
        raise Refused(problem, 422, {"password": problem})


async def verified(password: str, stored: str | None) -> bool:
    async with _hashing:
        return await asyncio.to_thread(passwords.verified, password[: passwords.LONGEST * 2], stored)


async def hashed(password: str) -> str:
    async with _hashing:
        return await asyncio.to_thread(passwords.hashed, password)


async def _use(code: str, tx: Tx, user: User) -> bool:
    secret = open_sealed(user.totp_secret, user.name)
    step = codes.step_of(secret, code, real_time(), user.totp_step) if secret else None
    if step is not None:
        return await users.use_step(tx, user.name, step)
    return await users.use_recovery_code(tx, user.name, codes.recovery_hash(code))


async def _count_try(tx: Tx, what: str) -> tuple[int, int]:
    """The seconds that the person still has to wait, otherwise a try is counted; and the number of failed tries."""
    key = _key(what)
    failures, failed_at = await users.failures_of(tx, key)
    if wait := seconds_left(failures, failed_at, real_time()):
        return wait, failures
    await users.count_failure(tx, key)
    return 0, failures + 1


def _key(what: str) -> str:
    """What was typed is not stored: sometimes it is a password."""
    return hashlib.sha256(what.encode(errors="replace")).hexdigest()


def _with_delay(message: str, seconds: int) -> str:
    return f"{message} Next try in {seconds} s." if seconds else message
