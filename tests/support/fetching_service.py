"""How does ingest fetch from hosts of a test? `python -m tests.support.fetching_service` runs it as a process.

Every name leads to this machine, so the pairs of `PIPELINE_OUTBOUND_ALLOW` may be names such as `site-1.example:4000`.
All else is as in the product.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from services.ingest import settings
from services.ingest.app import service_of
from services.ingest.domain.denied import denied_url
from shared.application import Application
from shared.outbound import Outbound


async def here(_: str) -> Sequence[str]:
    return ["127.0.0.1"]


def outbound() -> Outbound:
    denied = partial(denied_url, settings.deny_list())
    return Outbound(settings.deployed().outbound_allow, settings.agent(), resolve=here, denied=denied)


if __name__ == "__main__":
    Application(service_of(outbound)).main()
