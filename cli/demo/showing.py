"""How are the days of a simulation displayed, while they pass and afterwards?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date
from typing import Any

from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from cli.demo.behavior import Behavior
from cli.demo.days import DayProgress, Workday
from cli.demo.run import LATEST, Run, touches_of
from cli.printing import kpis as shown
from cli.printing import show
from engines.figures.computing import Figure

FIGURES = ("funnel", "activity")
"""The groups of key figures that a simulation shows."""


@contextmanager
def passing_days() -> Iterator[DayProgress]:
    """A bar of progress with the simulated day."""
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=show.console, transient=True) as bar:
        task = bar.add_task("preparing", total=None)

        class Shown(DayProgress):
            def step(self, text: str) -> None:
                bar.console.print(text, markup=False)

            def days(self, total: int) -> None:
                bar.update(task, total=total)

            def day(self, day: date) -> None:
                bar.update(task, description=f"simulating {day}", advance=1)

        yield Shown()


def run(result: Run, figures: Sequence[Figure]) -> None:
    """Print how full the days were, and the key figures of the days."""
    show.say(f"Simulated {result.first} to {result.last}: {len(result.workdays)} business days.")
    if counts := result.postings.counts:
        show.say(f"Postings: {', '.join(f'{count} {name}' for name, count in sorted(counts.items()))}.")
    if result.letters:
        show.say(f"Letters: {', '.join(f'{count} {name}' for name, count in result.letters.items())}.")
    touches(result.workdays)
    shown.table_of(figures)


def touches(workdays: Sequence[Workday]) -> None:
    """Print how full the business days were."""
    found = touches_of(workdays)
    if found is None:
        return
    rows = [
        ("mean", f"{found.mean:.1f}", f"of {len(workdays)} business days"),
        ("mean of the last days", f"{found.latest:.1f}", f"of {min(len(workdays), LATEST)} business days"),
        ("fullest day", found.fullest.total, _day(found.fullest)),
        ("emptiest day", found.emptiest.total, _day(found.emptiest)),
        ("most of one rep on a day", found.most_of_a_rep, ""),
        ("done in all", found.done, f"and {found.skipped} skipped"),
    ]
    show.table("Touches on the worklists of a business day, overdue ones included", ["", "touches", ""], rows)


def _day(day: Workday) -> str:
    return f"{day.on:%a} {day.on}: {', '.join(f'{rep} {count}' for rep, count in day.due.items()) or 'nothing due'}"


def rates(behavior: Behavior, file: str) -> None:
    """Print what was assumed about people."""
    show.say(f"The invented people's rates, from {file}:")
    for sentence in behavior.sentences():
        show.say(f"  {sentence}")


def days_as_json(workdays: Sequence[Workday]) -> list[dict[str, Any]]:
    return [{**asdict(day), "total": day.total} for day in workdays]


def as_json(result: Run, figures: Sequence[Figure], behavior: Behavior) -> dict[str, Any]:
    touches = touches_of(result.workdays)
    return {
        "first": result.first,
        "last": result.last,
        "postings": result.postings.counts,
        "letters": result.letters,
        "touches": asdict(touches) if touches else None,
        "days": days_as_json(result.workdays),
        "figures": [shown.as_json(figure) for figure in figures],
        "behavior": asdict(behavior),
    }
