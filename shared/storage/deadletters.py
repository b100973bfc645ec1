"""Which events could not be handled, why, and what did a person decide about them?

An event that failed is tried again after growing delays. After its last try it is kept here with its reason until a
person retries it (once the cause is gone) or discards it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shared.contracts.kernel import DeadLetter
from shared.storage.database import Tx, rows

SHOWN = 100_000
"""Characters of a body that are shown."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A message that failed just now."""

    event_id: str
    consumer: str
    subject: str
    headers: Mapping[str, str]
    body: str
    error: str


async def count_try(tx: Tx, failure: Failure) -> int:
    """Count a failed try; returns how many there have been."""
    return int(
        await tx.value(
            "INSERT INTO failures (event_id, consumer, tries, error) VALUES (%(event_id)s, %(consumer)s, 1, %(error)s)"
            " ON CONFLICT (event_id, consumer) DO UPDATE SET tries = failures.tries + 1, error = excluded.error"
            " RETURNING tries",
            event_id=failure.event_id,
            consumer=failure.consumer,
            error=failure.error,
        )
    )


async def bury(tx: Tx, failure: Failure, tries: int) -> None:
    """Move an event from the failures to the dead letters; one that is buried again replaces its earlier reason."""
    value = {**_fields(failure), "tries": tries}
    await tx.run(
        "INSERT INTO dead_letters (event_id, consumer, subject, headers, body, error, tries, died_at)"
        " SELECT event_id, consumer, subject, headers, body, error, tries, clock_timestamp()"
        " FROM json_populate_recordset(NULL::dead_letters, %(rows)s::json)"
        " ON CONFLICT (event_id, consumer) DO UPDATE SET error = excluded.error, tries = excluded.tries,"
        " died_at = excluded.died_at, resolution = NULL",
        rows=rows([value]),
    )
    await forget(tx, [failure.event_id], failure.consumer)


async def forget(tx: Tx, event_ids: list[str], consumer: str) -> None:
    await tx.run(
        "DELETE FROM failures WHERE event_id = ANY(%(ids)s) AND consumer = %(consumer)s",
        ids=event_ids,
        consumer=consumer,
    )


async def forget_taken(tx: Tx) -> None:
    """Failures of events that were handled since, from another copy than the one that failed."""
    await tx.run(
        "DELETE FROM failures WHERE EXISTS (SELECT 1 FROM inbox WHERE inbox.event_id ="
        " CASE WHEN failures.event_id LIKE '%%:%%' THEN NULL ELSE failures.event_id::uuid END)"
    )


async def waiting(tx: Tx, after: int, limit: int) -> list[DeadLetter]:
    """Dead letters on which nobody has decided, oldest first; of a long body, its beginning."""
    return await tx.all(
        DeadLetter,
        "SELECT dead_no, event_id, consumer, subject, headers, left(body, %(most)s) AS body, error, tries, died_at,"
        " resolution FROM dead_letters"
        " WHERE resolution IS NULL AND dead_no > %(after)s ORDER BY dead_no LIMIT %(limit)s",
        most=SHOWN,
        after=after,
        limit=limit,
    )


async def find(tx: Tx, dead_no: int) -> DeadLetter | None:
    return await tx.one(DeadLetter, "SELECT * FROM dead_letters WHERE dead_no = %(no)s FOR UPDATE", no=dead_no)


async def resolve(tx: Tx, dead_no: int, resolution: str) -> None:
    await tx.run("UPDATE dead_letters SET resolution = %(what)s WHERE dead_no = %(no)s", what=resolution, no=dead_no)


async def counts(tx: Tx) -> dict[str, int]:
    row = await tx.dicts(
        "SELECT (SELECT count(*) FROM dead_letters WHERE resolution IS NULL) AS dead,"
        " (SELECT count(*) FROM failures) AS retrying"
    )
    return row[0]


def _fields(failure: Failure) -> dict[str, Any]:
    return {
        "event_id": failure.event_id,
        "consumer": failure.consumer,
        "subject": failure.subject,
        "headers": dict(failure.headers),
        "body": failure.body,
        "error": failure.error,
    }
