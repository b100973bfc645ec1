"""Which rule allowed each posting: the rows of the ledger, and those that account for one posting."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from services.console.domain.addresses import a_day, address_of, whole_number
from services.console.domain.sessions import Session
from services.console.rendering.filters import day, plural
from services.console.rendering.shapes import Choice
from services.console.rendering.sheets import streamed_in_pages
from services.console.screens.pages import Page
from services.console.screens.settings.around import section_page, sections_of
from services.console.screens.settings.sources.building import LEDGER, RULES, entry
from services.console.screens.settings.sources.view import Account, Entry, Ledger, Seen
from services.console.usecases.addresses import reading_address
from services.console.usecases.asking import asked
from services.console.usecases.auditing import record
from services.console.usecases.framing import zone_of
from services.console.usecases.seeing import begin, refuse_unseen
from shared.clock import local_text
from shared.contracts import ingest_sources as ingest
from shared.contracts.refusals import AskFailed, Refused

ROWS = 50
MOST_SEEN = 50
"""Contents of a posting on its page, the newest."""
TOGETHER = 1_000
"""The rows that are read and sent at once."""
LONGEST = 300
SILENT = "The ledger is not shown: the ingest does not answer."
HEADINGS = ("row", "when", "source", "kind", "outcome", "new", "known", "unchanged", "refused", "closed", "requests",
    "bytes", "rule", "detail", "sha256", "note")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What the address asks for."""

    source: str = ""
    day: date | None = None
    rule: str = ""
    posting: str = ""
    """Its id, or SOURCE/ID."""

    def href(self, path: str = LEDGER, before: int = 0) -> str:
        return address_of(path, {**self.fields(), "before": before or ""})

    def fields(self) -> dict[str, str]:
        on = self.day.isoformat() if self.day else ""
        return {"source": self.source, "day": on, "rule": self.rule, "posting": self.posting}

    def question(self, before: int | None, limit: int) -> ingest.Ledger:
        return ingest.Ledger(
            source=self.source or None, day=self.day, rule=self.rule or None, before=before, limit=limit
        )


async def show(request: Request, session: Session) -> Response:
    narrowed, before = _narrowed(request)
    if narrowed.posting:
        return await _show_posting(request, session, narrowed)
    rows, sums = await asyncio.gather(
        asked(request, narrowed.question(before or None, ROWS + 1)),
        asked(request, ingest.LedgerTotals(source=narrowed.source or None)),
    )
    view = replace(
        _page(session, narrowed),
        sentence=_sentence(sums, narrowed.source) if sums else "",
        tone="danger" if sums and sums.missing else "ok",
        answered=rows is not None,
        rules=_rules(narrowed, sums),
        rows=tuple(map(entry, (rows or ())[:ROWS])),
        first=narrowed.href() if before else "",
        older=narrowed.href(before=rows[ROWS - 1].fetch_no) if rows and len(rows) > ROWS else "",
        csv=narrowed.href(f"{LEDGER}.csv") if session.can("exports") and rows else "",
    )
    return await _shown(request, session, view)


async def _show_posting(request: Request, session: Session, narrowed: Narrowed) -> Response:
    view = _page(session, narrowed)
    try:
        found = await asked(request, _posting(narrowed.posting))
        view = replace(view, answered=found is not None, account=_account(found) if found else None)
    except AskFailed as failed:
        view = replace(view, unknown=str(failed))
    return await _shown(request, session, view)


async def _shown(request: Request, session: Session, view: Ledger) -> Response:
    async with begin(request, session) as tx:
        missing = [] if view.answered else [SILENT]
        return await section_page(request, session, tx, "settings/sources/ledger.html", view, missing=missing)


async def export(request: Request, session: Session) -> Response:
    """All rows of the list as CSV, which the audit log records: read and sent a part at a time."""
    refuse_unseen(session, "exports")
    narrowed, _ = _narrowed(request)
    first, zone = await asked(request, narrowed.question(None, TOGETHER)), zone_of(session)
    if first is None:
        raise Refused(SILENT, 503)
    async with begin(request, session) as tx:
        await record(tx, session, "export_ledger", narrowed.source, {k: v for k, v in narrowed.fields().items() if v})

    async def pages() -> AsyncIterator[list[tuple[object, ...]]]:
        rows = first
        while rows:
            yield [_cells(each, zone) for each in rows]
            if len(rows) < TOGETHER:
                return
            following = await asked(request, narrowed.question(rows[-1].fetch_no, TOGETHER))
            if following is None:
                raise Refused(SILENT, 503)  # the file is broken off, not complete
            rows = following

    return streamed_in_pages("ledger.csv", HEADINGS, pages())


def _cells(row: ingest.LedgerRow, zone: str) -> tuple[object, ...]:
    at, known = local_text(row.finished_at, zone), entry(row)
    counts = (row.new, row.seen, row.again, row.refused, row.closed, row.requests, row.bytes)
    return (row.fetch_no, at, row.source, known.kind, row.outcome, *counts, known.rule, row.detail, known.sha256,
        known.note)  # fmt: skip


def _page(session: Session, narrowed: Narrowed) -> Ledger:
    """The page without its rows."""
    fields = narrowed.fields()
    return Ledger(
        sections=sections_of(session, "sources"),
        sentence="",
        tone="plain",
        answered=True,
        chosen=_chosen(narrowed),
        rules=(),
        kept=tuple((name, value) for name, value in fields.items() if value and name in ("source", "rule")),
        day=fields["day"],
        query=narrowed.posting or narrowed.source,
    )


def _chosen(narrowed: Narrowed) -> tuple[Choice, ...]:
    chosen = (
        (narrowed.source, replace(narrowed, source="")),
        (day(narrowed.day, "year") if narrowed.day else "", replace(narrowed, day=None)),
        (RULES.get(narrowed.rule, narrowed.rule), replace(narrowed, rule="")),
        (narrowed.posting, replace(narrowed, posting="")),
    )
    return tuple(Choice(title, without.href(), True) for title, without in chosen if title)


def _rules(narrowed: Narrowed, sums: ingest.LedgerSums | None) -> tuple[Choice, ...]:
    """Each rule with the number of its rows, on all days."""
    counts: dict[str, int] = {}
    for each in sums.sums if sums else ():
        counts[each.rule] = counts.get(each.rule, 0) + each.rows
    return tuple(
        Choice(
            RULES.get(rule, rule),
            replace(narrowed, rule="" if rule == narrowed.rule else rule).href(),
            rule == narrowed.rule,
            count,
        )
        for rule, count in counts.items()
    )


def _sentence(sums: ingest.LedgerSums, source: str) -> str:
    of = f" of {source}" if source else ""
    if sums.missing:
        return f"{sums.missing:,} of {plural(sums.postings, 'posting')}{of} have no row."
    return f"It accounts for all {plural(sums.postings, 'posting')}{of}." if sums.postings else "There is no posting."


def _account(found: ingest.PostingAccount) -> Account:
    latest = found.sightings[-MOST_SEEN:][::-1]
    closed = f"closed on {day(found.closed_on, 'year')}" if found.closed_on else "open"
    times = "once" if found.times_listed == 1 else f"{found.times_listed:,} times"
    return Account(
        title=found.title,
        employer=found.employer_name,
        facts=(
            ("Id", f"{found.source}/{found.source_posting_id}"),
            ("State", closed),
            ("First seen", day(found.first_seen_on, "year")),
            ("Last seen", day(found.last_seen_on, "year")),
        ),
        seen=tuple(Seen(each.seen_at, each.title, _row(each.row)) for each in latest),
        more=len(found.sightings) - len(latest),
        listed=f"Listed {times}, last by this fetch" if found.last_listed else "",
        last=_row(found.last_listed),
    )


def _row(row: ingest.LedgerRow | None) -> Entry | None:
    return entry(row) if row else None


def _posting(text: str) -> ingest.PostingLedger:
    try:
        return ingest.PostingLedger(posting_id=UUID(text))
    except ValueError:
        source, _, its_id = text.partition("/")
        return ingest.PostingLedger(source=source, source_posting_id=its_id)


def _narrowed(request: Request) -> tuple[Narrowed, int]:
    """What the address asks for, and the row before which the page begins; `q` is a source or a posting."""
    query: Mapping[str, str] = request.query_params
    given = {name: query.get(name, "").strip()[:LONGEST] for name in ("source", "day", "rule", "posting", "q")}
    if text := given["q"]:
        given["posting" if _is_posting(text) else "source"] = text
    posting, rule = given["posting"], given["rule"]
    if (posting and not _is_posting(posting)) or (rule and rule not in RULES):
        raise Refused("This address is not complete.", 400)
    with reading_address():
        on = a_day(given["day"]) if given["day"] else None
        before = whole_number(query.get("before") or "0")
    return Narrowed(given["source"], on, rule, posting), before


def _is_posting(text: str) -> bool:
    source, _, its_id = text.partition("/")
    try:
        return bool((source and its_id) or UUID(text))
    except ValueError:
        return False


PAGES: Sequence[Page] = (Page(LEDGER, "sources", show), Page(f"{LEDGER}.csv", "sources", export))
