"""Which fake answers at which host, or below which path?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from cli.fakes.asking import Asked
from cli.fakes.replies import Reply, status
from cli.fakes.systems import (
    career_site,
    careeronestop,
    coresignal,
    data_api,
    greenhouse,
    lever,
    provider_data,
    sheets,
    smartrecruiters,
    techmap,
    ukg,
    workday,
)

System = Callable[[Asked], Reply]

BY_HOST: Final[Mapping[str, System]] = {
    "api.careeronestop.org": careeronestop.answer,
    "boards-api.greenhouse.io": greenhouse.answer,
    "api.lever.co": lever.answer,
    "api.smartrecruiters.com": smartrecruiters.answer,
    "recruiting.ultipro.com": ukg.answer,
    "daily-international-job-postings.p.rapidapi.com": techmap.answer,
    "api.coresignal.com": coresignal.answer,
    "sheets.example": sheets.answer,
}
_WORKDAY: Final = ".myworkdayjobs.com"
_REGISTRIES: Final = "data.cms.gov"
_OTHER_SYSTEMS: Final = (".example", ".test")


def system_of(host: str) -> System | None:
    """The fake of a host; a name of its own below `.example` or `.test` is a career site."""
    if host.endswith(_WORKDAY):
        return workday.answer
    if host == _REGISTRIES:
        return _registries
    if host in BY_HOST:
        return BY_HOST[host]
    return career_site.answer if host.endswith(_OTHER_SYSTEMS) else None


def _registries(asked: Asked) -> Reply:
    if asked.path.startswith("/provider-data/"):
        return provider_data.answer(asked)
    if asked.path == "/data.json" or asked.path.startswith(("/data-api/", "/sites/")):
        return data_api.answer(asked)
    return status(404)
