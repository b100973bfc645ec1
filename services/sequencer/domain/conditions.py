"""May a step be done now, and whom does it reach?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from services.sequencer.domain.board import Board
from services.sequencer.domain.enrollments import Enrollment
from services.sequencer.domain.reach import Contact, People, recipient, why_no_recipient
from services.sequencer.domain.sequences import Step, When
from services.sequencer.domain.tasks import Task


@dataclass(frozen=True, slots=True)
class Facts:
    """What decides about the steps of an enrollment."""

    people: People
    is_chain: bool = False
    has_signal: bool = False
    """Whether a signal of a facility that it covers is open."""
    tasks: tuple[Task, ...] = ()
    """Its tasks so far."""
    from_step: int = 1
    """The step at which it began."""


def facts_of(board: Board, enrollment: Enrollment, tasks: Iterable[Task]) -> Facts:
    has_signal = any(board.signals.get(key) for key in enrollment.covers)
    return Facts(board.people(enrollment), bool(enrollment.chain), has_signal, tuple(tasks), enrollment.from_step)


def addressee(step: Step, facts: Facts) -> Contact | None:
    """Who a step is for now; None if its condition does not hold, or if it reaches no person."""
    if step.when and _unmet(step, step.when, facts):
        return None
    return recipient(facts.people, step.persona, step.channel, facts.is_chain)


def why_not(step: Step, facts: Facts) -> str:
    """Why a step is skipped, as a sentence."""
    unmet = _unmet(step, step.when, facts) if step.when else None
    return unmet or why_no_recipient(facts.people, step.persona, step.channel, facts.is_chain)


def _unmet(step: Step, when: When, facts: Facts) -> str | None:
    """What the condition of a step lacks. An earlier step that has not ended yet may still have any outcome.

    One before the step at which the enrollment began has none; that step itself does not ask for one.
    """
    if when.step and when.step < facts.from_step < step.n:
        return f"Only if step {when.step} ends with {' or '.join(when.outcome)}; it began at step {facts.from_step}."
    earlier = next((task for task in facts.tasks if task.step_no == when.step and not task.is_open), None)
    if earlier and (earlier.status != "done" or earlier.outcome not in when.outcome):
        ended = f"ended with {earlier.outcome}" if earlier.status == "done" else f"was {earlier.status}"
        return f"Only if step {when.step} ends with {' or '.join(when.outcome)}; it {ended}."
    if when.has and not recipient(facts.people, step.persona, when.has, facts.is_chain):
        return why_no_recipient(facts.people, step.persona, when.has, facts.is_chain)
    return "Only while a signal is open; none is." if when.signal and not facts.has_signal else None
