"""How is the console put together?"""

from __future__ import annotations

from services.console import handlers
from shared.application import Application
from shared.service import Service

service = Service.of("console", handlers.router)


def app() -> Application:
    """Also for `faststream run --factory services.console.app:app`."""
    return Application(service)
