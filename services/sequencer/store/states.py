"""What is the current state of everything that the sequencer owns, page by page?

Each row of a page comes with its key.
"""

from __future__ import annotations

from dataclasses import fields
from typing import Any, TypeVar

from engines.suppression.statements import Suppression
from services.sequencer.domain.enrollments import Enrollment
from services.sequencer.domain.leads import Lead
from services.sequencer.domain.outcomes import Outcome
from services.sequencer.domain.reps import Leave, Rep
from services.sequencer.domain.tasks import Task
from services.sequencer.store.accounts import OwnerState
from services.sequencer.store.contacts import State
from services.sequencer.store.reps import LEAVE
from shared.storage.database import Tx
from shared.storage.paging import page_by_key, page_of

R = TypeVar("R")
Page = list[tuple[str, R]]

_OUTCOME = [field.name for field in fields(Outcome)]


async def leads(tx: Tx, after: str | None, limit: int) -> Page[Lead]:
    return await page_of(tx, Lead, "leads", ("lead_id",), after, limit)


async def outcomes(tx: Tx, after: str | None, limit: int, where: str) -> Page[Outcome]:
    """The recorded outcomes of one kind, by lead and version."""
    key = ("lead_id", "version")
    found = await page_by_key(tx, "outcomes", key, after, limit, where)
    return [(key, Outcome(**{name: row[name] for name in _OUTCOME})) for key, row in found]


async def notes(tx: Tx, after: str | None, limit: int) -> Page[dict[str, Any]]:
    return await page_by_key(tx, "notes", ("note_id",), after, limit)


async def contacts(tx: Tx, after: str | None, limit: int) -> Page[State]:
    key = ("facility_id", "role")
    return await page_of(tx, State, "contact_states", key, after, limit)


async def enrollments(tx: Tx, after: str | None, limit: int, where: str) -> Page[Enrollment]:
    return await page_of(tx, Enrollment, "enrollments", ("enrollment_id",), after, limit, where)


async def tasks(tx: Tx, after: str | None, limit: int, where: str) -> Page[Task]:
    return await page_of(tx, Task, "tasks", ("task_id",), after, limit, where)


async def activities(tx: Tx, after: str | None, limit: int) -> Page[dict[str, Any]]:
    return await page_by_key(tx, "activities", ("activity_id",), after, limit)


async def suppressions(tx: Tx, after: str | None, limit: int) -> Page[Suppression]:
    """Suppressions of people, facilities and chains, including lifted ones."""
    own = "scope IN ('person', 'facility', 'chain')"
    return await page_of(tx, Suppression, "suppressions", ("suppression_id",), after, limit, own)


async def owners(tx: Tx, after: str | None, limit: int) -> Page[OwnerState]:
    """The owners of all accounts that have one, or had one."""
    columns = "facility_id, owner, owner_version, status = 'active' AS client, owner_reason"
    return await page_of(tx, OwnerState, "accounts", ("facility_id",), after, limit, "owner_version > 0", columns)


async def reps(tx: Tx, after: str | None, limit: int) -> Page[Rep]:
    """Reps, including those who left."""
    return await page_of(tx, Rep, "reps", ("rep",), after, limit)


async def leaves(tx: Tx, after: str | None, limit: int) -> Page[Leave]:
    """Leaves, including past ones."""
    found = await page_by_key(tx, "leaves", ("leave_id",), after, limit, columns=f"leave_id, {LEAVE}")
    return [(key, Leave(**{name: value for name, value in row.items() if name != "leave_id"})) for key, row in found]
