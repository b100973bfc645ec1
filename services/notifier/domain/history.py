"""What may a text state about earlier touches? Only those whose outcome was logged speak."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from engines.drafting.days import named, named_until
from engines.drafting.facts import Fact
from engines.drafting.outreach import Outreach
from services.notifier.domain.tasks import Posting, Task

POSTED, FIRST_LETTER = "posted", "first_letter"
"""The facts that a posting is up, and that the person never got an e-mail."""


@dataclass(frozen=True, slots=True)
class Touch:
    """An earlier draft, and what came of its task."""

    draft_id: UUID
    task_id: UUID
    facility_id: str
    enrollment_id: UUID | None
    rep: str
    channel: str
    template: str | None
    person: str | None
    to_email: str | None
    subject: str | None
    letter: str | None
    status: str | None
    """How the task ended; None while it is open."""
    outcome: str | None
    done_on: date | None
    states: Sequence[str] = ()
    """The facts that its text states."""


def touches_of(task: Task, touches: Iterable[Touch]) -> list[Touch]:
    """The other touches of the facility or the person, oldest first."""
    found = [each for each in touches if each.task_id != task.task_id and _concerns(each, task)]
    return sorted(found, key=lambda each: (each.done_on or date.max, str(each.task_id)))


def got_before(task: Task, touches: Iterable[Touch]) -> set[str]:
    """Which letters of the pack the person has, or is about to get."""
    return {
        each.letter
        for each in touches
        if each.letter and each.channel == "email" and _to_same(each, task) and each.status in (None, "done")
    }


def replied_to(template: str | None, task: Task, touches: Sequence[Touch], outreach: Outreach) -> Touch | None:
    """The earlier letter of the same enrollment that a letter replies to, if it was sent to the same address."""
    found = [
        each
        for each in touches
        if template and each.template == template and each.enrollment_id == task.enrollment_id is not None
        if _to_same(each, task) and each.outcome in outreach.logged.mailed and each.subject
    ]
    return found[-1] if found else None


def concerns_posting(touch: Touch, posting: Posting | None) -> bool:
    """Whether an earlier letter was about this posting."""
    return bool(POSTED in touch.states and touch.done_on and posting and posting.first_seen_on <= touch.done_on)


def topic_of(task: Task, touches: Iterable[Touch], outreach: Outreach) -> Posting | None:
    """The posting that a text may mention; for a written one, none that was up before a letter that was the last."""
    posting = task.posting
    if posting is None or task.channel == "call":
        return posting
    last = (each.done_on for each in touches if each.template in outreach.closing and _was_sent(each, outreach))
    return posting if all(day is None or day < posting.since for day in last) else None


def facts_of_history(task: Task, touches: Sequence[Touch], outreach: Outreach, today: date) -> dict[str, Fact]:
    """What the rep did before, as far as it was logged."""
    logged = [each for each in touches if each.rep == task.rep_id and each.done_on and each.done_on <= today]
    return {
        **_first_letter(task, touches, outreach),
        **_newest_call(task, logged, outreach, today),
        **_letters(task, logged, outreach, today),
    }


def _first_letter(task: Task, touches: Iterable[Touch], outreach: Outreach) -> dict[str, Fact]:
    """Known for an e-mail to a person to whom no rep wrote one before."""
    if task.channel != "email" or any(_was_sent(each, outreach) and _to_person(each, task) for each in touches):
        return {}
    return {FIRST_LETTER: Fact("yes", "no e-mail to this person is logged")}


def _newest_call(task: Task, logged: Sequence[Touch], outreach: Outreach, today: date) -> dict[str, Fact]:
    newest = logged[-1] if logged else None
    if newest is None or newest.channel != "call" or _age(newest, today) > outreach.days.touch:
        return {}
    day = _day(newest, today)
    if newest.outcome in outreach.logged.spoke and _same_person(newest, task):
        return {"talk_day": day}
    if newest.outcome not in outreach.logged.voicemail:
        return {}
    if _same_person(newest, task):
        return {"vm_day": day}
    if newest.person and task.person and newest.facility_id == task.facility_id:
        return {"colleague": Fact(newest.person, day.source), "colleague_day": day}
    return {}


def _letters(task: Task, logged: Sequence[Touch], outreach: Outreach, today: date) -> dict[str, Fact]:
    """`mailed_day` is that of the last letter to the person, `earlier_day` if it belongs to an earlier enrollment."""
    sent = [each for each in logged if _was_sent(each, outreach)]
    to_person = [each for each in sent if _to_person(each, task)]
    if not to_person:
        return {}
    last = to_person[-1]
    earlier = all(each.enrollment_id != task.enrollment_id for each in to_person)
    found, posting, written_on = {"mailed_day": _day(last, today)}, task.posting, last.done_on or date.max
    if concerns_posting(last, posting):
        found["still_open"] = Fact("yes", f"the letter of {last.done_on} was about this posting")
    if earlier:
        found["earlier_day"] = found["mailed_day"]
        if posting and posting.since > written_on:
            found["news"] = Fact("yes", f"the posting is newer than the letter of {last.done_on}")
    return found


def _was_sent(touch: Touch, outreach: Outreach) -> bool:
    return touch.channel == "email" and touch.outcome in outreach.logged.mailed


def _day(touch: Touch, today: date) -> Fact:
    day = touch.done_on or today
    return Fact(named(day, today), f"logged {touch.channel} of {day}: {touch.outcome}", named_until(day, today))


def _age(touch: Touch, today: date) -> int:
    return (today - (touch.done_on or today)) // timedelta(days=1)


def _concerns(touch: Touch, task: Task) -> bool:
    return touch.facility_id == task.facility_id or _to_same(touch, task)


def _to_same(touch: Touch, task: Task) -> bool:
    return bool(touch.to_email and task.email and touch.to_email.casefold() == task.email.strip().casefold())


def _to_person(touch: Touch, task: Task) -> bool:
    return _to_same(touch, task) or _same_person(touch, task)


def _same_person(touch: Touch, task: Task) -> bool:
    return bool(touch.person and touch.person == task.person)
