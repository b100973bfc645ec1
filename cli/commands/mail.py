"""`pipeline mail`: what came back in the mail, and what a person decides about it."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from cli.client.actor import By, who
from cli.client.clock import reader
from cli.client.connection import ask
from cli.client.ranks import ID
from cli.commands.options import Json, group, to_read
from cli.printing import mail as printed
from cli.printing import show
from engines.datasets.text import shortened
from engines.mail.kinds import Classified, classify
from shared.contracts.notifier_mail import AssignMail, Incoming, ResolveMail, ShowMail

app = group("What came back in the mail: bounces, absence notes, complaints, replies.")


def _to_id(given: str) -> str:
    if not ID.fullmatch(given):
        raise ValueError(
            f"{shortened(given)!r} is not the id of a message; give at least the first four of its characters (0-9,"
            " a-f), such as 1f0c9a3e. `pipeline mail list` shows them."
        )
    return given


Id = Annotated[
    str, typer.Argument(metavar="ID", callback=_to_id, help="The message, as `pipeline mail list` shows it.")
]
Note = Annotated[str | None, typer.Option(help="What you found, for others.")]


@app.command("list")
def listed(
    waiting: Annotated[bool, typer.Option("--waiting", help="Only what waits for a person.")] = False,
    kind: Annotated[str | None, typer.Option(help="Only one kind, such as reply or bounce.")] = None,
    limit: Annotated[int, typer.Option(help="How many messages.", min=1, max=5_000)] = 50,
    as_json: Json = False,
) -> None:
    """List what came back, the newest first.

    A message waits for a person if it is about no letter that is known here, or if it is sealed,
    because it looks as if it contained data of a person in care.

    Example: pipeline mail list --waiting
    """
    found = ask(Incoming(state="waiting" if waiting else None, kind=kind, limit=limit))
    if as_json:
        show.as_json(found)
    else:
        printed.incoming(found, reader(), waiting=waiting)


@app.command("show")
def shown(mail_id: Id, as_json: Json = False) -> None:
    """Show one message: what its author wrote, and what followed from it.

    What the author quoted is left out. A sealed message is displayed nowhere but in the mailbox.

    Example: pipeline mail show 1f0c9a3e
    """
    found = ask(ShowMail(mail_id=mail_id))
    if as_json:
        show.as_json(found)
    else:
        printed.message(found, reader())


@app.command()
def assign(
    mail_id: Id,
    facility_id: Annotated[str, typer.Argument(metavar="FACILITY", help="The account that it is from.")],
    note: Note = None,
    by: By = None,
) -> None:
    """This message is from that account: what its kind means for the sequence takes effect now.

    A reply stops the sequence, "remove me" suppresses the address, a bounce ends its use.

    Example: pipeline mail assign 1f0c9a3e 335001
    """
    mail = ask(AssignMail(mail_id=mail_id, facility_id=facility_id, note=note, actor=who(by)))
    show.say(f"Message {mail.short_id} ({mail.kind}) is from {mail.facility_id}.")


@app.command()
def resolve(mail_id: Id, note: Note = None, by: By = None) -> None:
    """You have read this message, and nothing else follows from it.

    Example: pipeline mail resolve 1f0c9a3e --note "a newsletter"
    """
    mail = ask(ResolveMail(mail_id=mail_id, note=note, actor=who(by)))
    show.say(f"Message {mail.short_id} waits no more.")


@app.command("classify")
def classify_files(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE...", callback=to_read, help="Messages (.eml) or notices (JSON).")
    ],
    as_json: Json = False,
) -> None:
    """Say what each message is: a bounce, an absence note, a complaint, a reply, ...

    A file is one message as it was received (.eml), or a notice of Amazon SES, SendGrid or Postmark in JSON. Nothing is
    sent or stored. With --json there is a line for each file: file, kind, recipients (address, hard, reason),
    reply_text, returns_on.

    Example: pipeline mail classify bounce.eml reply.eml --json
    """
    for path in files:
        found = classify(path.read_bytes())
        show.line(json.dumps(_row(path, found))) if as_json else show.line(_line(path, found))


def _row(path: Path, found: Classified) -> dict[str, Any]:
    return {
        "file": str(path),
        "kind": found.kind,
        "recipients": [{k: v for k, v in asdict(each).items() if k != "action"} for each in found.recipients],
        "reply_text": found.reply_text,
        "returns_on": found.returns_on and found.returns_on.isoformat(),
    }


def _line(path: Path, found: Classified) -> str:
    """One message for a person: the kind, and who or what it is about."""
    about = [f"{each.address} ({each.reason.replace('_', ' ')}{', hard' * each.hard})" for each in found.recipients]
    if found.returns_on:
        about.append(f"back on {found.returns_on}")
    if found.reply_text and not about:
        about.append(" ".join(found.reply_text.split())[:80])
    return f"{path.name}: {found.kind}{': ' if about else ''}{', '.join(about)}"
