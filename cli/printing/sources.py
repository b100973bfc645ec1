"""How are sources, their tests and the ledger printed?"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from itertools import groupby

from cli.printing import show
from shared.contracts.ingest_sources import (
    LedgerRow,
    LedgerSums,
    PostingAccount,
    Sighting,
    SourceDetail,
    SourceState,
    TestedSource,
)

MOST_SHOWN = 20
"""Postings of a test."""
At = Callable[[datetime], str]


def sources(found: Sequence[SourceState], at: At) -> None:
    if not found:
        show.say("There are none yet; `pipeline source add NAME --adapter KIND` fetches one,")
        show.say("`pipeline source add NAME` creates a key for one that pushes its postings.")
        return
    rows = [
        (
            each.name,
            each.adapter or each.kind,
            each.state,
            f"{each.listed:,}" if each.kind == "fetched" else "",
            at(each.last.finished_at) if each.last else "never",
            what_came(each.last) if each.last else "",
            at(each.next_at) if each.next_at else "",
        )
        for each in found
    ]
    show.table("Sources", ["name", "how", "state", "lists", "last", "what came", "next"], rows, ["lists"])
    for each in found:
        if each.warning:
            show.problem(f"{each.name}: {each.warning}")


def source(found: SourceDetail, at: At) -> None:
    state = found.state
    show.say(f"{state.name}: {state.kind}, {state.state}.")
    if state.state == "paused":
        show.line(f"  paused    by {state.paused_by}" + (f": {state.pause_reason}" if state.pause_reason else ""))
    if state.adapter:
        _fetched(found, at)
    if state.warning:
        show.problem(f"Warning: {state.warning}")
    if state.error:
        show.problem(f"The last of {state.failures} failures in a row: {state.error}")
    if found.ledger:
        _rows("What came last", found.ledger, at)


def _fetched(found: SourceDetail, at: At) -> None:
    state = found.state
    options = ", ".join(f"{name}={_value(value)}" for name, value in found.options.items())
    show.line(f"  adapter   {state.adapter}" + (f" ({options})" if options else ""))
    show.line(f"  hosts     {', '.join(found.hosts) or 'none'}")
    show.line(f"  rule      {state.rule}")
    show.line(f"  schedule  {found.schedule}")
    show.line(f"  next      {at(state.next_at) if state.next_at else 'never, while it is paused'}")
    show.line(f"  lists     {show.number(state.listed, 'posting')}, of which its last listing missed {state.missed:,}")
    show.line(f"  complete  {at(state.last_complete_at) if state.last_complete_at else 'never'}")
    show.line(f"  pages     {found.pages:,} remembered")
    if state.employer_name:
        show.line(f"  employer  {state.employer_name}")
    if found.terms:
        show.line(f"  terms     accepted by {found.terms.by}, {found.terms.on}")
    if found.licence_until:
        show.line(f"  licence   until {found.licence_until}")
    if found.added_by and found.added_at:
        show.line(f"  added     by {found.added_by}, {at(found.added_at)}")
    for each in found.robots:
        show.line(f"  robots    {each.host}: status {each.status}, sha256 {each.sha256[:12]}, {at(each.fetched_at)}")


def _value(value: object) -> str:
    return ",".join(map(str, value)) if isinstance(value, list) else str(value)


def came(row: LedgerRow) -> None:
    """What came of a fetch, on a line."""
    show.line(f"{row.source}: {row.outcome}, {what_came(row)} ({show.number(row.requests, 'request')})")
    if row.note:
        show.line(f"  {row.note}")
    _refusals(row.refusals)


def test(found: TestedSource) -> None:
    if found.tested_at is None:
        show.problem(f"{found.name} was not tested yet: it waits for its host.")
        return
    for each in found.asked:
        show.line(f"{each.status}  {each.url}")
    if found.error:
        show.problem(found.error)
    for note in found.notes:
        show.line(note)
    rows = [
        (
            each.source_posting_id,
            each.title,
            each.employer_name,
            " ".join(filter(None, (each.city, each.state, each.zip))),
            each.role_family,
        )
        for each in found.postings[:MOST_SHOWN]
    ]
    if rows:
        show.table(
            f"{show.number(found.found, 'posting')}; nothing was stored",
            ["id", "title", "employer", "place", "role"],
            rows,
        )
        if found.found > len(rows):
            show.say(f"{found.found - len(rows):,} more.")
    elif not found.error:
        show.say("No postings were found.")
    _refusals(found.refusals)
    if found.rule:
        show.line(f"Rule: {found.rule}")


def ledger(rows: Sequence[LedgerRow], at: At) -> None:
    if rows:
        _rows("Ledger", rows, at)
    else:
        show.say("The ledger has no such row.")


def totals(found: LedgerSums) -> None:
    rows = [
        (each.kind, each.rule, f"{each.rows:,}", f"{each.new:,}", f"{each.refused:,}", f"{each.closed:,}")
        for each in found.sums
    ]
    if rows:
        numbers = ["rows", "new", "refused", "closed"]
        show.table("All of it", ["kind", "rule", *numbers], rows, numbers)
    if found.missing:
        show.problem(f"{found.missing:,} of {found.postings:,} postings have no row of the ledger.")
    else:
        show.say(f"It accounts for all {found.postings:,} postings.")


def account(found: PostingAccount, at: At) -> None:
    state = f"closed on {found.closed_on}" if found.closed_on else "open"
    show.say(f"{found.title}, {found.employer_name}: {found.source}/{found.source_posting_id}, {state}.")
    show.say(f"Seen first on {found.first_seen_on}, last on {found.last_seen_on}.")
    for _, equal in groupby(found.sightings, key=_what):
        first, *later = equal
        again = f"; seen again {_times(len(later))}, last {at(later[-1].seen_at)}" if later else ""
        why = _why(first.row) if first.row else "from before the ledger"
        show.line(f"  {at(first.seen_at)}  {first.title}: {why}{again}")
    if found.last_listed:
        show.line(
            f"  Listed {_times(found.times_listed)}, last {at(found.last_listed.finished_at)}:"
            f" {_why(found.last_listed)}"
        )


def _what(sighting: Sighting) -> tuple[object, ...]:
    """What two sightings in a row have in common if nothing changed but the day."""
    row = sighting.row
    return (
        sighting.title,
        sighting.closed_on,
        *((row.kind, row.rule, row.detail, row.rule_sha256 or "") if row else ()),
    )


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count:,} times"


def _why(row: LedgerRow) -> str:
    sha256 = f", sha256 {row.rule_sha256[:12]}" if row.rule_sha256 else ""
    return f"{row.kind} {row.fetch_no}, {row.rule}: {row.detail}{sha256}"


def _rows(title: str, rows: Sequence[LedgerRow], at: At) -> None:
    cells = [
        (row.fetch_no, at(row.finished_at), row.source, row.kind, row.outcome, what_came(row), row.rule, row.note or "")
        for row in rows
    ]
    show.table(title, ["row", "when", "source", "kind", "outcome", "what came", "rule", "note"], cells, ["row"])


def what_came(row: LedgerRow) -> str:
    """The numbers that are not 0."""
    counts = {"new": row.new, "known": row.seen, "unchanged": row.again, "refused": row.refused, "closed": row.closed}
    return ", ".join(f"{count:,} {name}" for name, count in counts.items() if count) or "nothing"


def _refusals(refusals: Mapping[str, int]) -> None:
    for reason, count in refusals.items():
        show.line(f"  refused {count:,}: {reason}")
