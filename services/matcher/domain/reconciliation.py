"""How does the engine's answer look in the Reconciliation Service API 0.2, which OpenRefine speaks?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote

from matching.engine import Answer, Ranked
from matching.facilities import Employer, Facility
from matching.model import Model
from matching.registry import zip_of
from services.matcher.domain.resolve import Decision, setting_of

TYPE = {"id": "facility", "name": "Skilled nursing facility"}
PROPERTIES = {
    "city": "City",
    "state": "State, two letters",
    "zip": "ZIP code",
    "address": "Street address",
    "phone": "Telephone number",
    "ccn": "CMS certification number",
    "title": "Job title",
}
"""What a query may say beside the name."""
PATH = "/reconcile"


LONGEST = 300
"""Characters of a text that is read; no name or address in a registry has more than half as many."""
# Where a client shows an entity. A reconciled list carries these links on, so they bear no key.
VIEW = "https://www.medicare.gov/care-compare/details/nursing-home/{{id}}"


class Unreadable(ValueError):
    """A query is not as the API wants it; the message says what is wrong."""


def manifest(base: str, key: str | None = None) -> dict[str, Any]:
    """`base` is where the service is reached, without a slash at its end; `key` is what its links are to carry.

    Who comes with a key in the URL need not be told how to be let in; everybody else is.
    """
    root, carried = f"{base}{PATH}", f"key={quote(key)}" if key else ""
    preview = f"{root}/preview?id={{{{id}}}}" + (f"&{carried}" if carried else "")
    return {
        "versions": ["0.2"],
        "name": "Facility Pipeline: skilled nursing facilities",
        "identifierSpace": "https://data.cms.gov/provider-data/ccn",
        "schemaSpace": f"{root}/types",
        "defaultTypes": [TYPE],
        "view": {"url": VIEW},
        "preview": {"url": preview, "width": 400, "height": 140},
        "suggest": {
            kind: {"service_url": base, "service_path": f"{PATH}/suggest/{kind}" + (f"?{carried}" if carried else "")}
            for kind in ("entity", "property", "type")
        },
    } | ({} if key else {"authentication": {"type": "apiKey", "name": "X-API-Key", "in": "header"}})


def employer_of(query: object) -> Employer:
    """Raises `Unreadable`."""
    if not isinstance(query, Mapping):
        raise Unreadable("a query is an object with `query` and, if you like, `properties`")
    said = {each.get("pid"): each.get("v") for each in _listed(query.get("properties"))}
    properties = {pid: _text(said.get(pid), pid) for pid in PROPERTIES}
    state = (properties["state"] or "").strip().upper()
    return Employer(
        name=_text(query.get("query"), "query") or "",
        city=properties["city"],
        state=state or None,
        ccn=properties["ccn"],
        zip=zip_of(properties["zip"] or ""),
        address=properties["address"],
        phone=properties["phone"],
        title=setting_of(properties["title"]),
    )


def _listed(properties: object) -> list[Mapping[str, Any]]:
    if properties is None:
        return []
    if not isinstance(properties, list) or not all(
        isinstance(each, Mapping) and isinstance(each.get("pid"), str) for each in properties
    ):
        raise Unreadable("`properties` is a list of objects with `pid` and `v`")
    return properties


def _text(value: object, what: str) -> str | None:
    """Of several values the first; of a reconciled cell its id."""
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, Mapping):
        value = value.get("id")
    if value is None or value == "":
        return None
    if not isinstance(value, str | int | float):
        raise Unreadable(f"`{what}` is a text")
    text = str(value)
    if len(text) > LONGEST:
        raise Unreadable(f"`{what}` has {len(text):,} characters; at most {LONGEST} are read")
    return text


def unanswered(reason: str) -> dict[str, Any]:
    """A query of which nothing could be made; the others of its batch are answered all the same."""
    return {"result": [], "message": f"This query cannot be read: {reason}."}


def result(
    decision: Decision, answer: Answer, model: Model, facilities: Mapping[str, Facility], limit: int
) -> dict[str, Any]:
    """At most one candidate is a `match`, and only where a posting would be matched without asking; it stands first."""
    shown = [_candidate(each, model) for each in answer.candidates]
    # A stated CCN, a person's word and a chain name facilities that the engine did not compare, or not as the best.
    shown += [_named(facilities[each.ccn], each.confidence) for each in decision.candidates if not answer.candidates]
    if decision.ccn:
        match = next((each for each in shown if each["id"] == decision.ccn), None)
        match = (match or _named(facilities[decision.ccn], 1.0)) | {
            "score": round(100 * (decision.confidence or 0.0), 2),
            "match": True,
        }
        shown = [match, *(each for each in shown if each["id"] != decision.ccn)]
    return {"result": shown[:limit]}


def _candidate(ranked: Ranked, model: Model) -> dict[str, Any]:
    features = [{"id": name, "value": value} for name, value in model.contributions(ranked.row).items()]
    return _named(ranked.entry.facility, ranked.confidence) | {"features": features}


def _named(facility: Facility, confidence: float) -> dict[str, Any]:
    return _entity(facility) | {"score": round(100 * confidence, 2), "match": False}


def _entity(facility: Facility) -> dict[str, Any]:
    return {
        "id": facility.ccn,
        "name": facility.name,
        "description": f"{facility.city}, {facility.state}",
        "type": [TYPE],
    }


def suggested(facilities: Iterable[Facility], prefix: str, limit: int) -> dict[str, Any]:
    """Facilities whose CCN or name begins like this, or in whose name a word does."""
    wanted = prefix.strip().upper()
    found = [each for each in facilities if wanted and each.listed and _begins(each, wanted)]
    found.sort(key=lambda each: (not each.name.upper().startswith(wanted), each.name, each.ccn))
    return {
        "result": [
            {"id": e.ccn, "name": e.name, "description": f"{e.city}, {e.state}", "notable": [TYPE]}
            for e in found[:limit]
        ]
    }


def _begins(facility: Facility, wanted: str) -> bool:
    return facility.ccn.startswith(wanted) or f" {wanted}" in f" {facility.name.upper()}"


def suggested_properties(prefix: str) -> dict[str, Any]:
    wanted = prefix.strip().lower()
    return {
        "result": [
            {"id": pid, "name": name}
            for pid, name in PROPERTIES.items()
            if pid.startswith(wanted) or name.lower().startswith(wanted)
        ]
    }
