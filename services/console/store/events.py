"""Which events does the log have that it did not have before?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from shared.storage.arrays import texts
from shared.storage.database import Tx

LAST = 2**63 - 1


class Logged(NamedTuple):
    """An event of the log."""

    event_id: str
    subject: str
    at: datetime
    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Place:
    """How far a log was read."""

    log: int = 0
    """A rebuild replaces the log by another one."""
    finished: int = 0
    """All transactions before this one were finished, so that what they wrote was read."""
    until: int = LAST


async def place(tx: Tx) -> Place:
    """What can be read now."""
    [row] = await tx.dicts(
        """
        SELECT 'log'::regclass::oid::bigint AS log,
            pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS finished,
            pg_snapshot_xmax(pg_current_snapshot())::text::bigint AS until
        """
    )
    return Place(**row)


async def since(tx: Tx, subjects: Sequence[str], read: Place, now: Place) -> list[Logged]:
    """The events on these subjects that were added meanwhile, and perhaps some that were read; all of another log."""
    again = read.log != now.log
    return await tx.all(
        Logged,
        """
        SELECT event_id::text, subject, at, data FROM log
        WHERE subject = ANY(%(subjects)s) AND written >= %(since)s AND written < %(until)s
        """,
        subjects=texts(subjects),
        since=0 if again else read.finished,
        until=LAST if again else now.until,
    )
