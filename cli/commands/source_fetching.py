"""`pipeline source`: sources that are fetched, what came of it, and the rules that allowed it."""

from __future__ import annotations

import asyncio
from time import monotonic
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import typer

from cli.client.actor import OPERATOR, By, who
from cli.client.clock import reader
from cli.client.connection import ask, talk
from cli.commands.holders import show_new
from cli.commands.options import Json, day
from cli.printing import show
from cli.printing import sources as printed
from cli.printing.progress import counted
from shared.contracts.ingest import AddSource
from shared.contracts.ingest_sources import (
    AcceptedTerms,
    AddFetchedSource,
    ChangeSource,
    FetchNow,
    Ledger,
    LedgerRow,
    LedgerTotals,
    PostingLedger,
    SourceDetail,
    SourceDetails,
    SourceList,
    SourceTest,
    TestedSource,
    TestSource,
)

if TYPE_CHECKING:
    from shared.messaging.broker import Broker

PAUSE = 0.3
"""Seconds between two questions while something is being fetched."""
ROWS = 500

Name = Annotated[str, typer.Argument(help="The source, as `pipeline source list` shows it.", show_default=False)]
Wait = Annotated[float, typer.Option(min=0, max=86_400, help="Seconds to wait for what comes of it.")]


def added(
    name: Annotated[str, typer.Argument(help="The source's name; its postings keep it.", show_default=False)],
    adapter: Annotated[
        str | None,
        typer.Option(help="How it is fetched, such as greenhouse or career_site; without one, it gets a key."),
    ] = None,
    options: Annotated[
        list[str], typer.Option("--set", metavar="OPTION=VALUE", help="An option of the adapter; repeatable.")
    ] = [],  # noqa: B006  typer needs a list
    employer: Annotated[str | None, typer.Option(help="The employer of postings that state none.")] = None,
    every: Annotated[str | None, typer.Option(help="How often: 6h, 1d, 7d; by default as the pack states.")] = None,
    at: Annotated[str | None, typer.Option(help="From which local time on, such as 05:00.")] = None,
    per_second: Annotated[float | None, typer.Option(help="Requests a second to a host.", min=0)] = None,
    accept_terms: Annotated[
        str | None, typer.Option(metavar="'WHO, DAY'", help="Who accepted the employer's terms, and when.")
    ] = None,
    licence_until: Annotated[str | None, typer.Option(metavar="DAY", help="The last day of the licence.")] = None,
    paused: Annotated[bool, typer.Option("--paused", help="Add it, but do not fetch it yet.")] = False,
    as_json: Json = False,
) -> None:
    """Fetch a source by an adapter from now on; a source of that name is changed. Without an adapter, create a key.

    A key identifies a source that pushes its postings; it is shown once, and replaces the existing one.

    Example: pipeline source add maple --adapter greenhouse --set token=maple --employer "Maple Group"
    """
    if adapter is None:
        if options or employer or accept_terms:
            raise typer.BadParameter("It is needed for --set, --employer and --accept-terms.", param_hint="--adapter")
        show_new(name, lambda key_hash: AddSource(name=name, key_hash=key_hash, actor=who(unknown=OPERATOR)))
        return
    command = AddFetchedSource(
        name=name,
        adapter=adapter,
        options=_options(options),
        employer_name=employer,
        every=every,
        at=at,
        per_second=per_second,
        terms=_terms(accept_terms) if accept_terms else None,
        licence_until=day(licence_until, "--licence-until") if licence_until else None,
        paused=paused,
        actor=who(unknown=OPERATOR),
    )
    _show(ask(command), as_json)


def _options(given: list[str]) -> dict[str, Any]:
    """The options by name; one that is given several times is a list."""
    found: dict[str, Any] = {}
    for each in given:
        name, equals, value = each.partition("=")
        if not equals or not name.strip():
            raise typer.BadParameter(f"{each!r} is not like OPTION=VALUE.", param_hint="--set")
        found.setdefault(name.strip(), []).append(value)
    return {name: values[0] if len(values) == 1 else values for name, values in found.items()}


def _terms(text: str) -> AcceptedTerms:
    by, comma, on = text.rpartition(",")
    if not comma or not by.strip():
        raise typer.BadParameter(f"{text!r} is not like 'Dana Reyes, 2026-07-01'.", param_hint="--accept-terms")
    return AcceptedTerms(by=by.strip(), on=day(on, "--accept-terms"))


def listed(as_json: Json = False) -> None:
    """All sources: how each one's postings come, how it is doing, and what came last.

    Example: pipeline source list
    """
    found = ask(SourceList())
    if as_json:
        show.as_json(found)
    else:
        printed.sources(found, reader("ingest"))


def shown(name: Name, as_json: Json = False) -> None:
    """Everything about a source: its options, schedule and rule, what it lists, and what came last.

    Example: pipeline source show maple
    """
    _show(ask(SourceDetails(name=name)), as_json)


def _show(found: SourceDetail, as_json: bool) -> None:
    if as_json:
        show.as_json(found)
    else:
        printed.source(found, reader("ingest"))


def try_out(name: Name, wait: Wait = 120.0, as_json: Json = False) -> None:
    """Fetch the first page of a source that has postings, show what would be taken, and store nothing of it.

    Example: pipeline source test maple
    """
    with counted(f"testing {name}"):
        found = talk(lambda broker: _tested(broker, name, wait))
    if as_json:
        show.as_json(found)
    else:
        printed.test(found)
    if found.error or found.tested_at is None:
        raise typer.Exit(1)


async def _tested(broker: Broker, name: str, wait: float) -> TestedSource:
    found = await broker.ask(TestSource(name=name, actor=who(unknown=OPERATOR)))
    end = monotonic() + wait
    while found.tested_at is None and monotonic() < end:
        await asyncio.sleep(PAUSE)
        found = await broker.ask(SourceTest(name=name))
    return found


def pause(
    name: Name,
    reason: Annotated[str | None, typer.Option(help="Why, for others.")] = None,
    by: By = None,
    as_json: Json = False,
) -> None:
    """Do not fetch a source until it is resumed. Its postings stay as they are, and none is closed.

    Example: pipeline source pause maple --reason "their site moves"
    """
    _show(ask(ChangeSource(name=name, paused=True, reason=reason, actor=who(by, unknown=OPERATOR))), as_json)


def resume(
    name: Name,
    licence_until: Annotated[str | None, typer.Option(metavar="DAY", help="The last day of its new licence.")] = None,
    by: By = None,
    as_json: Json = False,
) -> None:
    """Fetch a source again, now, although it was paused or failed too often.

    Example: pipeline source resume maple
    """
    until = day(licence_until, "--licence-until") if licence_until else None
    command = ChangeSource(name=name, paused=False, licence_until=until, actor=who(by, unknown=OPERATOR))
    _show(ask(command), as_json)


def fetch(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="[NAME]...", help="The sources; by default all that are not paused.")
    ] = None,
    wait: Wait = 600.0,
    as_json: Json = False,
) -> None:
    """Fetch sources now, and show what came of each. With `--wait 0`, only ask for it.

    The exit code is 1 if one of them failed or is not finished yet.

    Example: pipeline source fetch maple birch
    """
    rows, left = talk(lambda broker: _fetched(broker, names or [], wait))
    for row in rows:
        if as_json:
            show.as_json(row)
        else:
            printed.came(row)
    if left and wait:
        show.problem(f"Still being fetched: {', '.join(left)}; `pipeline source list` shows what comes of it.")
    if (left and wait) or any(row.outcome == "failed" for row in rows):
        raise typer.Exit(1)


async def _fetched(broker: Broker, names: list[str], wait: float) -> tuple[list[LedgerRow], list[str]]:
    """The rows of the ledger until the listing of each source has ended, and the sources whose listing has not."""
    asked = await broker.ask(FetchNow(names=names, actor=who(unknown=OPERATOR)))
    left, after, end = set(asked.names), asked.after, monotonic() + wait
    found: list[LedgerRow] = []
    with counted("fetching", len(left)) as (bar, task):
        while left and monotonic() < end:
            await asyncio.sleep(PAUSE)
            for row in await _since(broker, after):
                after = row.fetch_no
                if row.kind != "fetch" or row.source not in left:
                    continue
                found.append(row)
                bar.update(task, description=f"{row.source}: {printed.what_came(row)}")
                if row.outcome != "continued":
                    left.discard(row.source)
                    bar.advance(task)
    return found, sorted(left)


async def _since(broker: Broker, after: int) -> list[LedgerRow]:
    """The rows after a number, the oldest first."""
    found: list[LedgerRow] = []
    before = None
    while True:
        page = await broker.ask(Ledger(before=before, limit=ROWS))
        found += [row for row in page if row.fetch_no > after]
        if len(page) < ROWS or page[-1].fetch_no <= after:
            return found[::-1]
        before = page[-1].fetch_no


def ledger(
    source: Annotated[str | None, typer.Option(help="Only of this source.")] = None,
    posting: Annotated[
        str | None, typer.Option(help="Of this posting: its id, or SOURCE/ID as its source states it.")
    ] = None,
    on: Annotated[str | None, typer.Option("--day", metavar="DAY", help="Only of this day.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=ROWS, help="The number of rows, the newest first.")] = 50,
    as_json: Json = False,
) -> None:
    """Which rule allowed each posting: a row for each fetch, push and part of an imported file.

    Without a source, posting or day, it is also shown whether the ledger accounts for every posting.

    Example: pipeline source ledger --posting maple/4001
    """
    at = reader("ingest") if not as_json else str
    if posting:
        account = ask(_posting(posting))
        show.as_json(account) if as_json else printed.account(account, at)
        return
    rows = ask(Ledger(source=source, day=day(on, "--day") if on else None, limit=limit))
    if as_json:
        show.as_json({"rows": rows, "totals": ask(LedgerTotals(source=source))})
        return
    printed.ledger(rows, at)
    if not on:
        printed.totals(ask(LedgerTotals(source=source)))


def _posting(text: str) -> PostingLedger:
    try:
        return PostingLedger(posting_id=UUID(text))
    except ValueError:
        source, slash, its_id = text.partition("/")
        if not slash:
            raise typer.BadParameter(f"{text!r} is neither an id nor SOURCE/ID.", param_hint="--posting") from None
        return PostingLedger(source=source, source_posting_id=its_id)
