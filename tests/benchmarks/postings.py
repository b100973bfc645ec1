"""Which postings flow through all services?

The demo's invented prospects; of the postings, 95 in 100 bear an employer's name that was seen before in the run, and
36 in 100 are for roles that are no signal.
"""

from __future__ import annotations

import asyncio
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

from cli.demo.invented import write_invented
from cli.demo.invented.accounts import Account, invented_accounts
from cli.demo.invented.people import clients_of
from cli.demo.invented.postings import OTHER, family_of, title_of
from cli.demo.invented.spellings import spelled
from cli.files.importing import import_rows, import_table
from engines import packs
from engines.packs.sample import Sample
from shared.contracts.ingest import ImportFacilities, ImportFacts
from shared.contracts.sequencer import ImportContacts
from shared.contracts.sequencer_imports import ImportAccounts
from shared.messaging.broker import Broker

SEED = 1
DAY = date(2026, 7, 1)
NEW_NAMES = 0.05
IRRELEVANT = 0.36
TELLS_CITY = 0.72
"""As in the demo's own feed."""


def postings(count: int) -> list[dict[str, Any]]:
    """Postings of one day, as a source submits them; new names occur throughout."""
    rng = Random(f"{SEED}:benchmark")
    sample = packs.section("sample", Sample)
    accounts = invented_accounts(SEED, sample, packs.account_key())
    clients = {client.key for client in clients_of(SEED, sample, accounts)}
    prospects = [account for account in accounts if account.key not in clients]
    seen: list[dict[str, str]] = []
    rows = []
    for number in range(count):
        if not seen or rng.random() < NEW_NAMES:
            seen.append(_employer(rng, sample, rng.choice(prospects)))
        rows.append(_posting(rng, sample, number, rng.choice(seen)))
    return rows


def _employer(rng: Random, sample: Sample, account: Account) -> dict[str, str]:
    town = account.town
    place = {"city": town.city, "zip": town.zip} if rng.random() < TELLS_CITY else {}
    return {"employer_name": spelled(rng, sample, account), "state": town.state, **place}


def _posting(rng: Random, sample: Sample, number: int, employer: dict[str, str]) -> dict[str, Any]:
    family = OTHER if rng.random() < IRRELEVANT else family_of(rng, sample)
    return {
        "source_posting_id": f"J{number:07d}",
        "title": title_of(rng, sample, family),
        "posted_on": DAY.isoformat(),
        "seen_at": f"{DAY.isoformat()}T15:00:00Z",
        "url": f"https://job-board.example/jobs/J{number:07d}",
        **employer,
    }


async def import_world(broker: Broker, folder: Path) -> None:
    """The demo's facilities with all their facts."""
    made = write_invented(packs.pack_folder(), folder, SEED, 1)
    assert made.facts
    assert made.contacts
    assert made.clients

    def quietly(_: int) -> None: ...

    await import_table(broker, ImportFacilities, made.facilities, {"state": None}, quietly)
    await import_table(broker, ImportFacts, made.facts, {}, quietly)
    await import_rows(broker, ImportContacts, made.contacts, quietly)
    while True:
        report = await import_rows(broker, ImportAccounts, made.clients, quietly, {"status": "client"})
        if not report.rejects:
            return
        await asyncio.sleep(0.1)  # until the sequencer knows their facilities
