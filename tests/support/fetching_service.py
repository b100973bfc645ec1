"""How does ingest fetch from hosts of a test? `python -m tests.support.fetching_service` runs it as a process.

Every name leads to this machine, so the pairs of `PIPELINE_OUTBOUND_ALLOW` may be names such as `site-1.example:4000`.
With `FETCHING_SECONDS`, a request takes no longer than that. All else is as in the product.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from services.ingest import settings
from services.ingest.app import service_of
from services.ingest.domain.denied import denied_url
from shared.application import Application
from shared.outbound import Answer, Limits, Outbound


async def here(_: str) -> Sequence[str]:
    return ["127.0.0.1"]


class Impatient(Outbound):
    """Gives up requests that hang earlier, so that a test with many of them ends."""

    async def send(self, request: Any, *, limits: Limits | None = None, **options: Any) -> Answer:
        limits = limits or Limits()
        limits = replace(limits, seconds=min(limits.seconds, float(os.environ.get("FETCHING_SECONDS", "inf"))))
        return await super().send(request, limits=limits, **options)


def outbound() -> Outbound:
    denied = partial(denied_url, settings.deny_list())
    return Impatient(settings.deployed().outbound_allow, settings.agent(), resolve=here, denied=denied)


if __name__ == "__main__":
    Application(service_of(outbound)).main()
