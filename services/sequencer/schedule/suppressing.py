"""How does a no take effect? It is kept, told to the others, and obeyed in the same transaction."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from services.sequencer import announce
from services.sequencer.domain.contacts import Sighting
from services.sequencer.domain.suppression import (
    Statement,
    Suppression,
    allowed,
    same_person,
    sighting_marks,
    since_allowed,
    stopped,
)
from services.sequencer.store import suppressions
from shared.storage.database import Tx


async def stop(tx: Tx, said: Statement) -> tuple[Suppression, bool]:
    """Suppress whom a statement names; also whether that is news. Who calls this lets `obey` follow."""
    if said.scope == "person":
        said = replace(said, marks=await suppressions.identified(tx, said.marks))
    before = await _known(tx, said)
    after = stopped(before, said)
    if before and (before.channels, before.marks) == (after.channels, after.marks):
        return before, False
    await _change(tx, after)
    await suppressions.note(tx, after, "stop", said)
    return after, True


async def stop_by_file(tx: Tx, said: Statement) -> None:
    """A contact list says no on its date: what a person allowed since is not taken back by the same list once more."""
    ever = await _of_person(tx, said, await suppressions.identified(tx, said.marks), lifted=True)
    again = await suppressions.allowed_since(tx, [each.suppression_id for each in ever], said.said_on)
    if left := since_allowed(said, again):
        await stop(tx, left)


async def allow(tx: Tx, said: Statement) -> list[Suppression]:
    """Lift what suppresses this very person, facility, chain or domain; returns what was changed, as it is now."""
    if said.scope == "person":
        marks = await suppressions.identified(tx, said.marks)
        known = await _of_person(tx, said, marks)
    else:
        found = await _known(tx, said)
        known = [found] if found and not found.lifted else []
    changed = [(before, allowed(before, said)) for before in known]
    changed = [(before, after) for before, after in changed if before.channels != after.channels]
    for _, after in changed:
        await _change(tx, after)
        await suppressions.note(tx, after, "allow", said)
    return [after for _, after in changed]


async def follow_people(tx: Tx, sightings: Iterable[Sighting]) -> bool:
    """Who is suppressed and is named anew, elsewhere or with another address, is known by that from now on.

    Returns whether anything new was learned.
    """
    learned = False
    marks = {mark for sighting in sightings for mark in sighting_marks(sighting)}
    for person in await suppressions.with_marks(tx, marks, "person"):
        grown = await suppressions.identified(tx, person.marks)
        if grown != person.marks:
            await _change(tx, replace(person, version=person.version + 1, marks=grown))
            learned = True
    return learned


async def _known(tx: Tx, said: Statement) -> Suppression | None:
    """What was said of the same one before, by whatever name or address; what was lifted is known by its target."""
    if said.scope == "person" and (same := await _of_person(tx, said, said.marks)):
        return same[0]
    return await suppressions.of_target(tx, said.scope, said.target)


async def _of_person(tx: Tx, said: Statement, marks: list[str], lifted: bool = False) -> list[Suppression]:
    """What was said of this very person: a mailbox that two people use makes them no one person."""
    found = await suppressions.with_marks(tx, marks, "person", lifted)
    return [each for each in found if each.target == said.target or same_person(each.marks, marks)]


async def _change(tx: Tx, after: Suppression) -> None:
    await suppressions.save(tx, [after])
    tx.emit(announce.suppressed(after))
