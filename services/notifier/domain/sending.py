"""May a letter be sent now, and what became of it? (R37, R83)"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

State = Literal["approved", "sending", "sent", "failed", "unsure"]
"""Of a letter that a person sent off: it waits, it is with the server, it was accepted, it was refused, or the line
broke after the text was transferred, so it may have arrived.
"""

UNDO_SECONDS = 10
"""How long a letter that a person sent off waits, so that they can take it back."""


@dataclass(frozen=True, slots=True)
class Readiness:
    """What must be so when a draft is sent off."""

    channel: str
    status: str
    to_email: str | None
    has_text: bool
    missing: str | None
    sender_name: str | None
    sender_email: str | None


@dataclass(frozen=True, slots=True)
class Claimed:
    """What is known about a letter when it is claimed."""

    to_email: str
    current_email: str | None
    """The recipient of its draft today."""
    ended: str | None
    """How its task ended since."""
    stopped: str | None
    """The suppression that stops it."""
    fresh_until: date | None


_REFUSED = {
    "approved": "It has been sent off; it leaves in a moment.",
    "sending": "It is being sent.",
    "sent": "It was sent.",
    "unsure": "It may have arrived; look there first, then `pipeline draft resolve`.",
    "withdrawn": "Its recipient must not be contacted.",
    "closed": "Its task is done or skipped.",
    "discarded": "It was discarded.",
}

_CORRECT = "Correct its words (`pipeline draft edit`) and send it again, or discard it."


def refusal(draft: Readiness) -> str | None:
    """Why a draft cannot be sent off; None if it can."""
    if draft.channel != "email":
        return "It is not an e-mail: a person does this by hand, then `pipeline done`."
    if draft.status in _REFUSED:
        return _REFUSED[draft.status]
    if draft.to_email is None or not draft.has_text:
        return "It has no text that could be sent; `pipeline draft show` has the reason."
    if draft.missing:
        return draft.missing
    if not draft.sender_name or not draft.sender_email:
        return "Its rep has no e-mail address to send from; `pipeline rep change REP --email ADDRESS` states it."
    return None


def objection(letter: Claimed, today: date) -> str | None:
    """Why a letter that a person sent off must not leave any more; None if it may."""
    if letter.stopped:
        return letter.stopped
    if letter.ended:
        return f"Not sent: its task was {letter.ended} meanwhile."
    if letter.current_email is None or letter.current_email.lower() != letter.to_email.lower():
        return "Not sent: its task is for another address since. Read the new draft."
    if letter.fresh_until and letter.fresh_until < today:
        return f"Not sent: a day or a fact in it was right only until {letter.fresh_until}. {_CORRECT}"
    return None


def state_after(*, error: bool, refused: Literal["", "now", "for good"], irrevocable: bool, last: bool) -> State:
    """The state of a letter after a call: the server accepted it, or refused it, or did not reply."""
    if not error:
        return "sent"
    if refused == "for good":
        return "failed"
    if irrevocable and not refused:
        return "unsure"
    return "failed" if last else "approved"
