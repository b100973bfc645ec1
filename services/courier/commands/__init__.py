"""Which commands does the courier handle?"""

from __future__ import annotations

from services.courier.commands import calendars, crm, feed_keys, notices, webhook_keys, webhooks

routers = (
    calendars.router,
    crm.router,
    feed_keys.router,
    notices.router,
    webhook_keys.router,
    webhooks.router,
)
