"""What happens when a person leaves a facility or a chain, and how is that taken back?"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from services.sequencer.domain.board import Board, Decision, changed
from services.sequencer.domain.contacts import Sighting, name_key, person_named
from services.sequencer.domain.corrections import Corrections, Departure
from services.sequencer.domain.identity import departure_id
from services.sequencer.domain.marks import person_of
from services.sequencer.domain.plan.account_tasks import add_task, research_of_successor
from services.sequencer.domain.plan.following import follow_contacts
from services.sequencer.domain.tasks import Task
from services.sequencer.domain.undoing import Followed, restored
from services.sequencer.settings import closed_days, person_in_role, playbook, roles, usual_person
from services.sequencer.store import accounts, board, contacts, enrollments, followed, tasks
from services.sequencer.usecases.announcing import contact_changed
from services.sequencer.usecases.deciding import decide
from shared.contracts.refusals import Refused
from shared.contracts.sequencer_contacts import RecordDeparture
from shared.storage.database import Tx


@dataclass(frozen=True, slots=True)
class Known:
    """A person at a facility or its chain, as the latest source names them, and all facilities concerned."""

    facility_id: str
    latest: Sighting
    facility_ids: list[str]

    @property
    def label(self) -> str:
        return person_in_role(self.latest.name, self.latest.role)


async def known(request: RecordDeparture, tx: Tx) -> Known:
    """The person that a request names by role or name. Raises `Refused` if there is none."""
    facility_id = request.facility_id
    chain = (await accounts.chains(tx, [facility_id])).get(facility_id)
    found = await contacts.sightings_at(tx, facility_id, chain)
    corrections = await contacts.corrections(tx)
    if (role := request.who.casefold()) not in roles().names:
        people = {corrections.same(person_named(each)) for each in found if _is_named(each, request.who)}
    elif request.undo:
        people = {
            corrections.same(person_named(each)) for each in found if each.role == role and _left(each, corrections)
        }
    else:
        incumbents = await contacts.load(tx, roles(), [facility_id], [chain])
        people = {each.person for (_, of), each in incumbents.items() if of == role and each.person}
    named = [each for each in found if corrections.same(person_named(each)) in people]
    if not named:
        raise Refused(
            f"No {request.who} is known at {facility_id}; `pipeline contact list {facility_id}` lists who is.", code=404
        )
    of_chain = await accounts.of_chains(tx, [named[0].chain]) if named[0].chain else []
    return Known(facility_id, named[0], sorted({facility_id, *of_chain}))


async def depart(person: Known, on: date, tx: Tx, by: str | None = None) -> list[Task]:
    """Use a person no more, and ask who has the role now. Returns the tasks that changed."""
    latest, earlier = person.latest, await departure_of(person, tx)
    departure = Departure(latest.subject, name_key(latest.name), latest.name, on, by or tx.actor, tx.today)
    had_role = await _has_role(person, tx)
    await contacts.record_departure(tx, departure)
    await _publish(person, tx)
    before = await board.of_accounts(tx, playbook(), person.facility_ids)
    research = await _research(before, person, tx) if had_role else []
    after = await decide(tx, before, playbook(), follow_contacts, *research)
    made = Followed(
        changed(before.leads, after.leads), changed(before.enrollments, after.enrollments), _tasks(before, after)
    )
    if earlier is None or earlier.stated_on != tx.today:
        key = departure_id(departure.subject, departure.person)
        await followed.forget(tx, key)
        await followed.record(tx, key, made)
    return [new for _, new in made.tasks]


async def take_back(person: Known, departure: Departure, tx: Tx) -> list[Task]:
    """Use a person again who had been reported to have left. Returns the tasks that changed."""
    key = departure_id(departure.subject, departure.person)
    made = await followed.of_activity(tx, key)
    await followed.forget(tx, key)
    await contacts.take_back_departure(tx, departure)
    await _publish(person, tx)
    found = await board.of_accounts(tx, playbook(), person.facility_ids)
    before = found.adding(
        await enrollments.with_ids(tx, [new.enrollment_id for _, new in made.enrollments]),
        await tasks.with_ids(tx, [new.task_id for _, new in made.tasks]),
    )
    again = restored(made, f"{usual_person(departure.name)} had not left.")
    after = await decide(tx, before, playbook(), again, follow_contacts)
    return [new for _, new in _tasks(before, after)]


async def departure_of(person: Known, tx: Tx) -> Departure | None:
    corrections = await contacts.corrections(tx)
    one = corrections.same(person_named(person.latest))
    known_of = (each for each in corrections.departures if each.subject == person.latest.subject)
    return next((each for each in known_of if corrections.same((each.subject, each.person)) == one), None)


async def is_gone(person: Known, tx: Tx) -> bool:
    """Whether the person is known to have left, and no newer source names them."""
    known_of = await departure_of(person, tx)
    return known_of is not None and known_of.left_on >= person.latest.source_date


def _left(each: Sighting, corrections: Corrections) -> bool:
    return corrections.left(each.subject, corrections.same(person_named(each))) is not None


def _is_named(each: Sighting, name: str) -> bool:
    return person_of(roles(), each.subject, each.name) == person_of(roles(), each.subject, name)


async def _has_role(person: Known, tx: Tx) -> bool:
    latest = person.latest
    incumbents = await contacts.load(tx, roles(), [latest.facility_id or ""], [latest.chain])
    current = incumbents.get((latest.subject, latest.role))
    same = (await contacts.corrections(tx)).same
    return bool(current and current.person and same(person_named(latest)) == current.person)


async def _publish(person: Known, tx: Tx) -> None:
    latest = person.latest
    incumbents = await contacts.load(tx, roles(), [latest.facility_id or ""], [latest.chain])
    tx.emit(*map(contact_changed, await contacts.update_states(tx, incumbents)))


async def _research(found: Board, person: Known, tx: Tx) -> list[Decision]:
    """Research at a facility that has an owner, unless some is under way."""
    latest = person.latest
    account = found.accounts.get(person.facility_id)
    if account is None or not account.listed or not account.owner:
        return []
    open_tasks = (task for task in found.tasks.values() if task.is_open and task.facility_id == account.facility_id)
    if any(task.channel == "research" for task in open_tasks):
        return []
    label, name = roles().label(latest.role), usual_person(latest.name)
    asked = research_of_successor(account, latest.role, label, name, tx.today, closed_days())
    [*earlier] = await tasks.with_ids(tx, [asked.task_id])
    version = max((each.version for each in earlier), default=0) + 1
    return [add_task(replace(asked, version=version))]


def _tasks(before: Board, after: Board) -> list[tuple[Task | None, Task]]:
    return changed(before.tasks, after.tasks)
