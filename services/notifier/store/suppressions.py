"""Which suppressions are there, what was stated on them, and which sends did they refuse?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from engines.suppression.changes import Change
from engines.suppression.statements import Suppression
from services.notifier.domain.suppressing import OWN_SCOPES
from shared.contracts.notifier_suppressions import RefusedSend
from shared.contracts.suppressions import StatementRow
from shared.storage.database import Tx, rows
from shared.storage.paging import page_of
from shared.storage.writing import insert, recordset, upsert_newest

KIND = "suppressions"
"""The kind of the lock that drafts share, and that a change of suppressions has alone: neither misses the other."""

_COLUMNS = "suppression_id, scope, target, version, channels, marks, label, reason, source, stated_by, stated_on"

# A suppression stops a draft if they share a mark and it covers the draft's channel. `min` makes PostgreSQL look the
# marks up; with `ORDER BY ... LIMIT 1` it would scan all suppressions.
WITHDRAWN = """
    (SELECT min(why) FROM suppressions s WHERE s.marks && {0}.marks AND s.channels && ARRAY['all', {0}.channel])
"""


@dataclass(frozen=True, slots=True)
class Refused:
    """A letter that is about to be sent, with everything that a suppression may match."""

    message_id: UUID
    email: str
    marks: list[str]
    task_id: UUID | None
    facility_id: str
    refused_on: date
    refused_at: datetime


async def lock(tx: Tx) -> None:
    """Let no draft be written until the end of the transaction, which changes suppressions."""
    await tx.lock(KIND, ["all"])


async def with_ids(tx: Tx, ids: Iterable[UUID]) -> dict[UUID, Suppression]:
    """Suppressions by id, including lifted ones."""
    found = await tx.all(
        Suppression,
        f"SELECT {_COLUMNS} FROM suppressions WHERE suppression_id = ANY(%(ids)s)",
        ids=list(ids),
    )
    return {each.suppression_id: each for each in found}


async def matching(tx: Tx, marks: Iterable[str]) -> list[Suppression]:
    """All suppressions with one of these marks, including lifted ones and those of people and places."""
    return await tx.all(
        Suppression,
        f"SELECT {_COLUMNS} FROM suppressions WHERE marks && %(marks)s::text[] ORDER BY scope, target",
        marks=sorted(set(marks)),
    )


async def save(tx: Tx, suppressions: Iterable[Suppression]) -> None:
    """Store the newest version of each, and withdraw or restore the drafts that they concern."""
    given = [asdict(each) | {"why": str(each)} for each in suppressions]
    await upsert_newest(tx, "suppressions", given, key=("suppression_id",))
    await tx.run(
        f"""
        UPDATE drafts SET withdrawn = {WITHDRAWN.format("drafts")}
         WHERE marks && %(marks)s::text[] AND withdrawn IS DISTINCT FROM {WITHDRAWN.format("drafts")}
        """,
        marks=sorted({mark for each in given for mark in each["marks"]}),
    )


async def withdrawn_by(tx: Tx, marks: Iterable[str]) -> int:
    """The number of drafts with one of these marks that are withdrawn and whose tasks have not ended."""
    found = await tx.value(
        """
        SELECT count(*) FROM drafts d LEFT JOIN task_states e ON e.task_id = d.task_id AND e.version > d.version
         WHERE d.marks && %(marks)s::text[] AND d.withdrawn IS NOT NULL AND e.task_id IS NULL
        """,
        marks=sorted(set(marks)),
    )
    return int(found)


async def record_statements(tx: Tx, changes: Iterable[Change], instruction: str) -> None:
    """Append the statements that changed suppressions."""
    await insert(tx, "suppression_statements", [_statement(each, instruction) for each in changes])


async def statements(tx: Tx, ids: Iterable[UUID]) -> list[StatementRow]:
    """The statements on these suppressions, oldest first."""
    return await tx.all(
        StatementRow,
        """
        SELECT suppression_id, scope, target, label, instruction, statement.channels, statement.reason,
            statement.source, statement.stated_by, statement.stated_on, suppressions.channels AS stopped_now, message_id
        FROM suppression_statements AS statement JOIN suppressions USING (suppression_id)
        WHERE suppression_id = ANY(%(ids)s) ORDER BY scope, target, statement.version
        """,
        ids=list(ids),
    )


async def page(tx: Tx, after: UUID | None, limit: int) -> list[Suppression]:
    """A page of the suppressions of addresses and domains in force, by id."""
    return await tx.all(
        Suppression,
        f"""
        SELECT {_COLUMNS} FROM suppressions
         WHERE scope = ANY(%(own)s) AND channels <> '{{}}'
           AND (%(after)s::uuid IS NULL OR suppression_id > %(after)s::uuid)
         ORDER BY suppression_id LIMIT %(limit)s
        """,
        own=list(OWN_SCOPES),
        after=after,
        limit=limit,
    )


async def states(tx: Tx, after: str | None, limit: int) -> list[tuple[str, Suppression]]:
    """A page of the suppressions of addresses and domains with their keys, including lifted ones, by id."""
    own = " OR ".join(f"scope = '{scope}'" for scope in OWN_SCOPES)
    return await page_of(tx, Suppression, "suppressions", ("suppression_id",), after, limit, f"({own})", _COLUMNS)


async def refuse(tx: Tx, letters: Sequence[Refused]) -> dict[UUID, str]:
    """Record those of the letters that a suppression stops. Returns the reason of each, by message."""
    found = (
        await tx.dicts(
            f"""
        WITH stopped AS (
            SELECT given.*, s.* FROM {recordset("refused_sends", letters)} AS given
             CROSS JOIN LATERAL (
                -- As in `WITHDRAWN`: an aggregate makes PostgreSQL look the marks up.
                SELECT min(why) AS why, (array_agg(suppression_id ORDER BY why))[1] AS suppression_id,
                       (array_agg(version ORDER BY why))[1] AS version
                  FROM suppressions
                 WHERE suppressions.marks && given.marks AND suppressions.channels && ARRAY['all', 'email']
             ) AS s
             WHERE s.why IS NOT NULL
        ), recorded AS (
            INSERT INTO refused_sends (message_id, email, marks, task_id, facility_id, refused_on, refused_at,
                                       suppression_id, version, why)
            SELECT message_id, email, marks, task_id, facility_id, refused_on, refused_at, suppression_id, version, why
              FROM stopped
                ON CONFLICT DO NOTHING
        )
        SELECT message_id, why FROM stopped
        """,
            rows=rows(letters),
        )
        if letters
        else []
    )
    return {row["message_id"]: row["why"] for row in found}


async def refused_sends(tx: Tx, email: str | None, ids: Iterable[UUID], limit: int) -> list[RefusedSend]:
    """The latest sends to an address, or because of these suppressions, that were refused."""
    return await tx.all(
        RefusedSend,
        """
        SELECT message_id, email, task_id, facility_id, why, refused_on, refused_at FROM refused_sends
         WHERE email = %(email)s OR suppression_id = ANY(%(ids)s) ORDER BY refused_at DESC, message_id LIMIT %(limit)s
        """,
        email=email,
        ids=list(ids),
        limit=limit,
    )


async def record_unsubscription(tx: Tx, message_id: UUID, at: datetime) -> bool:
    """Record that the link of a letter was used. Returns False if it was used before."""
    return await insert(tx, "unsubscriptions", [{"message_id": message_id, "unsubscribed_at": at}]) > 0


def _statement(change: Change, instruction: str) -> dict[str, Any]:
    given = change.by.statement
    return {
        "suppression_id": change.after.suppression_id,
        "version": change.after.version,
        "instruction": instruction,
        "channels": given.channels,
        "reason": given.reason,
        "source": given.source,
        "stated_by": given.stated_by,
        "stated_on": given.stated_on,
        "message_id": change.by.message_id,
    }
