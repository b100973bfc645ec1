"""Which records of HubSpot are about which others, and what became of each pair?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from engines.crm.answers import of_hubspot, of_item
from engines.crm.exchange import Failure, Steps, as_json
from engines.crm.records import Kind

MOST: Final = 100
TYPES: Final[Mapping[tuple[Kind, Kind], int]] = {
    ("contacts", "companies"): 279,
    ("tasks", "companies"): 192,
    ("tasks", "contacts"): 204,
    ("notes", "companies"): 190,
    ("notes", "contacts"): 202,
}
Pair = tuple[str, str]


def associate(kind: Kind, about: Mapping[str, Mapping[Kind, str]]) -> Steps[dict[str, Failure]]:
    """Associate each record with others, all by their ids there; safe to repeat. Returns why some could not be."""
    failures = dict[str, Failure]()
    for one, to in TYPES:
        pairs = [(record, others[to]) for record, others in about.items() if to in others] if one == kind else []
        for first in range(0, len(pairs), MOST):
            failures |= yield from _create(kind, to, pairs[first : first + MOST])
    return failures


def _create(kind: Kind, to: Kind, pairs: Sequence[Pair]) -> Steps[dict[str, Failure]]:
    types = [{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": TYPES[kind, to]}]
    inputs = [{"from": {"id": one}, "to": {"id": other}, "types": types} for one, other in pairs]
    answer = yield as_json("POST", f"/crm/v4/associations/{kind}/{to}/batch/create", {"inputs": inputs})
    failure = of_hubspot(answer)
    if failure and failure.cause == "record" and len(pairs) > 1:  # refused as a whole: find the one
        half = len(pairs) // 2
        first = yield from _create(kind, to, pairs[:half])
        return first | (yield from _create(kind, to, pairs[half:]))
    if failure:
        return {one: failure for one, _ in pairs}
    return {one: of_item(error) for error in answer.object.get("errors") or [] for one in _named(error, pairs)}


def _named(error: Mapping[str, Any], pairs: Sequence[Pair]) -> list[str]:
    """Which records an error concerns: all of them, if it names none."""
    stated = {str(each) for values in (error.get("context") or {}).values() for each in values}
    return [one for one, other in pairs if one in stated or other in stated] or [one for one, _ in pairs]
