"""`pipeline rep`: who is in the team, and when they are away."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

import typer

from cli.client.actor import By, who
from cli.client.connection import ask, made
from cli.commands.options import Json, day, group
from cli.commands.options import hours as working_hours
from cli.printing import reps as shown
from cli.printing import show
from shared.contracts.sequencer_reps import (
    AddRep,
    ChangeRep,
    EndLeave,
    LeaveTeam,
    RecordLeave,
    ShareAccounts,
    ShowRep,
    Team,
)

app = group(
    """The reps: who is in the team, and when they are away.

    A rep has a short id, such as `ann`, by which commands name them. Accounts, tasks and drafts belong to reps; what a
    rep sends is signed with the name, address and number given here.""",
)

Rep = Annotated[str, typer.Argument(metavar="REP", help="The short id of a rep.")]
Email = Annotated[str | None, typer.Option(help="The address in the signature.")]
Phone = Annotated[str | None, typer.Option(help="The number in the signature.")]
Hours = Annotated[str | None, typer.Option(metavar="FROM-TO", help="Working hours, such as 8:30-17; 9-17 at first.")]
Zone = Annotated[
    str | None, typer.Option(metavar="ZONE", help="IANA time zone of the hours; that of the pack at first.")
]
Territories = Annotated[
    list[str] | None,
    typer.Option("--territory", metavar="NAME", help="A territory of the pack, or several; without one, all of them."),
]


@app.command()
def add(
    rep: Annotated[str, typer.Argument(metavar="REP", help="A short id, such as ann; it never changes.")],
    name: Annotated[str, typer.Option(help="The complete name, as texts are signed.", show_default=False)],
    email: Email = None,
    phone: Phone = None,
    hours: Hours = None,
    zone: Zone = None,
    territory: Territories = None,
    by: By = None,
    as_json: Json = False,
) -> None:
    """A rep joins the team today, or comes back to it; they are the first to get new accounts.

    `pipeline rep share` gives them accounts of the others that are not worked now.

    Example: pipeline rep add ann --name "Ann Lee" --email ann@example.com --phone 518-555-0142 --hours 8:30-17
    """
    fields = _fields(name, email, phone, hours, zone, territory)
    answer = ask(made(AddRep, rep=rep, actor=who(by), **fields))
    show.as_json(answer) if as_json else shown.rep(answer, "Joined")


@app.command("list")
def list_reps(as_json: Json = False) -> None:
    """List the reps, with their next leave and who does their tasks today.

    Example: pipeline rep list
    """
    answer = ask(Team())
    show.as_json(answer) if as_json else shown.team(answer)


@app.command("show")
def show_rep(rep: Rep, as_json: Json = False) -> None:
    """Show a rep, what they own, and all their leaves.

    Example: pipeline rep show ann
    """
    answer = ask(made(ShowRep, rep=rep))
    show.as_json(answer) if as_json else shown.details(answer)


@app.command()
def change(
    rep: Rep,
    name: Annotated[str | None, typer.Option(help="The complete name, as texts are signed.")] = None,
    email: Email = None,
    phone: Phone = None,
    hours: Hours = None,
    zone: Zone = None,
    territory: Territories = None,
    by: By = None,
    as_json: Json = False,
) -> None:
    """Change the name, address, number, hours or territories of a rep; an empty text clears one.

    Drafts are signed anew. New territories count for accounts without an owner; `pipeline assign` gives others away.

    Example: pipeline rep change ann --phone 518-555-0199
    """
    fields = _fields(name, email, phone, hours, zone, territory)
    if not fields:
        raise ValueError('Name what changes, as in `pipeline rep change ann --phone "518-555-0199"`.')
    answer = ask(made(ChangeRep, rep=rep, actor=who(by), **fields))
    show.as_json(answer) if as_json else shown.rep(answer, "Now")


@app.command()
def away(
    rep: Rep,
    to: Annotated[str, typer.Option("--to", metavar="DATE", help="The last day away.", show_default=False)],
    since: Annotated[str | None, typer.Option("--from", metavar="DATE", help="The first day away; today.")] = None,
    cover: Annotated[str | None, typer.Option(metavar="REP", help="Who does their tasks meanwhile.")] = None,
    by: By = None,
    as_json: Json = False,
) -> None:
    """A rep is away: their due tasks go to the cover at once, and come back after the leave.

    Without a cover the tasks wait, spread over the days from the return on. The same command with the same first day
    changes the last day or the cover.

    Example: pipeline rep away ann --from 2026-08-03 --to 2026-08-14 --cover bob
    """
    dates = {"from_on": _day(since, "--from"), "to_on": _day(to, "--to")}
    answer = ask(made(RecordLeave, rep=rep, cover=cover, actor=who(by), **dates))
    show.as_json(answer) if as_json else shown.leave(answer)


@app.command()
def back(
    rep: Rep,
    on: Annotated[str | None, typer.Option("--on", metavar="DATE", help="The first day at work; today.")] = None,
    by: By = None,
    as_json: Json = False,
) -> None:
    """A rep is back early, or does not go away after all; their tasks come back to them.

    For a rep who is back today, the steps that waited are planned at once, as far as the day has room.

    Example: pipeline rep back ann
    """
    answer = ask(made(EndLeave, rep=rep, on=_day(on, "--on"), actor=who(by)))
    show.as_json(answer) if as_json else shown.back(answer)


@app.command()
def share(rep: Rep, by: By = None, as_json: Json = False) -> None:
    """Give a rep accounts of the others that are not worked now, until each tier is in balance.

    Chains stay together, and accounts with an enrollment, a task or a lead in progress stay with their owner.

    Example: pipeline rep share cleo
    """
    answer = ask(made(ShareAccounts, rep=rep, actor=who(by)))
    show.as_json(answer) if as_json else shown.share(answer)


@app.command()
def left(
    rep: Rep,
    to: Annotated[str | None, typer.Option("--to", metavar="REP", help="Who takes over everything.")] = None,
    spread: Annotated[bool, typer.Option("--spread", help="Spread everything over the team.")] = False,
    by: By = None,
    as_json: Json = False,
) -> None:
    """A rep leaves the team today, and hands over accounts, leads, enrollments and tasks.

    Without `--to` or `--spread` it is refused while the rep owns anything, and prints what that is.

    Example: pipeline rep left ann --to bob
    """
    answer = ask(made(LeaveTeam, rep=rep, to=to, spread=spread, actor=who(by)))
    show.as_json(answer) if as_json else shown.left(answer)


def _fields(
    name: str | None,
    email: str | None,
    phone: str | None,
    hours: str | None,
    zone: str | None,
    territories: list[str] | None,
) -> dict[str, Any]:
    given: dict[str, Any] = {"name": name, "email": email, "phone": phone, "timezone": zone} | (
        working_hours(hours, "--hours") if hours else {}
    )
    if territories:
        given["territories"] = [each for each in territories if each]
    return {field: value for field, value in given.items() if value is not None}


def _day(text: str | None, option: str) -> date | None:
    return day(text, option) if text is not None else None
