"""How is the audit log appended to and read?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic_core import to_json

from services.console.domain.audit import START, Entry, Link, hash_after
from services.console.store.sessions import see_as
from shared.storage.database import Tx

PAGE = 2_000
CHAIN = ["chain"]


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the audit log, and what came of it."""

    audit_no: int
    command_id: UUID
    at: datetime
    name: str
    role: str
    action: str
    target: str
    details: dict[str, Any]
    before_hash: str
    hash: str
    outcome: str | None
    message: str | None

    @property
    def entry(self) -> Entry:
        return Entry(self.command_id, self.at, self.name, self.role, self.action, self.target, self.details)

    @property
    def link(self) -> Link:
        return Link(self.audit_no, self.entry, self.before_hash, self.hash)


_ROWS = """
    SELECT audit_no, command_id, audit.at, name, role, action, target, details, before_hash, hash, outcome, message
    FROM audit LEFT JOIN results USING (command_id)
"""


async def append(tx: Tx, entry: Entry) -> Row | None:
    """Add a row; returns the existing one if there is one with the same id.

    From here on, the transaction sees all rows.
    """
    await see_as(tx, "service", "")
    await tx.lock("audit", CHAIN)
    existing = await tx.one(Row, f"{_ROWS} WHERE command_id = %(id)s", id=entry.command_id)
    if existing:
        return existing
    before = await tx.value("SELECT hash FROM audit ORDER BY audit_no DESC LIMIT 1") or START
    await tx.run(
        """
        INSERT INTO audit (command_id, at, name, role, action, target, details, before_hash, hash)
        VALUES (%(id)s, %(at)s, %(name)s, %(role)s, %(action)s, %(target)s, %(details)s::jsonb, %(before)s, %(hash)s)
        """,
        id=entry.command_id,
        at=entry.at,
        name=entry.name,
        role=entry.role,
        action=entry.action,
        target=entry.target,
        details=to_json(entry.details).decode(),
        before=before,
        hash=hash_after(before, entry),
    )
    return None


async def record_result(tx: Tx, command_id: UUID, outcome: str, message: str) -> None:
    """What came of a command; what was done stays done."""
    await tx.run(
        """
        INSERT INTO results (command_id, at, outcome, message) VALUES (%(id)s, %(now)s, %(outcome)s, %(message)s)
        ON CONFLICT (command_id) DO UPDATE
        SET at = excluded.at, outcome = excluded.outcome, message = excluded.message
        WHERE results.outcome <> 'done'
        """,
        id=command_id,
        now=tx.now,
        outcome=outcome,
        message=message,
    )


async def page(tx: Tx, *, after: int = 0, limit: int = PAGE) -> list[Row]:
    """The rows that this transaction may see, oldest first."""
    return await tx.all(
        Row, f"{_ROWS} WHERE audit_no > %(after)s ORDER BY audit_no LIMIT %(limit)s", after=after, limit=limit
    )


async def with_hash_before(tx: Tx, numbers: Sequence[int]) -> list[tuple[Row, str]]:
    """These rows, oldest first, each with the hash of the row before it."""
    if not numbers:
        return []
    rows = await tx.all(
        Row, f"{_ROWS} WHERE audit_no = ANY(%(numbers)s::bigint[]) ORDER BY audit_no", numbers=list(numbers)
    )
    hashes = await tx.dicts(
        """
        SELECT number, (SELECT hash FROM audit WHERE audit_no < number ORDER BY audit_no DESC LIMIT 1) AS before
        FROM unnest(%(numbers)s::bigint[]) AS number
        """,
        numbers=list(numbers),
    )
    before = {each["number"]: each["before"] or START for each in hashes}
    return [(row, before[row.audit_no]) for row in rows]


_SELECTED = """
    (%(before)s::bigint IS NULL OR audit_no < %(before)s) AND (%(name)s = '' OR name = %(name)s)
    AND (%(outcome)s = '' OR coalesce(outcome, 'done') = %(outcome)s)
    AND (%(text)s = '' OR position(lower(%(text)s) IN lower(
        concat_ws(' ', name, action, replace(action, '_', ' '), target, details ->> 'facility_id')
    )) > 0)
"""


async def count(tx: Tx, name: str = "", outcome: str = "", text: str = "", *, before: int | None = None) -> int:
    """How many rows this transaction may see."""
    sql = f"SELECT count(*) FROM audit LEFT JOIN results USING (command_id) WHERE {_SELECTED}"
    return int(await tx.value(sql, before=before, name=name, outcome=outcome, text=text))


async def latest(
    tx: Tx, name: str = "", outcome: str = "", text: str = "", *, before: int | None = None, limit: int = 50
) -> list[Row]:
    """The rows that this transaction may see, newest first; perhaps of one user, with one outcome, or about a thing."""
    return await tx.all(
        Row,
        f"{_ROWS} WHERE {_SELECTED} ORDER BY audit_no DESC LIMIT %(limit)s",
        before=before,
        name=name,
        outcome=outcome,
        text=text,
        limit=limit,
    )
