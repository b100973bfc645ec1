"""What happens when two names turn out to be of the same person, or not?"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from uuid import UUID

from services.sequencer.domain.board import Board, changed
from services.sequencer.domain.contacts import Sighting, person_named, places_of
from services.sequencer.domain.corrections import Merge
from services.sequencer.domain.identity import merge_id
from services.sequencer.domain.plan.following import follow_contacts
from services.sequencer.domain.tasks import Task
from services.sequencer.domain.undoing import Followed, restored
from services.sequencer.settings import playbook, roles
from services.sequencer.store import board, contacts, enrollments, followed, tasks
from services.sequencer.usecases.announcing import contact_changed
from services.sequencer.usecases.deciding import decide
from shared.contracts.limits import BEGINNING_OF_ID
from shared.contracts.refusals import Refused, the_only
from shared.storage.database import Tx


async def named(prefix: str, tx: Tx) -> Sighting:
    """The sighting whose id begins with a prefix. Raises `Refused` unless there is exactly one, of a person."""
    if not re.fullmatch(BEGINNING_OF_ID, prefix):
        raise Refused(f"{prefix!r} is not an id; `pipeline contact duplicates` and `show` print ids.", code=422)
    found = the_only(
        await contacts.starting_with(tx, prefix),
        f"No one has the id {prefix}; `pipeline contact show` prints ids.",
        f"More than one id begins with {prefix}; give more characters.",
    )
    if roles().placeholder(found.name):
        raise Refused(f"{found.name!r} is not a person's name.", code=422)
    return found


async def merge(keep: Sighting, drop: Sighting, tx: Tx) -> list[Task] | None:
    """Make one person an alias of another. Returns the tasks that ended; None if they are the same person already."""
    known = await contacts.corrections(tx)
    dropped = known.same(person_named(drop))
    if dropped == known.same(person_named(keep)):
        return None
    name = known.names.get(dropped, {}).get(dropped, drop.name)
    alias = Merge(*dropped, name, *person_named(keep), keep.name, tx.actor, tx.today)
    await contacts.record_merge(tx, alias)
    before = await _board([keep, drop], tx)
    after = await decide(tx, before, playbook(), follow_contacts)
    made = Followed([], changed(before.enrollments, after.enrollments), changed(before.tasks, after.tasks))
    await followed.forget(tx, _key(alias))
    await followed.record(tx, _key(alias), made)
    return [new for _, new in made.tasks if not new.is_open]


async def take_back(keep: Sighting, drop: Sighting, tx: Tx) -> list[Task]:
    """Make two people of one again, on the same day with what followed. Returns the tasks that changed.

    Raises `Refused` if they were not merged.
    """
    alias = (await contacts.corrections(tx)).merge_of(person_named(keep), person_named(drop))
    if alias is None:
        raise Refused(f"{keep.name} and {drop.name} were not merged; nothing was changed.", code=409)
    await contacts.take_back_merge(tx, alias)
    made = await followed.of_activity(tx, _key(alias)) if alias.merged_on == tx.today else Followed()
    await followed.forget(tx, _key(alias))
    worked = await enrollments.with_ids(tx, [new.enrollment_id for _, new in made.enrollments])
    found = await _board([keep, drop], tx, (key for each in worked for key in (each.facility_id, *each.covers)))
    before = found.adding(worked, await tasks.with_ids(tx, [new.task_id for _, new in made.tasks]))
    again = restored(made, f"{keep.name} and {drop.name} are two people.")
    after = await decide(tx, before, playbook(), again, follow_contacts)
    return [new for _, new in changed(before.tasks, after.tasks)]


def _key(alias: Merge) -> UUID:
    return merge_id(alias.subject, alias.person)


async def _board(people: Collection[Sighting], tx: Tx, more: Iterable[str] = ()) -> Board:
    """The board of the places of these people, once it is published who has the roles there now."""
    places = places_of(people)
    known = await contacts.load(tx, roles(), places.facility_ids)
    tx.emit(*map(contact_changed, await contacts.update_states(tx, known)))
    return await board.of_accounts(tx, playbook(), {*places.facility_ids, *more}, places.chains)
