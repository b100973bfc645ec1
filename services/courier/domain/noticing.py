"""What does a notice state, and when is it due? Decided from events, without a database.

Notices are no events, so that none leads to another one.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, NamedTuple

from services.courier.domain.recipients import Recipient, allowed

TOP: Final = 1
"""The tier that a manager is alerted to."""
SHOWN: Final = 10
"""Lines of a notice; further ones are counted."""
WIDTH: Final = 250
"""Characters of a line."""
APART: Final = timedelta(hours=1)
"""Between two notices of one kind to one recipient."""
GATHERING: Final = timedelta(minutes=2)
"""A notice waits so long for more of what has begun."""
AGAIN: Final = timedelta(minutes=10)
"""While the last notice of a kind has not left, it is looked for so often."""
MOST: Final = 1_000
"""Events that a notice is made of; further ones are in the next one."""

EVENTS: Final = {"hot": "score.changed", "tier": "score.changed", "sla": "sla.breached"}
"""From which events a kind of notice follows; the worklist follows from the time of day."""
WORKLIST: Final = "worklist"
TEST: Final = "test"


class Followed(NamedTuple):
    """How far a recipient has come with a kind of notice."""

    recipient: str
    kind: str
    position: int
    last_at: datetime | None = None
    wait_until: datetime | None = None


class Happened(NamedTuple):
    """An event of the log, for a recipient and a kind of notice."""

    recipient: str
    kind: str
    position: int
    at: datetime
    facility_id: str
    facility: str | None
    city: str | None
    state: str | None
    owner: str | None
    tier: int | None = None
    previous_tier: int | None = None
    score: str | None = None
    label: str | None = None
    action: str | None = None
    started_on: str | None = None


class Work(NamedTuple):
    """An open task that is due."""

    rep: str
    rep_name: str | None
    due_on: date
    channel: str
    facility: str
    place: str
    reason: str


class Message(NamedTuple):
    """What a notice states; all of it is one line each."""

    title: str
    lines: tuple[str, ...] = ()
    more: int = 0
    """Lines that are only counted."""


@dataclass(frozen=True, slots=True)
class Step:
    """What follows for one recipient and one kind now."""

    followed: Followed
    message: Message | None = None


def decide(
    to: Recipient,
    before: Followed,
    happened: Sequence[Happened],
    end: int,
    now: datetime,
    closed: Container[date],
    *,
    is_unsent: bool,
) -> Step:
    """Whether a notice is made of these events, the next ones of the log until its `end`, or when it is due."""
    reach = happened[-1].position if len(happened) >= MOST else end
    mine = concerning(to, happened)
    if not mine:
        return Step(before._replace(position=reach, wait_until=None if reach >= end else now))
    due = max(now, mine[0].at + GATHERING)
    if before.last_at:
        due = max(due, before.last_at + APART)
    if is_unsent:
        due = max(due, now + AGAIN)
    due = allowed(to, due, closed)
    if due > now:
        return Step(before._replace(wait_until=due))
    after = before._replace(position=reach, last_at=now, wait_until=now + APART)
    return Step(after, message_of(before.kind, mine))


def concerning(to: Recipient, happened: Sequence[Happened]) -> list[Happened]:
    """Of these events, those of the recipient's accounts that lead to this kind of notice."""
    return [x for x in happened if (to.rep is None or x.owner == to.rep) and _leads(x)]


def _leads(x: Happened) -> bool:
    if x.kind == "hot":
        return x.tier == TOP and x.previous_tier != TOP
    return x.kind == "sla" or (x.previous_tier is not None and x.tier != x.previous_tier)


def message_of(kind: str, happened: Sequence[Happened]) -> Message:
    """The newest event of each account, the most important accounts first."""
    newest = list({x.facility_id: x for x in happened}.values())
    number = len(newest)
    accounts = "1 account" if number == 1 else f"{number:,} accounts"
    if kind == "sla":
        newest.sort(key=lambda x: (x.tier or 0, x.started_on or ""))
        have = "has" if number == 1 else "have"
        return _message(f"{accounts} {have} waited too long for a touch", map(_breach, newest))
    newest.sort(key=lambda x: (x.tier or 0, -float(x.score or 0)))
    title = f"{accounts} entered tier {TOP}" if kind == "hot" else f"{accounts} changed tier"
    return _message(title, map(_crossing, newest))


def worklist_of(to: Recipient, day: date, tasks: Sequence[Work]) -> Message | None:
    """The tasks of a rep that are due or, for the team, how many each rep has; None without any."""
    if not tasks:
        return None
    number = "1 task" if len(tasks) == 1 else f"{len(tasks):,} tasks"
    title = f"Worklist of {day:%A}, {day}: {number}"
    if to.rep:
        return _message(title, (f"{x.channel}: {x.facility} ({x.place}): {x.reason}" for x in tasks))
    by_rep: dict[str, list[Work]] = {}
    for each in tasks:
        by_rep.setdefault(each.rep, []).append(each)
    largest = sorted(by_rep.values(), key=lambda found: (-len(found), found[0].rep))
    return _message(title, (_of_rep(found, day) for found in largest))


def _of_rep(tasks: Sequence[Work], day: date) -> str:
    late = sum(x.due_on < day for x in tasks)
    return f"{tasks[0].rep_name or tasks[0].rep}: {len(tasks):,}" + (
        f", {late:,} of them from earlier days" if late else ""
    )


def trial_of(to: Recipient) -> Message:
    kinds = ", ".join(to.kinds)
    return Message(f"A test for {clean(to.name)}", (f"Notices of these kinds arrive here: {kinds}.",))


def _crossing(x: Happened) -> str:
    came = f"from tier {x.previous_tier} to" if x.previous_tier else "new in"
    return f"{_account(x)}: {came} tier {x.tier}, score {x.score}"


def _breach(x: Happened) -> str:
    return f"{_account(x)}: {x.label}, since {x.started_on}. {x.action}"


def _account(x: Happened) -> str:
    place = ", ".join(each for each in (x.city, x.state) if each)
    return f"{x.facility or x.facility_id}" + (f" ({place})" if place else "")


def _message(title: str, lines: Iterable[str]) -> Message:
    every = [clean(line) for line in lines]
    return Message(clean(title), tuple(every[:SHOWN]), max(len(every) - SHOWN, 0))


def clean(text: str) -> str:
    """One line, without characters that are invisible or that change the direction of others."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return line if len(line) <= WIDTH else f"{line[: WIDTH - 1]}…"
