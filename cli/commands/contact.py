"""`pipeline contact`: the people at accounts."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.client.actor import By
from cli.client.actor import who as who_acts
from cli.client.connection import ask, made
from cli.commands.options import Json, day, group
from cli.printing import contacts as printing
from cli.printing import show
from shared.contracts.sequencer import Contacts
from shared.contracts.sequencer_contacts import AddContact, Duplicates, MergeContacts, RecordDeparture
from shared.contracts.sequencer_replies import ContactRow

app = group(
    """The people at accounts: who they are and who says so.

    Whom not to contact any more: `pipeline suppression`.""",
)


OfFacility = Annotated[str, typer.Argument(metavar="{key.name}", help="The facility.", show_default=False)]


@app.command(name="list")
def list_people(facility_id: OfFacility, as_json: Json = False) -> None:
    """List who has which role at a facility and its chain now, and how they are reached.

    Example: pipeline contact list 335001
    """
    found = [each for each in _named(facility_id) if each.current]
    if as_json:
        show.as_json(found)
    elif found:
        printing.people(f"People of {facility_id}", found)
    else:
        show.say(f"No one is known at {facility_id}; `pipeline contact add` and `pipeline import contacts` add people.")


@app.command(name="show")
def show_people(
    facility_id: OfFacility,
    who: Annotated[str | None, typer.Argument(metavar="[ROLE|NAME]", help="Only this role or person.")] = None,
    as_json: Json = False,
) -> None:
    """Show everyone who was ever named for a facility or its chain: by which source, on which day, at which URL.

    Example: pipeline contact show 335001 don
    """
    found = [each for each in _named(facility_id) if not who or who.casefold() in (each.role, each.name.casefold())]
    if as_json:
        show.as_json(found)
    elif found:
        printing.sightings(f"Named for {facility_id}", found)
    else:
        show.say(f"{who or 'No one'} is not named for {facility_id}." if who else f"No one is named for {facility_id}.")


@app.command()
def add(
    facility_id: Annotated[str, typer.Argument(metavar="{key.name}", help="The facility.")],
    role: Annotated[str, typer.Argument(help="The person's role.", show_default=False)],
    name: Annotated[
        str | None, typer.Option(help="The person's name; required, unless the pack names no people.")
    ] = None,
    phone: Annotated[str | None, typer.Option(help="The direct number.")] = None,
    email: Annotated[str | None, typer.Option(help="The e-mail address.")] = None,
    source: Annotated[str, typer.Option(help="Where you found it.")] = "front desk",
    url: Annotated[str | None, typer.Option(help="The page that names the person, if one does.")] = None,
    by: By = None,
    as_json: Json = False,
) -> None:
    """Add one person, as research found them; `pipeline import contacts` adds a list.

    You are recorded as the source, with the day, so no URL is needed. A regional contact is added with any facility of
    the chain.

    Example: pipeline contact add 335001 don --name "Zoe Elm" --phone 518-555-0111
    """
    given = {"facility_id": facility_id, "role": role, "name": name, "direct_phone": phone, "email": email}
    answer = ask(made(AddContact, **given, source=source, source_url=url, actor=who_acts(by)))
    if as_json:
        show.as_json(answer)
        return
    place = answer.contact.chain or facility_id
    show.say(f"{answer.contact.name} is {'recorded' if answer.changed else 'known already'} as {role} of {place}.")


@app.command()
def left(
    facility_id: OfFacility,
    who: Annotated[str, typer.Argument(metavar="ROLE|NAME", help="Who left.", show_default=False)],
    on: Annotated[str | None, typer.Option(metavar="DAY", help="The day on which they left; by default today.")] = None,
    undo: Annotated[bool, typer.Option("--undo", help="They had not left; on the day of the report only.")] = False,
    by: By = None,
    as_json: Json = False,
) -> None:
    """Report that a person left: they are used no more, and research of the successor is asked for.

    Open touches go to another person, or are skipped with the reason. A newer source that names the person makes them
    count again. A change of a role counts in the score, if the pack says so.

    Example: pipeline contact left 335001 "Ada Moss" --on 2026-07-01
    """
    given = {"facility_id": facility_id, "who": who, "on": on and day(on, "--on"), "undo": undo}
    answer = ask(made(RecordDeparture, **given, actor=who_acts(by)))
    if as_json:
        show.as_json(answer)
    else:
        printing.departure(answer, undo)


@app.command(name="duplicates")
def list_duplicates(
    facility_id: Annotated[
        str | None, typer.Argument(metavar="[{key.name}]", help="Only people of this facility.")
    ] = None,
    as_json: Json = False,
) -> None:
    """List people who may be the same one, named in two ways: with the same role, address or number, and alike names.

    Example: pipeline contact duplicates
    """
    found = ask(made(Duplicates, facility_id=facility_id))
    if as_json:
        show.as_json(found)
    else:
        printing.duplicates(found)


@app.command()
def merge(
    keep: Annotated[str, typer.Argument(help="The id of the person whose name is kept.", show_default=False)],
    drop: Annotated[str, typer.Argument(help="The id of the same person under another name.", show_default=False)],
    undo: Annotated[bool, typer.Option("--undo", help="They are two people after all.")] = False,
    by: By = None,
    as_json: Json = False,
) -> None:
    """Report that two people are the same one; `duplicates` and `show` print the ids.

    Nothing is rewritten, so it can be taken back at any time; on the same day, what ended because of it goes on.
    Suppressions and wrong details of either apply to both.

    Example: pipeline contact merge 3fa8c21b 77de01aa
    """
    answer = ask(made(MergeContacts, keep=keep, drop=drop, undo=undo, actor=who_acts(by)))
    if as_json:
        show.as_json(answer)
    else:
        printing.merged(answer, undo)


def _named(facility_id: str) -> list[ContactRow]:
    return ask(made(Contacts, facility_id=facility_id))
