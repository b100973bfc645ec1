"""`pipeline audit`: what people did in the console, and whether that record is unchanged."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.client.clock import reader
from cli.client.connection import ask, made
from cli.commands.options import Json, group
from cli.printing import show
from shared.contracts.console import AuditLog, AuditRow, VerifyAudit

app = group(
    """What people did in the console, and whether that record is unchanged.

    Each row contains the hash of the row before it. Texts that may name people are recorded only by their length.""",
)


@app.command("list")
def listed(
    user: Annotated[str | None, typer.Option(metavar="NAME", help="Only what this user did.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=2_000, help="How many rows.")] = 50,
    as_json: Json = False,
) -> None:
    """List what people did, the latest first: sign-ins, commands, exports and changes of users.

    Example: pipeline audit list --user dana
    """
    found = ask(made(AuditLog, name=user, limit=limit))
    if as_json:
        show.as_json(found)
    elif not found:
        show.say("Nothing is recorded yet.")
    else:
        at = reader("console")
        columns = ["no.", "at", "who", "action", "target", "details", "outcome"]
        show.table("Audit log", columns, [(str(row.audit_no), at(row.at), *_texts(row)) for row in found], ["no."])


@app.command()
def verify(
    head: Annotated[
        str | None, typer.Option(metavar="HASH", help="A hash noted earlier, which must still be in the audit log.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Verify that no row was changed or removed; exits with 1 otherwise.

    Note the hash that is printed, outside of this machine: `--head HASH` then shows whether rows at the end are gone.

    Example: pipeline audit verify
    """
    verdict = ask(made(VerifyAudit, head=head))
    intact = verdict.broken_at is None and verdict.contains is not False
    if as_json:
        show.as_json(verdict)
    elif verdict.broken_at is not None:
        show.say(f"The chain is broken: row {verdict.broken_at} was changed, or a row before it was removed.")
    elif verdict.contains is False:
        show.say(f"The chain is unbroken, but does not contain {head}: rows at its end were removed.")
    else:
        show.say(f"All {verdict.rows:,} rows follow from one another. The last hash is {verdict.head}")
    if not intact:
        raise typer.Exit(1)


def _texts(row: AuditRow) -> tuple[str, ...]:
    details = ", ".join(f"{name}={value}" for name, value in row.details.items())
    return (f"{row.name} ({row.role})" if row.role else row.name, row.action, row.target, details, row.outcome or "")
