"""`pipeline contact`: the people at accounts, and who must not be contacted."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Annotated, Any

import typer

from cli.client.actor import By
from cli.client.actor import who as who_acts
from cli.client.connection import ask, made
from cli.client.targets import target_of
from cli.commands.options import Json, day, group
from cli.printing import contacts as printing
from cli.printing import show, suppressions
from shared.contracts.sequencer import (
    AllowContact,
    Contacts,
    StopContact,
    Suppressions,
    WhyContact,
)
from shared.contracts.sequencer_contacts import AddContact, Duplicates, MergeContacts, RecordDeparture
from shared.contracts.sequencer_replies import ContactRow

app = group(
    """The people at accounts: who they are and who says so, and whom not to contact any more.

    `stop` applies at once to every current and future draft, call and enrollment; only `allow` ends it.

    A person: `pipeline contact stop 335001 don` or `... stop ada@example.com`. Others: `--facility 335001`,
    `--chain "MOSS CARE"`, `--domain example.com`.""",
)


class Channel(StrEnum):
    ALL = "all"
    CALL = "call"
    EMAIL = "email"
    LINKEDIN = "linkedin"
    PHONE = "phone"  # another word for a call


Who = Annotated[
    str | None,
    typer.Argument(metavar="[{key.name}|EMAIL]", help="A person: the facility's {key.name}, or an e-mail address."),
]
OfRole = Annotated[str | None, typer.Argument(help="With a {key.name}: the person in this role.", show_default=False)]
OfFacility = Annotated[str, typer.Argument(metavar="{key.name}", help="The facility.", show_default=False)]
Facility = Annotated[str | None, typer.Option(metavar="{key.name}", help="Everyone at this facility.")]
Chain = Annotated[str | None, typer.Option(metavar="NAME", help="Every facility of this chain, and its people.")]
Domain = Annotated[str | None, typer.Option(metavar="DOMAIN", help="Everyone with an e-mail address there.")]
Name = Annotated[
    str | None, typer.Option(metavar="NAME", help="With {key.name} and role: this person instead of the current one.")
]
Channels = Annotated[list[Channel] | None, typer.Option("--channel", help="Only this channel; may be repeated.")]
Source = Annotated[str, typer.Option(help="Where it comes from: a letter, a call, a list.")]

REPORTED = "reported to a representative"


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


@app.command()
def stop(
    who: Who = None,
    role: OfRole = None,
    name: Name = None,
    facility: Facility = None,
    chain: Chain = None,
    domain: Domain = None,
    channel: Channels = None,
    reason: Annotated[str, typer.Option(help="The reason, in a few words; required.", show_default=False)] = "",
    source: Source = REPORTED,
    by: By = None,
    as_json: Json = False,
) -> None:
    """Do not contact them any more. Their open tasks and enrollments end now, and are listed.

    Example: pipeline contact stop 335001 don --channel call --reason "asked to be written to"
    """
    target = target_of(who, role, name, facility, chain, domain)
    if not reason.strip():
        raise ValueError('A reason is required, as in --reason "asked not to be called".')
    answer = ask(made(StopContact, **_fields(target, channel, reason, source, by)))
    if as_json:
        show.as_json(answer)
        return
    suppressions.stopped(answer)


@app.command()
def allow(
    who: Who = None,
    role: OfRole = None,
    name: Name = None,
    facility: Facility = None,
    chain: Chain = None,
    domain: Domain = None,
    channel: Channels = None,
    reason: Annotated[str, typer.Option(help="Why they may be contacted again.")] = "allowed again",
    source: Source = REPORTED,
    by: By = None,
    as_json: Json = False,
) -> None:
    """Allow contact again; the record is kept. Enrollments begin with the next morning's plan.

    Example: pipeline contact allow --facility 335001 --reason "called us"
    """
    target = target_of(who, role, name, facility, chain, domain)
    answer = ask(made(AllowContact, **_fields(target, channel, reason, source, by)))
    if as_json:
        show.as_json(answer)
        return
    for each in answer.changed:
        left = f"still not {suppressions.by_channel(each.channels)}" if each.channels else "by every channel"
        show.say(f"May be contacted again: {each.label}, {left}.")
    if not answer.changed:
        show.say("There was no such suppression; nothing was changed.")
    suppressions.in_force(answer.still, "Still in force")


@app.command()
def why(
    who: Who = None,
    role: OfRole = None,
    name: Name = None,
    facility: Facility = None,
    chain: Chain = None,
    domain: Domain = None,
    as_json: Json = False,
) -> None:
    """Show whether someone may be contacted and, if not, who stated it, when and why; without an argument, list all.

    Example: pipeline contact why 335001 don
    """
    if not any((who, role, facility, chain, domain)):
        everybody = ask(Suppressions())
        if as_json:
            show.as_json(everybody)
        else:
            suppressions.in_force(everybody, "Not to be contacted")
            if not everybody:
                show.say("Everyone may be contacted.")
        return
    answer = ask(made(WhyContact, **target_of(who, role, name, facility, chain, domain)))
    if as_json:
        show.as_json(answer)
        return
    suppressions.in_force(answer.in_force, "Not to be contacted")
    if not answer.in_force:
        show.say("May be contacted by every channel.")
    for each in answer.statements:
        word = "no" if each.instruction == "stop" else "yes, again"
        text = f"{each.stated_on} {each.stated_by}: {word} ({suppressions.by_channel(each.channels)}), {each.reason}"
        show.say(f"  {text}; {each.source}; on {each.label}.")
    if answer.contacts:
        printing.sightings("Named by", answer.contacts)


def _fields(
    target: dict[str, str], channel: Iterable[Channel] | None, reason: str, source: str, by: str | None
) -> dict[str, Any]:
    channels = ["call" if each is Channel.PHONE else each.value for each in channel or [Channel.ALL]]
    return {**target, "channels": channels, "reason": reason, "source": source, "actor": who_acts(by)}


def _named(facility_id: str) -> list[ContactRow]:
    return ask(made(Contacts, facility_id=facility_id))
