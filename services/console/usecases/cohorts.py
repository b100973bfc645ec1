"""Which cases of a figure does an address name? The list behind a figure, its file and its events are the same ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from starlette.requests import Request

from engines.figures.computing import Case, Figure
from engines.figures.pack import Kpi
from services.console.domain.sessions import Session
from services.console.usecases.dashboards import OTHERS, Asked, asked, may_list
from services.console.usecases.measuring import chosen, kpi_named, measures
from shared.contracts.refusals import Refused
from shared.storage.database import Tx

DAYS = 90
SIDES = ("", "reached", "missing")
"""All, what is in the numerator, and what is missing there."""


@dataclass(frozen=True, slots=True)
class Cohort:
    """The cases of a figure in the days, and with the values, that an address names."""

    asked: Asked
    figure: Figure
    side: str

    @property
    def cases(self) -> list[Case]:
        return cases_of(self.figure, where_of(self.asked, self.figure.kpi), self.side)

    @property
    def rep(self) -> str:
        """The only rep whose cases these are; empty for those of several."""
        return where_of(self.asked, self.figure.kpi).get("rep", "")

    @property
    def events(self) -> list[UUID]:
        """The event of each case: of those that reached it, the one that states so."""
        reached = self.side == "reached"
        return sorted({UUID((case.then if reached and case.then else case.first).event_id) for case in self.cases})


async def cohort_of(request: Request, session: Session, tx: Tx, name: str) -> Cohort:
    """Refuses what is none, and the cases of others for those who may see only their own."""
    kpi = kpi_named(name)
    if kpi is None:
        raise Refused("There is no such figure.", 404)
    side = request.query_params.get("state", "")
    if side not in SIDES:
        raise Refused("There is no such part of a figure.", 400)
    found = asked(request, session, tx.today, DAYS, *(column for column in kpi.dimensions if column != "rep"))
    if not may_list(found, kpi, found.rep):
        raise Refused(OTHERS, 403)
    return Cohort(found, (await measures(tx)).figure(kpi, found.since, found.until), side)


def where_of(asked: Asked, kpi: Kpi) -> dict[str, str]:
    """The columns that an address names, the rep among them."""
    named = {**asked.where, **({"rep": asked.rep} if asked.rep else {})}
    return {name: value for name, value in named.items() if name in kpi.dimensions}


def cases_of(figure: Figure, where: Mapping[str, str], side: str = "") -> list[Case]:
    """The cases that an address names, the latest first: all, those in the numerator, or those missing there."""
    found = chosen(figure.cases, where)
    if side:
        found = [case for case in found if _reached(figure.kpi, case) == (side == "reached")]
    return sorted(found, key=lambda case: (case.first.on, case.first.at, case.first.event_id), reverse=True)


def _reached(kpi: Kpi, case: Case) -> bool:
    return case.then is not None if kpi.figure == "ratio" else case.value is not None
