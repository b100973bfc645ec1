"""What does the courier do outside?"""

from __future__ import annotations

from collections.abc import Callable

from services.courier.workers import crm, history, noticing, webhooks
from shared.outbound import Outbound
from shared.service import Router


def routers_of(outbound: Callable[[], Outbound]) -> tuple[Router, ...]:
    """The workers; `outbound` makes the client that asks receivers."""
    return history.router, webhooks.router_of(outbound), noticing.router_of(outbound), crm.router_of()
