"""What does a touch need to know about its facility, and how does it reach the worklist?"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date

from engines.datasets.phones import national
from services.sequencer import announce
from services.sequencer.domain.identity import task_id
from services.sequencer.domain.pack import Step
from services.sequencer.domain.reach import Contact, People
from services.sequencer.domain.runs import Run
from services.sequencer.domain.signals import Signal, best, open_on, sentence
from services.sequencer.domain.touches import Touch
from services.sequencer.schedule.reaching import people_of
from services.sequencer.settings import Playbook
from services.sequencer.store import accounts, signals
from services.sequencer.store.accounts import Account
from shared.packs import pack_hash
from shared.storage.database import Tx


@dataclass(frozen=True, slots=True)
class Briefing:
    """A run, its facility as it stands today, and whom one can turn to there."""

    run: Run
    account: Account
    people: People
    signal: Signal | None
    why: str

    @property
    def main_phone(self) -> str | None:
        return national(self.account.phone) or self.account.phone


async def brief(tx: Tx, book: Playbook, runs: list[Run]) -> list[Briefing]:
    """Briefings for runs, in their order."""
    carriers = [run.facility_id for run in runs]
    described = await accounts.described(tx, carriers)
    hiring = await signals.of_accounts(tx, carriers)
    people = await people_of(tx, runs)
    return [
        Briefing(
            run,
            account := described[run.facility_id],
            people[run.enrollment_id],
            best(open_on(hiring.get(run.facility_id, []), tx.today), account.urgency, account.last_seen_on),
            sentence(account.factors, book.capacity.signal_factor, run.tier, account.score, len(run.covers)),
        )
        for run in runs
    ]


def touch(briefing: Briefing, step: Step, due_on: date, person: Contact | None, reason: str) -> Touch:
    """A step of a run as it goes on the worklist today."""
    run, account = briefing.run, briefing.account
    card = {part: value for part, value in asdict(person).items() if part != "stopped"} if person else None
    return Touch(
        task_id=task_id(run.enrollment_id, step.n),
        enrollment_id=run.enrollment_id,
        step_no=step.n,
        facility_id=run.facility_id,
        tier=run.tier,
        score=account.score,
        urgency=account.urgency,
        last_seen_on=account.last_seen_on,
        measure=account.measure,
        rep=run.owner,
        channel=step.channel,
        persona=person.role if person else step.persona,
        person=card,
        template=step.template,
        due_on=due_on,
        status="due",
        outcome=None,
        done_by=None,
        done_on=None,
        reason=reason,
        told=digest(
            (card, sorted(run.covers), account.name, account.city, account.state, account.chain, briefing.main_phone)
        ),
    )


def digest(told: object) -> str:
    """What tells two states of a touch apart: whom it is for, and what is known of them and their facility."""
    return hashlib.blake2b(json.dumps(told, sort_keys=True).encode(), digest_size=8).hexdigest()


def announce_touches(tx: Tx, briefings: Iterable[Briefing], touches: Iterable[Touch]) -> None:
    """Tell the others what fell due, and what was skipped because nobody can be reached."""
    by_run = {briefing.run.enrollment_id: briefing for briefing in briefings}
    for each in touches:
        about = by_run[each.enrollment_id]
        if each.status == "due":
            tx.emit(announce.due(each, about.run, about.account, about.main_phone, about.signal, pack_hash()))
        else:
            tx.emit(announce.done(each))
