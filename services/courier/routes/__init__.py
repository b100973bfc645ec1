"""Which endpoints are on the HTTP surface of the courier?"""

from __future__ import annotations

from starlette.requests import Request
from starlette.routing import BaseRoute, Route

from services.courier.routes import calendars, description, events, webhooks
from shared.http.json_surface import Answer, endpoint, with_fallback


@endpoint
async def describe(request: Request) -> Answer:
    return 200, description.document()


def routes(limits: events.Limits = events.USUAL) -> list[BaseRoute]:
    own = [*events.routes(limits), *calendars.ROUTES, *webhooks.ROUTES]
    return with_fallback([*own, Route("/openapi.json", describe, methods=["GET"])])
