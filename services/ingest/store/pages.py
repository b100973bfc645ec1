"""What is remembered of the pages of sources, and which postings does each source list?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from services.ingest.domain.fetches import Remembered
from shared.storage.arrays import texts
from shared.storage.database import Tx, rows
from shared.storage.writing import recordset, upsert

_COLUMNS = ", ".join(Remembered._fields)


async def of_sources(tx: Tx, sources: Collection[str]) -> dict[str, dict[str, Remembered]]:
    """The pages of sources, by source and address."""
    found = await tx.all(
        Remembered, f"SELECT {_COLUMNS} FROM source_pages WHERE source = ANY(%(sources)s)", sources=texts(sources)
    )
    pages: dict[str, dict[str, Remembered]] = defaultdict(dict)
    for each in found:
        pages[each.source][each.page] = each
    return pages


async def remember(tx: Tx, pages: Collection[Remembered]) -> None:
    await upsert(tx, "source_pages", pages, key=("source", "page"))


async def mark_gone(tx: Tx, pages: Collection[Mapping[str, Any]]) -> None:
    """Record that pages were refused or are gone (`source`, `page`, `listing_no`, `status`); their postings stay."""
    given = [{**each, "ids": []} for each in pages]
    if given:
        await tx.run(
            f"""
            INSERT INTO source_pages (source, page, listing_no, status, ids)
            SELECT source, page, listing_no, status, ids FROM {recordset("source_pages", given)} AS given
            ON CONFLICT (source, page) DO UPDATE SET listing_no = excluded.listing_no, status = excluded.status,
                lastmod = NULL, etag = NULL, last_modified = NULL, sha256 = NULL
            """,
            rows=rows(given),
        )


async def forget(tx: Tx, listings: Mapping[str, int]) -> None:
    """Forget the pages that a complete listing did not find, by source; but not while their postings are open.

    That they had postings is known for as long, so that it matters when they cannot be looked at.
    """
    await tx.run(
        """
        DELETE FROM source_pages AS p USING unnest(%(sources)s::text[], %(numbers)s::int[]) AS given (name, number)
        WHERE p.source = name AND (p.listing_no < number OR p.status NOT BETWEEN 200 AND 203) AND NOT EXISTS (
            SELECT FROM source_listings AS l WHERE l.source = p.source AND l.source_posting_id = ANY(p.ids))
        """,
        sources=texts(listings),
        numbers=list(listings.values()),
    )


async def list_postings(tx: Tx, listings: Sequence[Mapping[str, Any]]) -> None:
    """Record that postings are listed; one row for each."""
    if not listings:
        return
    await tx.run(
        f"""
        INSERT INTO source_listings (source, source_posting_id, posting_id, listing_no, listed_on, fetch_no, closes_on,
                                     times, misses)
        SELECT source, source_posting_id, posting_id, listing_no, %(today)s, fetch_no, closes_on, 1, 0
        FROM {recordset("source_listings", listings)} AS given
        ON CONFLICT (source, source_posting_id) DO UPDATE SET listing_no = excluded.listing_no,
            listed_on = excluded.listed_on, fetch_no = excluded.fetch_no, closes_on = excluded.closes_on,
            times = source_listings.times + 1, misses = 0, missed_on = NULL
        """,
        rows=rows(listings),
        today=tx.today,
    )


async def list_again(tx: Tx, pages: Sequence[Mapping[str, Any]]) -> tuple[dict[str, int], list[UUID]]:
    """Record that pages (`source`, `page`, `listing_no`, and the `fetch_no`) are listed and have not changed.

    Returns the number of their postings by source, and those that were not seen today before.
    """
    if not pages:
        return {}, []
    found = await tx.dicts(
        """
        WITH given AS (
            SELECT * FROM unnest(%(sources)s::text[], %(pages)s::text[], %(listings)s::int[], %(fetches)s::bigint[])
                AS given (source, page, listing_no, fetch_no)
        ), looked_at AS (
            UPDATE source_pages AS p SET listing_no = given.listing_no FROM given
            WHERE p.source = given.source AND p.page = given.page
            RETURNING p.source, p.ids, given.listing_no, given.fetch_no
        ), listed AS (
            SELECT DISTINCT ON (source, id) source, id, listing_no, fetch_no FROM looked_at, unnest(ids) AS id
        ), again AS (
            UPDATE source_listings AS l SET listing_no = listed.listing_no, listed_on = %(today)s,
                fetch_no = listed.fetch_no, times = l.times + 1, misses = 0, missed_on = NULL
            FROM listed WHERE l.source = listed.source AND l.source_posting_id = listed.id
            RETURNING l.source, l.posting_id, l.closes_on
        )
        SELECT again.source, count(*) AS postings, array_agg(posting_id) FILTER (
            WHERE last_seen_on < %(today)s AND closed_on IS NULL AND (closes_on IS NULL OR closes_on >= %(today)s)
        ) AS unseen
        FROM again JOIN postings USING (posting_id) GROUP BY again.source
        """,
        sources=texts(each["source"] for each in pages),
        pages=texts(each["page"] for each in pages),
        listings=[each["listing_no"] for each in pages],
        fetches=[each["fetch_no"] for each in pages],
        today=tx.today,
    )
    unseen = [posting_id for row in found for posting_id in row["unseen"] or ()]
    return {row["source"]: row["postings"] for row in found}, unseen


async def list_unread(tx: Tx, listings: Sequence[Mapping[str, Any]]) -> list[UUID]:
    """Record that postings are listed of which no more can be read, if they are known; returns them if open."""
    if not listings:
        return []
    found = await tx.dicts(
        f"""
        UPDATE source_listings AS l SET listing_no = given.listing_no, listed_on = %(today)s,
            fetch_no = given.fetch_no, times = l.times + 1, misses = 0, missed_on = NULL
        FROM {recordset("source_listings", listings)} AS given
        WHERE l.source = given.source AND l.source_posting_id = given.source_posting_id
        RETURNING l.posting_id, closes_on < %(today)s AS is_over
        """,
        rows=rows(listings),
        today=tx.today,
    )
    return [row["posting_id"] for row in found if not row["is_over"]]


async def counts(tx: Tx, listings: Mapping[str, int]) -> dict[str, tuple[int, int]]:
    """By source: how many postings this listing has, and how many are known to be open."""
    found = await tx.dicts(
        """
        SELECT source, count(*) FILTER (WHERE listing_no = number) AS listed, count(*) AS known
        FROM source_listings JOIN unnest(%(sources)s::text[], %(numbers)s::int[]) AS given (name, number)
            ON source = name
        GROUP BY source
        """,
        sources=texts(listings),
        numbers=list(listings.values()),
    )
    return {row["source"]: (row["listed"], row["known"]) for row in found}


async def unlisted(tx: Tx, listings: Mapping[str, int]) -> list[dict[str, Any]]:
    """The postings that these listings miss, by source, and those whose last day is over."""
    return await tx.dicts(
        """
        SELECT source, source_posting_id, posting_id, listing_no = number AS is_listed, misses, missed_on, closes_on
        FROM source_listings JOIN unnest(%(sources)s::text[], %(numbers)s::int[]) AS given (name, number)
            ON source = name
        WHERE listing_no < number OR closes_on < %(today)s
        ORDER BY source, source_posting_id
        """,
        sources=texts(listings),
        numbers=list(listings.values()),
        today=tx.today,
    )


async def miss(tx: Tx, missed: Sequence[tuple[str, str, int, date]]) -> None:
    """Record how often postings were missed, and since when."""
    given = [
        {"source": source, "source_posting_id": name, "misses": misses, "missed_on": since}
        for source, name, misses, since in missed
    ]
    if given:
        await tx.run(
            f"""
            UPDATE source_listings AS l SET misses = given.misses, missed_on = given.missed_on
            FROM {recordset("source_listings", given)} AS given
            WHERE l.source = given.source AND l.source_posting_id = given.source_posting_id
            """,
            rows=rows(given),
        )


async def unlist(tx: Tx, closed: Sequence[tuple[str, str]]) -> None:
    """Forget that postings were listed, because they are closed."""
    if closed:
        await tx.run(
            """
            DELETE FROM source_listings USING unnest(%(sources)s::text[], %(ids)s::text[]) AS given (name, id)
            WHERE source = name AND source_posting_id = id
            """,
            sources=texts(source for source, _ in closed),
            ids=texts(name for _, name in closed),
        )


async def listing_of(tx: Tx, posting_id: UUID) -> dict[str, Any] | None:
    """How often a source listed a posting, and when last."""
    found = await tx.dicts(
        "SELECT source, times, listed_on, fetch_no, misses, closes_on FROM source_listings WHERE posting_id = %(id)s",
        id=posting_id,
    )
    return found[0] if found else None


async def sizes(tx: Tx) -> dict[str, dict[str, int]]:
    """By source: postings that it lists, those that were missed, and pages that are remembered."""
    found = await tx.dicts(
        """
        SELECT coalesce(l.source, p.source) AS source, coalesce(listed, 0) AS listed, coalesce(missed, 0) AS missed,
               coalesce(pages, 0) AS pages
        FROM (SELECT source, count(*) AS listed, count(*) FILTER (WHERE misses > 0) AS missed
              FROM source_listings GROUP BY source) AS l
        FULL JOIN (SELECT source, count(*) AS pages FROM source_pages GROUP BY source) AS p USING (source)
        """
    )
    return {row["source"]: row for row in found}
