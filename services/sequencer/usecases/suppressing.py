"""How does do-not-contact take effect? It is stored, published, and followed in the same transaction."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from services.sequencer.domain.contacts import Sighting
from services.sequencer.domain.marks import same_person, sighting_marks
from services.sequencer.domain.suppression import Statement, Suppression, allowed, since_allowed, suppressed
from services.sequencer.settings import roles
from services.sequencer.store import suppressions
from services.sequencer.usecases.announcing import suppression_changed
from shared.contracts import requests
from shared.contracts.requests import Command
from shared.storage.database import Tx


async def stop(tx: Tx, statement: Statement) -> tuple[Suppression, bool]:
    """Suppress whom a statement names; also whether that is news. `deciding.follow` is to come after it."""
    if statement.scope == "person":
        statement = replace(statement, marks=await suppressions.identified(tx, roles(), statement.marks))
    before = await _known(tx, statement)
    after = suppressed(before, statement)
    if before and (before.channels, before.marks) == (after.channels, after.marks):
        return before, False
    await _change(tx, after)
    await suppressions.record_statement(tx, after, "stop", statement)
    return after, True


async def refuse_outdated(command: Command[Any], statement: Statement, tx: Tx) -> None:
    """Refuse a command whose sender had seen another version of what is in force."""
    known = await _known(tx, statement)
    requests.refuse_outdated(command, known.version if known else 0, str(known or "nothing is recorded of them."))


async def stop_by_file(tx: Tx, statement: Statement) -> None:
    """A contact list says no on its date: what a person allowed since is not taken back by the same list once more."""
    ever = await _of_person(tx, statement, await suppressions.identified(tx, roles(), statement.marks), lifted=True)
    again = await suppressions.allowed_since(tx, [each.suppression_id for each in ever], statement.stated_on)
    if left := since_allowed(statement, again):
        await stop(tx, left)


async def allow(tx: Tx, statement: Statement) -> list[Suppression]:
    """Lift what suppresses this very person, facility, chain or domain; returns what was changed, as it is now."""
    if statement.scope == "person":
        marks = await suppressions.identified(tx, roles(), statement.marks)
        known = await _of_person(tx, statement, marks)
    else:
        found = await _known(tx, statement)
        known = [found] if found and not found.lifted else []
    changed = [(before, allowed(before, statement)) for before in known]
    changed = [(before, after) for before, after in changed if before.channels != after.channels]
    for _, after in changed:
        await _change(tx, after)
        await suppressions.record_statement(tx, after, "allow", statement)
    return [after for _, after in changed]


async def follow_people(tx: Tx, sightings: Iterable[Sighting]) -> bool:
    """Who is suppressed and is named anew, elsewhere or with another address, is known by that from now on.

    Returns whether anything new was learned.
    """
    learned = False
    marks = {mark for sighting in sightings for mark in sighting_marks(roles(), sighting)}
    for person in await suppressions.with_marks(tx, marks, "person"):
        grown = await suppressions.identified(tx, roles(), person.marks)
        if grown != person.marks:
            await _change(tx, replace(person, version=person.version + 1, marks=grown))
            learned = True
    return learned


async def _known(tx: Tx, statement: Statement) -> Suppression | None:
    """What was recorded of the same one, by whatever name or address; what was lifted is known by its target."""
    if statement.scope == "person" and (same := await _of_person(tx, statement, statement.marks)):
        return same[0]
    return await suppressions.of_target(tx, statement.scope, statement.target)


async def _of_person(tx: Tx, statement: Statement, marks: list[str], lifted: bool = False) -> list[Suppression]:
    """What was recorded of this very person: a mailbox that two people use makes them no one person."""
    found = await suppressions.with_marks(tx, marks, "person", lifted)
    return [each for each in found if each.target == statement.target or same_person(roles(), each.marks, marks)]


async def _change(tx: Tx, after: Suppression) -> None:
    await suppressions.save(tx, after)
    tx.emit(suppression_changed(after))
