"""`pipeline alias`: the names of a facility, and their sources."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.client.actor import By, who
from cli.client.connection import ask
from cli.commands.options import Json, group
from cli.printing import show
from shared.contracts.matcher import FacilityDetails, RestoreName, WithdrawName

app = group("List a facility's names with their provenance; withdraw a wrong one.")

FacilityId = Annotated[str, typer.Argument(help="The facility.")]
Name = Annotated[str, typer.Argument(help="The name, exactly as `pipeline alias list` shows it.")]


@app.command("list")
def listed(facility_id: FacilityId, as_json: Json = False) -> None:
    """Every name of a facility: from a file, by a rule (a former name), or confirmed by a person.

    Example: pipeline alias list 335001
    """
    facility = ask(FacilityDetails(facility_id=facility_id.upper()))
    if as_json:
        show.as_json(facility)
        return
    parts = ["name", "kind", "provenance", "stated_by", "stated_on", "key", "withdrawn_by"]
    rows = [[getattr(each, name) for name in parts] for each in facility.names]
    table = ["name", "kind", "provenance", "stated by", "last stated on", "key", "withdrawn by"]
    show.table(f"{facility.name} ({facility.facility_id})", table, rows)


@app.command()
def withdraw(facility_id: FacilityId, name: Name, by: By = None) -> None:
    """Withdraw a name that is not this facility's; postings that were matched by it are decided again.

    `pipeline inbox undo KEY` undoes what a person accepted.

    Example: pipeline alias withdraw 335001 "WBX OPERATING LLC"
    """
    answer = ask(WithdrawName(facility_id=facility_id.upper(), name=name, actor=who(by)))
    show.say(f"{answer.changed} posting(s) decided anew.")


@app.command()
def restore(facility_id: FacilityId, name: Name, by: By = None) -> None:
    """Restore a withdrawn name.

    Example: pipeline alias restore 335001 "WBX OPERATING LLC"
    """
    answer = ask(RestoreName(facility_id=facility_id.upper(), name=name, actor=who(by)))
    show.say(f"{answer.changed} posting(s) decided anew.")
