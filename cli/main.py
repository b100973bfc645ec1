"""What can a person tell the pipeline to do?"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.client.actor import me
from cli.client.clock import reader
from cli.client.connection import ask, talk
from cli.commands import (
    aliases,
    contact,
    dead,
    importing,
    inbox,
    keys,
    leads,
    match,
    reconcile,
    republish,
    resample,
    schemes,
    scores,
    scoring,
    worklist,
)
from cli.commands.options import to_read, to_write
from cli.files.exporting import EXPORTS, export
from cli.printing import show
from cli.printing import worklist as show_worklist
from cli.stack import stackfile
from cli.stack.stackfile import Stack
from cli.stack.target import SERVICES, StackError
from engines.datasets.rows import Unreadable
from shared.contracts.refusals import AskFailed
from shared.packs import PackInvalid

if TYPE_CHECKING:
    from cli.demo.story import DemoProgress
    from shared.messaging.broker import Broker

# What only some commands need is imported where they begin, so that the others start fast: the broker and its events,
# the processes of the stack, models and matching take half a second to load.

app = typer.Typer(
    name="pipeline",
    no_args_is_help=True,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    help="""Turns postings seen anywhere into a worklist of touches, with the reason for every place in it.

    Start with `pipeline up` (or `make demo`, which invents two months of work), feed it with `pipeline import`, and
    look at `pipeline worklist`, `pipeline why CCN` and `pipeline inbox`. Every command but `up`, `down` and `setup`
    asks the stack that is up; `PIPELINE_NATS_URL` points it at another one.""",
)
app.add_typer(importing.app, name="import")
app.add_typer(inbox.app, name="inbox")
app.add_typer(resample.app, name="resample")
app.add_typer(aliases.app, name="alias")
app.add_typer(contact.app, name="contact")
app.add_typer(dead.app, name="dead")
app.add_typer(keys.sources, name="source")
app.add_typer(keys.keys, name="key")
app.command()(republish.republish)
app.command()(reconcile.reconcile)
app.add_typer(scoring.app, name="score")
app.add_typer(schemes.app, name="pack")
app.command("what-if")(schemes.what_if)
app.command()(scores.why)
app.command()(scores.discovery)
app.command()(scores.calibrate)
app.command()(scores.crossings)
app.command()(scores.picture)
app.command()(match.match)
app.command()(leads.outcome)
app.command("me")(me)
app.command()(worklist.worklist)
app.command()(worklist.done)
app.command()(worklist.skip)
app.command()(worklist.drafts)

Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]
FacilityId = Annotated[str, typer.Argument(help="The facility's six-character CMS certification number.")]


# --- the stack -----------------------------------------------------------------------------------------------


@app.command()
def up(detach: Annotated[bool, typer.Option("--detach", "-d", help="Return once it is ready.")] = False) -> None:
    """Start NATS, PostgreSQL and the services, and keep them up until Ctrl-C (or `pipeline down`).

    Data is kept in `.pipeline/`. With `PIPELINE_NATS_URL` or `PIPELINE_DATABASE_URL` set, those servers are used.
    """
    from cli.stack import lifecycle

    if detach:
        stack = lifecycle.start("data", show.say)
        _say_ready(stack)
    else:
        lifecycle.run_foreground("data", show.say, on_ready=_say_ready)


@app.command()
def down(wipe: Annotated[bool, typer.Option("--wipe", help="Also delete everything that is stored.")] = False) -> None:
    """Stop what `up` or `demo` started; nothing is left running."""
    from cli.stack import lifecycle

    home = stackfile.home()
    if wipe:
        lifecycle.wipe(home, show.say)
        show.say("Stopped, and everything stored is deleted.")
    else:
        known = stackfile.recorded(home) is not None
        lifecycle.stop(home, show.say)
        show.say("Stopped." if known else "No stack was up.")


@app.command()
def setup() -> None:
    """Prepare servers that others run: databases, tables, streams and consumers. `up` does this by itself.

    Takes `PIPELINE_NATS_URL` (a user who may manage streams) and `PIPELINE_<SERVICE>_DATABASE_URL` for each service;
    `PIPELINE_DATABASE_URL`, a role that may create databases, where these do not exist yet.
    """
    from cli.provision import prepare

    raise typer.Exit(prepare.main())


@app.command()
def status(as_json: Json = False) -> None:
    """Show processes, and per service its readiness, consumer lag, outbox backlog and dead letters."""
    stack = None if os.environ.get("PIPELINE_NATS_URL") else stackfile.read(stackfile.home())
    children = [] if stack is None else [_child(child) for child in stack.children.values()]
    answers = talk(_all_statuses)
    if as_json:
        _print_json({"processes": children, "services": answers})
    else:
        show.status(children, answers)
    if any(answer["problems"] for answer in answers):
        raise typer.Exit(1)


@app.command()
def run(
    service: Annotated[str, typer.Argument(help="Whose job it is, for example `sequencer`.")],
    job: Annotated[str, typer.Argument(help="Its name, for example `plan`; `pipeline status --json` lists them.")],
) -> None:
    """Run a scheduled job now instead of at its time of day.

    Example: pipeline run sequencer plan
    """
    if service not in SERVICES:
        raise typer.BadParameter(f"{service!r} is no service; there are {', '.join(SERVICES)}.")
    ask(f"{service}.ask.run", {"job": job})
    show.say(f"{service} ran {job}.")


# --- what people look at -------------------------------------------------------------------------------------


@app.command()
def events(
    subject: Annotated[str | None, typer.Option(help="Only subjects that begin like this: `posting.`")] = None,
    past: Annotated[bool, typer.Option("--past", help="Begin with the events still in the streams.")] = False,
    as_json: Json = False,
) -> None:
    """Follow the streams, one line an event, until Ctrl-C.

    Example: pipeline events --past --subject posting.
    """
    from cli.client.following import follow, known_subject

    known_subject(subject)
    at = reader()

    def line(event: dict[str, Any]) -> None:
        if as_json:
            _print_json(event)
        else:
            show.line(f"{at(event['time'])}  {event['subject']:<20} {event['key']:<38} {event['text']}")

    talk(lambda broker: follow(broker, subject, past, line))


@app.command("export")
def export_command(
    what: Annotated[str, typer.Argument(help=f"One of: {', '.join(EXPORTS)}.")],
    out: Annotated[Path, typer.Option("--out", callback=to_write, help="The CSV file to write.")],
) -> None:
    """Write postings, signals, scores, tasks or drafts to a CSV file.

    Example: pipeline export tasks --out tasks.csv
    """
    if what not in EXPORTS:
        raise typer.BadParameter(f"{what!r} cannot be exported; choose from {', '.join(EXPORTS)}.")
    count = talk(lambda broker: export(broker, what, out))
    show.say(f"{count} {what} written to {out}.")


# --- the demo ------------------------------------------------------------------------------------------------


@app.command()
def demo(
    facilities: Annotated[
        Path | None, typer.Option(callback=to_read, help="CMS Provider Information or a registry; else invented.")
    ] = None,
    state: Annotated[str | None, typer.Option(help="Import this state's facilities only.")] = None,
    postings: Annotated[
        Path | None, typer.Option(callback=to_read, help="Postings as CSV or JSON lines; else invented.")
    ] = None,
    contacts: Annotated[
        Path | None, typer.Option(callback=to_read, help="CSV: facility_id or chain, name, role, direct_phone, ...")
    ] = None,
    clients: Annotated[
        Path | None, typer.Option(callback=to_read, help="CSV: facility_id, owner of active clients.")
    ] = None,
    seed: Annotated[int, typer.Option(help="The same seed gives the same worklist.")] = 1,
    days: Annotated[int, typer.Option(min=1, max=365, help="Days of invented postings.")] = 60,
    json_file: Annotated[
        Path | None, typer.Option("--json", callback=to_write, help="Write summary and worklist to this file.")
    ] = None,
) -> None:
    """Let two months of work pass on a simulated clock, then show the next business day's worklist.

    Starts from an empty store of its own, `.pipeline/demo`, never from other servers; the stack stays up until
    `pipeline down`.
    """
    from cli.demo import story
    from cli.files.report import write_rejects
    from cli.stack import lifecycle

    began = time.monotonic()
    given = story.inputs(stackfile.home() / "invented", seed, days, facilities, state, postings, contacts, clients)
    story.check(given)
    lifecycle.start("demo", show.say, simulation=True)
    with _demo_progress() as progress:
        reports = talk(lambda broker: story.run_demo(broker, given, progress))
    today = worklist.worklist_of_today()
    numbers = talk(lambda broker: story.summary(broker, time.monotonic() - began))
    for name, result in reports.items():
        show.report(name, result, write_rejects(result, stackfile.home() / name))
    show_worklist.worklist(today)
    show.summary(numbers)
    if json_file:
        content = {"today": today["on"], "summary": numbers, "worklist": today["tasks"]}
        json_file.write_text(json.dumps(content, indent=2, default=str) + "\n", encoding="utf-8")
    show.say("\nThe stack stays up; `pipeline down` stops it. What to look at:")
    show.say("  `pipeline done 1` ends the first touch above; `pipeline why CCN` says what a score is made of")
    show.say(
        "  `pipeline drafts` has texts to send; `pipeline inbox` asks which facilities employers of this morning are"
    )
    if stack := stackfile.read(stackfile.home()):
        _say_where(stack)


@contextmanager
def _demo_progress() -> Iterator[DemoProgress]:
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    from cli.demo.story import DemoProgress

    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=show.console, transient=True) as bar:
        task = bar.add_task("preparing", total=None)

        class Shown(DemoProgress):
            def step(self, text: str) -> None:
                bar.console.print(text, markup=False)

            def days(self, total: int) -> None:
                bar.update(task, total=total)

            def day(self, day: date) -> None:
                bar.update(task, description=f"living through {day}", advance=1)

        yield Shown()


# --- parts ---------------------------------------------------------------------------------------------------


def _say_ready(stack: Stack) -> None:
    show.say("Ready.")
    _say_where(stack)


def _say_where(stack: Stack) -> None:
    ports = {name: child.http_port for name, child in stack.children.items()}
    show.say("Over HTTP, each source and each program with a key of its own:")
    show.say(f"  http://127.0.0.1:{ports['ingest']}/postings takes postings; `pipeline source add NAME` makes a key")
    show.say(f"  http://127.0.0.1:{ports['matcher']}/reconcile reconciles lists; `pipeline key add NAME` makes a key")


def _child(child: stackfile.Child) -> dict[str, Any]:
    return {
        "name": child.name,
        "pid": child.pid,
        "since": child.started_at,
        "restarts": child.restarts,
        "http": child.http_port,
    }


async def _all_statuses(broker: Broker) -> list[dict[str, Any]]:
    async def one(service: str) -> dict[str, Any]:
        try:
            answer: dict[str, Any] = await broker.ask(f"{service}.ask.status", {}, 5)
        except AskFailed as failed:
            return {"service": service, "problems": [str(failed)]}
        return answer

    return list(await asyncio.gather(*map(one, SERVICES)))


def _print_json(content: Any) -> None:
    print(json.dumps(content, default=str, ensure_ascii=False))


def main() -> None:
    """Run the command line; what goes wrong is said in a sentence, with exit code 1."""
    if shutil.get_terminal_size().columns < 100 and not sys.stdout.isatty():
        show.console.width = 160
    try:
        app()
    except (StackError, Unreadable, PackInvalid, ValueError) as error:
        show.errors.print(str(error), markup=False, soft_wrap=True)
        sys.exit(1)
    except OSError as error:
        if error.filename is None:  # nothing that a person named
            raise
        show.errors.print(f"{error.filename}: {error.strerror}.", markup=False, soft_wrap=True)
        sys.exit(1)
    except AskFailed as failed:
        show.errors.print(str(failed), markup=False, soft_wrap=True)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
