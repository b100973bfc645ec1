"""What does the invented data of the demo contain?

A cohort, facts about it, its people and sixty days of postings. All of it is invented and a function of the seed: the
same seed gives the same bytes. `truth.csv` has the right answer for each posting, for tests.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from cli.demo.invented.contacts import invent_clients, invent_contacts
from cli.demo.invented.facilities import invent_facilities
from cli.demo.invented.facts import invent_facts
from cli.demo.invented.postings import invent_postings
from cli.demo.invented.registry import registry_rows
from cli.demo.invented.reps import decide
from cli.demo.invented.undecided import undecided_postings

__all__ = ["DAYS", "KEY", "START", "Invented", "decide", "write_invented"]

START = date(2026, 7, 1)
KEY = "ccn"
"""The column of the accounts' keys in all files."""
DAYS = 60


@dataclass(frozen=True, slots=True)
class Invented:
    """The files of invented data."""

    facilities: Path
    facts: Path
    clients: Path
    contacts: Path
    postings: Path
    undecided: Path
    """Postings of the last morning that a person must resolve."""
    truth: Path


def write_invented(folder: Path, seed: int, days: int = DAYS, start: date = START) -> Invented:
    """Write the files of a seed; the facilities do not depend on the number of days."""
    folder.mkdir(parents=True, exist_ok=True)
    facilities = invent_facilities(seed)
    clients = invent_clients(seed, facilities)
    keys = [client["ccn"] for client in clients]
    feed = invent_postings(seed, facilities, keys, start, days)
    return Invented(
        facilities=_write(folder / "facilities.csv", registry_rows(facilities, start)),
        facts=_write(folder / "facts.csv", invent_facts(seed, facilities, start)),
        clients=_write(folder / "clients.csv", clients),
        contacts=_write(folder / "contacts.csv", invent_contacts(seed, facilities, start, keys)),
        postings=_write(folder / "postings.csv", feed.rows),
        undecided=_write(folder / "undecided.csv", undecided_postings(facilities)),
        truth=_write(folder / "truth.csv", feed.truth),
    )


def _write(path: Path, rows: Iterable[Mapping[str, str]]) -> Path:
    listed = list(rows)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(listed[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(listed)
    return path
