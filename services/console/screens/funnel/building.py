"""How do key figures become the steps of the funnel, and what is known of their quality?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from statistics import median

from engines.figures.computing import NONE, Case, Figure, part_of, values_of
from engines.figures.occurrences import KINDS
from engines.figures.pack import Kpi
from services.console import settings
from services.console.rendering import figures
from services.console.rendering.charts import Bar, Box, Dot, Row, Spread, Table
from services.console.rendering.figures import FEW, Written, number, quartiles, share, wilson, written
from services.console.rendering.filters import plural
from services.console.screens.funnel.view import Cell, Funnel, Losses, Slice, Stays, Step, Wins
from services.console.store.team import Reps
from services.console.usecases.dashboards import Asked, reps, windows
from services.console.usecases.figures import figure, trend
from services.console.usecases.measuring import Measures, chosen, kpis_of
from services.console.usecases.reading import TYPED, typed
from services.console.usecases.texts import label

WEEKS = 13
SLICES = ("source", "rep")
OTHER = "other"
"""What people typed, for those who may not see it."""


def funnel(asked: Asked, today: date, measured: Measures, known: Reps) -> Funnel:
    names = known.names
    shares = [kpi for kpi in kpis_of("funnel") if kpi.figure == "ratio"]
    steps, lagging = _divided(shares)
    rows = _steps(asked, measured, steps)
    quality = kpis_of("quality")
    with_target = [kpi for kpi in steps if kpi.target]
    return Funnel(
        windows(asked, today, 30, 90, 365),
        reps(asked, known),
        figures.days(asked.since, asked.until),
        _finding(rows),
        rows,
        tuple(figure(asked, measured, kpi) for kpi in lagging),
        trend(asked, measured, with_target[-1], WEEKS) if with_target else None,
        next((_losses(asked, measured, kpi, names) for kpi in quality if kpi.figure == "count" and kpi.over), None),
        next((_stays(asked, measured, kpi, names) for kpi in quality if kpi.figure == "median" and kpi.over), None),
        next((_wins(asked, measured, kpi, names) for kpi in quality if kpi.figure == "ratio"), None),
        tuple(kpi.title for kpi in steps),
        _slices(asked, measured, steps, names),
        tuple(
            figure(asked.of_window(kpi), measured, kpi)
            for kpi in (*kpis_of("funnel"), *quality)
            if kpi.figure in ("median", "rate") and not kpi.over
        ),
    )


def _divided(shares: Sequence[Kpi]) -> tuple[list[Kpi], list[Kpi]]:
    """The steps, each of which reaches something else, and shares of the way through."""
    steps, reached = list[Kpi](), set[str]()
    for kpi in shares:
        if kpi.reached not in reached:
            steps.append(kpi)
        reached.add(kpi.reached or "")
    return steps, [kpi for kpi in shares if kpi not in steps]


def cases_for(asked: Asked, found: Figure, **where: str) -> list[Case]:
    """The cases of the rep whom the address names, if the figure is by rep."""
    if asked.rep and "rep" in found.kpi.dimensions:
        where = {"rep": asked.rep, **where}
    return chosen(found.cases, where)


# --- steps ---------------------------------------------------------------------------------------------------


def _steps(asked: Asked, measured: Measures, kpis: Sequence[Kpi]) -> tuple[Step, ...]:
    rows: list[Step] = []
    total = 0
    for kpi in kpis:
        found = measured.figure(kpi, asked.since, asked.until)
        cases = cases_for(asked, found)
        part = part_of(kpi, cases)
        rate, whose = written(kpi, part, found.note), "all reps" if asked.rep and "rep" not in kpi.dimensions else ""
        if not rows:
            total = part.denominator
            rows.append(Step(_title(kpi.of), total, asked.list_of(kpi), 100.0 if total else 0.0, whose=whose))
        days = [max((case.then.on - case.first.on).days, 0) for case in cases if case.then]
        rows.append(
            Step(
                kpi.title,
                part.numerator,
                asked.list_of(kpi, state="reached"),
                min(100.0, round(100 * part.numerator / total, 2)) if total else 0.0,
                rate,
                _share_of(kpi, rate),
                asked.list_of(kpi),
                figures.target(kpi),
                f"{number(median(days))} d" if days else "",
                whose,
            )
        )
    return tuple(rows)


def _share_of(kpi: Kpi, rate: Written) -> str:
    """What the rate is a share of: the steps are counted apart, and one need not begin with the number before it."""
    of = KINDS[kpi.of].title
    return f"{rate.fraction} {of}" if rate.percent is not None else f"{of}: {rate.note}"


def _title(kind: str) -> str:
    title = KINDS[kind].title
    return title[:1].upper() + title[1:]


def _finding(rows: Sequence[Step]) -> str:
    """Which step loses most, and whether targets are met."""
    judged = [row for row in rows if row.rate and row.rate.percent is not None]
    if not judged:
        return "Too few yet to compare the steps"
    narrow = min(judged, key=lambda row: row.rate.percent if row.rate and row.rate.percent is not None else 100.0)
    met = [row.rate.met for row in judged if row.rate and row.rate.met is not None]
    ending = f"; {sum(met)} of {plural(len(met), 'target')} met" if met else ""
    rate = narrow.rate.value if narrow.rate else ""
    return f"The narrowest step: {narrow.title[:1].lower()}{narrow.title[1:]}, {rate}{ending}"


# --- quality -------------------------------------------------------------------------------------------------


def _groups(asked: Asked, kpi: Kpi, cases: Sequence[Case], column: str) -> dict[str, list[Case]]:
    """The cases by a value of a column; a rep gets only those of own."""
    found: dict[str, list[Case]] = {}
    for case in cases:
        for value in values_of(case.first, column) or [NONE]:
            known = column not in TYPED or value == NONE or typed(str(value), people=asked.people)
            found.setdefault(str(value) if known else OTHER, []).append(case)
    if column == "rep" and asked.own:
        return {value: those for value, those in found.items() if value == asked.own}
    return found


def _losses(asked: Asked, measured: Measures, kpi: Kpi, names: Mapping[str, str]) -> Losses:
    over = kpi.over or ""
    cases = cases_for(asked, measured.figure(kpi, asked.since, asked.until))
    groups = sorted(_groups(asked, kpi, cases, over).items(), key=lambda each: (-len(each[1]), each[0]))
    most = max((len(those) for _, those in groups), default=1)
    bars, rows = list[Bar](), list[Row]()
    for value, those in groups:
        href = "" if value in (NONE, OTHER) else asked.list_of(kpi, **{over: value})
        title, part = label(over, value, names), share(len(those), len(cases))
        detail = part.value if part.percent is not None else ""
        bars.append(Bar(title, round(100 * len(those) / most, 2), f"{len(those)}", detail, href))
        rows.append(Row(title, (f"{len(those)}", detail), href))
    head = (
        f"“{label(over, groups[0][0], names)}” is the most frequent of {plural(len(cases), 'loss', 'losses')}"
        if groups
        else "No lead was lost"
    )
    return Losses(
        head,
        f"{kpi.title[:1].lower()}{kpi.title[1:]}, each time, {figures.days(asked.since, asked.until)}",
        tuple(bars),
        Table((over.capitalize(), "Leads", "Share"), tuple(rows)),
    )


def _stays(asked: Asked, measured: Measures, kpi: Kpi, names: Mapping[str, str]) -> Stays:
    over = kpi.over or ""
    cases = cases_for(asked, measured.figure(kpi, asked.since, asked.until))
    groups = _groups(asked, kpi, cases, over)
    values = {value: [case.value for case in those if case.value is not None] for value, those in groups.items()}
    longest = max((max(those) for those in values.values() if len(those) >= FEW), default=1.0) or 1.0
    boxes, rows = list[Box](), list[Row]()
    for value in sorted(values, key=_order):
        those, title = values[value], label(over, value, names)
        href = "" if value == NONE else asked.list_of(kpi, **{over: value})
        if len(those) < FEW:
            boxes.append(Box(title, None, "too few", f"of {len(those)}", href))
            rows.append(Row(title, ("too few", "", "", f"{len(those)}"), href, marked=False))
            continue
        five = quartiles(those)
        low, high = f"{number(five[1])}", f"{number(five[3])}"
        scaled = tuple(round(100 * each / longest, 2) for each in five)
        boxes.append(Box(title, scaled, f"{number(five[2])} d", f"of {len(those)}", href))  # type: ignore[arg-type]
        rows.append(Row(title, (number(five[2]), low, high, f"{len(those)}"), href))
    slowest = max(
        (each for each in values if len(values[each]) >= FEW), key=lambda each: median(values[each]), default=""
    )
    return Stays(
        f"Leads stay longest in {label(over, slowest, names)}" if slowest else "Too few have left a stage yet",
        "days in a stage until it was left: median, quartiles, extremes",
        Spread(
            tuple(boxes),
            ("0", f"{number(longest / 2)}", f"{number(longest)} days"),
            Table((over.capitalize(), "Median", "Lower quartile", "Upper quartile", "Leads"), tuple(rows)),
        ),
    )


def _order(stage: str) -> tuple[int, str]:
    """In the pack's order."""
    known = list(settings.stage_labels())
    return (known.index(stage) if stage in known else len(known), stage)


def _wins(asked: Asked, measured: Measures, kpi: Kpi, names: Mapping[str, str]) -> Wins:
    cases = cases_for(asked, measured.figure(kpi, asked.since, asked.until))
    slices = [("All", cases, asked.list_of(kpi))]
    for column in kpi.dimensions:
        for value, those in sorted(_groups(asked, kpi, cases, column).items()):
            if value != NONE:
                slices.append((label(column, value, names), those, asked.list_of(kpi, **{column: value})))
    dots, rows = list[Dot](), list[Row]()
    for title, those, href in slices:
        part = part_of(kpi, those)
        text = share(part.numerator, part.denominator)
        fraction = f"{part.numerator}/{part.denominator}"
        if part.denominator < FEW:
            dots.append(Dot(title, None, 0, 0, f"{part.denominator} decided: too few", fraction, href))
            rows.append(Row(title, ("too few", fraction, ""), href, marked=False))
            continue
        low, high = (round(100 * each, 1) for each in wilson(part.numerator, part.denominator))
        dots.append(Dot(title, text.percent, low, high, text.value, fraction, href))
        rows.append(Row(title, (text.value, fraction, f"{low:.0f} to {high:.0f} %"), href))
    whole = dots[0]
    apart = [
        each
        for each in dots[1:]
        if each.at is not None and whole.at is not None and not each.low <= whole.at <= each.high
    ]
    ending = f"{apart[0].label} stands apart" if apart else "none stands apart yet"
    head = (
        f"Win rate {whole.text}: {ending}" if whole.at is not None else f"{plural(len(cases), 'lead')} decided: too few"
    )
    return Wins(
        head,
        f"won of decided, 90 % Wilson interval, {figures.days(asked.since, asked.until)}",
        tuple(dots),
        Table(("Slice", "Won", "Of", "Interval"), tuple(rows)),
        whole.at,
    )


def _slices(asked: Asked, measured: Measures, steps: Sequence[Kpi], names: Mapping[str, str]) -> tuple[Slice, ...]:
    """The steps by source and by rep, where a figure is divided so."""
    found = {kpi.name: measured.figure(kpi, asked.since, asked.until) for kpi in steps}
    rows: list[Slice] = []
    for column in SLICES:
        groups = {
            kpi.name: _groups(asked, kpi, cases_for(asked, found[kpi.name]), column)
            for kpi in steps
            if column in kpi.dimensions
        }
        values = sorted({value for those in groups.values() for value in those} - {NONE})
        for value in values:
            cells = tuple(
                _cell(asked, kpi, groups[kpi.name].get(value), column, value) if kpi.name in groups else None
                for kpi in steps
            )
            rows.append(Slice(label(column, value, names), cells))
    return tuple(rows)


def _cell(asked: Asked, kpi: Kpi, cases: Sequence[Case] | None, column: str, value: str) -> Cell | None:
    if cases is None:
        return None
    return Cell(written(kpi, part_of(kpi, cases)), asked.list_of(kpi, **{column: value}))
