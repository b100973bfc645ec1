"""Oneself: one's role, second factor, sessions, and how pages look."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from services.console.domain.sessions import Session
from services.console.screens.pages import Page, form_of, html
from services.console.screens.settings.around import MAY, second_factor, section_page, sections_of
from services.console.screens.settings.view import Me, NewSecurityKey, OwnKey, OwnSession
from services.console.store import security_keys, sessions, users
from services.console.usecases import using_keys
from services.console.usecases.framing import ROLES
from services.console.usecases.seeing import begin
from services.console.usecases.signing_in import confirm_oneself
from shared.contracts.refusals import Refused
from shared.http.backend import backend_of

INVALID = 422


async def me(request: Request, session: Session) -> Response:
    return await _me(request, session)


async def _me(request: Request, session: Session, key_error: str = "") -> Response:
    async with begin(request, session) as tx:
        user = await users.find(tx, session.name)
        found = await sessions.of(tx, session.name)
        keys = await security_keys.of(tx, session.name)
        if user is None:
            raise Refused("You are no longer a user.", 404)
        factor, tone = second_factor(user)
        view = Me(
            sections=sections_of(session, "me"),
            name=user.name,
            full_name=user.full_name,
            email=user.email or "",
            role=ROLES[user.role],
            may=MAY[user.role],
            has_password=user.password is not None,
            second_factor=factor,
            second_factor_tone=tone,
            codes_left=len(user.recovery) if user.totp_secret else None,
            security_keys=tuple(map(_key, keys)),
            no_key=using_keys.why_not(user, len(keys)),
            key_error=key_error,
            sessions=tuple(_session(each, session) for each in found),
            theme=session.theme or "system",  # type: ignore[arg-type]  # only themes are stored
            timezone=user.timezone,
            keys=not user.keys_off,
        )
        return await section_page(request, session, tx, "settings/me.html", view, INVALID if key_error else 200)


async def ask_for_key(request: Request, session: Session) -> Response:
    """The page that asks the browser for a new key, for a person who has typed the password again."""
    form = await form_of(request)
    backend = backend_of(request)
    try:
        await confirm_oneself(backend.begin, session, form.first("current"))
        options = await using_keys.ask_to_add(backend.begin, session.name, session.session_id)
    except Refused as refusal:
        if refusal.code != INVALID:
            raise
        return await _me(request, session, str(refusal))
    title = form.first("title").strip()[: using_keys.LONGEST_TITLE] or "Security key"
    return html("settings/key.html", view=NewSecurityKey(title, options, session.csrf))


def _key(found: security_keys.SecurityKey) -> OwnKey:
    return OwnKey(using_keys.text_of(found.key_id), found.title, found.added_at, found.used_at)


def _session(found: sessions.SessionRow, session: Session) -> OwnSession:
    here = found.session_id == session.session_id
    return OwnSession(str(found.session_id), found.agent or "Unknown browser", found.begun_at, found.used_at, here)


PAGES: tuple[Page, ...] = (
    Page("/settings/me", "oneself", me),
    Page("/settings/me/key", "oneself", ask_for_key, ("POST",)),
)
