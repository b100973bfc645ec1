"""Sign-in: password, second factor, one-time links, and sign-out."""

from __future__ import annotations

from dataclasses import replace

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from services.console.domain.returning import after_sign_in
from services.console.domain.sessions import Session
from services.console.rendering import authenticators
from services.console.rendering.authenticators import RecoveryCodes
from services.console.screens.access import elsewhere
from services.console.screens.access.beginning import agent_of, begun, sign_in_page
from services.console.screens.access.view import Code, FirstPassword, Key, NoUsers
from services.console.screens.pages import charge, door_error, form_of, html, surface
from services.console.store import sessions, users
from services.console.store.sessions import Stored
from services.console.usecases import signing_in, using_keys
from services.console.usecases.auditing import record
from services.console.usecases.managing_users import ADD_USER
from services.console.usecases.sealing import open_sealed
from shared.contracts.keys import hash_of
from shared.contracts.refusals import Refused
from shared.http.backend import backend_of
from shared.http.html_surface import HtmlSurface, begin_session, csrf_token, end_session, token_of
from shared.storage.database import Tx

ENDED = "Your session has ended. Sign in to go on where you were; what was typed and not sent is to be typed again."
SHOWN = (403, 404, 409, 422)
"""Refusals that are shown in the form."""


async def _find_unverified(token_hash: str, tx: Tx) -> Stored | None:
    return await sessions.find(tx, token_hash, verified=False)


half_way: HtmlSurface[Stored] = HtmlSurface(_find_unverified, door_error)
"""For people who have given the password."""


async def sign_in(request: Request) -> Response:
    if request.method == "POST":
        return await _take_password(request)
    async with backend_of(request).begin() as tx:
        token = token_of(request)
        signed_in = await sessions.find(tx, hash_of(token))
        ended = bool(token) and await _find_unverified(hash_of(token), tx) is None
        some = await users.exist(tx)
    if signed_in:
        return RedirectResponse(_next(request), 303)
    if not some:
        return html("access/no_users.html", view=NoUsers(ADD_USER))
    return sign_in_page(request, notice=ENDED if ended else "", next_page=_next(request))


async def _take_password(request: Request) -> Response:
    form = await form_of(request)
    next_page, name = after_sign_in(form.first("next")), form.first("name")
    charge(request)
    try:
        user = await signing_in.check_password(backend_of(request).begin, name, form.first("password"))
    except Refused as refusal:
        if refusal.code != 422:
            raise
        return sign_in_page(request, 422, name=name, error=str(refusal), next_page=next_page)
    return await begun(request, user, next_page)


async def code(request: Request, session: Stored) -> Response:
    """The second factor, or a recovery code."""
    async with backend_of(request).begin() as tx:
        has_key = await using_keys.has_keys(tx, session.name)
    csrf = csrf_token(token_of(request))
    view = Code(session.full_name, session.email or session.name, csrf, next=_next(request), passkey=has_key)
    if request.method == "GET":
        return html("access/code.html", view=replace(view, recovery="recovery" in request.query_params))
    form = await form_of(request)
    next_page, sent = after_sign_in(form.first("next")), form.first("code") or form.first("recovery")
    charge(request)
    try:
        await signing_in.check_code(backend_of(request).begin, session.name, sent)
    except Refused as refusal:
        if refusal.code not in SHOWN:
            raise
        view = replace(view, next=next_page, error=str(refusal), recovery="recovery" in form.fields)
        return html("access/code.html", 422, view=view)
    response = RedirectResponse(next_page, 303)
    await _verified(request, response, session)
    return response


async def key(request: Request, session: Stored) -> Response:
    """A security key as the second factor."""
    if request.method == "GET":
        return await _key(request, session, _next(request))
    form = await form_of(request)
    next_page = after_sign_in(form.first("next"))
    charge(request)
    begin = backend_of(request).begin
    try:
        await using_keys.check_key(begin, session.name, session.session_id, form.first("answer"))
    except Refused as refusal:
        if refusal.code not in SHOWN:
            raise
        return await _key(request, session, next_page, str(refusal))
    response = RedirectResponse(next_page, 303)
    await _verified(request, response, session)
    return response


async def _key(request: Request, session: Stored, next_page: str, error: str = "") -> Response:
    options = await using_keys.ask_to_use(backend_of(request).begin, session.name, session.session_id)
    csrf = csrf_token(token_of(request))
    view = Key(session.full_name, session.email or session.name, csrf, options, error, next_page)
    return html("access/key.html", 422 if error else 200, view=view)


async def authenticator(request: Request, session: Stored) -> Response:
    """The second factor of a person who has none yet."""
    secret = open_sealed(session.secret, session.name)
    if secret is None:
        raise Refused("A second factor is set up already; sign in again.", 409)
    if request.method == "GET":
        return _authenticator(request, session, secret)
    form = await form_of(request)
    charge(request)
    async with backend_of(request).begin() as tx:
        try:
            recovery = await signing_in.set_up_code(tx, session.name, secret, form.first("code"))
        except Refused as refusal:
            return _authenticator(request, session, secret, str(refusal))
    response = html("recovery_codes.html", view=RecoveryCodes(tuple(recovery), after_sign_in("")))
    await _verified(request, response, session)
    return response


def _authenticator(request: Request, session: Stored, secret: str, error: str = "") -> Response:
    view = authenticators.authenticator(session.name, session.full_name, secret, csrf_token(token_of(request)), error)
    return html("authenticator.html", 422 if error else 200, view=view)


async def _verified(request: Request, response: Response, session: Stored) -> None:
    """The session goes on under a new token."""
    async with backend_of(request).begin() as tx:
        new, old = begin_session(request, response), hash_of(token_of(request))
        await signing_in.verify_session(tx, session.name, old, new, agent_of(request))


async def welcome(request: Request) -> Response:
    """A one-time link: the first password, another one, or in a simulation, the sign-in."""
    form = await form_of(request)
    token = form.first("token") or request.query_params.get("token", "")
    charge(request)
    async with backend_of(request).begin() as tx:
        link, user = await signing_in.user_of_link(tx, hash_of(token))
    if link.purpose == "sign_in":
        return await _sign_in_by_link(request, hash_of(token))
    view = FirstPassword(user.full_name, user.email or user.name, user.role.capitalize(), token, csrf="")
    if request.method == "GET":
        return html("access/first_password.html", view=view)
    try:
        user = await signing_in.choose_password(
            backend_of(request).begin, hash_of(token), form.first("password"), form.first("again")
        )
    except Refused as refusal:
        if "password" not in refusal.fields:
            raise
        return html("access/first_password.html", 422, view=replace(view, error=str(refusal)))
    return await begun(request, user, after_sign_in(""))


async def _sign_in_by_link(request: Request, link_hash: str) -> Response:
    response = RedirectResponse(after_sign_in(""), 303)
    async with backend_of(request).begin() as tx:
        user = await signing_in.sign_in_by_link(tx, link_hash)
        await sessions.end(tx, hash_of(token_of(request)))
        token_hash = begin_session(request, response)
        await signing_in.begin_session(tx, token_hash, user, agent_of(request), signing_in.Factor("none"))
    return response


async def sign_out(request: Request, session: Session) -> Response:
    response = RedirectResponse("/sign-in", 303)
    async with backend_of(request).begin() as tx:
        await sessions.end(tx, hash_of(token_of(request)))
        await record(tx, session, "sign_out")
    end_session(request, response)
    return response


def _next(request: Request) -> str:
    return after_sign_in(request.query_params.get("next", ""))


METHODS = ["GET", "POST"]
ROUTES = [
    Route("/sign-in", surface.open_page(sign_in), methods=METHODS),
    Route("/sign-in/code", half_way.page(code), methods=METHODS),
    Route("/sign-in/key", half_way.page(key), methods=METHODS),
    *elsewhere.ROUTES,
    Route("/sign-out", surface.page(sign_out), methods=["POST"]),
    Route("/welcome", surface.open_page(welcome), methods=METHODS),
    Route(authenticators.FIRST, half_way.page(authenticator), methods=METHODS),
]
