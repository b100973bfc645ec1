"""How are postings recorded and found?"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.ingest.domain.postings import Posting, Submission
from shared.contracts.ingest import ExportedPosting, IngestCounts
from shared.storage.arrays import uuids
from shared.storage.database import Tx, rows
from shared.storage.paging import page_of
from shared.storage.writing import recordset, upsert

_COLUMNS = ", ".join(Posting._fields)
_Key = tuple[str, str, str, date]
_SUBMITTED = ("source", "source_posting_id", "content_hash", "seen_on")


@dataclass(frozen=True, slots=True)
class _Recorded:
    raw_no: int
    source: str
    source_posting_id: str
    content_hash: str
    seen_on: date


async def lock(tx: Tx, posting_ids: Iterable[UUID]) -> None:
    """Lock postings against other transactions that write them.

    The keys are the first two digits of the ids, because a thousand locks in a transaction would fill the server's
    lock table.
    """
    await tx.lock("posting", sorted({posting_id.hex[:2] for posting_id in posting_ids}))


async def find(tx: Tx, posting_ids: Iterable[UUID]) -> dict[UUID, Posting]:
    found = await tx.all(
        Posting, f"""SELECT {_COLUMNS} FROM postings WHERE posting_id = ANY(%(ids)s)""", ids=uuids(posting_ids)
    )
    return {posting.posting_id: posting for posting in found}


async def open_of(tx: Tx, source: str) -> list[UUID]:
    """The open postings of a source."""
    found = await tx.dicts(
        "SELECT posting_id FROM postings WHERE source = %(source)s AND closed_on IS NULL", source=source
    )
    return [row["posting_id"] for row in found]


async def record(tx: Tx, submissions: Sequence[Submission], existing: Collection[UUID]) -> list[Submission]:
    """Append each content that is new on its day. Returns all submissions, in the same order, with their numbers.

    The caller has locked the postings. `existing` are the stored ones; no others have contents that are recorded.
    """
    numbers = await _numbers(tx, [s for s in submissions if s.posting_id in existing])
    first = {_key(s): s for s in reversed(submissions) if _key(s) not in numbers}
    new = dict(reversed(first.items()))
    numbers |= zip(new, await _append(tx, new.values()), strict=True)
    return [s._replace(raw_no=numbers[_key(s)]) for s in submissions]


async def _append(tx: Tx, submissions: Iterable[Submission]) -> list[int]:
    """Returns the numbers of the new records, which grow in the order of the submissions."""
    given = [_raw_row(s) for s in submissions]
    if not given:
        return []
    numbers: list[int] = await tx.value(
        f"""
        WITH written AS (
            INSERT INTO raw_postings (posting_id, source, source_posting_id, content_hash, seen_at, seen_on, closed_on,
                                      content, role_family, urgency, pack, fetch_no, received_at)
            SELECT posting_id, source, source_posting_id, content_hash, seen_at, seen_on, closed_on,
                   content, role_family, urgency, pack, fetch_no, %(now)s
            FROM {recordset("raw_postings", given)} AS given
            ORDER BY ordinality
            RETURNING raw_no
        )
        SELECT array_agg(raw_no ORDER BY raw_no) FROM written
        """,
        rows=rows(given),
        now=tx.now,
    )
    return numbers


async def _numbers(tx: Tx, submissions: Sequence[Submission]) -> dict[_Key, int]:
    """The numbers of contents that were recorded before on the same day."""
    if not submissions:
        return {}
    given = [{name: getattr(s, name) for name in _SUBMITTED} for s in submissions]
    found = await tx.all(
        _Recorded,
        f"""
        SELECT min(raw_no) AS raw_no, source, source_posting_id, content_hash, seen_on
        FROM raw_postings JOIN (
            SELECT DISTINCT source, source_posting_id, content_hash, seen_on
            FROM {recordset("raw_postings", given)} AS given
        ) AS submitted USING (source, source_posting_id, content_hash, seen_on)
        GROUP BY source, source_posting_id, content_hash, seen_on
        """,
        rows=rows(given),
    )
    return {_key(each): each.raw_no for each in found}


def _key(each: Submission | _Recorded) -> _Key:
    """What identifies a content: of two submissions with the same key, only the first one is recorded."""
    return each.source, each.source_posting_id, each.content_hash, each.seen_on


def _raw_row(s: Submission) -> dict[str, object]:
    return {
        "posting_id": s.posting_id,
        "source": s.source,
        "source_posting_id": s.source_posting_id,
        "content_hash": s.content_hash,
        "seen_at": s.seen_at,
        "seen_on": s.seen_on,
        "closed_on": s.closed_on,
        "content": {name: value for name, value in s.content._asdict().items() if value is not None},
        "role_family": s.role_family,
        "urgency": s.urgency,
        "pack": s.pack,
        "fetch_no": s.fetch_no,
    }


async def save(tx: Tx, postings: Sequence[Posting]) -> None:
    """Write the states of postings, which the caller has locked."""
    await upsert(tx, "postings", postings, key=("posting_id",))


async def see_again(tx: Tx, posting_ids: Iterable[UUID]) -> list[Posting]:
    """Open postings are listed today, unchanged; returns those that were not seen today before.

    The caller has locked the postings.
    """
    return await tx.all(
        Posting,
        f"""
        UPDATE postings SET last_seen_on = %(today)s, version = version + 1
        WHERE posting_id = ANY(%(ids)s) AND last_seen_on < %(today)s AND closed_on IS NULL
        RETURNING {_COLUMNS}
        """,
        ids=uuids(posting_ids),
        today=tx.today,
    )


async def page(tx: Tx, after: str | None, limit: int) -> list[ExportedPosting]:
    """A page of all postings, by id."""
    return await tx.all(
        ExportedPosting,
        """
        SELECT posting_id, source, source_posting_id, role_family, urgency, title, employer_name, city, state,
               first_seen_on, last_seen_on, closed_on
        FROM postings WHERE %(after)s::uuid IS NULL OR posting_id > %(after)s::uuid
        ORDER BY posting_id LIMIT %(limit)s
        """,
        after=after,
        limit=limit,
    )


async def states(tx: Tx, after: str | None, limit: int) -> list[tuple[str, Posting]]:
    """A page of all postings with their keys, by id."""
    return await page_of(tx, Posting, "postings", ("posting_id",), after, limit)


async def counts(tx: Tx) -> IngestCounts:

    by_role = await tx.dicts(
        """SELECT role_family, count(*) AS n FROM postings GROUP BY role_family ORDER BY role_family"""
    )
    facilities = await tx.dicts("""SELECT delisted, count(*) AS n FROM facilities GROUP BY delisted""")
    return IngestCounts(
        postings_seen=sum(row["n"] for row in by_role),
        submissions=await tx.value("""SELECT count(*) FROM raw_postings"""),
        postings_closed=await tx.value("""SELECT count(*) FROM postings WHERE closed_on IS NOT NULL"""),
        by_role={row["role_family"]: row["n"] for row in by_role},
        facilities=sum(row["n"] for row in facilities if not row["delisted"]),
        delisted=sum(row["n"] for row in facilities if row["delisted"]),
        imports=await tx.value("""SELECT count(*) FROM imports"""),
    )
