"""How are facilities, their names and decisions on groups stored, and read again after a change?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from services.matcher.domain.directory import Facility, Group, OtherName
from services.matcher.domain.inbox import key_of_group
from shared.contracts.matcher import FacilityName
from shared.storage.database import Tx, rows
from shared.storage.writing import recordset, upsert_newest


@dataclass(frozen=True, slots=True)
class FacilityRow:
    """A facility as the registry lists it, and the change of the directory that added it."""

    facility_id: str
    version: int
    listed_as_of: date
    name: str
    address: str | None
    city: str
    state: str
    zip: str | None
    phone: str | None
    chain: str | None
    changed: int


@dataclass(frozen=True, slots=True)
class NameRow:
    """A name of a facility in the registry, even if a file of aliases stated it before."""

    facility_id: str
    name: str
    kind: str
    version: int
    file: None = None


@dataclass(frozen=True, slots=True)
class FileName:
    """A name of a facility in a file of aliases."""

    facility_id: str
    name: str
    kind: str
    file: str
    stated_on: date | None


@dataclass(frozen=True, slots=True)
class Ruling:
    """The current decision of a person on a group: a facility, a reason, or neither if it was undone."""

    employer_key: str
    city_key: str
    state_key: str
    facility_id: str | None
    reason: str | None
    decided_by: str | None


async def version(tx: Tx) -> int:
    return int(await tx.value("""SELECT version FROM directory_version"""))


async def raise_version(tx: Tx) -> int:
    """The number of this transaction's change. Other changes wait until it is committed or rolled back."""
    return int(await tx.value("""UPDATE directory_version SET version = version + 1 RETURNING version"""))


async def facilities_after(tx: Tx, changed: int) -> list[Facility]:
    """Facilities that changed after a version, with all their names; names of earlier versions are former names."""
    found = await tx.dicts(
        """
        SELECT f.facility_id, f.name, f.city, f.state, f.chain, f.address, f.zip, f.phone,
               f.version > f.delisted_version AS listed,
               coalesce(n.names, '[]'::jsonb) AS names
        FROM facilities AS f
        LEFT JOIN LATERAL (
            SELECT jsonb_agg(jsonb_build_array(name, kind) ORDER BY kind, name) AS names
            FROM (
                SELECT name, CASE WHEN version = f.version OR file IS NOT NULL THEN kind ELSE 'former' END AS kind
                FROM facility_names
                WHERE facility_id = f.facility_id AND NOT (version = f.version AND kind = 'name') AND withdrawn_by IS
                NULL
            ) AS named
        ) AS n ON true
        WHERE f.changed > %(changed)s AND f.name IS NOT NULL
        """,
        changed=changed,
    )
    return [_facility(row) for row in found]


async def rulings_after(tx: Tx, changed: int) -> list[Ruling]:
    """Decisions on groups that changed after a version, those that were undone first."""
    return await tx.all(
        Ruling,
        """
        SELECT employer_key, city_key, state_key, NULL AS facility_id, NULL AS reason, NULL AS decided_by
        FROM aliases WHERE changed > %(changed)s AND revoked_at IS NOT NULL
        UNION ALL
        SELECT employer_key, city_key, state_key, NULL, NULL, NULL
        FROM verdicts WHERE changed > %(changed)s AND withdrawn
        UNION ALL
        SELECT employer_key, city_key, state_key, NULL, reason, decided_by
        FROM verdicts WHERE changed > %(changed)s AND NOT withdrawn
        UNION ALL
        SELECT employer_key, city_key, state_key, facility_id, NULL, learned_by
        FROM aliases WHERE changed > %(changed)s AND revoked_at IS NULL
        ORDER BY 4 NULLS FIRST, 5 NULLS FIRST
        """,
        changed=changed,
    )


async def list_facilities(tx: Tx, listed: Iterable[FacilityRow], names: Iterable[NameRow]) -> list[str]:
    """Store newer listings and all names. Returns the ids of the facilities that changed."""
    updated = await upsert_newest(tx, "facilities", listed, key=("facility_id",))
    renamed = await upsert_newest(tx, "facility_names", names, key=("facility_id", "name"))
    return sorted({row["facility_id"] for row in [*updated, *renamed]})


async def delist_facilities(tx: Tx, versions: dict[str, int], change: int) -> list[str]:
    """Returns the ids of the facilities that were not delisted by this or a newer version before."""
    delisted = [
        {"facility_id": each, "delisted_version": number, "changed": change} for each, number in versions.items()
    ]
    updated = await upsert_newest(tx, "facilities", delisted, key=("facility_id",), version=("delisted_version",))
    return sorted(row["facility_id"] for row in updated)


async def mark_changed(tx: Tx, facility_ids: Iterable[str], change: int) -> None:
    """Mark facilities as changed, because a name was added or withdrawn."""
    await tx.run(
        """UPDATE facilities SET changed = %(change)s WHERE facility_id = ANY(%(facility_ids)s)""",
        facility_ids=list(facility_ids),
        change=change,
    )


async def facility(tx: Tx, facility_id: str) -> dict[str, Any] | None:
    found = await tx.dicts(
        """
        SELECT facility_id, changed AS version, name, address, city, state, zip, phone, chain,
               version > delisted_version AS listed, listed_as_of
        FROM facilities WHERE facility_id = %(facility_id)s
        """,
        facility_id=facility_id,
    )
    return found[0] if found else None


async def changed_at(tx: Tx, facility_id: str) -> int:
    """The version of the directory that last changed a facility."""
    return int(await tx.value("""SELECT changed FROM facilities WHERE facility_id = %(id)s""", id=facility_id))


async def add_names(tx: Tx, names: Iterable[FileName]) -> list[tuple[str, str]]:
    """Add names from a file of aliases; existing names stay. Returns the id and name of each new one."""
    given = list(names)
    added = await tx.dicts(
        f"""
        INSERT INTO facility_names (facility_id, name, kind, version, file, stated_on)
        SELECT facility_id, name, kind, 0, file, stated_on
        FROM {recordset("facility_names", given)} AS given
        ON CONFLICT (facility_id, name) DO NOTHING
        RETURNING facility_id, name
        """,
        rows=rows(given),
    )
    return [(row["facility_id"], row["name"]) for row in added]


async def date_names(tx: Tx, days: Mapping[tuple[str, str], date]) -> None:
    """Store the latest date at which a file states each name, by facility and name."""
    given = [{"facility_id": facility_id, "name": name, "stated_on": day} for (facility_id, name), day in days.items()]
    await tx.run(
        f"""
        UPDATE facility_names AS stored SET stated_on = dated.stated_on
        FROM {recordset("facility_names", given)} AS dated
        WHERE stored.facility_id = dated.facility_id AND stored.name = dated.name AND stored.file IS NOT NULL
          AND (stored.stated_on IS NULL OR stored.stated_on < dated.stated_on)
        """,
        rows=rows(given),
    )


async def withdrawn_names(tx: Tx, facility_ids: Iterable[str]) -> dict[str, list[str]]:
    """The names that a person withdrew, by facility."""
    return {
        row["facility_id"]: row["names"]
        for row in await tx.dicts(
            """
            SELECT facility_id, array_agg(name) AS names FROM facility_names
            WHERE facility_id = ANY(%(facility_ids)s) AND withdrawn_by IS NOT NULL GROUP BY facility_id
            """,
            facility_ids=list(facility_ids),
        )
    }


async def withdraw_name(tx: Tx, facility_id: str, name: str, by: str | None) -> bool:
    """Withdraw a name of a facility, or restore it if `by` is None. Returns False if nothing changed."""
    changed = await tx.run(
        """
        UPDATE facility_names SET withdrawn_by = %(by)s
        WHERE facility_id = %(facility_id)s AND name = %(name)s AND (withdrawn_by IS NULL) <> (%(by)s::text IS NULL)
        """,
        facility_id=facility_id,
        name=name,
        by=by,
    )
    return changed > 0


async def names_of(tx: Tx, facility_id: str) -> list[FacilityName]:
    """Every name of a facility with its provenance: a file, a rule (an earlier name is a former name), or a person.

    A name from a person has the key that undoes it.
    """
    found = await tx.dicts(
        """
        SELECT n.name, CASE WHEN n.version = f.version OR n.file IS NOT NULL THEN n.kind ELSE 'former' END AS kind,
               CASE WHEN n.version = f.version OR n.file IS NOT NULL OR n.kind = 'former' THEN 'file' ELSE 'rule' END
                   AS provenance,
               coalesce(n.file, 'registry') AS stated_by, n.stated_on, n.withdrawn_by, NULL::text[] AS "group"
        FROM facility_names AS n JOIN facilities AS f USING (facility_id) WHERE facility_id = %(facility_id)s
        UNION ALL
        SELECT employer_name, 'alias', 'person', learned_by, NULL, NULL, ARRAY[employer_key, city_key, state_key]
        FROM aliases WHERE facility_id = %(facility_id)s AND revoked_at IS NULL
        ORDER BY 2, 1
        """,
        facility_id=facility_id,
    )
    return [
        FacilityName(key=key_of_group(Group(*group)) if (group := row.pop("group")) else None, **row) for row in found
    ]


def _facility(row: dict[str, Any]) -> Facility:
    names = tuple(OtherName(name, kind) for name, kind in row.pop("names"))
    return Facility(names=names, **row)
