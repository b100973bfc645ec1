"""Which commands does the courier handle?"""

from __future__ import annotations

from services.courier.commands import calendars, feed_keys, webhooks

routers = calendars.router, feed_keys.router, webhooks.router
