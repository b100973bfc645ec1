"""Which further names does a row of a file give which facility?"""

from __future__ import annotations

import re
from collections.abc import Mapping

from matching.facilities import Facility, OtherName
from matching.names import normalise

HEADINGS = {
    "organizationname": "legal",
    "legalbusinessname": "legal",
    "doingbusinessasname": "dba",
    "dbaname": "dba",
    "formername": "former",
}
"""Headings of SNF Enrollments as published, and the like, by the kind of name."""
KINDS = frozenset({"legal", "dba", "former"})
NO_NAME = frozenset({"na", "none", "null", "notapplicable", "notavailable", "unknown"})
_CCN = re.compile(r"\d{2}[0-9A-Z]\d{3}")
_SIGNS = re.compile(r"[\W_]+")


class Unreadable(ValueError):
    """A row cannot be taken; the message says why."""


def read(row: Mapping[str, object]) -> tuple[str, list[OtherName]]:
    """The CCN and its names: columns as in `HEADINGS`, or `name` and `kind`; raises `Unreadable`."""
    cells = {_letters(title): " ".join(str(cell).split()) for title, cell in row.items()}
    ccn = cells.get("ccn", "").upper()
    if not _CCN.fullmatch(ccn):
        raise Unreadable(f"CCN {ccn!r} is not six characters like 335001")
    kind = cells.get("kind", "").lower() or "dba"
    if kind not in KINDS:
        raise Unreadable(f"kind {kind!r} is none of {', '.join(sorted(KINDS))}")
    found = [OtherName(cells[title], each) for title, each in HEADINGS.items() if title in cells]
    found += [OtherName(cells["name"], kind)] if "name" in cells else []
    return ccn, [other for other in found if normalise(other.name) and _letters(other.name) not in NO_NAME]


def new_names(facility: Facility, found: list[OtherName]) -> list[OtherName]:
    """Without those by which it is known already, however they are spelt."""
    known = {normalise(facility.name), *(normalise(other.name) for other in facility.names)}
    fresh = {normalise(other.name): other for other in reversed(found)}
    return [other for text, other in fresh.items() if text not in known]


def _letters(text: str) -> str:
    return _SIGNS.sub("", text.casefold())
