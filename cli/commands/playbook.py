"""`pipeline playbook`: accounts that are addressed alike, and their list."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Annotated

import typer

from cli.commands.options import AsOf, Json, Listing, Pack, Signals, day, group, named, to_write
from cli.files import reports as files
from cli.files.listed import accounts_of
from cli.printing import reports as shown
from cli.printing import show
from engines import packs
from engines.drafting.templates import Template
from engines.reports.pack import Condition, Playbook, in_words, playbooks_in, reports_in
from engines.reports.rows import listed

app = group("Playbooks: accounts that are addressed alike, their letter, and their list.")

Name = Annotated[str, typer.Argument(help="The name of a playbook.")]


@app.command("list")
def list_(pack: Pack = None, as_json: Json = False) -> None:
    """List the playbooks of the pack."""
    found = list(playbooks_in(_folder(pack)).values())
    show.as_json([_as_object(each) for each in found]) if as_json else shown.playbooks(found)


@app.command("show")
def show_(name: Name, pack: Pack = None, as_json: Json = False) -> None:
    """Show which accounts a playbook is for, and what is written to them.

    Example: pipeline playbook show urgent-care
    """
    folder = _folder(pack)
    found = named(playbooks_in(folder), name, "playbook")
    subjects = found.subjects(packs.section_of(folder, f"templates/{found.letter}", Template))
    if as_json:
        show.as_json({**_as_object(found), "subjects": subjects})
    else:
        shown.playbook(found, subjects)


@app.command()
def export(
    name: Name,
    file: Listing = None,
    pack: Pack = None,
    as_of: AsOf = None,
    signals: Signals = None,
    min_score: Annotated[float | None, typer.Option(help="Only accounts with at least this score.")] = None,
    out: Annotated[
        Path | None, typer.Option(callback=to_write, help="The CSV file to write; by default NAME.csv.")
    ] = None,
) -> None:
    """Write the accounts of a playbook as CSV, with the columns of its report.

    Of the running stack, clients and accounts that must not be contacted are left out.

    Example: pipeline playbook export urgent-care --out urgent-care.csv
    """
    folder = _folder(pack)
    playbook = named(playbooks_in(folder), name, "playbook")
    report = named(reports_in(folder), playbook.report, "report")
    least = () if min_score is None else (Condition(score=True, at_least=Decimal(str(min_score))),)
    accounts = accounts_of(file, folder, pack, day(as_of, "--as-of") if as_of else None, signals)
    chosen = replace(report, where=(*report.where, *playbook.where, *least))
    found = listed(chosen, accounts.accounts, accounts.words, accounts.more)
    path = out or Path(f"{name}.csv")
    files.write_csv(found, path)
    shown.written([path], found)
    shown.warnings(accounts.warnings)


def _as_object(playbook: Playbook) -> dict[str, object]:
    return {
        "name": playbook.name,
        "title": playbook.title,
        "where": in_words(playbook.where),
        "focus": playbook.focus,
        "cta": playbook.cta,
        "letter": playbook.letter,
        "report": playbook.report,
    }


def _folder(pack: str | None) -> Path:
    return packs.folder_of(pack) if pack else packs.pack_folder()
