"""`pipeline demo`: two months of simulated work."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.client import console_links
from cli.client.connection import talk
from cli.client.figures import figures_of_groups
from cli.client.ranks import worklist_of_today
from cli.commands.options import to_read, to_write
from cli.demo import crm, receiver, showing, story
from cli.demo.behavior import behavior, file_of
from cli.demo.invented.postings import pushing
from cli.demo.sources import complaint
from cli.files.exports import Written, write_all
from cli.files.report import write_rejects
from cli.printing import show
from cli.printing.imports import report as show_report
from cli.printing.kpis import table_of as show_figures
from cli.printing.status import where
from cli.printing.worklist import worklist as show_worklist
from cli.stack import lifecycle, stackfile
from engines import packs
from shared.contracts.sequencer_reps import Team

if TYPE_CHECKING:
    from shared.messaging.broker import Broker


def demo(
    facilities: Annotated[
        Path | None, typer.Option(callback=to_read, help="CMS Provider Information or a registry; invented by default.")
    ] = None,
    state: Annotated[str | None, typer.Option(help="Import this state's facilities only.")] = None,
    postings: Annotated[
        Path | None, typer.Option(callback=to_read, help="Postings as CSV or JSON lines; invented by default.")
    ] = None,
    contacts: Annotated[
        Path | None, typer.Option(callback=to_read, help="CSV: {key.column} or chain, name, role, direct_phone, ...")
    ] = None,
    clients: Annotated[
        Path | None, typer.Option(callback=to_read, help="CSV: {key.column}, owner of active clients.")
    ] = None,
    seed: Annotated[int, typer.Option(help="The same seed gives the same worklist.")] = 1,
    days: Annotated[
        int | None,
        typer.Option(min=1, max=365, help="Days of invented postings; by default, as the pack states."),
    ] = None,
    json_file: Annotated[
        Path | None, typer.Option("--json", callback=to_write, help="Write summary and worklist to this file.")
    ] = None,
) -> None:
    """Simulate two months of work, then show the next worklist.

    That is the worklist of the next business day. What is invented depends on the pack in force (its sample.yaml), and
    so do the lists that are written at the end. The demo has an empty store of its own, `.pipeline/demo`, and never
    uses other servers; its stack runs until `pipeline down`.
    """
    began = time.monotonic()
    given = story.inputs(stackfile.home() / "invented", seed, days, facilities, state, postings, contacts, clients)
    story.check(given)
    lifecycle.start("demo", show.say, plan=given.plan())
    with showing.passing_days() as progress:
        lived = talk(lambda broker: story.run_demo(broker, given, progress))
    today = worklist_of_today()
    numbers = talk(lambda broker: story.summary(broker, time.monotonic() - began))
    lists = write_all(packs.pack_folder(), stackfile.home() / "lists")
    words = {"facilities": packs.about().accounts}
    if given.sources:
        words["postings"] = f"postings that {pushing(given.sources)} pushed"
        fetched = f"{numbers['fetches']:,} fetches of {len(given.sources) - 1} sources"
        show.say(f"postings that were fetched: {numbers['postings_fetched']:,} new, in {fetched}.")
    for name, result in lived.reports.items():
        show_report(words.get(name, name), result, write_rejects(result, stackfile.home() / name))
    show_worklist(today)
    _summary(numbers)
    show.say(crm.sentence(numbers))
    showing.touches(lived.workdays)
    _figures()
    _lists(lists)
    rates = file_of(packs.pack_folder())
    showing.rates(behavior(rates), f"{rates.parent.name}/{rates.name}")
    links = talk(_links)
    if json_file:
        content = {
            "today": today.on,
            "summary": numbers,
            "days": showing.days_as_json(lived.workdays),
            "lists": {each.command: each.accounts for each in lists},
            "worklist": [task.model_dump(mode="json") for task in today.tasks],
            "console": {"url": console_links.address(), "links": links},
        }
        json_file.write_text(json.dumps(content, indent=2, default=str) + "\n", encoding="utf-8")
    show.say("\nThe console, a page to work on. Each of these links signs in once:")
    for person, link in links.items():
        show.line(f"  {person:<10}  {link}")
    show.say("\nThe stack keeps running; `pipeline down` stops it. What to look at:")
    show.say("  `pipeline touch 1` has all about the first touch")
    show.say("  `pipeline drafts` has texts to send; `pipeline mail list` has what came back for those that were sent")
    show.say("  `pipeline inbox` has this morning's employers to resolve")
    show.say("  `pipeline lead list` has the leads by stage, `--to-reopen` those that wait for a decision")
    show.say(
        "  `pipeline source list` has where the postings came from; `pipeline source ledger` the rule for each of them"
    )
    show.say("  `pipeline webhook deliveries receiver` has what another system was sent of each lead")
    show.say(
        "  `pipeline crm drift` compares all accounts with the CRM; `pipeline crm conflicts` has what did not count"
    )
    show.say("  `pipeline sla` has the accounts that have waited too long for a touch")
    show.say("  `pipeline simulate --days 30` goes on from here; `pipeline kpi list` has the key figures")
    show.say("  `pipeline rep list` has the invented reps, one of whom was away for some days")
    if stack := stackfile.read(stackfile.home()):
        where(stack)
    if wrong := [each for each in (complaint(numbers), receiver.complaint(numbers), crm.complaint(numbers)) if each]:
        show.problem(" ".join(wrong))
        raise typer.Exit(1)


async def _links(broker: Broker) -> dict[str, str]:
    """Links for an invented rep, manager and operator."""
    [first, *_] = await broker.ask(Team())
    return await console_links.invented_people(broker, "demo", first.rep, first.name)


def _lists(lists: list[Written]) -> None:
    """Print the playbooks and reports of the pack, and where they were written."""
    rows = [(each.title, each.accounts, each.command, each.path or "printed only") for each in lists]
    if rows:
        show.table("Lists of the pack", ["", packs.about().accounts, "again by", "written to"], rows)


def _figures() -> None:
    show_figures(talk(lambda broker: figures_of_groups(broker, showing.FIGURES, {})))


def _summary(numbers: dict[str, Any]) -> None:
    rows = []
    for name, value in numbers.items():
        shown = ", ".join(f"{k}: {v}" for k, v in value.items()) if isinstance(value, dict) else value
        rows.append((name.replace("_", " "), shown))
    show.table("Summary", ["", ""], rows)
