"""Which suppressions and statements are there?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import date
from typing import Any
from uuid import UUID

from engines.suppression.marks import recipient_marks
from engines.suppression.statements import Scope, Statement, Suppression, suppression_id
from services.sequencer.domain.contacts import Sighting
from services.sequencer.domain.marks import extended, sighting_marks
from services.sequencer.domain.roles import ContactRoles
from services.sequencer.domain.suppression import InForce, by_mark
from services.sequencer.store.contacts import COLUMNS
from shared.contracts.suppressions import StatementRow
from shared.storage.database import Tx
from shared.storage.writing import insert, upsert, upsert_newest


async def load(tx: Tx, marks: Iterable[str]) -> InForce:
    """The suppressions in force with one of these marks."""
    return by_mark(await with_marks(tx, marks))


async def load_all(tx: Tx) -> InForce:
    """All suppressions in force, with those of addresses and domains."""
    return by_mark(
        await tx.all(Suppression, "SELECT * FROM suppressions WHERE channels <> '{}' ORDER BY scope, target")
    )


async def with_marks(
    tx: Tx, marks: Iterable[str], scope: Scope | None = None, lifted: bool = False
) -> list[Suppression]:
    """The suppressions in force with one of these marks; with `lifted`, also lifted ones."""
    return await tx.all(
        Suppression,
        # `&&` would compare every mark with every other one if it does not use the index.
        """
        SELECT * FROM suppressions
        WHERE suppression_id IN (
                SELECT suppression_id FROM suppressions, unnest(marks) AS mark WHERE mark = ANY(%(marks)s::text[])
            )
            AND (channels <> '{}' OR %(lifted)s) AND (%(scope)s::text IS NULL OR scope = %(scope)s)
        ORDER BY scope, target
        """,
        marks=sorted(set(marks)),
        scope=scope,
        lifted=lifted,
    )


async def in_force(tx: Tx) -> list[Suppression]:
    """The suppressions of people, facilities and chains in force."""
    return await tx.all(
        Suppression,
        """
        SELECT * FROM suppressions WHERE channels <> '{}' AND scope IN ('person', 'facility', 'chain')
        ORDER BY scope, target
        """,
    )


async def copy(tx: Tx, suppressions: Iterable[Suppression]) -> None:
    """Store the newest version of suppressions of addresses and domains, which the notifier owns."""
    await upsert_newest(tx, "suppressions", suppressions, key=("suppression_id",))


async def places_of(tx: Tx, marks: Iterable[str]) -> set[tuple[str | None, str | None]]:
    """The facility or the chain of each person whose address has one of these marks."""
    wanted = frozenset(marks)
    found = await tx.dicts("SELECT DISTINCT email, facility_id, chain FROM contacts WHERE email IS NOT NULL")
    return {
        (each["facility_id"], each["chain"]) for each in found if not wanted.isdisjoint(recipient_marks(each["email"]))
    }


async def with_ids(tx: Tx, ids: Iterable[UUID]) -> dict[UUID, Suppression]:
    """Suppressions by id, including lifted ones."""
    found = await tx.all(Suppression, "SELECT * FROM suppressions WHERE suppression_id = ANY(%(ids)s)", ids=list(ids))
    return {each.suppression_id: each for each in found}


async def of_target(tx: Tx, scope: Scope, target: str) -> Suppression | None:
    """The suppression of a person, facility, chain or domain; it may be lifted."""
    return await tx.one(
        Suppression,
        "SELECT * FROM suppressions WHERE suppression_id = %(id)s",
        id=suppression_id(scope, target),
    )


async def save(tx: Tx, suppressions: Iterable[Suppression]) -> None:
    await upsert(tx, "suppressions", suppressions, key=("suppression_id",))


async def record_statements(tx: Tx, stated: Iterable[tuple[Suppression, Statement]], instruction: str) -> None:
    """Append statements, each with the suppression after it."""
    await insert(tx, "suppression_statements", [_row(after, by, instruction) for after, by in stated])


def _row(after: Suppression, statement: Statement, instruction: str) -> dict[str, Any]:
    given = asdict(statement)
    parts = {name: given[name] for name in ("channels", "reason", "source", "stated_by", "stated_on")}
    return {"suppression_id": after.suppression_id, "version": after.version, "instruction": instruction} | parts


async def statements(tx: Tx, suppression_ids: Iterable[UUID]) -> list[StatementRow]:
    """The statements on these suppressions, oldest first."""
    return await tx.all(
        StatementRow,
        """
        SELECT suppression_id, scope, target, label, instruction, statement.channels, statement.reason,
            statement.source, statement.stated_by, statement.stated_on, suppressions.channels AS stopped_now
        FROM suppression_statements AS statement JOIN suppressions USING (suppression_id)
        WHERE suppression_id = ANY(%(ids)s) ORDER BY scope, target, statement.version
        """,
        ids=list(suppression_ids),
    )


async def allowed_since(tx: Tx, suppression_ids: Iterable[UUID], day: date) -> list[str]:
    """The channels that people allowed again for these suppressions, on a day or later."""
    found = await tx.dicts(
        """
        SELECT DISTINCT channel FROM suppression_statements, unnest(channels) AS channel
        WHERE suppression_id = ANY(%(ids)s) AND instruction = 'allow' AND stated_on >= %(day)s ORDER BY channel
        """,
        ids=list(suppression_ids),
        day=day,
    )
    return [row["channel"] for row in found]


async def identified(tx: Tx, roles: ContactRoles, marks: Iterable[str]) -> list[str]:
    """The marks of a person, extended by all sightings of the same person."""
    found = sorted(set(marks))
    while (more := extended(roles, found, await _sightings(tx, found))) != found:
        found = more
    return found


async def people_with(tx: Tx, roles: ContactRoles, marks: Iterable[str]) -> list[Sighting]:
    """The sightings with one of these marks."""
    wanted = sorted(set(marks))
    return [each for each in await _sightings(tx, wanted) if set(sighting_marks(roles, each)) & set(wanted)]


async def _sightings(tx: Tx, marks: Iterable[str]) -> list[Sighting]:
    """All sightings at the places of these marks, or with one of their addresses or numbers."""
    values: dict[str, set[str]] = {"facility": set(), "chain": set(), "address": set(), "phone": set()}
    for mark in marks:
        kind, _, value = mark.partition(":")
        if kind == "name":
            kind, _, value = value.partition(":")
            value = value.rpartition("/")[0]
        values[kind].add(value)
    return await tx.all(
        Sighting,
        f"""
        SELECT {COLUMNS} FROM contacts
        WHERE facility_id = ANY(%(facility)s) OR chain = ANY(%(chain)s)
            OR email = ANY(%(address)s) OR direct_phone = ANY(%(phone)s)
        ORDER BY source_date DESC, contact_id
        """,
        **{kind: sorted(found) for kind, found in values.items()},
    )
