"""`pipeline report`: the lists of the pack, from a file or from the running stack."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli.commands.options import AsOf, Json, Listing, Pack, Signals, day, named, to_use
from cli.files import reports as files
from cli.files.listed import accounts_of
from cli.printing import reports as shown
from cli.printing import show
from cli.printing.bars import draw
from engines import packs
from engines.reports.pack import reports_in
from engines.reports.rows import Listed, bars, listed


def report(
    name: Annotated[str | None, typer.Argument(help="One of the pack's reports; without it, all are named.")] = None,
    file: Listing = None,
    pack: Pack = None,
    as_of: AsOf = None,
    signals: Signals = None,
    out: Annotated[
        Path, typer.Option(callback=to_use, help="The folder in which to write the files of the report.")
    ] = Path(),
    as_json: Json = False,
) -> None:
    """Print a report of the pack, and write its files.

    With a file, no server is needed: its accounts are scored, and sla.yaml judges how long each has waited since its
    last contact, as far as the file states that. The pack names the files that are written. Of the running stack,
    clients and accounts that must not be contacted are left out.

    Example: pipeline report list accounts.csv --pack ./my-pack --as-of 2026-07-01
    """
    folder = packs.folder_of(pack) if pack else packs.pack_folder()
    reports = reports_in(folder)
    if name is None:
        shown.reports(list(reports.values()))
        return
    chosen = named(reports, name, "report")
    if not out.is_dir():
        raise typer.BadParameter(f"--out {out} is not a folder.")
    accounts = accounts_of(file, folder, pack, day(as_of, "--as-of") if as_of else None, signals)
    found = listed(chosen, accounts.accounts, accounts.words, accounts.more)
    picture = draw(chosen.chart.title, bars(found)) if chosen.chart else None
    written = files.write(found, picture, out)
    if as_json:
        show.as_json(_as_object(found))
        return
    shown.listed(found)
    shown.written(written, found)
    shown.warnings(accounts.warnings)


def _as_object(found: Listed) -> dict[str, object]:
    """A report for programs: a row is an object with the columns of the report."""
    return {
        "report": found.report.name,
        "rows": [dict(zip(found.header, row.cells, strict=True)) for row in found.rows],
        "counts": found.counts,
        "over_the_limit": {who: [row.account.facility_id for row in late] for who, late in found.calls.items()},
    }
