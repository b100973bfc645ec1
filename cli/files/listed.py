"""Which accounts does a file list, with their scores, and how long have they waited? Works without any server."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from cli.files.accounts import Accounts, of_stack
from cli.files.waiting import waiting
from engines import packs
from engines.datasets.facts import Headings
from engines.datasets.listing import Identity, Listing
from engines.datasets.reading import Row, Table, Unreadable, read_table
from engines.datasets.registry import Reject, UnknownLayout, layout_of, read_row
from engines.drafting.accounts import Account, Line
from engines.drafting.outreach import Outreach
from engines.reports.rows import Words
from engines.scoring.cohort import Cohort, Placed, read_signals, score_cohort
from engines.scoring.inputs import Fact
from engines.scoring.pack import scheme_in
from shared.clock import local_date, real_time


def accounts_of(file: Path | None, folder: Path, pack: str | None, on: date | None, signals: Path | None) -> Accounts:
    """The accounts of a file, or those of the running stack; raises `ValueError` for options that go with a file."""
    if file is None:
        if pack or on or signals:
            raise ValueError("--pack, --as-of and --signals are for a file; the running stack has its own.")
        return of_stack(folder)
    timezone = packs.section_of(folder, "calendar", packs.Calendar).timezone
    return of_file(file, folder, on or local_date(real_time(), timezone), signals)


def of_file(path: Path, folder: Path, on: date, signals: Path | None = None) -> Accounts:
    """The accounts of a file by the pack in a folder, on a day; raises `Unreadable`."""
    scheme, outreach = scheme_in(folder), packs.section_of(folder, "outreach", Outreach)
    warnings, read = list[str](), dict[str, Listing]()
    with read_table(path) as table:
        for one in _listings(table, packs.section_of(folder, "fields", Headings), on):
            if isinstance(one, Listing) and one.facility_id not in read:
                read[one.facility_id] = one
                warnings += [f"{path.name}, line {one.line}: {warning}" for warning in one.warnings]
            else:
                reason = one.reason if isinstance(one, Reject) else _again(one, read[one.facility_id])
                warnings.append(f"{path.name}, line {one.line}: {reason}; the row is left out")
    cohort = Cohort({key: each.identity.state for key, each in read.items()}, warnings=warnings)
    cohort.facts = [
        Fact(fact.facility_id, fact.field, fact.as_of, fact.value) for each in read.values() for fact in each.facts
    ]
    if signals:
        key = packs.section_of(folder, "fields", Headings).key.column
        cohort.signals = list(read_signals(signals, scheme.model, on, cohort, key))
    words = Words(outreach, scheme.policy.labels, on)
    placed = score_cohort(cohort.inputs(), scheme, on).placed
    found = [_account(each, read[each.facility_id].identity) for each in placed]
    return Accounts(words, found, waiting(found, folder, words), warnings)


def _again(one: Listing, first: Listing) -> str:
    return f"{one.facility_id} is on line {first.line} already"


def _listings(table: Table, headings: Headings, on: date) -> Iterator[Listing | Reject]:
    try:
        layout = layout_of(headings, table.header)
    except UnknownLayout as error:
        raise Unreadable(f"{table.file.name} is {error}.") from error
    for row in table.rows:
        if not isinstance(row, Row):
            yield Reject(row.line, row.reason)
        elif any(map(str.strip, row.cells)):
            yield read_row(layout, row.line, row.cells, on)


def _account(placed: Placed, identity: Identity) -> Account:
    return Account(
        placed.facility_id,
        identity.name,
        identity.city,
        identity.state,
        placed.tier,
        placed.scored.score,
        tuple(
            Line(each.factor, each.label, each.evidence, each.points, each.known, weightless=not each.weight)
            for each in placed.scored.breakdown
        ),
    )
