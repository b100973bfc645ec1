"""`pipeline inbox`: the employers that a person has to recognise."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.client.actor import By, who
from cli.client.connection import ask
from cli.commands.options import Json, group
from cli.printing import inbox as shown
from cli.printing import show
from shared.contracts.matcher import AcceptGroup, Counts, Inbox, RejectGroup, UndoDecision

app = group("List and settle what could not be matched with confidence.", alone=True)

Key = Annotated[str, typer.Argument(help="The group's key, as `pipeline inbox` shows it.")]


@app.callback()
def listed(
    context: typer.Context,
    limit: Annotated[int, typer.Option(help="How many groups to show.")] = 20,
    dismissed: Annotated[bool, typer.Option("--dismissed", help="Show what was dismissed undecided instead.")] = False,
    as_json: Json = False,
) -> None:
    """Without a command: list the groups that wait, most useful first, with their best candidates.

    What nobody settles for three days is dismissed: it waits again when it is seen again, and can be settled like what
    waits at any time.
    """
    if context.invoked_subcommand is not None:
        return
    groups = ask(Inbox(limit=limit, dismissed=dismissed))
    if as_json:
        show.as_json(groups)
    elif dismissed:
        shown.dismissed(groups)
    else:
        counts = ask(Counts())
        shown.inbox(groups, counts.queued_reasons.get("dismissed", 0), counts.inbox_overdue)


@app.command()
def accept(key: Key, facility_id: Annotated[str, typer.Argument(help="The facility it means.")], by: By = None) -> None:
    """This employer is that facility: everything identical that waits, or comes later, is matched to it.

    Example: pipeline inbox accept 936f78b10b 335001
    """
    answer = ask(AcceptGroup(key=key, facility_id=facility_id.upper(), actor=who(by)))
    show.say(f"{answer.matched} posting(s) matched to {facility_id.upper()}; the name is an alias from now on.")


@app.command()
def reject(
    key: Key,
    reason: Annotated[str, typer.Option(help="none_of_these, not_an_snf, new_facility or unsure.")] = "none_of_these",
    by: By = None,
) -> None:
    """This employer is none of the candidates, for a reason that can be counted.

    none_of_these and not_an_snf: it is ignored from now on. new_facility and unsure: it goes on waiting, until a
    facility of that name is listed. What was disputed by blind judgement (`pipeline resample`) takes only the first
    two.

    Example: pipeline inbox reject 936f78b10b --reason not_an_snf
    """
    answer = ask(RejectGroup(key=key, reason=reason, actor=who(by)))
    show.say(f"{answer.ignored + answer.queued} posting(s) settled as {reason}.")


@app.command()
def undo(key: Key, by: By = None) -> None:
    """Take a decision back: what it had settled is decided anew.

    `pipeline alias list FACILITY` shows the keys of aliases.

    Example: pipeline inbox undo 936f78b10b
    """
    answer = ask(UndoDecision(key=key, actor=who(by)))
    if not answer.matched + answer.queued + answer.ignored:
        show.say("Nothing changed: no decision stood, or what is known says the same without it.")
        return
    waiting = answer.queued - answer.dismissed
    show.say(
        f"Undone: {answer.matched} matched, {waiting} waiting, {answer.dismissed} dismissed as before,"
        f" {answer.ignored} ignored."
    )
