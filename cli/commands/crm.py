"""`pipeline crm`: what a CRM learns of the accounts."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Annotated

import typer

from cli.client.actor import OPERATOR, By, who
from cli.client.clock import reader
from cli.client.connection import ask, made, talk
from cli.commands.options import AsOf, Json, Listing, Pack, Signals, day, group, to_use, to_write
from cli.files import crm as written
from cli.files import reports as files
from cli.files.crm_records import companies, emails_of_team
from cli.files.listed import accounts_of
from cli.printing import crm as shown
from cli.printing import crm_exchange as exchanged
from cli.printing import reports, show
from cli.printing.progress import counted
from engines import packs
from engines.crm.mapping import Crm, crm_of
from engines.crm.records import Record
from shared.contracts.courier_crm import (
    CompareCrm,
    CrmComparison,
    CrmConflicts,
    CrmDrift,
    CrmFailures,
    CrmLane,
    CrmStatus,
    SetUpCrm,
    SyncCrm,
)

if TYPE_CHECKING:
    from shared.messaging.broker import Broker

PAUSE = 0.2
"""Seconds between two questions while the CRM is asked."""

app = group("HubSpot and Salesforce: what they learn of the accounts.")


@app.command("setup")
def set_up(
    wait: Annotated[float, typer.Option(min=0, max=3_600, help="Seconds to wait for the CRM.")] = 60.0,
    by: By = None,
    as_json: Json = False,
) -> None:
    """Create the properties that the CRM lacks, and exchange records with it from then on. Safe to repeat.

    PIPELINE_COURIER_CRM=hubspot or =salesforce states which CRM, and docs/crm.md how to sign in; the pack's crm.yaml,
    what is exchanged.

    Example: pipeline crm setup
    """
    with counted("setting up"):
        found = talk(lambda broker: _set_up(broker, who(by, unknown=OPERATOR), wait))
    _show(found, as_json)
    if not all(each.set_up_at for each in found):
        raise typer.Exit(1)


async def _set_up(broker: Broker, actor: str, wait: float) -> list[CrmLane]:
    await broker.ask(made(SetUpCrm, actor=actor))
    end = monotonic() + wait
    while True:
        found = await broker.ask(CrmStatus())
        if all(each.set_up_at or each.error for each in found) or monotonic() >= end:
            return found
        await asyncio.sleep(PAUSE)


@app.command()
def status(as_json: Json = False) -> None:
    """How the exchange with the CRM is doing: what both sides have, what waits, and what went wrong.

    Example: pipeline crm status
    """
    _show(ask(CrmStatus()), as_json)


def _show(found: list[CrmLane], as_json: bool) -> None:
    if as_json:
        show.as_json(found)
    else:
        exchanged.lanes(found, reader("courier"))


@app.command()
def sync(by: By = None, as_json: Json = False) -> None:
    """Read and merge every record again that both sides have, also those that failed.

    Changes are exchanged all the time without it.

    Example: pipeline crm sync
    """
    found = ask(made(SyncCrm, actor=who(by, unknown=OPERATOR)))
    if as_json:
        show.as_json({"records": found})
    else:
        show.say(f"{show.number(found, 'record')} will be read and merged again; `pipeline crm status` shows how far.")


@app.command("drift")
def compared(
    apply: Annotated[bool, typer.Option("--apply", help="Read and merge again what differs.")] = False,
    wait: Annotated[float, typer.Option(min=0, max=86_400, help="Seconds to wait for the comparison.")] = 600.0,
    by: By = None,
    as_json: Json = False,
) -> None:
    """Compare all records of both sides, field by field, and list what differs and why.

    Fails if something differs, or the CRM could not be read. The courier compares each night too.

    Example: pipeline crm drift --apply
    """
    with counted("comparing"):
        found = talk(lambda broker: _compared(broker, who(by, unknown=OPERATOR), apply, wait))
    if as_json:
        show.as_json(found)
    else:
        exchanged.comparisons(found)
    if any(each.differences or each.error or each.compared_at is None for each in found):
        raise typer.Exit(1)


async def _compared(broker: Broker, actor: str, apply: bool, wait: float) -> list[CrmComparison]:
    await broker.ask(made(CompareCrm, apply=apply, actor=actor))
    end = monotonic() + wait
    while True:
        found = await broker.ask(CrmDrift())
        if all(each.compared_at for each in found) or monotonic() >= end:
            return found
        await asyncio.sleep(PAUSE)


@app.command()
def conflicts(
    limit: Annotated[int, typer.Option(min=1, max=1_000, help="At most so many, the last ones first.")] = 50,
    as_json: Json = False,
) -> None:
    """Fields that both sides changed, with both values and which one counts.

    Example: pipeline crm conflicts
    """
    found = ask(made(CrmConflicts, limit=limit))
    if as_json:
        show.as_json(found)
    else:
        exchanged.conflicts(found, reader("courier"))


@app.command()
def failures(
    limit: Annotated[int, typer.Option(min=1, max=1_000, help="At most so many, the last ones first.")] = 50,
    as_json: Json = False,
) -> None:
    """Records that the CRM refused, and why. Each is sent again when it changes; `pipeline crm sync` sends all again.

    Example: pipeline crm failures
    """
    found = ask(made(CrmFailures, limit=limit))
    if as_json:
        show.as_json(found)
    else:
        exchanged.failures(found, reader("courier"))


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
