"""Which endpoints are on the HTTP surface of the notifier?"""

from __future__ import annotations

from starlette.routing import BaseRoute

from services.notifier.routes import unsubscribe, webhooks
from shared.http.json_surface import with_fallback


def routes() -> list[BaseRoute]:
    return with_fallback([*webhooks.ROUTES, *unsubscribe.ROUTES])
