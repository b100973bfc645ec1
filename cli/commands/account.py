"""`pipeline account` and `assign`: who owns an account and why, and which ones wait for an owner."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.client.actor import By, who
from cli.client.connection import ask, made
from cli.commands.options import Json, group
from cli.printing import accounts as shown
from cli.printing import show
from shared.contracts.sequencer import Account
from shared.contracts.sequencer_accounts import AssignAccount, Unassigned

app = group(
    """Accounts: who owns one and why, what covers it, and which ones wait for an owner.

    The pack's rules (`assignment.yaml`: territories, availability, load) give each prospect an owner. What they cannot
    decide is never guessed: it waits in `pipeline account unassigned` for `pipeline assign`.""",
)

FacilityId = Annotated[str, typer.Argument(metavar="{key.name}", help="The account.")]


@app.command("show")
def show_account(facility_id: FacilityId, as_json: Json = False) -> None:
    """Show an account: its owner with the reason, its leads, enrollments, tasks and contacts.

    Of an enrollment of a chain it shows which facilities it covers. `pipeline why` tells how all of this came about.

    Example: pipeline account show 335001
    """
    answer = ask(made(Account, facility_id=facility_id.upper()))
    show.as_json(answer) if as_json else shown.account(answer)


@app.command()
def unassigned(as_json: Json = False) -> None:
    """List the prospects for which no rule of the pack finds an owner, best first, each with why.

    Example: pipeline account unassigned
    """
    answer = ask(Unassigned())
    show.as_json(answer) if as_json else shown.unassigned(answer)


def assign(
    facility_id: FacilityId,
    rep: Annotated[str, typer.Argument(metavar="REP", help="The short id of the new owner.")],
    why: Annotated[str | None, typer.Option(help="Why; it is shown with the owner.")] = None,
    by: By = None,
    as_json: Json = False,
) -> None:
    """Give an account to a rep, with its open lead, enrollment and tasks.

    The prospects of a chain stay together: all of them change their owner.

    Example: pipeline assign 335001 ann --why "knows them well"
    """
    answer = ask(made(AssignAccount, facility_id=facility_id.upper(), rep=rep, why=why, actor=who(by)))
    show.as_json(answer) if as_json else shown.given(answer)
