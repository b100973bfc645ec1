"""What does the courier do outside?"""

from __future__ import annotations

from services.courier.workers import history

routers = (history.router,)
