"""What does the address of a dashboard ask for, and what may the person see of it?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from starlette.requests import Request

from engines.figures.pack import Kpi
from services.console.domain.addresses import a_day, address_of
from services.console.domain.permissions import scope_of
from services.console.domain.sessions import Session
from services.console.rendering.shapes import Choice
from services.console.store.team import Reps
from services.console.usecases.addresses import reading_address
from services.console.usecases.seeing import REFUSED
from shared.contracts.refusals import Refused

OTHERS = "You see your own figures, and totals of the team."


@dataclass(frozen=True, slots=True)
class Asked:
    """Which days count, and whose figures."""

    path: str
    since: date
    until: date
    rep: str = ""
    """Empty: all."""
    own: str = ""
    """The only rep whose figures the person may see, beside totals of the team; empty: those of every rep."""
    where: Mapping[str, str] = field(default_factory=dict)
    people: bool = True
    """Whether the person may see people, and so what people typed."""

    def href(self, **changes: Any) -> str:
        """The same page with changes."""
        values = {"from": self.since, "to": self.until, "rep": self.rep, **self.where, **changes}
        return address_of(values.pop("path", self.path), values)

    def of_window(self, kpi: Kpi) -> Asked:
        """The same until the same day, with the figure's own window."""
        return replace(self, since=self.until - timedelta((kpi.window_days or 1) - 1))

    def list_of(self, kpi: Kpi, **changes: Any) -> str:
        """The list behind a figure; empty if the person may see only the total."""
        rep = changes.get("rep", self.rep)
        if not may_list(self, kpi, rep):
            return ""
        changes = {"rep": rep if "rep" in kpi.dimensions else "", **changes}
        return self.href(path=f"/dashboards/figures/{kpi.name}", **changes)


def asked(request: Request, session: Session, today: date, days: int, *columns: str) -> Asked:
    """What the address asks for: by default the last complete days. Refuses days that are none, and other reps."""
    query = request.query_params
    with reading_address():
        until = a_day(query["to"]) if query.get("to") else today - timedelta(1)
        since = a_day(query["from"]) if query.get("from") else until - timedelta(days - 1)
    if since > until:
        raise Refused(f"The first day, {since}, is after the last one, {until}.", 400)
    where = {name: query[name] for name in columns if query.get(name)}
    found = Asked(
        request.url.path, since, until, query.get("rep", ""), only_rep(session), where, session.can_see("people")
    )
    if found.own and found.rep not in ("", found.own):
        raise Refused(OTHERS, 403)
    return found


def only_rep(session: Session) -> str:
    """The rep whose figures the person may see; empty for those who may see everyone's."""
    if scope_of(session.role, "dashboards") != "own":
        return ""
    if not session.rep:
        raise Refused(REFUSED.format(role=session.role), 403)
    return session.rep


def is_own(session: Session, asked: Asked) -> bool:
    """Whether the address names only the person's own accounts and touches."""
    return session.rep is not None and asked.rep == session.rep


def may_list(asked: Asked, kpi: Kpi, rep: str) -> bool:
    """Whether the person may see what a figure follows from: not for totals of the team, if they are by rep."""
    return not asked.own or rep == asked.own or "rep" not in kpi.dimensions


def windows(asked: Asked, today: date, *days: int) -> tuple[Choice, ...]:
    """The last complete days."""
    until = today - timedelta(1)
    since = {count: until - timedelta(count - 1) for count in days}
    return tuple(
        Choice(
            f"{count} days",
            asked.href(**{"from": first, "to": until}),
            current=(asked.since, asked.until) == (first, until),
        )
        for count, first in since.items()
    )


def reps(asked: Asked, known: Reps) -> tuple[Choice, ...]:
    """The whole team, and each rep whom the person may see; of those who left, the one whom the address names."""
    names = known.names
    shown = [rep for rep in names if rep in (*known.present, asked.rep) and asked.own in ("", rep)]
    return (
        Choice("All reps" if not asked.own else "Team", asked.href(rep=""), current=not asked.rep),
        *(Choice(names[rep], asked.href(rep=rep), current=asked.rep == rep) for rep in shown),
    )
