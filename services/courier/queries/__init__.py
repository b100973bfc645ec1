"""Which questions does the courier reply to?"""

from __future__ import annotations

from services.courier.queries import calendars, crm, feed_keys, notices, webhooks

routers = calendars.router, crm.router, feed_keys.router, notices.router, webhooks.router
