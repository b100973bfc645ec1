"""Which calibrations were there? Every query on them and on their cohort."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from pydantic_core import to_json

from engines.scoring.tiers import Calibration, Candidate, Record
from shared.contracts import scorer_replies as contract
from shared.storage.database import Tx, rows
from shared.storage.paging import page_by_key
from shared.storage.writing import insert


async def latest(tx: Tx, until: date | None = None, of: Collection[str] | None = None) -> Record | None:
    """The calibration in force, now or at the end of a day, with all members or only those in `of`."""
    found = await tx.dicts(
        """
        SELECT calibrated_on, cuts, hysteresis,
               (SELECT coalesce(jsonb_object_agg(facility_id, tier), '{}') FROM calibration_members AS member
                 WHERE member.calibration_id = calibration.calibration_id
                   AND (%(of)s::text[] IS NULL OR facility_id = ANY(%(of)s))) AS members
          FROM calibrations AS calibration
         WHERE calibrated_on <= coalesce(%(until)s, 'infinity'::date)
         ORDER BY calibrated_on DESC LIMIT 1
        """,
        until=until,
        of=None if of is None else list(of),
    )
    return _record(found[0]) if found else None


def _record(row: Mapping[str, Any]) -> Record:
    return Record(
        calibrated_on=row["calibrated_on"],
        cuts=cuts_of(row["cuts"]),
        hysteresis=row["hysteresis"],
        members=row["members"],
    )


def cuts_of(stored: Mapping[str, str]) -> dict[int, Decimal]:
    """The cuts, which are stored as text because JSON has no integer keys and no exact decimals."""
    return {int(tier): Decimal(cut) for tier, cut in stored.items()}


async def cohort(tx: Tx) -> list[Candidate]:
    """All listed facilities with their scores."""
    return await tx.all(
        Candidate,
        """
        SELECT facility_id, score, urgency, last_seen_on, measure
          FROM scores JOIN facilities USING (facility_id)
         WHERE identity_version > delisted_version ORDER BY facility_id
        """,
    )


async def tiers(tx: Tx) -> list[tuple[str, Decimal, int]]:
    """The id, score and tier of every scored facility, listed or not."""
    found = await tx.dicts("SELECT facility_id, score, tier FROM scores ORDER BY facility_id")
    return [(row["facility_id"], row["score"], row["tier"]) for row in found]


async def record(tx: Tx, calibration_id: UUID, made: Calibration, pack: str) -> dict[str, Any]:
    """Returns the stored calibration."""
    (stored,) = await tx.dicts(
        """
        INSERT INTO calibrations (calibration_id, calibrated_on, cohort, cuts, hysteresis, sizes, ties, crossings, pack)
        VALUES (%(id)s, %(on)s, %(cohort)s, %(cuts)s::jsonb, %(hysteresis)s, %(sizes)s::jsonb, %(ties)s::jsonb,
                %(crossings)s::jsonb, %(pack)s)
        RETURNING *
        """,
        id=calibration_id,
        on=made.record.calibrated_on,
        cohort=made.cohort,
        cuts=_json(made.record.cuts),
        hysteresis=made.record.hysteresis,
        sizes=_json(made.sizes),
        ties=_json(made.ties),
        crossings=rows(made.crossings),
        pack=pack,
    )
    members = [
        {"calibration_id": calibration_id, "facility_id": facility_id, "tier": tier, "rank": rank}
        for rank, (facility_id, tier) in enumerate(made.record.members.items(), start=1)
    ]
    await insert(tx, "calibration_members", members)
    return stored


async def page(tx: Tx, after: str | None, limit: int) -> list[tuple[str, dict[str, Any]]]:
    """A page of all calibrations with their keys, by id."""
    return await page_by_key(tx, "calibrations", ("calibration_id",), after, limit)


def _json(value: object) -> str:
    return to_json(value).decode()


async def newest(tx: Tx, limit: int) -> list[contract.Calibration]:
    """The latest calibrations, newest first."""
    return await tx.all(
        contract.Calibration, "SELECT * FROM calibrations ORDER BY calibrated_on DESC LIMIT %(limit)s", limit=limit
    )
