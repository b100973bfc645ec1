"""What does the notifier do outside?"""

from __future__ import annotations

from services.notifier.workers import sending

routers = (sending.router,)
