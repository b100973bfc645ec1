"""How do the cases of a figure become a list?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from engines.figures.computing import Case, Figure, Part, part_of
from engines.figures.occurrences import KINDS
from engines.figures.pack import Kpi
from engines.figures.wording import meaning, unit_of
from services.console import settings
from services.console.rendering.figures import number, window_of, written
from services.console.rendering.filters import day, plural
from services.console.rendering.listing import ROWS, Cell, Listing, on_page
from services.console.rendering.shapes import Choice, slice_of
from services.console.store.signals import OpenSignal
from services.console.usecases.cohorts import SIDES, cases_of, where_of
from services.console.usecases.dashboards import Asked, may_list
from services.console.usecases.texts import label

HEADINGS = ("day", "number", "name", "need", "rep", "reached on", "value", "event", "reached by")
HEADINGS_OF_SIGNALS = ("expires", "number", "name", "title", "need", "urgency", "last seen", "rep")
HOME = {"activity": ("health", "Pipeline health"), "accounts": ("health", "Pipeline health")}


@dataclass(frozen=True, slots=True)
class Known:
    """What the events of the cases name."""

    facilities: Mapping[str, str] = field(default_factory=dict)
    postings: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    reps: Mapping[str, str] = field(default_factory=dict)


def listing(asked: Asked, figure: Figure, side: str, page: int, known: Known) -> Listing:
    kpi, where = figure.kpi, where_of(asked, figure.kpi)
    every = cases_of(figure, where)
    counts = {each: len(cases_of(figure, where, each)) for each in SIDES}
    found = cases_of(figure, where, side)
    titles = _titles(kpi)
    split = kpi.figure == "ratio" or (kpi.figure != "count" and counts["missing"])
    key, title = HOME.get(kpi.group, ("funnel", "Conversion funnel"))
    return Listing(
        _sentence(figure, part_of(kpi, every)),
        meaning(kpi),
        tuple(
            Choice(titles[each], asked.href(state=each), current=side == each, count=counts[each])
            for each in (SIDES if split else ())
        ),
        tuple(
            Choice(_label(name, value, known), _without(asked, kpi, name), current=True)
            for name, value in where.items()
        ),
        _head(kpi),
        tuple(_row(kpi, case, known) for case in on_page(found, page)),
        slice_of(page, ROWS, len(found), lambda number: asked.href(state=side, page=number)),
        Choice(title, asked.href(path=f"/dashboards/{key}", **dict.fromkeys(asked.where, ""))),
        figure.note or "Nothing is in this list; another window or all reps may have some.",
    )


def _sentence(figure: Figure, part: Part) -> str:
    shown = written(figure.kpi, part, figure.note)
    parts = [
        shown.value,
        shown.note,
        shown.fraction if shown.fraction != shown.value else "",
        window_of(figure),
    ]
    return " · ".join(filter(None, parts))


def _titles(kpi: Kpi) -> dict[str, str]:
    return {"": "All", "reached": "Counted", "missing": "Missing"}


def _without(asked: Asked, kpi: Kpi, name: str) -> str:
    """The list without a filter; empty if the person may see only the total of that."""
    return asked.href(**{name: ""}) if name != "rep" or may_list(asked, kpi, "") else ""


def _label(name: str, value: str, known: Known) -> str:
    return f"{name.replace('_', ' ')}: {label(name, value, known.reps)}"


def _head(kpi: Kpi) -> tuple[str, ...]:
    measured = unit_of(kpi) if kpi.figure == "median" else kpi.column or ""
    ends = (*((_title(kpi.reached),) if kpi.reached else ()), *((measured.capitalize(),) if measured else ()))
    return ("Day", _title(kpi.of), "Rep", *ends)


def _title(kind: str | None) -> str:
    title = KINDS[kind or ""].title
    return title[:1].upper() + title[1:]


def _row(kpi: Kpi, case: Case, known: Known) -> tuple[Cell, ...]:
    first = case.first
    rep = first.columns.get("rep")
    cells = [
        Cell(day(first.on, "year"), f"/events/{first.event_id}"),
        _about(first.columns, known),
        Cell(known.reps.get(rep, rep) if rep else ""),
    ]
    if kpi.reached:
        cells.append(_then(case))
    if kpi.figure == "median" or kpi.column:
        cells.append(Cell("" if case.value is None else number(case.value)))
    return tuple(cells)


def line(case: Case, known: Known) -> tuple[object, ...]:
    """The same row in a file."""
    columns, then = case.first.columns, case.then
    about, rep = _about(columns, known), columns.get("rep")
    return (
        case.first.on, columns.get("facility"), about.text, about.detail, known.reps.get(rep, rep) if rep else "",
        then.on if then else None, case.value, case.first.event_id, then.event_id if then else None,
    )  # fmt: skip


def _then(case: Case) -> Cell:
    if case.then is None:
        return Cell("missing", tone="muted")
    after = (case.then.on - case.first.on).days
    later = "same day" if not after else plural(abs(after), "day") + (" later" if after > 0 else " before")
    return Cell(day(case.then.on), f"/events/{case.then.event_id}", later)


def _about(columns: Mapping[str, Any], known: Known) -> Cell:
    """The account, or the posting as long as it belongs to none."""
    posting = known.postings.get(str(columns.get("posting")), {})
    detail = (
        label("role_family", str(columns["role_family"]), {}) if isinstance(columns.get("role_family"), str) else ""
    )
    facility = columns.get("facility")
    if facility:
        return Cell(settings.usual_name(known.facilities.get(facility, facility)), f"/facilities/{facility}", detail)
    return Cell(str(posting.get("employer_name") or columns.get("posting") or ""), "", detail)


def signals_of(found: Sequence[OpenSignal], family: str, urgency: str) -> list[OpenSignal]:
    """Those of one need or urgency."""
    return [
        each
        for each in found
        if (not family or each.family == family) and (not urgency or str(each.urgency) == urgency)
    ]


def signal_line(each: OpenSignal, reps: Mapping[str, str]) -> tuple[object, ...]:
    """An open signal in a file."""
    return (
        each.expires_on, each.facility_id, settings.usual_name(each.name or ""), each.title,
        label("role_family", each.family, reps), each.urgency, each.last_seen_on,
        reps.get(each.owner, each.owner) if each.owner else "",
    )  # fmt: skip


def signals(
    asked: Asked, found: Sequence[OpenSignal], family: str, urgency: str, page: int, reps: Mapping[str, str]
) -> Listing:
    """The open signals behind a cell of the table."""
    rows = signals_of(found, family, urgency)
    filters = [
        *(
            (Choice(label("role_family", family, reps), asked.href(role_family="", urgency=urgency), True),)
            if family
            else ()
        ),
        *((Choice(f"Urgency {urgency}", asked.href(role_family=family, urgency=""), True),) if urgency else ()),
        *(
            (Choice(label("rep", asked.rep, reps), asked.href(role_family=family, urgency=urgency, rep=""), True),)
            if asked.rep
            else ()
        ),
    ]
    query = {"role_family": family, "urgency": urgency}
    return Listing(
        f"{plural(len(rows), 'open signal')}, now",
        "Needs that postings state, until they expire.",
        (),
        tuple(filters),
        ("Expires", "Account", "Rep", "Need", "Urgency"),
        tuple(
            (
                Cell(day(each.expires_on)),
                Cell(settings.usual_name(each.name or each.facility_id), f"/facilities/{each.facility_id}", each.title),
                Cell(reps.get(each.owner, each.owner) if each.owner else ""),
                Cell(label("role_family", each.family, reps), "", f"seen {day(each.last_seen_on)}"),
                Cell(str(each.urgency)),
            )
            for each in on_page(rows, page)
        ),
        slice_of(page, ROWS, len(rows), lambda number: asked.href(page=number, **query)),
        Choice("Pipeline health", asked.href(path="/dashboards/health")),
        "No signal is open.",
    )
