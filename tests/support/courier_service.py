"""How does a courier live that is killed often? `python -m tests.support.courier_service` runs it as a process.

It waits `PATIENCE_SECONDS` for an answer, and its claims end after `LEASE_SECONDS`. All else is as in the product.
"""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import timedelta

from services.courier import settings
from services.courier.app import service_of
from shared.application import Application
from shared.outbound import Outbound
from shared.outbound.webhooks import LIMITS


def outbound() -> Outbound:
    limits = replace(LIMITS, seconds=float(os.environ["PATIENCE_SECONDS"]))
    return Outbound(settings.deployed().outbound_allow, limits=limits, per_host=settings.AT_ONCE)


if __name__ == "__main__":
    service = service_of(outbound)
    lease = timedelta(seconds=float(os.environ["LEASE_SECONDS"]))
    Application(replace(service, workers=tuple(replace(each, lease=lease) for each in service.workers))).main()
