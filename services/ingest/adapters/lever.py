"""How are the postings of a site on Lever fetched? Its interface is documented, public and without a key."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final
from urllib.parse import quote

from pydantic.dataclasses import dataclass

from services.ingest.adapters.asking import Batch, List, listed
from services.ingest.adapters.options import CONFIG, Base, Name, own_host
from services.ingest.adapters.protocol import Adapter, Answer, Page, Request, Steps

_SIZE: Final = 100


@dataclass(frozen=True, config=CONFIG)
class Options:
    site: Name
    """The name of the site: `maple` of jobs.lever.co/maple."""
    base: Base = "https://api.lever.co"


def fetch(options: Options, pages: Mapping[str, Page], today: date) -> Steps:
    """Pages of a hundred, until one is not full."""
    url = f"{options.base}/v0/postings/{quote(options.site, safe='')}?mode=json&limit={_SIZE}&skip="
    return listed(
        List("lever", lambda offset, _: Request(f"{url}{offset}"), _batch, _SIZE, f"The site {options.site}"), today
    )


def _batch(stated: Any, answer: Answer) -> Batch:
    return Batch(stated if isinstance(stated, list) else None)


ADAPTER = Adapter("lever", "Lever", Options, fetch, "public_api", False, own_host)
