"""What does a pack define about e-mails that come back?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from services.sequencer.domain.stages import STRICT


@dataclass(frozen=True, slots=True)
class Exits:
    """What ends an enrollment, or lets it wait, beside its own steps.

    A reply has a follow-up task in any case. An unsubscription stops all e-mails to the person, and a complaint all
    contact, in every pack.
    """

    __pydantic_config__ = STRICT

    replied: Literal["end", "pause", "continue"]
    bounced: Literal["replace", "continue"]
    """A hard bounce. `replace`: the address is used no more, and research is asked for another."""
    left: Literal["replace", "continue"]
    """An automatic reply states that the person no longer works there; `replace` asks for the successor."""
    auto_replied: Literal["wait", "continue"]
    """`wait`: the next touch of a person who is out of office waits for the return, if a day is stated."""
    posting_closed: Literal["continue", "end", "pause"]
    """The last posting for which an enrollment started has closed."""
    same_company: Literal["pause", "continue"]
    """A member of a chain replied, is interested or has a meeting: the enrollments of its other members."""
    wait_days: int
    """The longest wait for a return, in days."""
    pause_days: int

    def __post_init__(self) -> None:
        if self.wait_days < 1 or self.pause_days < 1:
            raise ValueError("wait_days and pause_days are at least 1")
