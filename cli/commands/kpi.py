"""`pipeline kpi`: key figures, each with the events that it follows from."""

from __future__ import annotations

import gc
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from cli.client.connection import talk
from cli.client.figures import figures
from cli.commands.options import Json, day, to_write
from cli.commands.options import group as commands
from cli.printing import kpis as shown
from cli.printing import show
from cli.printing.funnel import draw
from engines import packs
from engines.figures.computing import Figure
from engines.figures.pack import Kpi, kpis_in
from engines.packs.files import suggestion

app = commands("List key figures, and show what each of them follows from.")

Since = Annotated[
    str | None, typer.Option(metavar="YYYY-MM-DD", help="The first day that counts, instead of the figure's window.")
]
Until = Annotated[str | None, typer.Option(metavar="YYYY-MM-DD", help="The last day that counts; today by default.")]


@app.command("list")
def list_figures(
    group: Annotated[str | None, typer.Option("--group", help="Only one group, such as `funnel`.")] = None,
    since: Since = None,
    until: Until = None,
    png: Annotated[
        Path | None, typer.Option("--png", callback=to_write, help="Draw the shares as bars in this PNG file.")
    ] = None,
    as_json: Json = False,
) -> None:
    """List every key figure with its target, numerator, denominator and window.

    The pack's `kpis.yaml` defines them. They follow from the events that services store, each of which counts once. A
    figure with nothing to count has no value.

    Example: pipeline kpi list --group funnel --png funnel.png
    """
    rows = _of_group(group)
    found = _computed(rows, since, until)
    if png:
        png.write_bytes(draw(found))
    if as_json:
        show.as_json([shown.as_json(figure) for figure in found])
    else:
        shown.table_of(found)
        if png:
            show.say(f"The shares are drawn in {png}.")


@app.command("show")
def show_figure(
    name: Annotated[str, typer.Argument(help="The name of the figure: `win_rate`.")],
    by: Annotated[str | None, typer.Option(help="Split the figure by this column.")] = None,
    events: Annotated[bool, typer.Option("--events", help="List the events that it follows from.")] = False,
    since: Since = None,
    until: Until = None,
    as_json: Json = False,
) -> None:
    """Show what a key figure means, its value and its parts.

    `--events` lists the event of each occurrence that counts: those in the numerator, and those that are missing there.

    Example: pipeline kpi show touch_completion --by rep --events
    """
    kpi = _named(name)
    if by and by not in kpi.dimensions:
        raise ValueError(f"{name} cannot be split by {by!r}; {suggestion(by, kpi.dimensions)}")
    [figure] = _computed([kpi], since, until)
    if as_json:
        show.as_json(shown.as_json(figure, by, events))
    else:
        shown.figure(figure, by, events)


def _computed(kpis: Sequence[Kpi], since: str | None, until: str | None) -> list[Figure]:
    days = _days(since, until)
    gc.disable()  # no cycles; scanning events and occurrences repeatedly would take two fifths of the time
    return talk(lambda broker: figures(broker, kpis, days))


def _of_group(name: str | None) -> list[Kpi]:
    kpis = kpis_in(packs.pack_folder())
    groups = list(dict.fromkeys(kpi.group for kpi in kpis))
    if name and name not in groups:
        raise ValueError(f"There is no group {name!r} of figures; {suggestion(name, groups)}")
    return [kpi for kpi in kpis if name in (None, kpi.group)]


def _named(name: str) -> Kpi:
    kpis = {kpi.name: kpi for kpi in kpis_in(packs.pack_folder())}
    if name not in kpis:
        raise ValueError(f"There is no figure {name!r}; {suggestion(name, kpis)}")
    return kpis[name]


def _days(since: str | None, until: str | None) -> dict[str, date | None]:
    first, last = (day(since, "--since") if since else None), (day(until, "--until") if until else None)
    if first and last and first > last:
        raise ValueError(f"--since {first} is after --until {last}.")
    return {"since": first, "until": last}
