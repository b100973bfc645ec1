"""Which questions does the courier reply to?"""

from __future__ import annotations

from services.courier.queries import feed_keys, webhooks

routers = feed_keys.router, webhooks.router
