"""`pipeline import`: lists of accounts and contacts, as other systems export them, and the undo of an import."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.client.actor import By, who
from cli.client.connection import ask, made, persistently, talk
from cli.commands.options import File, Json, day, to_write
from cli.files.importing import PATIENCE, import_rows
from cli.files.report import Report, Stopped, write_rejects
from cli.printing import show
from cli.printing.imports import as_json as in_json
from cli.printing.imports import report, undone
from cli.printing.progress import rows_of
from engines.datasets.urls import is_url
from shared.contracts.refusals import AskFailed
from shared.contracts.sequencer import ImportContacts
from shared.contracts.sequencer_imports import ImportAccounts, ImportLeads, ImportReps, Imports, UndoImport

if TYPE_CHECKING:
    from shared.contracts.imports import ImportedRows
    from shared.contracts.requests import Command
    from shared.messaging.broker import Broker

Preview = Annotated[
    bool, typer.Option("--preview", help="Only show what would be added, changed and rejected; nothing is written.")
]
Rejects = Annotated[
    Path | None,
    typer.Option(
        callback=to_write, help="The file for rejected rows, instead of FILE.rejects.csv.", show_default=False
    ),
]


def add_to(app: typer.Typer) -> None:
    """Add the commands of this module to `pipeline import`."""
    for command in (accounts, contacts, leads, reps):
        app.command()(command)
    app.command("list")(listed)
    app.command()(undo)


def accounts(
    file: File,
    status: Annotated[
        str | None, typer.Option(help="The status of all rows, for a file without such a column: client or prospect.")
    ] = None,
    preview: Preview = False,
    rejects: Rejects = None,
    as_json: Json = False,
) -> None:
    """Accounts: which are active clients, who owns them, and when to follow up. An empty cell changes nothing.

    Required columns: {key.column}. Optional: status (client or prospect), owner (a rep's id, name or e-mail address),
    next_follow_up_on (YYYY-MM-DD), note. A client needs an owner; it gets upsell leads, never a prospect's sequence.
    The headings of Salesforce and HubSpot (Account Owner, Lifecycle Stage, Next Activity Date, ...) are recognized.

    A row is rejected if the facility is not on the registry, or if its owner is not in the team.

    Example: pipeline import accounts accounts.csv --preview
    """
    _run(ImportAccounts, file, {"status": status, "preview": preview}, rejects, as_json)


def contacts(
    file: File,
    source: Annotated[str | None, typer.Option(help="The source of rows without one.")] = None,
    source_date: Annotated[
        str | None, typer.Option(metavar="DAY", help="The day of the source (YYYY-MM-DD), for rows without one.")
    ] = None,
    source_url: Annotated[
        str | None, typer.Option(metavar="URL", help="The page or file that names the people, for rows without one.")
    ] = None,
    preview: Preview = False,
    rejects: Rejects = None,
    as_json: Json = False,
) -> None:
    """Public, professional contacts, one per row.

    Required columns: {key.column} or chain, role (one of `contacts.yaml`), name, source, source_date, source_url.
    Optional: direct_phone, email, do_not_contact (yes, or the channels: call, email, linkedin), do_not_call and
    do_not_email (yes or no; also as "Email Opt Out"). An option states the source of the complete file.

    A person may be named only as a public source does: with its URL and date. With `policy: role_only` in
    `contacts.yaml`, no names are stored; the number and the address are those of the office.

    A roster, with the people of roles in columns of their own, is taken as it is, by the headings in `fields.yaml`. Its
    telephone numbers are those of the facilities, so that direct numbers are still missing.

    A name can be in any order and case, with credentials ("MOSS, JANE A., RN"); letters greet the person by the name
    only. "Vacant" and similar texts mean that the role is unfilled; "N/A" and similar texts are refused.

    Example: pipeline import contacts contacts.csv --source-url https://example.org/staff
    """
    if source_url and not is_url(source_url):
        raise ValueError(f"--source-url {source_url!r} is not a web address that begins with http:// or https://.")
    stated_on = str(day(source_date, "--source-date")) if source_date else None
    of_file = {"source": source, "source_date": stated_on, "source_url": source_url}
    _run(ImportContacts, file, {**of_file, "preview": preview}, rejects, as_json)


def leads(file: File, preview: Preview = False, rejects: Rejects = None, as_json: Json = False) -> None:
    """Existing leads, one per account, as another system has them. An empty cell changes nothing.

    Required columns: {key.column}. Optional: stage (one of `stages.yaml`, or a default stage of Salesforce, HubSpot or
    Pipedrive), owner (a rep's id, name or e-mail address), amount, currency (USD), close_on (the expected close),
    reason (of a loss; required for one), next_follow_up_on, source, note, and the fields of the intake form in
    `stages.yaml`, which some stages need. Days are YYYY-MM-DD. The usual headings of CRM systems are recognized.

    A row updates the open lead of its account, or adds one; that of an active client is an upsell lead. A row is
    rejected if it would move a lead back, open one again that was won or lost, win one, or enter a stage without what
    the stage needs; if the facility is not on the registry; if the owner is not in the team; and if an earlier row is
    about the same account. A sequence that runs ends, if the lead is worked by hand in its stage, or lost. A loss that
    is imported is not recorded as an outcome of today, and counts in no key figure.

    Example of a file: {key.column},stage,owner,amount,close_on and below it 335001,contacted,rep-1,12000,2026-12-01

    Example: pipeline import leads deals.csv --preview
    """
    _run(ImportLeads, file, {"preview": preview}, rejects, as_json)


def reps(file: File, preview: Preview = False, rejects: Rejects = None, as_json: Json = False) -> None:
    """Reps: who is in the team. An empty cell changes nothing.

    Required columns: rep (a short id), or name; without an id, a rep is recognized by the e-mail address, and a new one
    gets an id from the name. Optional: email, phone, hours (8:30-17), timezone (America/New_York),
    territories (of the pack, several separated by `;`, or `all`).

    A rep who is not in the team joins it today, and needs a name. A rep who left is rejected: `pipeline rep add` adds
    them again. Undoing the import lets those leave whom it added, unless they own anything.

    Example: pipeline import reps team.csv --preview
    """
    _run(ImportReps, file, {"preview": preview}, rejects, as_json)


def listed(as_json: Json = False) -> None:
    """List the latest imports of accounts, contacts, leads and reps, and which of them were undone.

    Example: pipeline import list
    """
    found = ask(Imports())
    if as_json:
        show.as_json(found)
        return
    rows = [
        [
            str(each.import_id)[:8],
            each.kind,
            each.file_name,
            each.imported_by,
            each.imported_on,
            each.added,
            each.changed,
            f"by {each.undone_by}" if each.undone_by else "",
        ]
        for each in found
    ]
    columns = ["import", "kind", "file", "by", "on", "added", "changed", "undone"]
    show.table(f"Imports ({len(rows)})", columns, rows, right=["added", "changed"])


def undo(
    import_id: Annotated[str, typer.Argument(metavar="IMPORT", help="Its id, or the first characters of it.")],
    preview: Preview = False,
    by: By = None,
    as_json: Json = False,
) -> None:
    """Put back everything that an import added or changed, in one transaction; nothing else changes.

    What was changed since by a person, a touch or another import stays, and is named. An enrollment that began only
    because of the import ends. What the list suppressed (do_not_contact) is allowed again, unless a person has stated
    something about the same target since. An import that was undone can be imported again.

    Example: pipeline import undo 1f0c2a9e --preview
    """
    request = made(UndoImport, import_id=import_id.strip(), preview=preview, actor=who(by))
    result = talk(lambda broker: persistently(broker, request, patience=PATIENCE))
    if as_json:
        show.as_json(result)
    else:
        undone(result, preview)


def _run(
    kind: type[Command[ImportedRows]], file: Path, more: dict[str, Any], rejects: Path | None, as_json: bool
) -> None:
    run(file, lambda broker, progress: import_rows(broker, kind, file, progress, more), rejects, as_json)


def run(
    file: Path,
    work: Callable[[Broker, Callable[[int], None]], Awaitable[Report]],
    rejects: Path | None = None,
    json: bool = False,
) -> Report:
    """Import a file with a bar of progress; print the result, and write the rejects."""
    stopped = None
    try:
        with rows_of(file.name) as progress:
            result = talk(lambda broker: work(broker, progress))
    except Stopped as error:
        stopped, result = error, error.report
    except AskFailed as failed:
        raise AskFailed(f"{file.name}: {failed}", failed.code, failed.fields) from failed
    written = write_rejects(result, Path(file.name), rejects)
    if json:
        show.as_json(in_json(file.name, result))
    else:
        report(file.name, result, written)
    if stopped:
        raise stopped
    if result.rejects and not sum(result.counts.values()):
        raise typer.Exit(1)
    return result
