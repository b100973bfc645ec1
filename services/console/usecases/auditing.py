"""How is recorded what a person does, and how is the audit log verified?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID, uuid4

from services.console.domain.audit import START, Entry, broken_at, details_of
from services.console.domain.sessions import Session
from services.console.store import audit as store
from services.console.store.sessions import see_as
from shared.contracts.console import AuditVerdict
from shared.contracts.refusals import Refused
from shared.storage.database import Tx

CLI = "command line"
"""The role of a person who uses the command line."""


async def record(
    tx: Tx,
    by: Session | tuple[str, str],
    action: str,
    target: str = "",
    fields: Mapping[str, Any] | None = None,
    command_id: UUID | None = None,
) -> bool:
    """Record what a person does, given the session, or name and role; returns whether it was recorded before.

    Refuses an id that belongs to something else. From here on, the transaction sees all rows.
    """
    name, role = (by.name, by.role) if isinstance(by, Session) else by
    entry = Entry(command_id or uuid4(), tx.now, name, role, action, target, details_of(fields or {}))
    existing = await store.append(tx, entry)
    if existing is None:
        return False
    if (existing.name, existing.action, existing.target, existing.details) != (name, action, target, entry.details):
        raise Refused("This form was sent before with other content; load the page again and repeat it.", 409)
    return True


async def verify(tx: Tx, noted: str | None) -> AuditVerdict:
    """Follow the chain from its beginning; `noted` is a hash that it must contain."""
    await see_as(tx, "service", "")
    count, after, head, contains = 0, 0, START, noted == START
    while rows := await store.page(tx, after=after):
        broken, head = broken_at((row.link for row in rows), head)
        contains = contains or any(row.hash == noted for row in rows)
        count, after = count + len(rows), rows[-1].audit_no
        if broken is not None:
            return AuditVerdict(rows=count, broken_at=broken, head=head, contains=contains if noted else None)
    return AuditVerdict(rows=count, broken_at=None, head=head, contains=contains if noted else None)


async def broken_among(tx: Tx, numbers: Sequence[int]) -> int | None:
    """The first of these rows that does not follow from the one before; None if all do.

    From here on, the transaction sees all rows.
    """
    await see_as(tx, "service", "")
    for row, before in await store.with_hash_before(tx, numbers):
        if broken_at([row.link], before)[0] is not None:
            return row.audit_no
    return None
