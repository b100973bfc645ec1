"""`pipeline inbox`: employers that a person must resolve."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.client.actor import By, who
from cli.client.connection import ask
from cli.commands.options import Json, group
from cli.printing import inbox as shown
from cli.printing import show
from shared.contracts.matcher import AcceptGroup, Counts, Inbox, RejectGroup, UndoDecision, Verdicts

app = group("List and resolve what could not be matched with confidence.", alone=True)

Key = Annotated[str, typer.Argument(help="The group's key, as `pipeline inbox` shows it.")]


@app.callback()
def listed(
    context: typer.Context,
    limit: Annotated[int, typer.Option(help="How many groups to show.")] = 20,
    dismissed: Annotated[bool, typer.Option("--dismissed", help="Show what was dismissed undecided instead.")] = False,
    as_json: Json = False,
) -> None:
    """Without a command: list the waiting groups, most useful first, with their best candidates.

    A group without a decision for three days is dismissed. It waits again when it is seen again, and can be resolved at
    any time.
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
        reasons = [verdict.name for verdict in ask(Verdicts())]
        shown.inbox(groups, reasons, counts.queued_reasons.get("dismissed", 0), counts.inbox_overdue)


@app.command()
def accept(key: Key, facility_id: Annotated[str, typer.Argument(help="The facility.")], by: By = None) -> None:
    """This employer is that facility: identical postings, waiting or future, are matched to it.

    Example: pipeline inbox accept 936f78b10b 335001
    """
    answer = ask(AcceptGroup(key=key, facility_id=facility_id.upper(), actor=who(by)))
    show.say(f"{answer.matched} posting(s) matched to {facility_id.upper()}; the name is an alias from now on.")


@app.command()
def reject(
    key: Key,
    reason: Annotated[
        str | None, typer.Option(help="One that `pipeline inbox reasons` lists.", show_default="the first of them")
    ] = None,
    by: By = None,
) -> None:
    """This employer is none of the candidates, for one of these reasons.

    After a final reason its postings are ignored from now on; after any other they keep waiting until a facility of
    that name is listed. For a match that `pipeline resample` disputed, only the final ones are possible.

    Example: pipeline inbox reject 936f78b10b --reason none_of_these
    """
    actor = who(by)
    chosen = reason if reason is not None else ask(Verdicts())[0].name
    answer = ask(RejectGroup(key=key, reason=chosen, actor=actor))
    show.say(f"{answer.ignored + answer.queued} posting(s) resolved as {chosen}.")


@app.command()
def reasons(as_json: Json = False) -> None:
    """List the reasons that `pipeline inbox reject` and `pipeline resample judge` accept.

    Example: pipeline inbox reasons
    """
    verdicts = ask(Verdicts())
    if as_json:
        show.as_json(verdicts)
    else:
        shown.reasons(verdicts)


@app.command()
def undo(key: Key, by: By = None) -> None:
    """Undo a decision: its postings are decided again. A group that was dismissed undecided waits anew.

    `pipeline alias list FACILITY` shows the keys of aliases.

    Example: pipeline inbox undo 936f78b10b
    """
    answer = ask(UndoDecision(key=key, actor=who(by)))
    if not answer.matched + answer.queued + answer.ignored:
        show.say("Nothing changed: there was no decision, or the result is the same without it.")
        return
    waiting = answer.queued - answer.dismissed
    show.say(
        f"Undone: {answer.matched} matched, {waiting} waiting, {answer.dismissed} dismissed as before,"
        f" {answer.ignored} ignored."
    )
