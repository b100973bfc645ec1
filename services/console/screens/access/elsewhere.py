"""Sign-in by an identity provider: the way there, and back.

It begins with a link and not a form, because the policy of the pages lets no form lead to another site.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from services.console.domain.returning import after_sign_in
from services.console.screens.access.beginning import begun, sign_in_page
from services.console.screens.pages import charge, surface
from services.console.usecases.signing_in_elsewhere import ENDS, RETURN, begin_elsewhere, end_elsewhere
from shared.contracts.refusals import Refused
from shared.http.backend import backend_of

COOKIE, LOCAL_COOKIE = "__Host-provider", "provider"
SHOWN = (403, 503)


async def leave(request: Request) -> Response:
    charge(request)
    next_page = after_sign_in(request.query_params.get("next", ""))
    try:
        address, token = await begin_elsewhere(backend_of(request).begin, next_page)
    except Refused as refusal:
        return _refused(request, refusal)
    response = RedirectResponse(address, 303)
    seconds, secure = int(ENDS.total_seconds()), request.url.scheme == "https"
    response.set_cookie(
        _cookie(request), token, max_age=seconds, path="/", secure=secure, httponly=True, samesite="lax"
    )
    return response


async def come_back(request: Request) -> Response:
    charge(request)
    given = request.query_params
    token = request.cookies.get(_cookie(request), "")
    try:
        user, next_page = await end_elsewhere(
            backend_of(request).begin, token, given.get("state", ""), given.get("code", "")
        )
    except Refused as refusal:
        response = _refused(request, refusal)
    else:
        response = await begun(request, user, next_page)
    secure = request.url.scheme == "https"
    response.delete_cookie(_cookie(request), path="/", secure=secure, httponly=True, samesite="lax")
    return response


def _refused(request: Request, refusal: Refused) -> Response:
    if refusal.code not in SHOWN:
        raise refusal
    return sign_in_page(request, refusal.code, notice=str(refusal))


def _cookie(request: Request) -> str:
    return COOKIE if request.url.scheme == "https" else LOCAL_COOKIE


ROUTES = [
    Route("/sign-in/provider", surface.open_page(leave)),
    Route(RETURN, surface.open_page(come_back)),
]
