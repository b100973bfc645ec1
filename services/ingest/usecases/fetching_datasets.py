"""What does a catalogue offer, and is the file of a dataset another than before?"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from services.ingest.domain import catalogues
from services.ingest.domain.catalogues import Offer, Unusable
from services.ingest.domain.datasets import Dataset
from services.ingest.store.datasets import Asked
from services.ingest.usecases.downloads import Client, Unavailable, get
from shared.outbound import Answer, Limits

OF_METADATA = Limits(seconds=120.0, body=64_000_000)
"""The list of all datasets has several million bytes."""
OF_FILES = Limits(seconds=1_200.0, body=1_000_000_000)
MOST_PAGES = 4_000
_FOUND, _UNCHANGED = 200, 304


class Downloaded(NamedTuple):
    """A file that is new or may be; `etag` and `last_modified` are for the next request."""

    offer: Offer
    size: int
    etag: str | None
    last_modified: str | None


@dataclass(slots=True)
class Catalogues:
    """Asks catalogues. The list of all datasets is remembered, because several datasets are in it."""

    client: Client
    bases: dict[str, str]
    _lists: dict[str, tuple[dict[str, str], list[Any]]] = field(default_factory=dict)

    async def offered(self, dataset: Dataset) -> Offer:
        """The version that is offered now; raises `Unavailable`."""
        base = self.bases[dataset.catalogue]
        try:
            if dataset.catalogue == "pdc":
                _, content = await self._content(base, catalogues.url_in_pdc(base, dataset.id), {})
                offer = catalogues.offered_by_pdc(content)
            else:
                listed = await self._listed(base)
                offer = catalogues.offered_in_list(listed, dataset.title, dataset.id) or Offer("", None)
        except Unusable as error:
            raise Unavailable(str(error)) from None
        return offer

    async def file(self, dataset: Dataset, offer: Offer, before: Asked, path: Path) -> Downloaded | None:
        """Download a version to a file; None if it is unchanged since `before`. Raises `Unavailable`."""
        with path.open("wb") as file:
            if offer.url is None:
                return await self._pages(dataset, offer, file.write)
            headers = _conditions(before) if before.url == offer.url else {}
            answer = await get(self.client, self.bases[dataset.catalogue], offer.url, file.write, headers, OF_FILES)
            size = file.tell()
        if answer.status == _UNCHANGED and headers:
            return None
        if answer.status != _FOUND:
            raise Unavailable(f"the file of the catalogue answers {answer.status}")
        return Downloaded(offer, size, answer.headers.get("etag"), answer.headers.get("last-modified"))

    async def _pages(self, dataset: Dataset, offer: Offer, write: Callable[[bytes], object]) -> Downloaded:
        """The rows of a dataset without a file, as JSON lines."""
        base, size = self.bases[dataset.catalogue], 0
        for number in range(MOST_PAGES):
            _, content = await self._content(base, catalogues.url_of_page(base, dataset.id, number), {})
            try:
                rows = catalogues.rows_of_page(content)
            except Unusable as error:
                raise Unavailable(str(error)) from None
            for row in rows:
                line = json.dumps(row, ensure_ascii=False).encode() + b"\n"
                size += len(line)
                write(line)
            if len(rows) < catalogues.PAGE:
                return Downloaded(offer, size, None, None)
            if size > OF_FILES.body:
                break
        raise Unavailable(f"the dataset has more than {MOST_PAGES * catalogues.PAGE:,} rows or {OF_FILES.body:,} bytes")

    async def _listed(self, base: str) -> list[Any]:
        conditions, known = self._lists.get(base, ({}, []))
        answer, content = await self._content(base, catalogues.url_of_list(base), conditions)
        if answer.status == _UNCHANGED and known:
            return known
        listed = catalogues.offers_in_list(content)
        etag = answer.headers.get("etag")
        self._lists[base] = ({"if-none-match": etag} if etag else {}, listed)
        return listed

    async def _content(self, base: str, url: str, headers: dict[str, str]) -> tuple[Answer, bytes]:
        content = bytearray()
        answer = await get(self.client, base, url, content.extend, headers, OF_METADATA)
        if answer.status not in (_FOUND, _UNCHANGED):
            raise Unavailable(f"the catalogue answers {answer.status}; is the id of the dataset right?")
        return answer, bytes(content)


def _conditions(before: Asked) -> dict[str, str]:
    headers = {"if-none-match": before.etag, "if-modified-since": before.last_modified}
    return {name: value for name, value in headers.items() if value}


def sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
