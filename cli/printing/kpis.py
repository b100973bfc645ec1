"""How are key figures displayed?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from cli.printing.show import say, table
from engines.figures.computing import Case, Figure, Part
from engines.figures.tables import Occurrence
from engines.figures.wording import counts_of, definition, target_of, value_of

WIDTH = 30
"""Characters of the longest bar."""
NAMED = ("facility", "lead", "posting", "task", "enrollment")


def table_of(figures: Sequence[Figure]) -> None:
    columns = ["figure", "", "value", "target", "met", "of", "since", "source"]
    table("Key figures", columns, [_row(figure) for figure in figures], ["value", "of"])
    say("\n`pipeline kpi show FIGURE` explains one; `--by` splits it, and `--events` lists what it follows from.")


def _row(figure: Figure) -> tuple[Any, ...]:
    kpi, whole = figure.kpi, figure.whole
    value = figure.note or (_listed(figure) if kpi.over else value_of(kpi, whole.value))
    since = figure.since if kpi.window_days else "the beginning"
    return (kpi.name, kpi.title, value, target_of(kpi), met(whole), counts_of(kpi, whole), since, kpi.source)


def _listed(figure: Figure) -> str:
    """The figure for each value of its column, the largest first."""
    parts = figure.parts[figure.kpi.over or ""]
    largest = sorted(parts, key=lambda name: -parts[name].denominator)
    return ", ".join(f"{name} {value_of(figure.kpi, parts[name].value)}" for name in largest)


def met(part: Part) -> str:
    return {True: "yes", False: "no", None: ""}[part.met]


def figure(found: Figure, by: str | None, with_events: bool) -> None:
    kpi, whole = found.kpi, found.whole
    say(f"{kpi.title} ({kpi.name}, {kpi.source})")
    say(definition(kpi))
    say(f"{found.note or value_of(kpi, whole.value)}: {counts_of(kpi, whole)}, {_days(found)}{_target(found)}.")
    if found.waiting:
        say(f"{found.waiting} more do not count yet, because their time is not over.")
    for column in [by] if by else [kpi.over] if kpi.over else []:
        _parts(found, column)
    if with_events:
        _events(found)
    elif len(kpi.dimensions) > (kpi.over is not None) and not by:
        say(f"\n`--by` splits it: {', '.join(kpi.dimensions)}; `--events` lists what it follows from.")


def _days(found: Figure) -> str:
    return f"until {found.until}" if found.kpi.window_days is None else f"{found.since} to {found.until}"


def _target(found: Figure) -> str:
    target = target_of(found.kpi)
    if not target:
        return ""
    return f"; the target is {target}" + {True: ", which is met", False: ", which is missed", None: ""}[found.whole.met]


def _parts(found: Figure, column: str) -> None:
    parts = found.parts.get(column, {})
    most = max((part.value or 0 for part in parts.values()), default=0)
    rows = [
        (name, value_of(found.kpi, part.value), counts_of(found.kpi, part), met(part), bar(part.value, most))
        for name, part in parts.items()
    ]
    table(f"\nBy {column}", [column, "value", "of", "met", ""], rows, ["value", "of"])


def bar(value: float | None, most: float) -> str:
    return "█" * round(WIDTH * (value or 0) / most) if most else ""


def _events(found: Figure) -> None:
    counted = [case for case in found.cases if _is_in(found, case)]
    columns = ["", "day", "event", "id", "then", "event", "id", "value"]
    table(f"\nCounted ({len(counted)})", columns, map(_case, counted), ["value"])
    if missing := [case for case in found.cases if not _is_in(found, case)]:
        table(
            f"\nMissing ({len(missing)})",
            ["", "day", "event", "id"],
            (_named(case.first) for case in missing),
        )


def _is_in(found: Figure, case: Case) -> bool:
    """Whether an occurrence is in the numerator."""
    match found.kpi.figure:
        case "ratio":
            return case.then is not None
        case "median" | "rate":
            return case.value is not None
        case "count":
            return True


def _case(case: Case) -> tuple[Any, ...]:
    then = case.then
    event = (then.on, then.subject, then.event_id) if then else ("", "", "")
    return (*_named(case.first), *event, "" if case.value is None else f"{case.value:g}")


def _named(each: Occurrence) -> tuple[Any, ...]:
    named = next((each.columns[name] for name in NAMED if each.columns.get(name)), "")
    return named, each.on, each.subject, each.event_id


def as_json(found: Figure, by: str | None = None, with_events: bool = False) -> dict[str, Any]:
    kpi = found.kpi
    content: dict[str, Any] = {
        "name": kpi.name,
        "title": kpi.title,
        "source": kpi.source,
        "group": kpi.group,
        "definition": definition(kpi),
        "figure": kpi.figure,
        **_part(found.whole),
        "target": target_of(kpi) or None,
        "note": found.note,
        "waiting": found.waiting,
        "since": None if kpi.window_days is None else found.since,
        "until": found.until,
        "parts": {
            column: {name: _part(part) for name, part in found.parts.get(column, {}).items()}
            for column in ([by] if by else kpi.dimensions)
        },
    }
    if with_events:
        content["counted"] = list(_cases(case for case in found.cases if _is_in(found, case)))
        content["missing"] = list(_cases(case for case in found.cases if not _is_in(found, case)))
    return content


def _part(part: Part) -> dict[str, Any]:
    return {
        "value": part.value,
        "numerator": part.numerator,
        "denominator": part.denominator,
        "met": part.met,
    }


def _cases(cases: Iterable[Case]) -> Iterable[dict[str, Any]]:
    for case in cases:
        yield {
            "first": _as_json(case.first),
            "then": _as_json(case.then) if case.then else None,
            "value": case.value,
        }


def _as_json(each: Occurrence) -> dict[str, Any]:
    return {"on": each.on, "subject": each.subject, "event_id": each.event_id, **each.columns}
