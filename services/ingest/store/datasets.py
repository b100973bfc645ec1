"""How are datasets and their vintages recorded?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic_core import to_json

from shared.storage.arrays import texts
from shared.storage.database import Tx
from shared.storage.writing import insert, upsert

KIND = "dataset"
"""The kind of work."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is remembered of the last requests for a dataset."""

    name: str
    modified: str | None = None
    url: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    sha256: str | None = None
    asked_at: datetime | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Vintage:
    """A version of a dataset that was downloaded."""

    dataset: str
    vintage_no: int
    state: str
    modified: str
    as_of: date
    url: str | None
    sha256: str
    size: int
    rows: int
    unreadable: int
    facility_count: int
    reasons: list[str]
    import_id: UUID
    found_at: datetime
    decided_by: str | None = None
    decided_at: datetime | None = None
    imported_at: datetime | None = None
    counts: dict[str, int]
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Compared:
    """What a vintage is compared with."""

    header: list[str]
    rows: int
    facilities: dict[str, int]


_VINTAGE = """dataset, vintage_no, state, modified, as_of, url, sha256, size, rows, unreadable, facility_count, reasons,
    import_id, found_at, decided_by, decided_at, imported_at, counts, note"""


async def asked(tx: Tx, names: Iterable[str]) -> dict[str, Asked]:
    """What is remembered of datasets, by name; of a new one, nothing."""
    wanted = list(names)
    found = await tx.all(
        Asked,
        """
        SELECT name, modified, url, etag, last_modified, sha256, asked_at, error FROM datasets
        WHERE name = ANY(%(names)s)
        """,
        names=texts(wanted),
    )
    return {name: Asked(name) for name in wanted} | {each.name: each for each in found}


async def remember(tx: Tx, *datasets: Asked) -> None:
    await upsert(tx, "datasets", datasets, key=("name",))


async def forget(tx: Tx, names: Sequence[str]) -> None:
    """Forget what was offered, so that the datasets are downloaded again."""
    await tx.run(
        """
        UPDATE datasets SET modified = NULL, etag = NULL, last_modified = NULL, sha256 = NULL
        WHERE name = ANY(%(names)s)
        """,
        names=texts(names),
    )


async def failed(tx: Tx, name: str, error: str) -> None:
    """Record why a request for a dataset failed; what was offered before stays."""
    await tx.run(
        """
        INSERT INTO datasets (name, asked_at, error) VALUES (%(name)s, %(now)s, %(error)s)
        ON CONFLICT (name) DO UPDATE SET asked_at = excluded.asked_at, error = excluded.error
        """,
        name=name,
        now=tx.now,
        error=error,
    )


async def next_at(tx: Tx) -> dict[str, datetime]:
    """When each dataset is asked for next."""
    found = await tx.dicts("""SELECT key, due_at FROM work WHERE kind = %(kind)s""", kind=KIND)
    return {row["key"]: row["due_at"] for row in found}


async def vintages(tx: Tx, name: str) -> list[Vintage]:
    """The vintages of a dataset, the latest first."""
    return await tx.all(
        Vintage,
        f"""SELECT {_VINTAGE} FROM vintages WHERE dataset = %(name)s ORDER BY vintage_no DESC LIMIT 200""",
        name=name,
    )


async def latest(tx: Tx) -> dict[str, Vintage]:
    """The latest vintage of each dataset."""
    found = await tx.all(
        Vintage, f"""SELECT DISTINCT ON (dataset) {_VINTAGE} FROM vintages ORDER BY dataset, vintage_no DESC"""
    )
    return {each.dataset: each for each in found}


async def locked(tx: Tx, name: str, number: int) -> Vintage | None:
    return await tx.one(
        Vintage,
        f"""SELECT {_VINTAGE} FROM vintages WHERE dataset = %(name)s AND vintage_no = %(number)s FOR UPDATE""",
        name=name,
        number=number,
    )


async def importing(tx: Tx, name: str) -> Vintage | None:
    """The vintage that is being imported."""
    return await tx.one(
        Vintage,
        f"""
        SELECT {_VINTAGE} FROM vintages WHERE dataset = %(name)s AND state = 'importing'
        ORDER BY vintage_no DESC LIMIT 1
        """,
        name=name,
    )


async def compared(tx: Tx, name: str) -> Compared | None:
    """The last vintage that was imported."""
    return await tx.one(
        Compared,
        """
        SELECT header, rows, facilities FROM vintages WHERE dataset = %(name)s AND state = 'imported'
        AND facilities IS NOT NULL ORDER BY vintage_no DESC LIMIT 1
        """,
        name=name,
    )


async def imported(tx: Tx, names: Iterable[str]) -> set[str]:
    """Those of some datasets that have an imported vintage."""
    found = await tx.dicts(
        """SELECT DISTINCT dataset FROM vintages WHERE state = 'imported' AND dataset = ANY(%(names)s)""",
        names=texts(names),
    )
    return {row["dataset"] for row in found}


async def add(tx: Tx, found: Mapping[str, Any], header: Sequence[str], facilities: Mapping[str, int]) -> None:
    """Add a vintage with the next number; one that still waited is replaced by it."""
    name = found["dataset"]
    await tx.run(
        """UPDATE vintages SET state = 'replaced' WHERE dataset = %(name)s AND state = 'waiting'""",
        name=name,
    )
    number = await tx.value(
        """SELECT coalesce(max(vintage_no), 0) + 1 FROM vintages WHERE dataset = %(name)s""", name=name
    )
    row = {**found, "vintage_no": number, "header": list(header), "facilities": dict(facilities), "counts": {}}
    await insert(tx, "vintages", [row])


async def decide(tx: Tx, vintage: Vintage, state: str, note: str | None) -> None:
    """Record what a person decided about a vintage."""
    await tx.run(
        """
        UPDATE vintages SET state = %(state)s, decided_by = %(actor)s, decided_at = %(now)s, note = %(note)s
        WHERE dataset = %(name)s AND vintage_no = %(number)s
        """,
        state=state,
        actor=tx.actor,
        now=tx.now,
        note=note,
        name=vintage.dataset,
        number=vintage.vintage_no,
    )


async def end_import(tx: Tx, vintage: Vintage, state: str, counts: Mapping[str, int], note: str | None) -> None:
    """Record how the import of a vintage ended. Earlier vintages are compared with no more."""
    await tx.run(
        """
        UPDATE vintages SET state = %(state)s, note = %(note)s, counts = %(counts)s::jsonb,
            imported_at = CASE WHEN %(state)s = 'imported' THEN %(now)s ELSE imported_at END
        WHERE dataset = %(name)s AND vintage_no = %(number)s AND state = 'importing'
        """,
        state=state,
        note=note,
        counts=to_json(counts).decode(),
        now=tx.now,
        name=vintage.dataset,
        number=vintage.vintage_no,
    )
    await tx.run(
        """
        UPDATE vintages SET facilities = NULL WHERE dataset = %(name)s AND facilities IS NOT NULL AND vintage_no <
            (SELECT max(vintage_no) FROM vintages WHERE dataset = %(name)s AND state = 'imported')
        """,
        name=vintage.dataset,
    )


async def doubt(tx: Tx, vintage: Vintage, reason: str) -> None:
    """A vintage that could not be imported waits for a person."""
    await tx.run(
        """
        UPDATE vintages SET state = 'waiting', reasons = reasons || to_jsonb(%(reason)s::text)
        WHERE dataset = %(name)s AND vintage_no = %(number)s AND state = 'importing'
        """,
        reason=reason,
        name=vintage.dataset,
        number=vintage.vintage_no,
    )
