"""What does ingest do outside?"""

from __future__ import annotations

from services.ingest.workers import datasets

routers = (datasets.router,)
