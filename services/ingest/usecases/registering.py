"""May a source be fetched, and with which options?"""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from typing import Annotated, Any, get_args, get_origin, get_type_hints

from pydantic import TypeAdapter, ValidationError

from engines.problems import problems
from services.ingest import settings
from services.ingest.adapters import ADAPTERS
from services.ingest.adapters.protocol import Adapter
from services.ingest.domain.fetches import Source
from shared.contracts.ingest_sources import AddFetchedSource
from shared.contracts.refusals import Refused


def adapter_of(name: str) -> Adapter:
    """Refuses a name that no adapter has."""
    if name not in ADAPTERS:
        known = ", ".join(sorted(ADAPTERS))
        raise Refused(f"There is no adapter {name!r}; there are {known}.", 422, {"adapter": "is unknown"})
    return ADAPTERS[name]


def options_of(adapter: Adapter, given: dict[str, Any]) -> Any:
    """The options of an adapter; refuses invalid ones, each with what is wrong."""
    hints = get_type_hints(adapter.options, include_extras=True)
    names = [field.name for field in fields(adapter.options)]
    listed = {
        name: [value] if isinstance(value, str) and _is_list(hints.get(name)) else value
        for name, value in given.items()
    }
    try:
        return TypeAdapter(adapter.options).validate_python(listed)
    except ValidationError as invalid:
        wrong = problems(invalid, "options")
        stated = "; ".join(f"{name} {problem}" for name, problem in wrong.items())
        raise Refused(
            f"The options of {adapter.name} are not valid: {stated}. It has {', '.join(names)}"
            " (--set NAME=VALUE; docs/sources.md explains them).",
            422,
            wrong,
        ) from invalid


def stored(adapter: Adapter, options: Any) -> dict[str, Any]:
    """Options as they are stored: those that differ from what the adapter assumes."""
    found: dict[str, Any] = TypeAdapter(adapter.options).dump_python(options, mode="json", exclude_defaults=True)
    return found


def _is_list(hint: Any) -> bool:
    while get_origin(hint) is Annotated:
        hint = get_args(hint)[0]
    return get_origin(hint) is tuple


def refuse_what_is_not_allowed(request: AddFetchedSource, adapter: Adapter, hosts: list[str], today: date) -> None:
    """Refuses denied sites, undocumented interfaces without accepted terms, and licences that ended."""
    denied = settings.deny_list()
    if site := denied.name(request.name):
        raise Refused(f"Postings from {site} are not accepted.", 422, {"name": f"{site} is on the deny-list"})
    for host in hosts:
        if found := denied.url(f"https://{host.strip('.')}/"):
            raise Refused(f"{host} is never fetched: {found.how}.", 422, {"options": "on the deny-list"})
    if adapter.rule == "accepted_terms" and request.terms is None:
        raise Refused(
            f"The interface of {adapter.title} is not documented, so its sources are off until the employer's terms are"
            ' accepted: --accept-terms "WHO, YYYY-MM-DD".',
            422,
            {"terms": "are missing"},
        )
    if request.terms and request.terms.on > today:
        raise Refused(f"The terms cannot have been accepted on {request.terms.on}, in the future.", 422)
    if adapter.secret and request.name not in settings.deployed().source_secrets:
        raise Refused(
            f"{adapter.title} needs a secret: put it into PIPELINE_INGEST_SOURCE_SECRETS (or the file"
            f' pipeline_source_secrets) as {{"{request.name}": "SECRET"}}, and restart ingest.',
            422,
            {"name": "has no secret"},
        )
    if not hosts and settings.deployed().source_folder is None:
        raise Refused("No folder is watched: set PIPELINE_INGEST_SOURCE_FOLDER to the folder that contains them.", 422)


def why_not_now(source: Source, today: date) -> str | None:
    """Why a source must not be fetched any more although it was allowed when it was added."""
    if source.licence_until and source.licence_until < today:
        return (
            f"The licence ended on {source.licence_until}: `pipeline source resume {source.name} --licence-until DAY`."
        )
    title = ADAPTERS[source.adapter].title
    if ADAPTERS[source.adapter].rule == "accepted_terms" and not source.terms_by:
        return f"The terms of {title} were not accepted."
    return None
