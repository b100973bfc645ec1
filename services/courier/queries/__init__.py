"""Which questions does the courier reply to?"""

from __future__ import annotations

from services.courier.queries import webhooks

routers = (webhooks.router,)
