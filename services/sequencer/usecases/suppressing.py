"""How do suppressions take effect? They are stored, published and applied in the same transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from engines.suppression.changes import Change, Stated, key_of, newest
from engines.suppression.lists import Listed
from engines.suppression.statements import (
    Statement,
    Suppression,
    allowed,
    since_allowed,
    suppressed,
    suppression_of,
    taken_back,
)
from services.sequencer.domain.contacts import Places, Sighting, chain_key, places_at, places_of
from services.sequencer.domain.marks import place_marks, same_person, sighting_marks
from services.sequencer.settings import roles
from services.sequencer.store import accounts, suppressions
from services.sequencer.usecases.announcing import suppression_changed
from services.sequencer.usecases.deciding import follow
from shared.contracts import requests
from shared.contracts.events import AddressSuppressionChanged, EmailBounced
from shared.contracts.requests import Versioned
from shared.storage.database import Tx


async def stop(tx: Tx, statement: Statement) -> tuple[Suppression, bool]:
    """Suppress the target of a statement. Returns whether anything changed. The caller must call `deciding.follow`."""
    if statement.scope == "person":
        statement = replace(statement, marks=await suppressions.identified(tx, roles(), statement.marks))
    before = await _existing(tx, statement)
    after = suppressed(before, statement)
    if before and (before.channels, before.marks) == (after.channels, after.marks):
        return before, False
    await _change(tx, after)
    await suppressions.record_statements(tx, [(after, statement)], "stop")
    return after, True


async def labeled(tx: Tx, listed: Sequence[Listed]) -> list[Listed]:
    """The rows of a list, with the names of its facilities."""
    labels = await accounts.facility_labels(tx, [each.stated.statement.target for each in listed])

    def with_name(each: Listed) -> Listed:
        statement = each.stated.statement
        if statement.scope != "facility":
            return each
        named = replace(statement, label=labels.get(statement.target, statement.label))
        return replace(each, stated=replace(each.stated, statement=named))

    return [with_name(each) for each in listed]


async def existing(tx: Tx, stated: Iterable[Stated]) -> dict[UUID, Suppression]:
    """The suppressions that statements on facilities and chains are about, by id."""
    return await suppressions.with_ids(tx, map(key_of, stated))


async def apply(tx: Tx, changes: Sequence[Change], instruction: str) -> int:
    """Store and publish changed suppressions of facilities and chains, at once. Returns how many enrollments end."""
    if not changes:
        return 0
    await suppressions.save(tx, newest(changes))
    await suppressions.record_statements(tx, [(each.after, each.by.statement) for each in changes], instruction)
    tx.emit(*(suppression_changed(each.after) for each in changes))
    facility_ids, chains = (
        frozenset(each.after.target for each in changes if each.after.scope == scope) for scope in ("facility", "chain")
    )
    return len((await follow(tx, Places(facility_ids, chains))).enrollments)


async def facility_statement(tx: Tx, facility_id: str, channels: list[str], reason: str, source: str) -> Statement:
    """The statement that a complete facility must not be contacted, or may be again."""
    return Statement(
        scope="facility",
        target=facility_id,
        label=await accounts.facility_label(tx, facility_id),
        marks=place_marks(facility_id, None),
        channels=channels,
        reason=reason,
        source=source,
        stated_by=tx.actor,
        stated_on=tx.today,
    )


async def follow_addresses(tx: Tx, events: Sequence[AddressSuppressionChanged]) -> None:
    """Apply the notifier's suppressions of addresses and domains, which it has published itself, at once.

    A bounce stops nothing here: its own event asks for another address.
    """
    stated = [suppression_of(event.model_dump()) for event in events if event.source != EmailBounced.SUBJECT]
    await suppressions.copy(tx, stated)
    found = await suppressions.places_of(tx, {mark for each in stated if not each.lifted for mark in each.marks})
    if found:
        await follow(tx, places_at(found))


async def refuse_outdated(command: Versioned[Any], statement: Statement, tx: Tx) -> None:
    """Refuse a command whose sender had seen another version of the suppression."""
    known = await _existing(tx, statement)
    requests.refuse_outdated(command, known.version if known else 0, str(known or "nothing is recorded."))


async def stop_by_file(tx: Tx, statement: Statement) -> tuple[Suppression | None, Suppression] | None:
    """Suppress as a contact list states, as of its date: channels that a person allowed later stay allowed.

    Returns the suppression before and after; None if nothing changed.
    """
    ever = await _of_person(tx, statement, await suppressions.identified(tx, roles(), statement.marks), lifted=True)
    allowed_again = await suppressions.allowed_since(tx, [each.suppression_id for each in ever], statement.stated_on)
    left = since_allowed(statement, allowed_again)
    if left is None:
        return None
    before = await _existing(tx, left)
    after, changed = await stop(tx, left)
    return (before, after) if changed else None


async def take_back(tx: Tx, before: Suppression | None, after: Suppression, reason: str) -> bool:
    """Lift what a list suppressed. Returns False if a person has stated something about the same target since.

    A later list that states the same counts again.
    """
    current = await suppressions.of_target(tx, after.scope, after.target)
    back = taken_back(current, before, after, reason, tx.actor, tx.today)
    if back is None:
        return False
    lifted, statement = back
    await _change(tx, lifted)
    await suppressions.record_statements(tx, [(lifted, statement)], "undo")
    return True


async def allow(tx: Tx, statement: Statement) -> list[Suppression]:
    """Lift the suppressions of exactly this person, facility, chain or domain. Returns the changed ones."""
    if statement.scope == "person":
        marks = await suppressions.identified(tx, roles(), statement.marks)
        known = await _of_person(tx, statement, marks)
    else:
        found = await _existing(tx, statement)
        known = [found] if found and not found.lifted else []
    changed = [(before, allowed(before, statement)) for before in known]
    changed = [(before, after) for before, after in changed if before.channels != after.channels]
    for _, after in changed:
        await _change(tx, after)
        await suppressions.record_statements(tx, [(after, statement)], "allow")
    return [after for _, after in changed]


async def follow_people(tx: Tx, sightings: Iterable[Sighting]) -> bool:
    """Add the marks of new sightings to the suppressions of the same people. Returns whether any changed."""
    changed = False
    marks = {mark for sighting in sightings for mark in sighting_marks(roles(), sighting)}
    for person in await suppressions.with_marks(tx, marks, "person"):
        extended = await suppressions.identified(tx, roles(), person.marks)
        if extended != person.marks:
            await _change(tx, replace(person, version=person.version + 1, marks=extended))
            changed = True
    return changed


async def places(tx: Tx, suppression: Suppression) -> Places | None:
    """Where a suppression has an effect; None if that may be anywhere."""
    match suppression.scope:
        case "facility":
            return Places(frozenset([suppression.target]))
        case "chain":
            return Places(frozenset(), frozenset(filter(None, [chain_key(suppression.target)])))
        case "person":
            return places_of(await suppressions.people_with(tx, roles(), suppression.marks))
        case _:
            return None


async def _existing(tx: Tx, statement: Statement) -> Suppression | None:
    """The suppression of the same target; a person is recognized by marks, and in a lifted suppression by the key."""
    if statement.scope == "person" and (same := await _of_person(tx, statement, statement.marks)):
        return same[0]
    return await suppressions.of_target(tx, statement.scope, statement.target)


async def _of_person(tx: Tx, statement: Statement, marks: list[str], lifted: bool = False) -> list[Suppression]:
    """The suppressions of exactly this person; sharing a mailbox does not make two people the same."""
    found = await suppressions.with_marks(tx, marks, "person", lifted)
    return [each for each in found if each.target == statement.target or same_person(roles(), each.marks, marks)]


async def _change(tx: Tx, after: Suppression) -> None:
    await suppressions.save(tx, [after])
    tx.emit(suppression_changed(after))
