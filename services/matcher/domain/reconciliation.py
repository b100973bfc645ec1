"""What does the matcher reply in the Reconciliation Service API 0.2, which OpenRefine uses?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import quote

from engines.matching.by_rule import RuleAnswer
from engines.matching.engine import Answer, Ranked
from engines.matching.facilities import Facility
from engines.matching.model import Model
from engines.matching.source_rule import Likely
from services.matcher.domain.policy import Reconciliation
from services.matcher.domain.reconciliation_queries import PROPERTIES, Query
from services.matcher.domain.resolve import Decision

PATH = "/reconcile"


def type_of(about: Reconciliation) -> dict[str, str]:
    return {"id": "facility", "name": about.type}


def manifest(base: str, about: Reconciliation, key: str | None = None) -> dict[str, Any]:
    """The manifest. `base` is the service's URL without a slash at its end; `key` is an API key for its links.

    The manifest describes the authentication unless the request had an API key in its URL.
    """
    root, parameter = f"{base}{PATH}", f"key={quote(key)}" if key else ""
    preview = f"{root}/preview?id={{{{id}}}}" + (f"&{parameter}" if parameter else "")
    return {
        "versions": ["0.2"],
        "name": about.name,
        "identifierSpace": about.identifiers,
        "schemaSpace": f"{root}/types",
        "defaultTypes": [type_of(about)],
        # A reconciled list contains these links, so they have no API key.
        "view": {"url": about.view},
        "preview": {"url": preview, "width": 400, "height": 140},
        "suggest": {
            kind: {
                "service_url": base,
                "service_path": f"{PATH}/suggest/{kind}" + (f"?{parameter}" if parameter else ""),
            }
            for kind in ("entity", "property", "type")
        },
    } | ({} if key else {"authentication": {"type": "apiKey", "name": "X-API-Key", "in": "header"}})


def invalid(reason: str) -> dict[str, Any]:
    """The result of an invalid query; the others of its batch have results."""
    return {"result": [], "message": f"This query is invalid: {reason}."}


def result(
    query: Query,
    decision: Decision,
    answer: Answer | RuleAnswer,
    model: Model | None,
    facilities: Mapping[str, Facility],
    about: Reconciliation,
) -> dict[str, Any]:
    """The result of a query. At most one candidate is a `match`: the first one, if a posting would be matched to it.

    `message` states what was left out of the query, and why there is no candidate.
    """
    shown = [_candidate(each, model, about) for each in answer.candidates]
    # A stated key, a person's decision or a chain may give a facility that the engine did not rank first.
    shown += [
        _named(facilities[each.facility_id], each.confidence, about)
        for each in decision.candidates
        if not answer.candidates
    ]
    if decision.facility_id:
        match = next((each for each in shown if each["id"] == decision.facility_id), None)
        match = (match or _named(facilities[decision.facility_id], 1.0, about)) | {
            "score": round(100 * (decision.confidence or 0.0), 2),
            "match": query.is_complete,
        }
        shown = [match, *(each for each in shown if each["id"] != decision.facility_id)]
    notes = [*query.notes, *_remarks(query, answer, bool(shown), facilities)]
    return {"result": shown[: query.limit]} | ({"message": " ".join(notes)} if notes else {})


def _remarks(
    query: Query, answer: Answer | RuleAnswer, found: bool, facilities: Mapping[str, Facility]
) -> Iterator[str]:
    employer = query.employer
    if employer.facility_id and employer.facility_id not in facilities:
        yield f"No facility {employer.facility_id} is known."
    if found and not query.is_complete:
        yield "So no candidate is a match."
    if found:
        return
    match answer.reason:
        case "no_state":
            yield "A `state` is required."
        case "no_name":
            yield "`query` has no word to search for."
        case "delisted" if answer.method == "facility_id":
            yield f"{employer.facility_id} is no longer listed."
        case _:
            yield f"No facility in {employer.state} has a similar name."


def _candidate(ranked: Ranked | Likely, model: Model | None, about: Reconciliation) -> dict[str, Any]:
    """A candidate, with its features if a model weighs them."""
    if isinstance(ranked, Likely):
        return _named(ranked.facility, ranked.score, about)
    weighed = model.contributions(ranked.row) if model else {}
    features = [{"id": name, "value": value} for name, value in weighed.items()]
    return _named(ranked.entry.facility, ranked.confidence, about) | {"features": features}


def _named(facility: Facility, confidence: float, about: Reconciliation) -> dict[str, Any]:
    return {
        "id": facility.facility_id,
        "name": facility.name,
        "description": f"{facility.city}, {facility.state}",
        "type": [type_of(about)],
        "score": round(100 * confidence, 2),
        "match": False,
    }


def suggested(facilities: Iterable[Facility], prefix: str, limit: int, about: Reconciliation) -> dict[str, Any]:
    """Facilities whose key, name or a word of the name begins with a prefix."""
    wanted = prefix.strip().upper()
    found = [each for each in facilities if wanted and each.listed and _begins(each, wanted)]
    found.sort(key=lambda each: (not each.name.upper().startswith(wanted), each.name, each.facility_id))
    return {
        "result": [
            {"id": e.facility_id, "name": e.name, "description": f"{e.city}, {e.state}", "notable": [type_of(about)]}
            for e in found[:limit]
        ]
    }


def _begins(facility: Facility, wanted: str) -> bool:
    return facility.facility_id.startswith(wanted) or f" {wanted}" in f" {facility.name.upper()}"


def suggested_properties(prefix: str) -> dict[str, Any]:
    wanted = prefix.strip().lower()
    return {
        "result": [
            {"id": pid, "name": name}
            for pid, name in PROPERTIES.items()
            if pid.startswith(wanted) or name.lower().startswith(wanted)
        ]
    }
