"""`pipeline calendar`: the worklist of a rep in a calendar program."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.client.actor import OPERATOR, By, who
from cli.client.clock import reader
from cli.client.connection import ask, made
from cli.commands.options import Json, group
from cli.printing import show
from shared.contracts.courier_calendars import AddCalendar, Calendars, RemoveCalendar
from shared.contracts.keys import hash_of, new_key

app = group("Calendars: the open tasks of a rep, at a secret address that programs read.")

Rep = Annotated[str, typer.Argument(help="The rep, as `pipeline rep list` shows it.", show_default=False)]


@app.command()
def add(
    rep: Rep,
    personal: Annotated[
        bool, typer.Option("--personal", help="Also state the names and direct numbers of people.")
    ] = False,
    by: By = None,
    as_json: Json = False,
) -> None:
    """Give a rep a calendar at a new address, which is shown only now; the one before stops working.

    Everyone who has the address can read it, so give it only to the rep. Each task is an entry of its day.

    Example: pipeline calendar add rep-1
    """
    token = new_key()
    found = ask(
        made(AddCalendar, rep=rep, token_hash=hash_of(token), personal=personal, actor=who(by, unknown=OPERATOR))
    )
    address = f"{found.base_url or 'https://HOST-OF-THE-COURIER'}/calendar/{token}.ics"
    if as_json:
        show.as_json({**found.model_dump(mode="json"), "address": address})
        return
    show.say(f"The calendar of {rep} (shown only now): {address}")


@app.command("list")
def listed(as_json: Json = False) -> None:
    """Which reps have a calendar, and when a program read it last.

    Example: pipeline calendar list
    """
    found = ask(Calendars())
    if as_json:
        show.as_json(found)
        return
    if not found:
        show.say("There are none yet; `pipeline calendar add REP` makes one.")
        return
    at = reader("courier")
    rows = [
        (
            each.rep,
            "with people" if each.personal else "without people",
            at(each.added_at),
            each.added_by,
            at(each.read_at) if each.read_at else "never",
        )
        for each in found
    ]
    show.table("Calendars", ["rep", "states", "since", "added by", "last read"], rows)


@app.command()
def remove(rep: Rep, by: By = None) -> None:
    """Let the address of a rep's calendar stop working.

    Example: pipeline calendar remove rep-1
    """
    ask(made(RemoveCalendar, rep=rep, actor=who(by, unknown=OPERATOR)))
    show.say(f"The calendar of {rep} can no longer be read.")
