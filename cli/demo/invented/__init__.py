"""What does the demo of a pack contain?

Accounts, facts about them, their people and a feed of postings, as the pack's sample.yaml describes them. All of it is
invented and a function of the seed: the same seed gives the same bytes. `truth.csv` has the right answer for each
posting, for tests.
"""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from cli.demo.invented.accounts import Account, invented_accounts, listed_accounts
from cli.demo.invented.people import clients_of, contacts_of
from cli.demo.invented.postings import feed_of
from cli.demo.invented.undecided import undecided_of
from cli.demo.invented.values import fact_rows, listed_rows
from engines import packs
from engines.datasets.facts import Headings
from engines.packs.layers import file_in, layers
from engines.packs.sample import Sample, SampleSource

START = date(2026, 7, 1)


@dataclass(frozen=True, slots=True)
class Invented:
    """The files of a demo; those about which the sample states nothing are missing."""

    facilities: Path
    postings: Path
    listed: Path
    """The postings that are fetched, as `python -m cli.fakes` takes them."""
    sources: Mapping[str, SampleSource]
    facts: Path | None
    clients: Path | None
    contacts: Path | None
    undecided: Path | None
    """Postings of the last morning that a person must resolve."""
    truth: Path


def has_sample(pack: Path) -> bool:
    """Whether the pack in a folder states what its demo invents."""
    return file_in(pack, "sample") is not None


def write_invented(pack: Path, folder: Path, seed: int, days: int | None = None, start: date = START) -> Invented:
    """Write the files of a seed by the sample of a pack, for its days or as many others; raises `PackInvalid`.

    The accounts do not depend on the number of days.
    """
    folder.mkdir(parents=True, exist_ok=True)
    sample, headings = packs.section_of(pack, "sample", Sample), packs.section_of(pack, "fields", Headings)
    facilities = folder / "facilities.csv"
    accounts: list[Account]
    facts: Iterable[Mapping[str, str]] = ()
    if sample.of:
        listed = _listed(pack, sample.of)
        accounts = listed_accounts(listed, headings, start)
        shutil.copyfile(listed, facilities)
    else:
        accounts = invented_accounts(seed, sample, headings.key)
        rows = listed_rows(seed, sample, headings, accounts, start)
        facts = fact_rows(seed, sample, headings, accounts, rows, start)
        _write(facilities, rows)
    clients = clients_of(seed, sample, accounts)
    column = headings.key.column
    feed = feed_of(seed, sample, accounts, [each.key for each in clients], column, start, days or sample.days)
    return Invented(
        facilities=facilities,
        facts=_write(folder / "facts.csv", facts),
        clients=_write(folder / "clients.csv", ({column: each.key, "owner": each.owner} for each in clients)),
        contacts=_write(folder / "contacts.csv", contacts_of(seed, sample, pack, accounts, clients, column, start)),
        postings=_required(_write(folder / "postings.csv", feed.rows)),
        listed=_write_lines(folder / "listed.jsonl", feed.listed),
        sources=sample.postings.sources,
        undecided=_write(folder / "undecided.csv", undecided_of(sample, accounts)),
        truth=_required(_write(folder / "truth.csv", feed.truth)),
    )


def _listed(pack: Path, name: str) -> Path:
    """A list of the sample; raises `PackInvalid` if it is missing."""
    paths = (layer / "sample" / name for layer in layers(pack))
    found = next((path for path in paths if path.is_file()), None)
    if found is None:
        raise packs.PackInvalid(f"{pack.name}/sample.yaml: of: there is no file sample/{name}; add it.")
    return found


def _write(path: Path, rows: Iterable[Mapping[str, str]]) -> Path | None:
    """The file with the rows; None without any."""
    listed = list(rows)
    path.unlink(missing_ok=True)
    if not listed:
        return None
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(listed[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(listed)
    return path


def _write_lines(path: Path, rows: Iterable[Mapping[str, str]]) -> Path:
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")
    return path


def _required(path: Path | None) -> Path:
    assert path is not None, "a feed spans its days"  # noqa: S101
    return path
