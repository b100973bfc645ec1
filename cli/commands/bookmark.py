"""`pipeline bookmark`: accounts that a person marked."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.client.actor import By, who
from cli.client.connection import ask, made
from cli.commands.options import Json
from cli.printing import show
from shared.contracts.sequencer_touches import Bookmark, Bookmarks


def bookmark(
    facility_id: Annotated[
        str | None, typer.Argument(metavar="[{key.name}|list]", help="The account; without it, all are listed.")
    ] = None,
    reason: Annotated[str | None, typer.Option(help="Why it is marked.")] = None,
    remove: Annotated[bool, typer.Option("--remove", help="Mark it no more.")] = False,
    by: By = None,
    as_json: Json = False,
) -> None:
    """Mark an account for later, or list the marked ones.

    Example: pipeline bookmark 335001 --reason "new owner"; then: pipeline bookmark list
    """
    if facility_id in (None, "list"):
        _list(as_json)
        return
    answer = ask(made(Bookmark, facility_id=facility_id, reason=reason, remove=remove, actor=who(by)))
    if as_json:
        show.as_json(answer)
    elif not answer.changed:
        show.say(f"Nothing was changed for {answer.facility_id}.")
    else:
        show.say(f"{answer.facility_id} is {'no longer ' if remove else ''}marked.")


def _list(as_json: bool) -> None:
    found = ask(Bookmarks())
    if as_json:
        show.as_json(found)
        return
    rows = [
        (each.facility_id, each.facility, each.city, each.tier, each.reason, each.marked_by, each.marked_on)
        for each in found
    ]
    if rows:
        show.table("Marked accounts", ["account", "name", "city", "tier", "reason", "by", "on"], rows)
    else:
        show.say("No account is marked; `pipeline bookmark FACILITY` marks one.")
