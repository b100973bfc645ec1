"""What does a version of a sequence contain?"""

from __future__ import annotations

from datetime import date, timedelta

from services.sequencer.domain.calendar import roll
from services.sequencer.domain.due import days_of
from services.sequencer.domain.pack import Playbook
from services.sequencer.domain.sequences import WEEKDAYS, Sequence
from services.sequencer.settings import playbook
from services.sequencer.store import sequences
from services.sequencer.usecases.sequences import condition_of, refuse_unknown, rules_of, when_of
from shared.contracts.refusals import Refused
from shared.contracts.sequencer_sequences import SequenceDetails, SequenceVersion, ShowSequence, StepRow
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.question
async def show_sequence(request: ShowSequence, tx: Tx) -> SequenceDetails:
    """The version of the pack, or another one; the days are those of a start today or on the next possible day."""
    book = playbook()
    versions = [each for each in await sequences.versions(tx) if each.sequence == request.name]
    sequence = await _chosen(request, book, versions, tx)
    start = _start(sequence, tx.today, book)
    return SequenceDetails(
        name=sequence.name,
        title=sequence.title,
        version=sequence.version,
        current=book.sequences.get(request.name) == sequence,
        starts_on=start,
        steps=_steps(sequence, start, book),
        rules=list(rules_of(sequence)),
        versions=versions,
    )


async def _chosen(request: ShowSequence, book: Playbook, versions: list[SequenceVersion], tx: Tx) -> Sequence:
    if request.version is None and (request.name in book.sequences or not versions):
        refuse_unknown(book, request.name)
        return book.sequences[request.name]
    found = [each.version for each in versions if each.version.startswith(request.version or "")]
    if not found:
        known = ", ".join(each.version for each in versions) or "none"
        raise Refused(f"{request.name} has no version {request.version}; there are {known}.", code=404)
    return (await sequences.pinned(tx))[found[0]]


def _start(sequence: Sequence, today: date, book: Playbook) -> date:
    days = sequence.start_days
    wanted = {WEEKDAYS[day] for day in (days.only or days.prefer)} if days else set(range(5))
    start = roll(today, book.closed)
    while start.weekday() not in wanted:
        start = roll(start + timedelta(days=1), book.closed)
    return start


def _steps(sequence: Sequence, start: date, book: Playbook) -> list[StepRow]:
    days = days_of(start, 1, sequence, sequence.steps, book.closed)
    return [
        StepRow(
            n=step.n,
            at=when_of(step),
            on=on,
            channel=step.channel,
            persona=step.persona,
            template=step.template,
            condition=condition_of(step),
            closing=step.closing,
            window=step.window,
        )
        for step, on in zip(sequence.steps, days, strict=True)
    ]
