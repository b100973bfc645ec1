"""Which commands does the courier handle?"""

from __future__ import annotations

from services.courier.commands import feed_keys, webhooks

routers = feed_keys.router, webhooks.router
