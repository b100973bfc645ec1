"""Which outcomes of leads are recorded?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, fields
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter

from services.sequencer.domain.outcomes import Before, Outcome
from shared.storage.database import Tx
from shared.storage.writing import insert

COLUMNS = ", ".join(field.name for field in fields(Outcome))

_BEFORE = TypeAdapter(Before)


async def record(tx: Tx, outcome: Outcome, before: Before) -> None:
    stored = {"before": _BEFORE.dump_python(before, mode="json"), "recorded_at": tx.now}
    await insert(tx, "outcomes", [asdict(outcome) | stored])


async def record_undone(tx: Tx, outcome: Outcome) -> None:
    """Record that an outcome was taken back."""
    await tx.run(
        "UPDATE outcomes SET undone_by = %(by)s, undone_on = %(on)s WHERE lead_id = %(id)s AND version = %(version)s",
        by=outcome.undone_by,
        on=outcome.undone_on,
        id=outcome.lead_id,
        version=outcome.version,
    )


async def last(tx: Tx, lead_id: UUID) -> Outcome | None:
    """The last outcome of a lead that was not taken back."""
    return await tx.one(
        Outcome,
        f"""
        SELECT {COLUMNS} FROM outcomes WHERE lead_id = %(id)s AND undone_on IS NULL ORDER BY version DESC LIMIT 1
        """,
        id=lead_id,
    )


async def last_of_account(tx: Tx, facility_id: str) -> Outcome | None:
    """The last outcome of the leads of an account that was not taken back."""
    return await tx.one(
        Outcome,
        f"""
        SELECT {COLUMNS} FROM outcomes WHERE facility_id = %(id)s AND undone_on IS NULL
        ORDER BY recorded_at DESC, version DESC LIMIT 1
        """,
        id=facility_id,
    )


async def is_undone(tx: Tx, outcome: tuple[UUID, int]) -> bool:
    """Whether an outcome, by its lead and version, was taken back."""
    lead_id, version = outcome
    sql = "SELECT undone_on IS NOT NULL FROM outcomes WHERE lead_id = %(id)s AND version = %(version)s"
    return bool(await tx.value(sql, id=lead_id, version=version))


async def before(tx: Tx, outcome: Outcome) -> Before:
    """What an outcome changed, as it was before."""
    stored = await tx.value(
        "SELECT before FROM outcomes WHERE lead_id = %(id)s AND version = %(version)s",
        id=outcome.lead_id,
        version=outcome.version,
    )
    return _BEFORE.validate_python(stored)


async def keep_clients(tx: Tx, facility_ids: Iterable[str]) -> None:
    """Taking back a win leaves these accounts clients, because a list names them since."""
    await tx.run(
        """
        UPDATE outcomes SET before = jsonb_set(before, '{client}', 'true')
        WHERE facility_id = ANY(%(ids)s) AND outcome = 'won' AND undone_on IS NULL
        """,
        ids=sorted(facility_ids),
    )


async def of_account(tx: Tx, facility_id: str) -> list[dict[str, Any]]:
    """All outcomes of an account, also those that were taken back, oldest first."""
    return await tx.dicts(
        f"SELECT {COLUMNS}, recorded_at FROM outcomes WHERE facility_id = %(id)s ORDER BY recorded_at, version",
        id=facility_id,
    )
