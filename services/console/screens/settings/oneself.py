"""Oneself: one's role, second factor, sessions, and how pages look."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from services.console.domain.forms import Form
from services.console.domain.permissions import NEEDS_CODE, SCREENS
from services.console.domain.sessions import Session
from services.console.rendering.authenticators import RecoveryCodes, authenticator
from services.console.screens.pages import Page, Show, charge, form_of, html
from services.console.screens.settings.around import MAY, own_session, second_factor, section_page, sections_of
from services.console.screens.settings.view import Me, NewSecurityKey, OwnCalendar, OwnKey
from services.console.store import security_keys, sessions, users
from services.console.usecases import own_factors, using_keys
from services.console.usecases.asking import asked
from services.console.usecases.framing import ROLES
from services.console.usecases.seeing import begin
from services.console.usecases.signing_in import confirm_oneself
from shared.contracts.courier_calendars import Calendars
from shared.contracts.refusals import Refused
from shared.http.backend import backend_of

INVALID = 422
FIRST_CODE = "/settings/me/authenticator/code"


async def first(request: Request, session: Session) -> Response:
    return RedirectResponse("/settings/me", 303)


async def me(request: Request, session: Session) -> Response:
    return await _me(request, session)


async def _me(request: Request, session: Session, factor_error: str = "") -> Response:
    calendar = await _calendar(request, session)
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
            factor_error=factor_error,
            can_turn_off=user.totp_secret is not None and user.role not in NEEDS_CODE,
            sessions=tuple(own_session(each, session) for each in found),
            theme=session.theme or "system",  # type: ignore[arg-type]  # only themes are stored
            timezone=user.timezone,
            keys=not user.keys_off,
            calendar=calendar,
        )
        return await section_page(request, session, tx, "settings/me.html", view, INVALID if factor_error else 200)


async def _calendar(request: Request, session: Session) -> OwnCalendar | None:
    if not session.rep:
        return None
    answer, people = await asked(request, Calendars()), session.can("people")
    own = next((each for each in answer or () if each.rep == session.rep), None)
    if own is None:
        return OwnCalendar(answer is not None, people=people)
    return OwnCalendar(True, own.added_at, own.read_at, own.personal, people)


Run = Callable[[Request, Session, Form], Awaitable[Response]]


def confirmed(run: Run) -> Show:
    """What a person does who has typed the password again; otherwise the page says what is wrong."""

    async def show(request: Request, session: Session) -> Response:
        form = await form_of(request)
        try:
            await confirm_oneself(backend_of(request).begin, session, form.first("current"))
            return await run(request, session, form)
        except Refused as refusal:
            if refusal.code != INVALID:
                raise
            return await _me(request, session, str(refusal))

    return show


async def ask_for_key(request: Request, session: Session, form: Form) -> Response:
    """The page that asks the browser for a new key."""
    options = await using_keys.ask_to_add(backend_of(request).begin, session.name, session.session_id)
    title = form.first("title").strip()[: using_keys.LONGEST_TITLE] or "Security key"
    return html("settings/key.html", view=NewSecurityKey(title, options, session.csrf))


async def show_authenticator(request: Request, session: Session, form: Form) -> Response:
    """The page with the key of a new authenticator."""
    async with backend_of(request).begin() as tx:
        secret = await own_factors.new_authenticator(tx, session)
    return _authenticator(session, secret)


async def take_first_code(request: Request, session: Session) -> Response:
    """The first code of the new authenticator; it replaces the one before."""
    form = await form_of(request)
    charge(request)
    async with backend_of(request).begin() as tx:
        secret = await own_factors.waiting_secret(tx, session)
        try:
            recovery = await own_factors.use_authenticator(tx, session, secret, form.first("code"))
        except Refused as refusal:
            return _authenticator(session, secret, str(refusal))
    return html("recovery_codes.html", view=RecoveryCodes(tuple(recovery), "/settings/me"))


def _authenticator(session: Session, secret: str, error: str = "") -> Response:
    view = authenticator(session.name, session.full_name, secret, session.csrf, error, FIRST_CODE, "/settings/me")
    return html("authenticator.html", INVALID if error else 200, view=view)


async def show_recovery_codes(request: Request, session: Session, form: Form) -> Response:
    recovery = await own_factors.new_recovery_codes(backend_of(request).begin, session)
    return html("recovery_codes.html", view=RecoveryCodes(tuple(recovery), "/settings/me"))


def _key(found: security_keys.SecurityKey) -> OwnKey:
    return OwnKey(using_keys.text_of(found.key_id), found.title, found.added_at, found.used_at)


PAGES: tuple[Page, ...] = (
    Page("/settings", SCREENS["settings"], first),
    Page("/settings/me", SCREENS["settings"], me),
    Page("/settings/me/key", "oneself", confirmed(ask_for_key), ("POST",)),
    Page("/settings/me/authenticator", "oneself", confirmed(show_authenticator), ("POST",)),
    Page(FIRST_CODE, "oneself", take_first_code, ("POST",)),
    Page("/settings/me/recovery", "oneself", confirmed(show_recovery_codes), ("POST",)),
)
