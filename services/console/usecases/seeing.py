"""Who requests a page, what may they see, and what does the database return to them?"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

from pydantic import ValidationError
from starlette.requests import Request

from engines.problems import problems
from services.console.domain.forms import label
from services.console.domain.permissions import can, can_see
from services.console.domain.sessions import Session
from services.console.store import sessions
from shared.contracts.refusals import Refused
from shared.http.backend import backend_of
from shared.http.html_surface import csrf_token, token_of
from shared.storage.database import Begin, Tx

REFUSED = "Your role ({role}) may not see or do this; a manager or operations can."


async def session_of(token_hash: str, tx: Tx) -> Session | None:
    """The session with a token's hash, once its second factor is verified."""
    stored = await sessions.find(tx, token_hash)
    return stored.as_session() if stored else None


def with_token(request: Request, session: Session) -> Session:
    """The session with what its forms send along."""
    return replace(session, csrf=csrf_token(token_of(request)))


@asynccontextmanager
async def begin(request: Request, session: Session) -> AsyncIterator[Tx]:
    """A transaction of a page: row-level security returns only what the person may see."""
    async with begin_as(backend_of(request).begin, session) as tx:
        yield tx


@asynccontextmanager
async def begin_as(begin_tx: Begin, session: Session) -> AsyncIterator[Tx]:
    async with begin_tx() as tx:
        await sessions.see_as(tx, session.role, session.name)
        yield tx


def refuse_unseen(session: Session, action: str) -> None:
    """Refuse a page about something that the role may not see."""
    if not can_see(session.role, action):
        raise Refused(REFUSED.format(role=session.role), 403)


def refuse_undone(session: Session, action: str, *, own: bool = True) -> None:
    """Refuse what the role may not do; `own`: whether the thing belongs to the person."""
    if not can(session.role, action):
        raise Refused(REFUSED.format(role=session.role), 403)
    if not can(session.role, action, own=own):
        raise Refused("This belongs to another person; you can only change what is yours.", 403)


def refused_form(invalid: ValidationError) -> Refused:
    """A form with invalid fields, each with its problem."""
    fields = problems(invalid, "form")
    return Refused("; ".join(f"{label(name)}: {problem}" for name, problem in fields.items()) + ".", 422, fields)
