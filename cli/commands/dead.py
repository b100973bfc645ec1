"""`pipeline dead`: events that could not be processed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.client.actor import OPERATOR, who
from cli.client.clock import reader
from cli.client.connection import ask, pages, talk
from cli.commands.options import Json, group
from cli.printing import show
from shared.contracts.kernel import DeadLetters, DiscardDeadLetter, RetryDeadLetter
from shared.contracts.services import SERVICES

if TYPE_CHECKING:
    from shared.messaging.broker import Broker

app = group("List dead letters; retry them once the cause is gone, or discard them.")

Name = Annotated[str, typer.Argument(help="As `pipeline dead list` shows it: service/number.")]


@app.command("list")
def listed(as_json: Json = False) -> None:
    """All unresolved dead letters."""
    letters = talk(_all)
    if as_json:
        show.as_json(letters)
    elif not letters:
        show.say("No dead letters.")
    else:
        at = reader()
        rows = [
            (each["name"], each["subject"], each["tries"], at(each["died_at"]), _short(each["error"]))
            for each in letters
        ]
        show.table("Dead letters", ["dead letter", "subject", "tries", "died at", "error"], rows, ["tries"])


@app.command("show")
def shown(name: Name) -> None:
    """One dead letter: its headers, its body and why it failed.

    Example: pipeline dead show matcher/1
    """
    letter = next((each for each in talk(_all) if each["name"] == name), None)
    if letter is None:
        raise typer.BadParameter(f"There is no dead letter {name}; `pipeline dead list` shows them.")
    show.say(json.dumps(letter, indent=2, default=str, ensure_ascii=False))


@app.command()
def retry(name: Name) -> None:
    """Process the event again, now; if it fails again, nothing changes and the reason is shown.

    Example: pipeline dead retry matcher/1
    """
    service, dead_no = _parts(name)
    retried = ask(RetryDeadLetter(dead_no=dead_no, actor=who(unknown=OPERATOR)), service=service)
    show.say(f"{name} was {retried.resolution}.")


@app.command()
def discard(name: Name) -> None:
    """Discard the event: it stays on record, but is never processed.

    Example: pipeline dead discard matcher/1
    """
    service, dead_no = _parts(name)
    discarded = ask(DiscardDeadLetter(dead_no=dead_no, actor=who(unknown=OPERATOR)), service=service)
    show.say(f"{name} was {discarded.resolution}.")


def _short(error: str) -> str:
    return error if len(error) <= 160 else f"{error[:157]}..."


def _parts(name: str) -> tuple[str, int]:
    """The service and the number."""
    service, _, number = name.partition("/")
    if service not in SERVICES or not number.isdigit():
        raise typer.BadParameter(f"{name!r} is not a dead letter; they are named like matcher/1.")
    return service, int(number)


async def _all(broker: Broker) -> list[dict[str, Any]]:
    return [
        {"name": f"{service}/{letter.dead_no}", **letter.model_dump(mode="json")}
        for service in SERVICES
        async for page in pages(broker, DeadLetters(), ("dead_no",), service)
        for letter in page
    ]
