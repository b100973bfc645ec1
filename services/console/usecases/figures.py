"""How is a key figure shown, now and by week?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from engines.figures.computing import Figure, part_of
from engines.figures.pack import Kpi
from services.console.rendering import charts, figures
from services.console.rendering.charts import Line, Weekly
from services.console.rendering.figures import FEW, Shown, percent, shown, written
from services.console.rendering.filters import day, plural
from services.console.usecases.dashboards import Asked
from services.console.usecases.measuring import Measures, chosen

WEEKS = 12


def figure(asked: Asked, measured: Measures, kpi: Kpi, **where: str) -> Shown:
    """A figure of the rep whom the address names, if it is by rep."""
    found = measured.figure(kpi, asked.since, asked.until)
    by_rep = "rep" in kpi.dimensions
    where = {**where, **({"rep": asked.rep} if asked.rep and by_rep else {})}
    part = part_of(kpi, chosen(found.cases, where)) if where else found.whole
    href = asked.list_of(kpi, **where)
    return shown(found, part, href, "all reps" if asked.rep and not by_rep else "")


def trend(asked: Asked, measured: Measures, kpi: Kpi, weeks: int = WEEKS) -> Line:
    """The share of each complete week until the last day that counts."""
    last = asked.until - timedelta((asked.until.weekday() + 1) % 7)
    first = last - timedelta(7 * weeks - 1)
    found = measured.figure(kpi, first, last)
    by_rep = bool(asked.rep) and "rep" in kpi.dimensions
    cases = chosen(found.cases, {"rep": asked.rep} if by_rep else {})
    marks = [_week(asked, kpi, found, cases, first + timedelta(7 * number)) for number in range(weeks)]
    begun = next((place for place, each in enumerate(marks) if each.fraction), len(marks))
    marks = marks[begun:]
    aim = figures.aim(kpi)
    return charts.line(
        marks,
        anchor=f"trend-{kpi.name}",
        title=_finding(kpi, marks),
        about=f"by week, {plural(len(marks), 'complete week')}" + ("" if by_rep or not asked.rep else ", all reps"),
        summary=f"{kpi.title}, by week: " + (", ".join(f"{each.label} {each.text}" for each in marks) or "none yet"),
        aim=aim,
        aim_label=f"target {figures.target(kpi)}" if aim is not None else "",
    )


def _week(asked: Asked, kpi: Kpi, found: Figure, cases: Sequence, monday: date) -> Weekly:  # type: ignore[type-arg]
    sunday = monday + timedelta(6)
    those = [case for case in cases if monday <= case.first.on <= sunday]
    part = part_of(kpi, those)
    text = written(kpi, part)
    return Weekly(
        day(monday),
        part.value if part.denominator >= FEW else None,
        f"{text.value}, too few" if 0 < part.denominator < FEW else text.value,
        text.fraction,
        asked.list_of(kpi, **{"from": monday, "to": sunday}),
    )


def _finding(kpi: Kpi, marks: Sequence[Weekly]) -> str:
    """`Touches done the same day: 87 %, on target for 5 weeks`"""
    values = [each.value for each in marks if each.value is not None]
    if not values:
        return f"{kpi.title}: too few yet"
    head = f"{kpi.title}: {percent(values[-1])}"
    if not kpi.target:
        return head
    met = [kpi.target.is_met(value) for value in values]
    run = next((count for count, each in enumerate(reversed(met)) if each != met[-1]), len(met))
    return f"{head}, {'on' if met[-1] else 'off'} target " + (f"for {run} weeks" if run > 1 else "last week")
