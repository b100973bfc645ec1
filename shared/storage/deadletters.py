"""Which events failed for the last time, why, and what did an operator decide about them?

An event whose handler fails is retried after growing delays. After the last try it is kept here with its error until an
operator retries it (once the cause is gone) or discards it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from shared.clock import real_time
from shared.contracts.kernel import DeadLetter
from shared.storage.database import Tx
from shared.storage.writing import upsert

MAX_SHOWN = 100_000
"""The number of characters of a body that are listed."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A message whose handler failed."""

    event_id: str
    consumer: str
    subject: str
    headers: Mapping[str, str]
    body: str
    error: str


async def count_try(tx: Tx, failure: Failure) -> int:
    """Count a failed try; returns how many there have been."""
    tries = await tx.value(
        """
        INSERT INTO failures (event_id, consumer, tries, error) VALUES (%(event_id)s, %(consumer)s, 1, %(error)s)
        ON CONFLICT (event_id, consumer) DO UPDATE SET tries = failures.tries + 1, error = excluded.error
        RETURNING tries
        """,
        event_id=failure.event_id,
        consumer=failure.consumer,
        error=failure.error,
    )
    return int(tries)


async def add(tx: Tx, failure: Failure, tries: int) -> None:
    """Move an event from the failures to the dead letters; one that is there already is replaced."""
    letter = {**asdict(failure), "tries": tries, "died_at": real_time(), "resolution": None}
    await upsert(tx, "dead_letters", [letter], key=("event_id", "consumer"))
    await forget(tx, [failure.event_id], failure.consumer)


async def forget(tx: Tx, event_ids: list[str], consumer: str) -> None:
    """Delete the failures of these events."""
    await tx.run(
        "DELETE FROM failures WHERE event_id = ANY(%(ids)s) AND consumer = %(consumer)s",
        ids=event_ids,
        consumer=consumer,
    )


async def forget_processed(tx: Tx) -> None:
    """Delete the failures of events that were handled since, from another copy of the message."""
    await tx.run(
        """
        DELETE FROM failures WHERE EXISTS (
            SELECT FROM inbox WHERE inbox.event_id =
                CASE WHEN failures.event_id LIKE '%%:%%' THEN NULL ELSE failures.event_id::uuid END
        )
        """
    )


async def waiting(tx: Tx, after: int, limit: int) -> list[DeadLetter]:
    """Dead letters without a resolution, oldest first; long bodies are cut."""
    return await tx.all(
        DeadLetter,
        """
        SELECT dead_no, event_id, consumer, subject, headers, left(body, %(shown)s) AS body, error, tries, died_at,
            resolution
        FROM dead_letters WHERE resolution IS NULL AND dead_no > %(after)s ORDER BY dead_no LIMIT %(limit)s
        """,
        shown=MAX_SHOWN,
        after=after,
        limit=limit,
    )


async def find(tx: Tx, dead_no: int) -> DeadLetter | None:
    """A dead letter, locked until the end of the transaction."""
    return await tx.one(DeadLetter, "SELECT * FROM dead_letters WHERE dead_no = %(no)s FOR UPDATE", no=dead_no)


async def resolve(tx: Tx, dead_no: int, resolution: str) -> None:
    await tx.run("UPDATE dead_letters SET resolution = %(what)s WHERE dead_no = %(no)s", what=resolution, no=dead_no)


async def counts(tx: Tx) -> dict[str, int]:
    """How many events are dead letters without a resolution (`dead`), and how many will be retried (`retrying`)."""
    (row,) = await tx.dicts(
        """
        SELECT (SELECT count(*) FROM dead_letters WHERE resolution IS NULL) AS dead,
            (SELECT count(*) FROM failures) AS retrying
        """
    )
    return row
