"""What is there to say about a sequence and its versions?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from services.sequencer.domain import sequences
from services.sequencer.domain.board import Board
from services.sequencer.domain.pack import Playbook
from services.sequencer.domain.plan.migrating import Move
from services.sequencer.domain.sequences import Step
from services.sequencer.settings import playbook, usual_name
from shared.contracts.refusals import Refused
from shared.contracts.sequencer_sequences import Migration, MoveRow


def refuse_unknown(book: Playbook, name: str) -> None:
    """Raises `Refused` for a sequence that is not in the pack."""
    if name not in book.sequences:
        known = ", ".join(book.sequences)
        raise Refused(f"The pack has no sequence {name!r}; it has {known}.", 404, {"name": f"is not one of {known}"})


def migration(board: Board, name: str, found: Sequence[Move], moved: int = 0) -> Migration:
    version = playbook().sequences[name].version
    return Migration(name=name, version=version, moves=[_row(board, each) for each in found], moved=moved)


def _row(board: Board, move: Move) -> MoveRow:
    each = move.before
    following = next(iter(move.steps), None)
    return MoveRow(
        enrollment_id=each.enrollment_id,
        facility_id=each.facility_id,
        facility=usual_name(board.accounts[each.facility_id].name),
        status=each.status,
        from_version=each.sequence_version,
        at_step=move.at_step,
        to_step=following.n if following else None,
        channel=following.channel if following else None,
        persona=following.persona if following else None,
        passed=[passed.n for passed in move.passed],
        days=list(move.days),
        why_not=move.why_not,
    )


def when_of(step: Step) -> str:
    """When a step is, in a few words: `7`, or `+3 business`."""
    return f"+{step.after.days} {step.after.of}" if step.after else str(step.day)


def condition_of(step: Step) -> str | None:
    """The condition of a step, as a phrase."""
    when = step.when
    if when is None:
        return None
    parts = [
        f"step {when.step} ended with {' or '.join(when.outcome)}" if when.outcome else None,
        f"the person can be reached by {when.has}" if when.has else None,
        "a signal is open" if when.signal else None,
    ]
    return "if " + ", and ".join(filter(None, parts))


def rules_of(sequence: sequences.Sequence) -> Iterator[str]:
    """What a sequence states besides its steps, in sentences."""
    if days := sequence.start_days:
        weekdays = ", ".join(days.only or days.prefer)
        yield f"It starts on {weekdays} only." if days.only else f"It prefers to start on {weekdays}."
    rolled = sequence.roll.replace("_", " ")
    yield f"A step on a weekend or holiday moves to the {rolled}."
    gap = "1 day" if sequence.gap_days == 1 else f"{sequence.gap_days} days"
    yield f"It begins at least {gap} after the last touch of the account."
    yield f"The account may be enrolled again from day {sequence.again_from_day}."
    if sequence.rest_days:
        yield f"After the closing letter, the account and its recipient rest for {sequence.rest_days} days."
    if wake := sequence.wake:
        yield f"A new signal wakes a resting account at step {wake.from_step}, with the text {wake.template}."
