"""What do do-not-contact and corrections mean for what is under way? Runs and touches follow at once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from uuid import UUID

from services.sequencer import announce
from services.sequencer.domain.contacts import chain_key, name_key
from services.sequencer.domain.due import follow_up_on
from services.sequencer.domain.pack import Step
from services.sequencer.domain.reach import barred, research_role, unreachable, whom
from services.sequencer.domain.runs import Run
from services.sequencer.domain.suppression import closed_place, place_stops
from services.sequencer.domain.touches import RESEARCH, Touch
from services.sequencer.schedule.briefing import Briefing, brief, touch
from services.sequencer.schedule.ending import BY
from services.sequencer.schedule.research import STEP, request
from services.sequencer.settings import Playbook
from services.sequencer.store import accounts, enrollments, suppressions, tasks
from shared.contracts.events import TaskChanged
from shared.packs import pack_hash
from shared.storage.database import Tx


@dataclass(frozen=True, slots=True)
class Obeyed:
    """What came of it."""

    ended: list[Run] = field(default_factory=list)
    skipped: list[Touch] = field(default_factory=list)
    changed: list[Touch] = field(default_factory=list)


async def obey(
    tx: Tx, book: Playbook, facility_ids: Collection[str] = (), chains: Collection[str | None] = ()
) -> Obeyed:
    """Bring open runs and touches into line with who may be contacted, and with what is known of them now.

    Given places, only the runs that turn to somebody there; else all of them. Harmless twice.
    """
    runs = [run for run in await enrollments.open_runs(tx) if run.sequence in book.sequences]
    if facility_ids or chains:
        runs = [
            run for run in runs if run.facility_id in facility_ids or (run.chain and chain_key(run.chain) in chains)
        ]
    if not runs:
        return Obeyed()
    await accounts.hold(tx, [run.facility_id for run in runs])
    briefings = await brief(tx, book, runs)
    ended, narrowed = await _end_runs(tx, book, briefings)
    outcomes = {run.enrollment_id: run.reason or "" for run in ended}
    settled = await tasks.settle(tx, outcomes, "skipped", BY, tx.today)
    now = {run.enrollment_id: run for run in narrowed}
    going = {
        each.run.enrollment_id: replace(each, run=now.get(each.run.enrollment_id, each.run))
        for each in briefings
        if each.run.enrollment_id not in outcomes
    }
    skipped, changed = await _follow(tx, book, going)
    tx.emit(*map(announce.done, settled + skipped), *map(announce.ended, ended))
    await accounts.expect_follow_up(tx, {run.facility_id: None for run in ended})
    await _expect_next(tx, book, [going[each.enrollment_id].run for each in skipped])
    return Obeyed(ended, settled + skipped, changed)


async def _end_runs(tx: Tx, book: Playbook, briefings: list[Briefing]) -> tuple[list[Run], list[Run]]:
    """End the runs that can reach nobody any more; others no longer stand for facilities that said no."""
    places = await suppressions.of_places(tx)
    chains = await accounts.chains(tx, [facility_id for each in briefings for facility_id in each.run.covers])
    past = await tasks.past(tx, [each.run.enrollment_id for each in briefings])
    ended: list[Run] = []
    narrowed: list[Run] = []
    for each in briefings:
        run, chain = each.run, each.account.chain
        over = {step.step_no for step in past.get(run.enrollment_id, []) if step.status != "due"}
        ahead = [step for step in book.sequences[run.sequence].steps if step.n not in over]
        stops, waits = place_stops(run.facility_id, chain, places), run.status == "blocked"
        covers = [
            facility_id for facility_id in run.covers if not closed_place(facility_id, chains.get(facility_id), places)
        ]
        if reason := closed_place(run.facility_id, chain, places) or barred(
            each.people, stops, ahead, waits, bool(run.chain)
        ):
            ended.append(replace(run, status="stopped", ended_on=tx.today, reason=reason))
        elif covers != run.covers:
            narrowed.append(replace(run, covers=covers))
    await enrollments.save(tx, ended + narrowed)
    return ended, narrowed


async def _follow(tx: Tx, book: Playbook, briefings: Mapping[UUID, Briefing]) -> tuple[list[Touch], list[Touch]]:
    """Skip the open touches that may not be made any more; let the others be for whoever is right for them now."""
    skipped: list[Touch] = []
    changed: list[Touch] = []
    for each in await tasks.due_of(tx, briefings):
        about = briefings[each.enrollment_id]
        step = _step(each, book.sequences[about.run.sequence].steps)
        now = _as_known_now(each, step, about)
        why = _stopped(each, about)
        if why or now is None:
            why = why or unreachable(about.people, step.persona, step.channel, bool(about.run.chain))
            skipped.append(replace(each, status="skipped", outcome=why, done_by=BY, done_on=tx.today))
        elif now.told != each.told:
            changed.append(now)
            facts = (about.run, about.account, about.main_phone, about.signal, pack_hash())
            tx.emit(announce.due(now, *facts, kind=TaskChanged))
    await tasks.restate(tx, skipped + changed)
    return skipped, changed


def _step(of: Touch, steps: Iterable[Step]) -> Step:
    """The step of a touch; where the pack has it no longer, as the touch itself says."""
    if of.step_no == RESEARCH:
        return STEP
    as_it_was = Step(of.step_no, 1, of.channel, "don" if of.persona == "don" else "administrator", of.template)
    return next((step for step in steps if (step.n, step.channel) == (of.step_no, of.channel)), as_it_was)


def _stopped(open_touch: Touch, about: Briefing) -> str | None:
    """Why the person of a touch is not to be contacted; who holds the role by now is another matter."""
    holder = about.people.get(open_touch.persona)
    if open_touch.step_no == RESEARCH or not holder or not open_touch.person:
        return None
    same = name_key(holder.name) == name_key(open_touch.person["name"])
    return holder.stopped.get(open_touch.channel) if same else None


def _as_known_now(before: Touch, step: Step, about: Briefing) -> Touch | None:
    """A touch that is for whom its step is for today; None where nobody can be reached. Its place stays what it was."""
    if before.step_no == RESEARCH:
        now = touch(about, step, before.due_on, about.people.get(research_role(about.people)), request(about))
    elif person := whom(about.people, step.persona, step.channel, bool(about.run.chain)):
        now = touch(about, step, before.due_on, person, before.reason)
    else:
        return None
    follows = replace(before, version=before.version + 1, persona=now.persona, person=now.person)
    return replace(follows, reason=now.reason, told=now.told)


async def _expect_next(tx: Tx, book: Playbook, runs: list[Run]) -> None:
    past = await tasks.past(tx, [run.enrollment_id for run in runs])
    days = {
        run.facility_id: follow_up_on(
            book.sequences[run.sequence], run.started_on, past[run.enrollment_id], tx.today, book.closed
        )
        for run in runs
        if run.started_on
    }
    await accounts.expect_follow_up(tx, days)
