"""`pipeline simulate`: what would the next weeks bring?"""

from __future__ import annotations

import asyncio
import json
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.client.actor import OPERATOR, who
from cli.client.connection import made, talk
from cli.client.figures import figures_of_groups
from cli.commands.options import hours, to_read, to_write
from cli.demo import showing as shown
from cli.demo.behavior import behavior, file_of
from cli.demo.feed import read_feed
from cli.demo.run import Given, Run, go_on
from cli.files.report import write_rejects
from cli.printing import show
from cli.stack import stackfile
from engines import packs
from engines.datasets.reading import Record, Unread, Unreadable, opened
from engines.figures.computing import Figure
from shared.contracts.refusals import AskFailed
from shared.contracts.sequencer_reps import AddRep

if TYPE_CHECKING:
    from shared.messaging.broker import Broker


def simulate(
    days: Annotated[
        int, typer.Option(min=1, max=730, help="Days, weekends included; the current one is the first.")
    ] = 30,
    reps: Annotated[
        Path | None, typer.Option(callback=to_read, help="CSV: id, name; optional email, phone, hours, timezone.")
    ] = None,
    behavior_file: Annotated[
        Path | None,
        typer.Option(
            "--behavior", callback=to_read, help="Rates of the invented people; those of the pack by default."
        ),
    ] = None,
    postings: Annotated[
        Path | None, typer.Option(callback=to_read, help="Postings with seen_at, as of `pipeline import postings`.")
    ] = None,
    seed: Annotated[int, typer.Option(help="The same seed gives the same days.")] = 1,
    json_file: Annotated[
        Path | None, typer.Option("--json", callback=to_write, help="Write days and key figures to this file.")
    ] = None,
) -> None:
    """Simulate the next days of the running stack, and show how full they are.

    The stack must be a simulation, such as that of `make demo`, which ends on the morning of a business day. The real
    services live through the days; invented people do what falls due, decide the inbox, and work on the leads that they
    met, at the rates of a file. The postings are shifted by whole weeks and repeated, under new ids, for as long as the
    days last; without a file there are no new ones. The reps of a file join the team on the first day.

    Afterwards the stack shows the morning of the next business day, and `pipeline export tasks` has every touch.
    Ctrl-C ends the simulation after the current day.

    Example: pipeline simulate --days 60 --postings feed.csv --reps reps.csv --json run.json
    """
    file = behavior_file or file_of(packs.pack_folder())
    rates = behavior(file)
    feed = read_feed(postings, packs.calendar().timezone) if postings else None
    given = Given(days, seed, rates, feed, _reps_of(reps) if reps else [])

    async def run(broker: Broker) -> tuple[Run, list[Figure]]:
        with shown.passing_days() as progress, _interrupted() as stopped:
            result = await go_on(broker, given, progress, stopped)
        window = {"since": result.first, "until": result.last}
        return result, await figures_of_groups(broker, shown.FIGURES, window)

    result, figures = talk(run)
    shown.run(result, figures)
    shown.rates(rates, f"{file.parent.name}/{file.name}" if behavior_file is None else str(file))
    if rejects := write_rejects(result.postings, stackfile.home() / "simulate"):
        show.say(f"{len(result.postings.rejects)} postings were rejected; {rejects} has the reasons.")
    if json_file:
        content = json.dumps(shown.as_json(result, figures, rates), indent=2, default=str)
        json_file.write_text(f"{content}\n", encoding="utf-8")
    if not postings:
        show.say("\nThere were no new postings; `--postings FILE` repeats those of a file.")
    show.say("\n`pipeline export tasks --out tasks.csv` has every touch; `pipeline worklist` is of the current day.")


@contextmanager
def _interrupted() -> Iterator[Callable[[], bool]]:
    """Whether Ctrl-C was pressed; pressed again, it ends the command at once."""
    loop, pressed = asyncio.get_running_loop(), asyncio.Event()

    def stop() -> None:
        pressed.set()
        loop.remove_signal_handler(signal.SIGINT)
        show.problem("Stopping after this day; Ctrl-C again stops at once.")

    loop.add_signal_handler(signal.SIGINT, stop)
    try:
        yield pressed.is_set
    finally:
        loop.remove_signal_handler(signal.SIGINT)


def _reps_of(path: Path) -> list[AddRep]:
    """The reps of a file; raises `Unreadable` with the line of the first one that is invalid."""
    with opened(path) as file:
        return [_rep(path, row) for row in file.records()]


def _rep(path: Path, row: Record | Unread) -> AddRep:
    if isinstance(row, Unread):
        raise Unreadable(f"{path.name}, line {row.line}: {row.reason}")
    cells = {name: str(value).strip() for name, value in row.values.items() if str(value or "").strip()}
    fields = {name: cells[name] for name in ("name", "email", "phone", "timezone") if name in cells}
    try:
        times = hours(cells["hours"], "hours") if "hours" in cells else {}
        return made(AddRep, rep=cells.get("id"), actor=who(unknown=OPERATOR), **fields, **times)
    except (AskFailed, ValueError) as error:
        raise Unreadable(f"{path.name}, line {row.line}: {error}") from error
