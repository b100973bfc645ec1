"""What came of the postings of a source, in the order in which it became visible?"""

from __future__ import annotations

from shared.contracts.matcher_replies import SourceOutcome
from shared.storage.database import Tx


async def last_number(tx: Tx, source: str) -> int:
    """The last number of a source, which is locked until the end of the transaction."""
    return int(
        await tx.value(
            """
            INSERT INTO outcome_numbers AS o (source, last_no) VALUES (%(source)s, 0)
            ON CONFLICT (source) DO UPDATE SET last_no = o.last_no RETURNING last_no
            """,
            source=source,
        )
    )


async def number(tx: Tx, source: str, last: int, limit: int) -> None:
    """Number outcomes that are new to a source, which the caller has locked.

    A posting on which another transaction decides now is numbered later, and nothing waits for it.
    """
    await tx.run(
        """
        WITH new AS (
            SELECT posting_id FROM postings WHERE source = %(source)s AND outcome_no IS NULL
            LIMIT %(limit)s FOR UPDATE SKIP LOCKED
        ), numbered AS (
            UPDATE postings SET outcome_no = placed.no
            FROM (SELECT posting_id, %(last)s + row_number() OVER (ORDER BY posting_id) AS no FROM new) AS placed
            WHERE postings.posting_id = placed.posting_id
            RETURNING outcome_no
        )
        UPDATE outcome_numbers SET last_no = (SELECT max(outcome_no) FROM numbered)
        WHERE source = %(source)s AND EXISTS (SELECT FROM numbered)
        """,
        source=source,
        last=last,
        limit=limit,
    )


async def numbered(tx: Tx, source: str, after: int, limit: int) -> list[SourceOutcome]:
    """The outcomes after a number."""
    return await tx.all(
        SourceOutcome,
        """
        SELECT outcome_no AS no, source_posting_id, posting_id,
               CASE WHEN dismissed_on IS NULL OR outcome <> 'queued' THEN outcome ELSE 'dismissed' END AS outcome,
               facility_id, f.name AS facility_name, closed_on, outcome_at AS changed_at
        FROM postings LEFT JOIN facilities AS f USING (facility_id)
        WHERE source = %(source)s AND outcome_no > %(after)s ORDER BY outcome_no LIMIT %(limit)s
        """,
        source=source,
        after=after,
        limit=limit,
    )
