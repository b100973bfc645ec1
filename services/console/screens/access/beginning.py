"""What follows once a person has proven who they are, by a password or elsewhere?"""

from __future__ import annotations

from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from services.console.rendering.authenticators import FIRST
from services.console.screens.access.view import SignIn
from services.console.screens.pages import html
from services.console.store import sessions
from services.console.store.users import User
from services.console.usecases import signing_in, using_keys
from services.console.usecases.signing_in_elsewhere import provider_name
from shared.contracts.keys import hash_of
from shared.http.backend import backend_of
from shared.http.html_surface import begin_session, token_of


async def begun(request: Request, user: User, next_page: str) -> Response:
    """The session of a person who has given the password, and the page of the next factor."""
    async with backend_of(request).begin() as tx:
        factor = signing_in.next_factor(user, has_key=await using_keys.has_keys(tx, user.name))
    after = f"?next={quote(next_page)}"
    pages = {
        "none": next_page,
        "code": f"/sign-in/code{after}",
        "key": f"/sign-in/key{after}",
        "setup": FIRST,
    }
    response = RedirectResponse(pages[factor.kind], 303)
    async with backend_of(request).begin() as tx:
        await sessions.end(tx, hash_of(token_of(request)))
        await signing_in.begin_session(tx, begin_session(request, response), user, agent_of(request), factor)
    return response


def agent_of(request: Request) -> str:
    return request.headers.get("User-Agent", "")


def sign_in_page(
    request: Request, status: int = 200, *, name: str = "", error: str = "", notice: str = "", next_page: str = ""
) -> Response:
    host = request.url.netloc
    return html("access/sign_in.html", status, view=SignIn(name, error, notice, next_page, provider_name(), host))
