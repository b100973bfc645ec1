"""What does a catalogue offer: which version of a dataset, and where is its file?

Answers are hostile until read: what is not as documented raises `Unusable` with the reason.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple
from urllib.parse import quote

from engines.datasets.facts import day

LONGEST = 2_000
"""Characters of a URL."""
PAGE = 5_000
"""Rows of a page, where a dataset has no file."""


class Unusable(ValueError):
    """The answer of a catalogue is not as documented."""


class Offer(NamedTuple):
    """A version of a dataset."""

    modified: str
    """When it was changed, as the catalogue writes it; empty if it does not say."""
    url: str | None
    """Its file; None if it is only offered page by page."""

    @property
    def changed_on(self) -> date | None:
        try:
            return day(self.modified)
        except ValueError:
            return None


def url_in_pdc(base: str, dataset: str) -> str:
    return f"{base}/metastore/schemas/dataset/items/{quote(dataset, safe='')}"


def url_of_list(base: str) -> str:
    return f"{base}/data.json"


def url_of_page(base: str, dataset: str, number: int) -> str:
    return f"{base}/data-api/v1/dataset/{quote(dataset, safe='')}/data?size={PAGE}&offset={number * PAGE}"


def offered_by_pdc(content: bytes) -> Offer:
    """The version that the metadata of a dataset offers."""
    found = _object(_parsed(content))
    files = [each for each in _listed(found.get("distribution")) if _text(each.get("downloadURL"))]
    if not files:
        raise Unusable("the catalogue names no file to download for it")
    modified = _text(found.get("modified"))
    if not modified:
        raise Unusable("the catalogue does not state when it was modified")
    return Offer(modified, _text(files[0]["downloadURL"]))


def offers_in_list(content: bytes) -> list[Mapping[str, Any]]:
    """The datasets in a list of all datasets, reduced to what `offered_in_list` needs."""
    found = _object(_parsed(content))
    reduced: list[Mapping[str, Any]] = []
    for each in _listed(found.get("dataset")):
        files = [
            {"url": _text(file.get("downloadURL")), "modified": _text(file.get("modified"))}
            for file in _listed(each.get("distribution"))
            if _text(file.get("downloadURL")) and _text(file.get("mediaType")).lower() in ("text/csv", "")
        ]
        stated = {name: _text(each.get(name)) for name in ("title", "identifier", "modified")}
        reduced.append({**stated, "files": files})
    if not reduced:
        raise Unusable("the catalogue lists no datasets")
    return reduced


def offered_in_list(listed: list[Mapping[str, Any]], title: str, dataset: str) -> Offer | None:
    """The version of the dataset with a title, else with an id; None if the list has neither, or no file of it."""
    wanted = " ".join(title.split()).casefold()
    by_title = [each for each in listed if " ".join(each["title"].split()).casefold() == wanted]
    by_id = [each for each in listed if dataset.casefold() in each["identifier"].casefold()]
    for each in (*by_title, *by_id):
        if each["files"]:
            newest = max(each["files"], key=lambda file: file["modified"])
            return Offer(each["modified"] or newest["modified"], newest["url"])
    return None


def rows_of_page(content: bytes) -> list[Mapping[str, Any]]:
    """The rows of a page of a dataset."""
    found = _parsed(content)
    if not isinstance(found, list) or not all(isinstance(row, dict) for row in found):
        raise Unusable("a page of the dataset is not a list of rows")
    return found


def _parsed(content: bytes) -> Any:
    try:
        return json.loads(content)
    except (ValueError, RecursionError) as error:
        raise Unusable(f"the answer of the catalogue is not JSON: {type(error).__name__}") from None


def _object(value: Any) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise Unusable("the answer of the catalogue is not an object")
    return value


def _listed(value: Any) -> list[Mapping[str, Any]]:
    """The objects of a list; the metastore may wrap each in `data`."""
    objects = [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
    return [each["data"] if isinstance(each.get("data"), dict) else each for each in objects]


def _text(value: Any) -> str:
    return value.strip() if isinstance(value, str) and len(value) <= LONGEST else ""
