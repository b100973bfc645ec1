"""What do the sections of the settings have in common?"""

from __future__ import annotations

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from services.console.domain.browsers import in_words
from services.console.domain.permissions import NEEDS_CODE
from services.console.domain.sessions import Session
from services.console.rendering.environment import render
from services.console.rendering.frame import tabs
from services.console.rendering.shapes import Choice, Tone
from services.console.screens.settings.view import OwnSession
from services.console.store.sessions import SessionRow
from services.console.store.users import User
from services.console.usecases.framing import frame
from services.console.usecases.sections import sections_for
from shared.storage.database import Tx

MAY = {
    "rep": ("own tasks, accounts and letters", "the signal inbox", "own figures, and totals of the team"),
    "manager": (
        "tasks and accounts of all reps",
        "the signal inbox",
        "packs, calendars and notices",
        "suppressions, also lifting them",
    ),
    "operations": (
        "users, keys, sources, webhooks, the CRM, notices, jobs and dead letters",
        "people by their role only",
    ),
    "reader": ("lists and dashboards, without changes", "people by their role only"),
    "auditor": ("the audit log, packs, suppressions and sources", "people by their role only"),
}
"""What each role may do, in words."""


async def section_page(
    request: Request,
    session: Session,
    tx: Tx,
    template: str,
    view: object,
    status: int = 200,
    *,
    about: str = "",
    missing: Sequence[str] = (),
) -> Response:
    """A section with its frame; `about` and `missing` as in `framing.frame`."""
    around = await frame(request, session, tx, "Settings", "settings", about=about, missing=missing)
    return HTMLResponse(render(template, frame=around, tabs=tabs(around.groups), view=view), status)


def sections_of(session: Session, here: str) -> tuple[Choice, ...]:
    """Those that the role may open."""
    return tuple(Choice(each.title, each.href, each.key == here) for each in sections_for(session))


def second_factor(user: User) -> tuple[str, Tone]:
    if user.totp_secret:
        return "Authenticator", "ok"
    return ("not set up", "warn") if user.role in NEEDS_CODE else ("none, not required", "plain")


def own_session(found: SessionRow, session: Session) -> OwnSession:
    here = found.session_id == session.session_id
    return OwnSession(str(found.session_id), in_words(found.agent), found.begun_at, found.used_at, here)
