"""Which commands does the scorer handle?"""

from __future__ import annotations

from services.scorer.commands import calibrate, publish_scheme

routers = tuple(module.router for module in (calibrate, publish_scheme))
