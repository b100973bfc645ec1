"""`pipeline crm`: what a CRM learns of the accounts."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from cli.commands.options import AsOf, Json, Listing, Pack, Signals, day, group, to_use, to_write
from cli.files import crm as written
from cli.files import reports as files
from cli.files.crm_records import companies, emails_of_team
from cli.files.listed import accounts_of
from cli.printing import crm as shown
from cli.printing import reports, show
from engines import packs
from engines.crm.mapping import Crm, crm_of
from engines.crm.records import Record

app = group("HubSpot and Salesforce: what they learn of the accounts.")


@app.command("files")
def files_(
    out: Annotated[
        Path, typer.Option("--out", callback=to_use, help="The folder in which to write the files.", show_default=False)
    ],
    file: Listing = None,
    pack: Pack = None,
    as_of: AsOf = None,
    signals: Signals = None,
) -> None:
    """Write the accounts as files that HubSpot and Salesforce import.

    The pack's crm.yaml states the columns. HubSpot finds owners by their e-mail addresses. Clients and accounts that
    must not be contacted are left out.

    Example: pipeline crm files --out crm
    """
    if not out.is_dir():
        raise typer.BadParameter(f"--out {out} is not a folder.")
    crm, records, warnings = _read(file, pack, as_of, signals)
    for name, content in written.files(crm, {"companies": records}, {}).items():
        if "contacts" in name:  # a list of accounts names no people
            continue
        files.replace(out / name, content.encode())
        show.say(f"{show.number(len(records), 'account')} written to {out / name}.")
    reports.warnings(warnings)


@app.command("dry-run")
def dry_run(
    file: Listing = None,
    pack: Pack = None,
    as_of: AsOf = None,
    signals: Signals = None,
    out: Annotated[Path | None, typer.Option("--out", callback=to_write, help="A CSV file for all records.")] = None,
    as_json: Json = False,
) -> None:
    """Show what would be sent to Salesforce, and the workload of each owner (R96). Nothing is sent.

    Example: pipeline crm dry-run --out salesforce.csv
    """
    crm, records, warnings = _read(file, pack, as_of, signals)
    if out:
        content = written.files(crm, {"companies": records}, {})["salesforce-accounts.csv"]
        files.replace(out, content.encode())
    loads = shown.workloads(records)
    if as_json:
        rows = [shown.simulated(crm, each) for each in records]
        show.as_json({"records": rows, "owners": {name: shown.counts(one) for name, one in loads.items()}})
        return
    shown.dry_run(records, loads)
    if out:
        show.say(f"{show.number(len(records), 'record')} written to {out}.")
    reports.warnings(warnings)


def _read(
    file: Path | None, pack: str | None, as_of: str | None, signals: Path | None
) -> tuple[Crm, Sequence[Record], list[str]]:
    folder = packs.folder_of(pack) if pack else packs.pack_folder()
    crm = crm_of(folder)
    if crm is None:
        raise typer.BadParameter(f"The pack {folder.name} has no crm.yaml, so a CRM learns nothing.")
    found = accounts_of(file, folder, pack, day(as_of, "--as-of") if as_of else None, signals)
    emails = {} if file else emails_of_team()
    return crm, companies(found, emails), found.warnings
