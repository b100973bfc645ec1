"""What happens when two names turn out to be of the same person, or not?"""

from __future__ import annotations

import re
from collections.abc import Iterable

from services.sequencer.domain.contacts import Sighting, chain_key, person_named
from services.sequencer.domain.corrections import Merge
from services.sequencer.settings import roles
from services.sequencer.store import contacts
from services.sequencer.usecases.announcing import contact_changed
from services.sequencer.usecases.deciding import Effects, follow
from shared.contracts.refusals import Refused
from shared.storage.database import Tx


async def named(prefix: str, tx: Tx) -> Sighting:
    """The sighting whose id begins with a prefix. Raises `Refused` unless there is exactly one, of a person."""
    if not re.fullmatch(r"[0-9a-fA-F-]{4,36}", prefix):
        raise Refused(f"{prefix!r} is not an id; `pipeline contact duplicates` and `show` print ids.", code=422)
    found = await contacts.starting_with(tx, prefix)
    if not found:
        raise Refused(f"No one has the id {prefix}; `pipeline contact show` prints ids.", code=404)
    if len(found) > 1:
        raise Refused(f"More than one id begins with {prefix}; give more characters.", code=409)
    if roles().placeholder(found[0].name):
        raise Refused(f"{found[0].name!r} is not a person's name.", code=422)
    return found[0]


async def merge(keep: Sighting, drop: Sighting, tx: Tx) -> Effects | None:
    """Make one person an alias of another. Returns what ended; None if they are the same person already."""
    known = await contacts.corrections(tx)
    dropped = known.same(person_named(drop))
    if dropped == known.same(person_named(keep)):
        return None
    name = known.names.get(dropped, {}).get(dropped, drop.name)
    alias = Merge(*dropped, name, *person_named(keep), keep.name, tx.actor, tx.today)
    await contacts.record_merge(tx, alias)
    return await _followed([keep, drop], tx)


async def take_back(keep: Sighting, drop: Sighting, tx: Tx) -> Effects:
    """Make two people of one again. Raises `Refused` if they were not merged."""
    known = await contacts.corrections(tx)
    people = (person_named(drop), person_named(keep))
    merged = [each for person in people for each in known.merges if each.dropped == person]
    if known.same(people[0]) != known.same(people[1]) or not merged:
        raise Refused(f"{keep.name} and {drop.name} were not merged; nothing was changed.", code=409)
    await contacts.take_back_merge(tx, merged[0])
    return await _followed([keep, drop], tx)


async def _followed(people: Iterable[Sighting], tx: Tx) -> Effects:
    """Publish who has the roles at the places of these people now, and apply it."""
    facility_ids = {each.facility_id for each in people if each.facility_id}
    chains = {each.chain for each in people if each.chain}
    known = await contacts.load(tx, roles(), facility_ids)
    tx.emit(*map(contact_changed, await contacts.update_states(tx, known)))
    return await follow(tx, lambda each: not facility_ids.isdisjoint(each.covers) or chain_key(each.chain) in chains)
