"""How are postings, their outcomes and the signals that they add up to kept?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Any
from uuid import UUID

from services.matcher.domain.postings import Posting
from services.matcher.domain.signals import Signal
from shared.database import Tx, rows

COLUMNS = tuple(field.name for field in fields(Posting))
_SELECT = f"SELECT {', '.join(COLUMNS)} FROM postings"
_EXPIRED = (
    "newest_expires_on < %(today)s"
    " AND (announced_id, announced_expires_on) IS DISTINCT FROM (newest_id, newest_expires_on)"
)
_OVERDUE = "outcome = 'queued' AND dismissed_on IS NULL AND waiting_since <= %(waiting_since)s"
_SHOWN = "CASE WHEN dismissed_on IS NULL THEN reason ELSE 'dismissed' END"


@dataclass(frozen=True, slots=True)
class SignalRow:
    """All signals of a facility and role family, as last said."""

    ccn: str
    role_family: str
    version: int
    signals: list[dict[str, Any]]
    newest_id: UUID | None
    newest_expires_on: date | None


async def postings_by_id(tx: Tx, ids: Iterable[UUID]) -> list[Posting]:
    return await tx.all(Posting, f"{_SELECT} WHERE posting_id = ANY(%(ids)s::uuid[])", ids=list(ids))


async def postings_resolved_by(tx: Tx, states: Iterable[str], ccns: Iterable[str]) -> list[Posting]:
    """Whose outcome may change with facilities of these states, or with these facilities."""
    return await tx.all(
        Posting,
        f"""
        {_SELECT}
        WHERE reason <> 'role'
          AND (state_key = ANY(%(states)s) OR stated_ccn = ANY(%(ccns)s) OR ccn = ANY(%(ccns)s))
        ORDER BY posting_id
        """,
        states=list(states),
        ccns=list(ccns),
    )


async def postings_of_pairs(tx: Tx, pairs: Sequence[tuple[str, str]]) -> list[Posting]:
    return await tx.all(
        Posting,
        f"""
        {_SELECT}
        WHERE (ccn, role_family) IN (SELECT * FROM unnest(%(ccns)s::text[], %(roles)s::text[]))
        """,
        ccns=[ccn for ccn, _ in pairs],
        roles=[role for _, role in pairs],
    )


async def save_postings(tx: Tx, postings: Iterable[Posting]) -> None:
    columns = ", ".join(COLUMNS)
    changes = ", ".join(f"{column} = excluded.{column}" for column in COLUMNS if column != "posting_id")
    await tx.run(
        f"""
        INSERT INTO postings ({columns})
        SELECT {columns} FROM json_populate_recordset(NULL::postings, %(rows)s::json)
        ON CONFLICT (posting_id) DO UPDATE SET {changes}
        """,
        rows=rows(postings),
    )


async def signals_of_pairs(tx: Tx, pairs: Sequence[tuple[str, str]]) -> list[SignalRow]:
    return await tx.all(
        SignalRow,
        """
        SELECT ccn, role_family, version, signals, newest_id, newest_expires_on FROM signals
        WHERE (ccn, role_family) IN (SELECT * FROM unnest(%(ccns)s::text[], %(roles)s::text[]))
        """,
        ccns=[ccn for ccn, _ in pairs],
        roles=[role for _, role in pairs],
    )


async def save_signals(tx: Tx, derived: Iterable[SignalRow]) -> None:
    await tx.run(
        """
        INSERT INTO signals (ccn, role_family, version, signals, newest_id, newest_expires_on)
        SELECT ccn, role_family, version, signals, newest_id, newest_expires_on
        FROM json_populate_recordset(NULL::signals, %(rows)s::json)
        ON CONFLICT (ccn, role_family) DO UPDATE SET
            version = excluded.version, signals = excluded.signals,
            newest_id = excluded.newest_id, newest_expires_on = excluded.newest_expires_on
        """,
        rows=rows(derived),
    )


async def facilities_expiring(tx: Tx) -> list[str]:
    """Where the newest signal of a role family is past its last day and was not announced."""
    found = await tx.dicts(f"SELECT DISTINCT ccn FROM signals WHERE {_EXPIRED} ORDER BY ccn", today=tx.today)
    return [row["ccn"] for row in found]


async def announce_expired(tx: Tx, ccns: Iterable[str]) -> list[SignalRow]:
    """The pairs whose expiry is to be announced, each with the next version."""
    return await tx.all(
        SignalRow,
        f"""
        WITH expired AS (
            UPDATE signals
            SET announced_id = newest_id, announced_expires_on = newest_expires_on, version = version + 1
            WHERE ccn = ANY(%(ccns)s) AND {_EXPIRED}
            RETURNING ccn, role_family, version, signals, newest_id, newest_expires_on
        )
        SELECT * FROM expired ORDER BY ccn, role_family
        """,
        ccns=list(ccns),
        today=tx.today,
    )


async def states_waiting(tx: Tx, since: date) -> list[str]:
    """Where postings wait that began to on that day or before; empty text for those without a state."""
    found = await tx.dicts(
        f"SELECT DISTINCT state_key FROM postings WHERE {_OVERDUE} ORDER BY state_key", waiting_since=since
    )
    return [row["state_key"] for row in found]


async def dismiss(tx: Tx, since: date, states: Iterable[str]) -> list[dict[str, Any]]:
    """What began to wait on that day or before is dismissed; returned by group."""
    return await tx.dicts(
        f"""
        WITH dismissed AS (
            UPDATE postings SET dismissed_on = %(today)s, decision_no = decision_no + 1
            WHERE state_key = ANY(%(states)s) AND {_OVERDUE}
            RETURNING posting_id, employer_key, city_key, state_key, employer_name, city, state
        )
        SELECT min(employer_name) AS employer_name, min(city) AS city, min(state) AS state,
               array_agg(posting_id ORDER BY posting_id) AS posting_ids
        FROM dismissed GROUP BY state_key, employer_key, city_key ORDER BY state_key, employer_key, city_key
        """,
        today=tx.today,
        waiting_since=since,
        states=list(states),
    )


async def outcomes(tx: Tx, ids: Iterable[UUID]) -> list[dict[str, Any]]:
    return await tx.dicts(
        f"""
        SELECT posting_id, outcome, ccn, confidence, method, {_SHOWN} AS reason, candidates, decided_by
        FROM postings WHERE posting_id = ANY(%(ids)s::uuid[]) ORDER BY posting_id
        """,
        ids=list(ids),
    )


async def page_of_outcomes(tx: Tx, after: UUID | None, limit: int) -> list[dict[str, Any]]:
    return await tx.dicts(
        f"""
        SELECT posting_id, source, source_posting_id, outcome, ccn, confidence, method, {_SHOWN} AS reason,
               role_family, urgency
        FROM postings WHERE %(after)s::uuid IS NULL OR posting_id > %(after)s::uuid
        ORDER BY posting_id LIMIT %(limit)s
        """,
        after=after,
        limit=limit,
    )


async def page_of_signals(tx: Tx, after: tuple[str, str], limit: int) -> list[dict[str, Any]]:
    """Facilities and role families in order, with their facility's name."""
    return await tx.dicts(
        """
        SELECT s.ccn, f.name, s.role_family, s.signals
        FROM signals AS s LEFT JOIN facilities AS f USING (ccn)
        WHERE (s.ccn, s.role_family) > (%(ccn)s, %(role)s) AND s.signals <> '[]'::jsonb
        ORDER BY s.ccn, s.role_family LIMIT %(limit)s
        """,
        ccn=after[0],
        role=after[1],
        limit=limit,
    )


async def counts(tx: Tx) -> list[dict[str, Any]]:
    return await tx.dicts(
        f"SELECT outcome, {_SHOWN} AS reason, count(*) AS postings FROM postings GROUP BY 1, 2 ORDER BY 1, 2"
    )


async def open_signals(tx: Tx) -> int:
    """Of each facility and role family only the newest can be open."""
    return int(await tx.value("SELECT count(*) FROM signals WHERE newest_expires_on >= %(today)s", today=tx.today))


async def signals_at(tx: Tx, ccn: str) -> list[dict[str, Any]]:
    return await tx.dicts(
        "SELECT role_family, version, signals FROM signals WHERE ccn = %(ccn)s ORDER BY role_family", ccn=ccn
    )


def signal_row(ccn: str, role_family: str, version: int, derived: Sequence[Signal]) -> SignalRow:
    newest = derived[-1] if derived else None
    return SignalRow(
        ccn,
        role_family,
        version,
        [asdict(signal) for signal in derived],
        newest.signal_id if newest else None,
        newest.expires_on if newest else None,
    )
