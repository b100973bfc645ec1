"""Which endpoints are on the HTTP surface of the courier?"""

from __future__ import annotations

from starlette.requests import Request
from starlette.routing import BaseRoute, Route

from services.courier.routes import calendars, description, events
from shared.http.json_surface import Answer, endpoint, with_fallback


@endpoint
async def describe(request: Request) -> Answer:
    return 200, description.document()


def routes(limits: events.Limits = events.USUAL) -> list[BaseRoute]:
    return with_fallback([*events.routes(limits), *calendars.ROUTES, Route("/openapi.json", describe, methods=["GET"])])
