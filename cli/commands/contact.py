"""`pipeline contact`: who must not be contacted, by which channel, and why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Annotated, Any

import typer

from cli.client.actor import By
from cli.client.actor import who as who_acts
from cli.client.clock import deployment
from cli.client.connection import ask, made
from cli.commands.options import Json, group
from cli.printing import show
from shared.contracts.sequencer import (
    AllowContact,
    ImportContacts,
    Roles,
    StopContact,
    Suppressions,
    WhyContact,
)
from shared.contracts.sequencer_replies import SuppressionRow

app = group(
    """Add a person, or contact them no more: a person, a facility, a chain, or a domain.

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
Facility = Annotated[str | None, typer.Option(metavar="{key.name}", help="Everyone at this facility.")]
Chain = Annotated[str | None, typer.Option(metavar="NAME", help="Every facility of this chain, and its people.")]
Domain = Annotated[str | None, typer.Option(metavar="DOMAIN", help="Everyone with an e-mail address there.")]
Name = Annotated[
    str | None, typer.Option(metavar="NAME", help="With {key.name} and role: this person instead of the current one.")
]
Channels = Annotated[list[Channel] | None, typer.Option("--channel", help="Only this channel; may be repeated.")]
Source = Annotated[str, typer.Option(help="Where it comes from: a letter, a call, a list.")]

REPORTED = "reported to a representative"


@app.command()
def add(
    facility_id: Annotated[str, typer.Argument(metavar="{key.name}", help="The facility.")],
    role: Annotated[str, typer.Argument(help="The person's role.", show_default=False)],
    name: Annotated[str, typer.Option(help="The person's name; required.", show_default=False)] = "",
    phone: Annotated[str | None, typer.Option(help="The direct number.")] = None,
    email: Annotated[str | None, typer.Option(help="The e-mail address.")] = None,
    source: Annotated[str, typer.Option(help="Where it comes from.")] = "front desk",
    by: By = None,
    as_json: Json = False,
) -> None:
    """Add one person, as research found them; `pipeline import contacts` adds a list.

    Example: pipeline contact add 335001 don --name "Zoe Elm" --phone 518-555-0111
    """
    if not name.strip():
        raise ValueError('A name is required, as in --name "Ada Moss".')
    row = {"line": 1, "facility_id": facility_id, "role": role, "name": name, "direct_phone": phone, "email": email}
    row |= {"source": source, "source_date": str(deployment().today)}
    answer = ask(made(ImportContacts, rows=[row], actor=who_acts(by)))
    if answer.rejects:
        raise ValueError(f"{facility_id}: {answer.rejects[0].reason}.")
    if as_json:
        show.as_json(answer)
    else:
        show.say(f"{name} is {'recorded' if answer.imported else 'known already'} as {role} of {facility_id}.")


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
    target = _target(who, role, name, facility, chain, domain)
    if not reason.strip():
        raise ValueError('A reason is required, as in --reason "asked not to be called".')
    answer = ask(made(StopContact, **_fields(target, channel, reason, source, by)))
    if as_json:
        show.as_json(answer)
        return
    note = "" if answer.changed else " That was recorded already."
    show.say(f"Not to be contacted: {answer.suppression.label}, {_channels(answer.suppression.channels)}.{note}")
    for task in answer.tasks:
        short = str(task.task_id)[:8]
        show.say(f"  Skipped: {task.channel} for {task.facility_id}, due {task.due_on} [{short}].")
    for each in answer.enrollments:
        show.say(
            f"  Ended: the enrollment of {each.facility_id} in {each.sequence}, because no one is left to contact."
        )
    if not answer.tasks and not answer.enrollments:
        show.say("  They had no open tasks.")
    if answer.note:
        show.say(answer.note)


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
    target = _target(who, role, name, facility, chain, domain)
    answer = ask(made(AllowContact, **_fields(target, channel, reason, source, by)))
    if as_json:
        show.as_json(answer)
        return
    for each in answer.changed:
        left = f"still not {_channels(each.channels)}" if each.channels else "by every channel"
        show.say(f"May be contacted again: {each.label}, {left}.")
    if not answer.changed:
        show.say("There was no such suppression; nothing was changed.")
    _in_force(answer.still, "Still in force")


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
            _in_force(everybody, "Not to be contacted")
            if not everybody:
                show.say("Everyone may be contacted.")
        return
    answer = ask(made(WhyContact, **_target(who, role, name, facility, chain, domain)))
    if as_json:
        show.as_json(answer)
        return
    _in_force(answer.in_force, "Not to be contacted")
    if not answer.in_force:
        show.say("May be contacted by every channel.")
    for each in answer.statements:
        word = "no" if each.instruction == "stop" else "yes, again"
        text = f"{each.stated_on} {each.stated_by}: {word} ({_channels(each.channels)}), {each.reason}"
        show.say(f"  {text}; {each.source}; on {each.label}.")


def _target(
    who: str | None, role: str | None, name: str | None, facility: str | None, chain: str | None, domain: str | None
) -> dict[str, str]:
    """The target that the arguments name; raises `ValueError` with what to write instead."""
    given = {"facility": facility, "chain": chain, "domain": domain}
    named = {key: value for key, value in given.items() if value}
    if len(named) + bool(who) != 1:
        raise ValueError(
            "Name one target: 335001 don, ada@example.com, --facility 335001, --chain NAME or --domain NAME."
        )
    if name and (who is None or role is None):
        raise ValueError(f"{name}: a name goes with a facility and a role, as in 335001 don --name {name!r}.")
    if who is None:
        if role:
            raise ValueError(f"{role}: a role goes with a facility, as in 335001 {role}.")
        return named
    if "@" in who:
        if role:
            raise ValueError(f"{who} is one person already; omit {role}.")
        return {"email": who}
    if role is None:
        known = ", ".join(each.role for each in ask(Roles()))
        raise ValueError(f"Who at {who}? Add a role ({known}); for everyone there: --facility {who}.")
    return {"facility_id": who, "role": role, **({"name": name} if name else {})}


def _fields(
    target: dict[str, str], channel: Iterable[Channel] | None, reason: str, source: str, by: str | None
) -> dict[str, Any]:
    channels = ["call" if each is Channel.PHONE else each.value for each in channel or [Channel.ALL]]
    return {**target, "channels": channels, "reason": reason, "source": source, "actor": who_acts(by)}


def _channels(channels: Sequence[str]) -> str:
    return "by any channel" if "all" in channels else f"by {' or '.join(channels)}"


def _in_force(found: Sequence[SuppressionRow], title: str) -> None:
    rows = [
        (each.scope, each.label, _channels(each.channels), each.reason, each.stated_by, each.stated_on)
        for each in found
    ]
    if rows:
        show.table(title, ["who", "", "channels", "reason", "stated by", "on"], rows)
