"""Which outcomes can a touch have, and what follows from each?"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from services.sequencer.domain.sequences import STRICT, Channel

Effect = Literal[
    "none",
    "interested",
    "callback",
    "meeting",
    "not_interested",
    "wrong_contact",
    "unsubscribed",
    "out_of_office",
]
"""What follows from an outcome.

- `interested`: the sequence stops, and the rep has a follow-up task.
- `callback`: the person is called on a stated day; the sequence waits until then.
- `meeting`: the lead has a meeting, and the sequence stops.
- `wrong_contact`: the number or address does not reach the person, is used no more, and research is asked for another.
- `not_interested`: the lead is lost, if the person who records the touch confirms it.
- `unsubscribed`: the person gets no further e-mail.
- `out_of_office`: the next touch of the person waits until the day of the return, if one is stated.
"""

WITH_ARTICLE: Mapping[Channel, str] = {
    "call": "A call", "email": "An e-mail", "linkedin": "A LinkedIn message", "research": "Research",
}  # fmt: skip
"""A channel at the beginning of a sentence."""

_ID = re.compile(r"[a-z][a-z0-9_]{0,39}")


@dataclass(frozen=True, slots=True)
class TouchOutcome:
    """A result of a touch: its id, what it is called in a sentence, and what follows from it."""

    __pydantic_config__ = STRICT

    id: str
    title: str
    then: Effect = "none"

    def __post_init__(self) -> None:
        if not _ID.fullmatch(self.id):
            raise ValueError("id is a word of lowercase letters, digits and underscores, as in left_voicemail")
        if not self.title.strip():
            raise ValueError("title is what the outcome is called in a sentence")


@dataclass(frozen=True, slots=True)
class FollowUp:
    """The task that follows interest: business days after the touch, its channel and its text."""

    __pydantic_config__ = STRICT

    after: int = 1
    channel: Literal["call", "email"] = "call"
    template: str | None = None

    def __post_init__(self) -> None:
        if self.after < 1:
            raise ValueError("a follow-up is at least 1 business day after the touch")


@dataclass(frozen=True, slots=True)
class Callback:
    """The call that a person asked for: its script."""

    __pydantic_config__ = STRICT

    template: str | None = None

    @property
    def channel(self) -> Channel:
        return "call"


@dataclass(frozen=True, slots=True)
class Touches:
    """The outcomes of touches, by channel."""

    __pydantic_config__ = STRICT

    outcomes: dict[Channel, tuple[TouchOutcome, ...]]
    follow_up: FollowUp = FollowUp()
    callback: Callback = Callback()

    def __post_init__(self) -> None:
        """Raises `ValueError` if a channel has no outcomes, or two with the same id."""
        if missing := [each for each in get_args(Channel) if not self.outcomes.get(each)]:
            raise ValueError(f"outcomes of {', '.join(missing)} are missing")
        for channel, outcomes in self.outcomes.items():
            if len({each.id for each in outcomes}) < len(outcomes):
                raise ValueError(f"each outcome of {channel} needs its own id")

    def of(self, channel: Channel) -> Mapping[str, TouchOutcome]:
        """The outcomes of a channel by id, in the order of the pack."""
        return {outcome.id: outcome for outcome in self.outcomes[channel]}

    def chosen(self, channel: Channel, outcome: str | None) -> TouchOutcome | None:
        """The outcome with an id; without an id, the only one of the channel from which nothing follows."""
        plain = [each for each in self.outcomes[channel] if each.then == "none"]
        if outcome is None and len(plain) == 1:
            return plain[0]
        return self.of(channel).get(outcome or "")

    def plain(self, channel: Channel) -> TouchOutcome:
        """The first outcome of a channel from which nothing follows, or else the first one."""
        outcomes = self.outcomes[channel]
        return next((each for each in outcomes if each.then == "none"), outcomes[0])

    def answers(self, task_outcome: str | None) -> list[TouchOutcome]:
        """The outcomes of an e-mail that may still come back after it was sent; none if one did."""
        done = self.of("email").get(task_outcome or "")
        return [each for each in self.outcomes["email"] if each.then != "none"] if done and done.then == "none" else []

    def title(self, channel: Channel, outcome: str | None) -> str | None:
        """An outcome in words; one that the pack does not know, such as the reason of a skipped task, as it is."""
        found = self.of(channel).get(outcome or "")
        return found.title if found else outcome

    def choices(self, channel: Channel) -> str:
        """The outcomes of a channel, in a sentence."""
        return ", ".join(f"{outcome.id} ({outcome.title})" for outcome in self.outcomes[channel])
