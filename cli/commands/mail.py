"""`pipeline mail`: what came back in the mail, without any server."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from cli.commands.options import Json, to_read
from cli.printing import show
from engines.mail.kinds import Classified, classify

app = typer.Typer(help="What came back in the mail: bounces, absence notes, complaints, replies.", no_args_is_help=True)


@app.callback()
def mail() -> None:
    """What came back in the mail: bounces, absence notes, complaints, replies."""


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
