"""Which sessions are there? They last for real time, also in a simulation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from pydantic_core import to_json

from services.console.domain.permissions import Role
from services.console.domain.sessions import Session
from services.console.domain.waiting import RENEWED, has_ended
from shared.clock import real_time
from shared.storage.database import Tx

LONGEST_AGENT = 200


@dataclass(frozen=True, slots=True)
class Stored:
    """A session with what its user's row states."""

    session_id: UUID
    name: str
    begun_at: datetime
    used_at: datetime
    verified: bool
    secret: str | None
    """That of a second factor which is being set up, encrypted."""
    agent: str
    status: dict[str, Any] | None
    role: Role
    rep: str | None
    full_name: str
    email: str | None
    timezone: str
    theme: str
    keys_off: bool
    seen: UUID | None

    def as_session(self) -> Session:
        return Session(
            self.session_id,
            self.name,
            self.role,
            self.rep,
            self.full_name,
            self.timezone,
            self.theme,
            self.keys_off,
            status=self.status,
            seen=self.seen,
        )


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A session as its owner sees it."""

    session_id: UUID
    begun_at: datetime
    used_at: datetime
    agent: str


_FOUND = """
    SELECT session_id, name, begun_at, used_at, verified, secret, agent, status,
        role, rep, full_name, email, timezone, theme, keys_off,
        (SELECT event_id FROM log ORDER BY event_id DESC LIMIT 1) AS seen
    FROM sessions JOIN users USING (name)
    WHERE NOT removed
"""


async def see_as(tx: Tx, role: str, name: str) -> None:
    """In this transaction, row-level security returns what this role and user may see; `service` sees all."""
    # Lists differ by their filters, so that a plan for any of them is a slow one: two seconds instead of 50 ms.
    sql = """
        SELECT set_config('app.role', %(role)s, true), set_config('app.user', %(name)s, true),
            set_config('plan_cache_mode', 'force_custom_plan', true)
        """
    await tx.run(sql, role=role, name=name)


async def find(tx: Tx, token_hash: str, *, verified: bool = True) -> Stored | None:
    """The session with a token's hash, unless it has ended; its use is recorded."""
    stored = await tx.one(Stored, f"{_FOUND} AND token_hash = %(hash)s", hash=token_hash)
    if stored is None or stored.verified is not verified:
        return None
    if has_ended(stored.begun_at, stored.used_at, real_time(), verified=verified):
        return None
    if verified and real_time() - stored.used_at >= RENEWED:
        sql = "UPDATE sessions SET used_at = %(now)s WHERE token_hash = %(hash)s"
        await tx.run(sql, now=real_time(), hash=token_hash)
    return stored


async def alive(tx: Tx, session_id: UUID) -> Stored | None:
    """A session that has not ended, for what stays open longer than a request."""
    stored = await tx.one(Stored, f"{_FOUND} AND session_id = %(id)s", id=session_id)
    if stored is None or has_ended(stored.begun_at, stored.used_at, real_time(), verified=stored.verified):
        return None
    return stored


async def began_after(tx: Tx, session_id: UUID, instant: datetime) -> bool:
    sql = "SELECT EXISTS (SELECT FROM sessions WHERE session_id = %(id)s AND begun_at > %(instant)s)"
    return bool(await tx.value(sql, id=session_id, instant=instant))


async def begin(tx: Tx, token_hash: str, name: str, agent: str, *, verified: bool, secret: str | None = None) -> UUID:
    """Begin a session; `secret` is that of a second factor that is being set up."""
    session_id = uuid4()
    await tx.run(
        """
        INSERT INTO sessions (token_hash, session_id, name, begun_at, used_at, verified, secret, agent)
        VALUES (%(hash)s, %(id)s, %(name)s, %(now)s, %(now)s, %(verified)s, %(secret)s, %(agent)s)
        """,
        hash=token_hash,
        id=session_id,
        name=name,
        now=real_time(),
        verified=verified,
        secret=secret,
        agent=agent[:LONGEST_AGENT],
    )
    return session_id


async def end(tx: Tx, token_hash: str) -> None:
    await tx.run("DELETE FROM sessions WHERE token_hash = %(hash)s", hash=token_hash)


async def end_one(tx: Tx, name: str, session_id: UUID) -> bool:
    """End a session of a user; returns whether there was one."""
    sql = "DELETE FROM sessions WHERE name = %(name)s AND session_id = %(id)s"
    return bool(await tx.run(sql, name=name, id=session_id))


async def end_all(tx: Tx, name: str, *, but: UUID | None = None) -> int:
    """End the sessions of a user, perhaps but one; returns how many."""
    sql = "DELETE FROM sessions WHERE name = %(name)s AND session_id IS DISTINCT FROM %(but)s"
    return await tx.run(sql, name=name, but=but)


async def of(tx: Tx, name: str) -> list[SessionRow]:
    """The sessions of a user, the latest first."""
    return await tx.all(
        SessionRow,
        """
        SELECT session_id, begun_at, used_at, agent FROM sessions WHERE name = %(name)s AND verified
        ORDER BY used_at DESC
        """,
        name=name,
    )


async def say(tx: Tx, session_id: UUID, status: dict[str, Any]) -> None:
    """What the last command did, for the foot of the next pages of the day."""
    sql = "UPDATE sessions SET status = %(status)s::jsonb WHERE session_id = %(id)s"
    await tx.run(sql, status=to_json({**status, "on": tx.today}).decode(), id=session_id)


async def prune(tx: Tx, before: datetime) -> None:
    await tx.run("DELETE FROM sessions WHERE begun_at < %(before)s", before=before)
