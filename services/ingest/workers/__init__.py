"""What does ingest do outside?"""

from __future__ import annotations

from collections.abc import Callable

from services.ingest.workers import datasets, fetching
from shared.outbound import Outbound
from shared.service import Router


def routers_of(outbound: Callable[[], Outbound]) -> tuple[Router, ...]:
    """The workers; `outbound` makes the client that asks the hosts of sources."""
    return datasets.router, fetching.router_of(outbound)
