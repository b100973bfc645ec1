"""How does the engine's answer look in the Reconciliation Service API 0.2, which OpenRefine speaks?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

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


class Malformed(ValueError):
    """A query is not as the API wants it; the message says what is wrong."""


def manifest(base: str) -> dict[str, Any]:
    """`base` is where the service is reached, without a slash at its end."""
    root = f"{base}{PATH}"
    return {
        "versions": ["0.2"],
        "name": "Facility Pipeline: skilled nursing facilities",
        "identifierSpace": "https://data.cms.gov/provider-data/ccn",
        "schemaSpace": f"{root}/types",
        "defaultTypes": [TYPE],
        "view": {"url": f"{root}/preview?id={{{{id}}}}"},
        "preview": {"url": f"{root}/preview?id={{{{id}}}}", "width": 400, "height": 140},
        "suggest": {
            kind: {"service_url": base, "service_path": f"{PATH}/suggest/{kind}"}
            for kind in ("entity", "property", "type")
        },
    }


def employer_of(query: object) -> Employer:
    """Raises `Malformed`."""
    if not isinstance(query, Mapping):
        raise Malformed("every query is an object with `query` and, if you like, `properties`")
    said = {str(each.get("pid")): _text(each.get("v")) for each in _listed(query.get("properties"))}
    name, state = query.get("query") or "", (said.get("state") or "").strip().upper()
    if not isinstance(name, str):
        raise Malformed("`query` is a string")
    return Employer(
        name=name,
        city=said.get("city"),
        state=state or None,
        ccn=said.get("ccn"),
        zip=zip_of(said.get("zip") or ""),
        address=said.get("address"),
        phone=said.get("phone"),
        title=setting_of(said.get("title")),
    )


def _listed(properties: object) -> list[Mapping[str, Any]]:
    if properties is None:
        return []
    if not isinstance(properties, list) or not all(isinstance(each, Mapping) for each in properties):
        raise Malformed("`properties` is a list of objects with `pid` and `v`")
    return properties


def _text(value: object) -> str | None:
    """Of several values the first; of a reconciled cell its id."""
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, Mapping):
        value = value.get("id")
    return None if value is None or value == "" else str(value)


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
