"""Who starts a run today, and whom does the gate hold back?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from uuid import UUID

from services.sequencer import announce
from services.sequencer.domain import reach
from services.sequencer.domain.calendar import monday_of
from services.sequencer.domain.chains import Unit, joining, units
from services.sequencer.domain.enrol import Waiting, under_caps
from services.sequencer.domain.identity import enrollment_id
from services.sequencer.domain.rank import Prospect, rank
from services.sequencer.domain.runs import Run
from services.sequencer.domain.suppression import place_stops
from services.sequencer.schedule.candidates import candidates
from services.sequencer.schedule.carrying import hand_over
from services.sequencer.schedule.ending import BY
from services.sequencer.schedule.reaching import people_of
from services.sequencer.schedule.research import ask_for_research
from services.sequencer.settings import Playbook
from services.sequencer.store import accounts, enrollments, suppressions, tasks
from shared.storage.database import Tx


@dataclass(frozen=True, slots=True)
class Proposal:
    """A run as it would be, with its place in the queue and what the gate still asks for."""

    run: Run
    best: Prospect
    missing: list[str]
    left: str | None = None
    """The CCN that carried the run until now, where another one does from today."""

    @property
    def waiting(self) -> Waiting:
        key = str(self.run.enrollment_id)
        return Waiting(key, rank(self.best), self.run.owner, not self.missing, self.run.status == "blocked")


async def join_chains(tx: Tx, book: Playbook) -> None:
    """Members that qualify later belong to the run that their chain is in."""
    runs = await enrollments.open_runs(tx)
    joined = joining(await candidates(tx, book), runs)
    await enrollments.save(
        tx,
        [replace(run, covers=run.covers + joined[run.enrollment_id]) for run in runs if run.enrollment_id in joined],
    )


async def enrol(tx: Tx, book: Playbook) -> None:
    """Start and block runs, tier by tier, under the caps of each (R40 to R42, R44, R47)."""
    proposals = await _new_runs(tx, book) + await _blocked_runs(tx, book)
    proposals = await _through_gate(tx, book, proposals)
    await hand_over(tx, {each.left: replace(each.run, missing=each.missing) for each in proposals if each.left})
    for tier in book.tiers:
        await _decide(tx, book, tier, [each for each in proposals if each.run.tier == tier])


async def _new_runs(tx: Tx, book: Playbook) -> list[Proposal]:
    cycles = await enrollments.last_cycles(tx)
    return [Proposal(_proposed(unit, book, cycles), unit.best, []) for unit in units(await candidates(tx, book))]


def _proposed(unit: Unit, book: Playbook, cycles: dict[tuple[str, str], Run]) -> Run:
    """Each cycle is a run of its own, linked to the last (K25)."""
    sequence = book.rule(unit.best.tier).sequence
    previous = cycles.get((unit.subject, sequence))
    cycle = previous.cycle + 1 if previous else 1
    return Run(
        enrollment_id=enrollment_id(unit.subject, sequence, cycle),
        subject=unit.subject,
        facility_id=unit.best.facility_id,
        chain=unit.chain,
        covers=unit.covers,
        sequence=sequence,
        cycle=cycle,
        previous_id=previous.enrollment_id if previous else None,
        tier=unit.best.tier,
        owner=unit.best.owner or "",
        status="active",
        blocked_on=None,
        started_on=None,
        ended_on=None,
        missing=[],
        reason=None,
    )


async def _blocked_runs(tx: Tx, book: Playbook) -> list[Proposal]:
    """Those that wait at the gate compete again, with the rank of the best facility that they stand for.

    The run of a chain is carried by that facility from now on: its people can open the gate (2b). One whose best
    facility said no today may stand for none that is worked any more; the next plan ends it.
    """
    ranked = {prospect.facility_id: prospect for prospect in await accounts.prospects(tx, book.tiers)}
    blocked = [run for run in await enrollments.open_runs(tx) if run.status == "blocked"]
    standing = [(run, [ranked[facility_id] for facility_id in run.covers if facility_id in ranked]) for run in blocked]
    return [_competing(run, min(best, key=rank)) for run, best in standing if best]


def _competing(run: Run, best: Prospect) -> Proposal:
    if best.facility_id == run.facility_id:
        return Proposal(run, best, [])
    return Proposal(replace(run, facility_id=best.facility_id), best, [], left=run.facility_id)


async def _through_gate(tx: Tx, book: Playbook, proposals: list[Proposal]) -> list[Proposal]:
    """What the gate still asks of each; who has only people that said no gets no run."""
    people = await people_of(tx, [p.run for p in proposals])
    places = await suppressions.of_places(tx)
    chains = await accounts.chains(tx, [p.run.facility_id for p in proposals])
    asked = [replace(p, missing=reach.missing(people[p.run.enrollment_id], bool(p.run.chain))) for p in proposals]

    def may_start(p: Proposal) -> bool:
        stops = place_stops(p.run.facility_id, p.run.chain or chains.get(p.run.facility_id), places)
        waits = bool(p.missing) and book.rule(p.run.tier).gated
        steps = book.sequences[p.run.sequence].steps
        return not reach.barred(people[p.run.enrollment_id], stops, steps, waits, bool(p.run.chain))

    return [p for p in asked if p.run.status == "blocked" or may_start(p)]


async def _decide(tx: Tx, book: Playbook, tier: int, proposals: list[Proposal]) -> None:
    load = await enrollments.load(tx, tier, monday_of(tx.today), tx.today)
    verdicts = under_caps([each.waiting for each in proposals], book.rule(tier), load)
    by_key = {each.waiting.key: each for each in proposals}
    start = [by_key[key] for key, verdict in verdicts.items() if verdict == "start"]
    block = [by_key[key] for key, verdict in verdicts.items() if verdict == "block"]
    held_up = [by_key[key] for key, verdict in verdicts.items() if verdict == "wait" and by_key[key].waiting.blocked]
    await _start(tx, [each.run for each in start])
    await _block(tx, book, block)
    await _keep_blocked(tx, book, held_up)
    await _end_research(tx, [each.run.enrollment_id for each in start + held_up if not each.missing])


async def _start(tx: Tx, runs: Iterable[Run]) -> None:
    started = [replace(run, status="active", started_on=tx.today, missing=[]) for run in runs]
    await enrollments.save(tx, started)
    tx.emit(*map(announce.started, started))


async def _block(tx: Tx, book: Playbook, proposals: Iterable[Proposal]) -> None:
    blocked = [replace(each.run, status="blocked", blocked_on=tx.today, missing=each.missing) for each in proposals]
    await enrollments.save(tx, blocked)
    tx.emit(*map(announce.blocked, blocked))
    await ask_for_research(tx, book, blocked)


async def _keep_blocked(tx: Tx, book: Playbook, proposals: Iterable[Proposal]) -> None:
    blocked = [replace(each.run, missing=each.missing) for each in proposals]
    await enrollments.save(tx, blocked)
    await ask_for_research(tx, book, [run for run in blocked if run.missing])


async def _end_research(tx: Tx, enrollment_ids: Iterable[UUID]) -> None:
    """Once somebody can be called, nobody has to look for a number any more."""
    outcomes = dict.fromkeys(enrollment_ids, "contact found")
    tx.emit(*map(announce.done, await tasks.settle(tx, outcomes, "done", BY, tx.today)))
