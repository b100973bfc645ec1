"""What follows from a message that came back, given our letters?"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal
from uuid import UUID, uuid5

from services.notifier.domain.arriving import Arrived

AnswerKind = Literal["replied", "bounced", "complained", "unsubscribed", "auto_replied"]
State = Literal["done", "waiting", "repeated"]
"""All followed from it that had to; it waits for a person; it is a further absence note for the same letter."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter of ours to which something came back; without a task if a person named its facility."""

    message_id: UUID | None
    task_id: UUID | None
    facility_id: str
    to_email: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What the owner of the sequence must know."""

    answer_id: UUID
    kind: AnswerKind
    letter: Letter
    hard: bool = False
    reason: str | None = None
    back_on: date | None = None
    left: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What becomes of a message, and what follows from it."""

    state: State
    letter: Letter | None = None
    answers: tuple[Answer, ...] = ()


def follow(
    message: Arrived, letters: Mapping[UUID, Letter], newest: Mapping[str, Letter], noted: Collection[UUID]
) -> Outcome:
    """What follows from a message.

    `letters` are those of ours by id, `newest` is the newest letter to an address, `noted` are the letters for which an
    absence note came before. A message that names none of our letters is about the newest one to its address.
    """
    named = next((letters[each] for each in message.letters if each in letters), None)
    found = [named] if named else [newest[each] for each in message.addresses if each in newest]
    if not found:
        return Outcome("done" if message.kind in ("delay", "receipt") else "waiting")
    if message.kind == "absence" and found[0].message_id in noted:
        return Outcome("repeated", found[0])
    if message.kind == "other" and not named:
        return Outcome("waiting", found[0])
    answers = tuple(each for letter in found for each in answers_for(message, letter))
    return Outcome("waiting" if message.sealed else "done", found[0], answers)


def answers_for(message: Arrived, letter: Letter) -> Iterator[Answer]:
    """What a message says about a letter; nothing follows from a delay or a receipt."""
    about = _ABOUT.get(message.kind)
    if about is None:
        return
    answer_id = uuid5(message.incoming_id, str(letter.message_id or letter.to_email))
    yield about(message, Answer(answer_id, "replied", letter))


def bounced_hard(answers: Iterable[Answer]) -> list[UUID]:
    """The letters that can never reach their recipients."""
    hard = (each.letter.message_id for each in answers if each.kind == "bounced" and each.hard)
    return [message_id for message_id in hard if message_id]


def _bounced(message: Arrived, plain: Answer) -> Answer:
    """Of several recipients, the one to whom the letter was sent; an alias is the only one."""
    same = [each for each in message.recipients if each.address == plain.letter.to_email.lower()]
    about = next(iter(same or message.recipients), None)
    if about is None:
        return replace(plain, kind="bounced")
    return replace(plain, kind="bounced", hard=about.hard, reason=about.reason)


def _auto_replied(message: Arrived, plain: Answer) -> Answer:
    return replace(plain, kind="auto_replied", back_on=message.back_on, left=message.left)


_ABOUT: Mapping[str, Callable[[Arrived, Answer], Answer]] = {
    "bounce": _bounced,
    "absence": _auto_replied,
    "complaint": lambda _, plain: replace(plain, kind="complained"),
    "unsubscribe": lambda _, plain: replace(plain, kind="unsubscribed"),
    "reply": lambda _, plain: plain,
    "other": lambda _, plain: plain,
}
