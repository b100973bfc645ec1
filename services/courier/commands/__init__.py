"""Which commands does the courier handle?"""

from __future__ import annotations

from services.courier.commands import webhooks

routers = (webhooks.router,)
