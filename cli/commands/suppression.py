"""`pipeline suppression`: who must not be contacted, and why."""

from __future__ import annotations

from enum import StrEnum
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.client.actor import By, who
from cli.client.connection import ask, made, pages, talk
from cli.client.targets import target_of
from cli.commands.importing_lists import Preview, Rejects, run
from cli.commands.options import File, Json, group, to_write
from cli.files import suppressions as files
from cli.printing import contacts, show
from cli.printing import suppressions as printing
from shared.contracts.notifier_suppressions import AddressSuppressions, AddSuppression, LiftSuppression, WhySuppressed
from shared.contracts.sequencer import AllowContact, StopContact, Suppressions, WhyContact
from shared.contracts.suppressions import SuppressionRow

if TYPE_CHECKING:
    from shared.contracts.requests import Command, Question
    from shared.messaging.broker import Broker

app = group(
    """Suppressions: who must not be contacted, who stated it, and what was not sent because of it.

    They take effect at once and take precedence over everything; only `lift` ends one. An unsubscription, a complaint
    and an address that does not work add one by themselves.

    An address: `ada@example.com`, with every tag (`ada+news@example.com`). A domain with its subdomains: `--domain
    example.com`. A person: `335001 don`. A facility or chain: `--facility 335001`, `--chain "MOSS CARE"`.""",
)


class Channel(StrEnum):
    ALL = "all"
    CALL = "call"
    EMAIL = "email"
    LINKEDIN = "linkedin"
    PHONE = "phone"  # another word for a call


Who = Annotated[
    str | None,
    typer.Argument(metavar="[EMAIL|{key.name}]", help="An e-mail address, or the facility of a person ({key.name})."),
]
OfRole = Annotated[str | None, typer.Argument(help="With a {key.name}: the person in this role.", show_default=False)]
Name = Annotated[
    str | None, typer.Option(metavar="NAME", help="With {key.name} and role: this person instead of the current one.")
]
Facility = Annotated[str | None, typer.Option(metavar="{key.name}", help="Everyone at this facility.")]
Chain = Annotated[str | None, typer.Option(metavar="NAME", help="Every facility of this chain, and its people.")]
Domain = Annotated[str | None, typer.Option(metavar="DOMAIN", help="Everyone with an e-mail address there, or below.")]
Channels = Annotated[list[Channel] | None, typer.Option("--channel", help="Only this channel; may be repeated.")]
Source = Annotated[str, typer.Option(help="Where it comes from: a letter, a call, a list.")]

REPORTED = "reported to a representative"
MOST_LISTED = 100
"""How many suppressions `list` prints as text."""


@app.command()
def add(
    target: Who = None,
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

    An address gets no more e-mail; `--channel call` or `--channel all` stops its person on other channels, too. Others
    are contacted on no channel, unless `--channel` names some.

    Example: pipeline suppression add ada@example.com --reason "asked not to be written to"

    Example: pipeline suppression add 335001 don --channel call --reason "asked to be written to"
    """
    if not reason.strip():
        raise ValueError('A reason is required, as in --reason "asked not to be called".')
    named = target_of(target, role, name, facility, chain, domain)
    stated = {"reason": reason, "source": source, "actor": who(by)}
    channels = _channels(channel)
    commands: list[Command[Any]] = []
    if (of_address := _channels_of_address(named, channels)) is not None:
        commands.append(made(AddSuppression, **named, **stated, channels=of_address))
    if "domain" not in named and not ("email" in named and set(channels) <= {"email"}):
        commands.append(made(StopContact, **named, **stated, channels=channels or ["all"]))
    answers = [ask(each) for each in commands]
    if as_json:
        show.as_json(answers)
    else:
        for answer in answers:
            printing.added(answer)


@app.command()
def lift(
    target: Who = None,
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

    With an address, what was stated on the address and on its person is lifted.

    Example: pipeline suppression lift ada@example.com --reason "subscribed again"
    """
    named = target_of(target, role, name, facility, chain, domain)
    stated = {"reason": reason, "source": source, "actor": who(by)}
    channels = _channels(channel)
    commands: list[Command[Any]] = []
    if (of_address := _channels_of_address(named, channels)) is not None:
        commands.append(made(LiftSuppression, **named, **stated, channels=of_address))
    if "domain" not in named:
        commands.append(made(AllowContact, **named, **stated, channels=channels or ["all"]))
    answers = [ask(each) for each in commands]
    if as_json:
        show.as_json(answers)
    else:
        printing.lifted(answers)


@app.command(name="list")
def list_suppressions(as_json: Json = False) -> None:
    """List who must not be contacted: people, facilities, chains, domains and addresses.

    Example: pipeline suppression list
    """
    if as_json:
        show.as_json(talk(_everything))
        return
    found = talk(_everything)
    printing.in_force(list(islice(found, MOST_LISTED)), f"Not to be contacted ({len(found)})")
    if len(found) > MOST_LISTED:
        show.say(f"... and {len(found) - MOST_LISTED} more; `pipeline suppression export` writes all to a file.")
    if not found:
        show.say("Everyone may be contacted.")


@app.command(name="import")
def import_list(
    file: File,
    reason: Annotated[str, typer.Option(help="The reason of rows without one.")] = "on an imported list",
    lifts: Annotated[bool, typer.Option("--lift", help="Lift the suppressions of these rows instead.")] = False,
    preview: Preview = False,
    rejects: Rejects = None,
    as_json: Json = False,
) -> None:
    """Suppress the addresses, domains, facilities and chains of a file, such as the list of an earlier mail service.

    Columns: email, or domain, or scope (address, domain, facility or chain) and target; optional: reason, and except
    for an address channels (call, email, linkedin; all without one). The usual headings of mail services are recognized
    (Email Address, E-mail, ...). What is suppressed already stays as it is. `--lift` takes a list back.

    Example of a file: email,reason and below it ada@example.com,unsubscribed in 2024

    Example of a file: scope,target,reason and below it chain,MOSS CARE,asked us not to call

    Example: pipeline suppression import unsubscribed.csv --preview
    """
    options = {"reason": reason, "lift": lifts, "preview": preview}
    run(file, lambda broker, progress: files.import_list(broker, file, progress, options), rejects, as_json)


@app.command()
def export(
    out: Annotated[Path, typer.Option("--out", callback=to_write, help="The CSV file to write.", show_default=False)],
    as_json: Json = False,
) -> None:
    """Write all suppressions to a CSV file; `import` reads it again, except those of people.

    Example: pipeline suppression export --out suppressions.csv
    """
    found = talk(_everything)
    files.write(found, out)
    if as_json:
        show.as_json({"file": str(out), "suppressions": len(found)})
    else:
        show.say(f"{len(found)} suppressions written to {out}.")


@app.command()
def why(
    target: Who = None,
    role: OfRole = None,
    name: Name = None,
    facility: Facility = None,
    chain: Chain = None,
    domain: Domain = None,
    as_json: Json = False,
) -> None:
    """Show whether someone may be contacted and, if not, who or which event stated it, and what was not sent since.

    Example: pipeline suppression why ada@example.com
    """
    named = target_of(target, role, name, facility, chain, domain)
    questions: list[Question[Any]] = []
    if _is_of_address(named):
        questions.append(made(WhySuppressed, **named))
    if "domain" not in named:
        questions.append(made(WhyContact, **named))
    answers = [ask(each) for each in questions]
    if as_json:
        show.as_json(answers)
        return
    printing.why(answers)
    for answer in answers:
        if found := getattr(answer, "contacts", None):
            contacts.sightings("Named by", found)


async def _everything(broker: Broker) -> list[SuppressionRow]:
    """All suppressions in force, of both owners."""
    found = list(await broker.ask(Suppressions()))
    async for page in pages(broker, AddressSuppressions(), ("suppression_id",)):
        found += page
    return found


def _is_of_address(named: dict[str, str]) -> bool:
    """Whether the notifier owns the suppressions of a target."""
    return "email" in named or "domain" in named


def _channels_of_address(named: dict[str, str], channels: list[str]) -> list[str] | None:
    """The channels of what the notifier records: any of a domain, always e-mail of an address; None if it has no part.

    An address of which only other channels are named concerns its person alone, whom the sequencer knows.
    """
    if "domain" in named:
        return channels
    return [] if "email" in named and (not channels or {"email", "all"} & set(channels)) else None


def _channels(given: list[Channel] | None) -> list[str]:
    return ["call" if each is Channel.PHONE else each.value for each in given or []]
