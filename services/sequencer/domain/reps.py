"""Who is in the team, and who works on a day?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time, timedelta
from uuid import UUID

from services.sequencer.domain.identity import leave_id


@dataclass(frozen=True, slots=True)
class Rep:
    """A person who owns accounts and does tasks; `rep` is a short id that never changes."""

    rep: str
    name: str
    """The name that a text is signed with; for a rep without a name, the id."""
    email: str | None = None
    phone: str | None = None
    from_hour: time = time(9)
    to_hour: time = time(17)
    timezone: str = "UTC"
    """An IANA zone, in which the working hours are."""
    joined_on: date | None = None
    """None: before the first day of the deployment."""
    left_on: date | None = None
    """The first day on which the rep is no longer in the team."""
    version: int = 1
    territories: tuple[str, ...] = ()
    """Of the pack; none: all of them."""

    def is_in_team(self, day: date) -> bool:
        joined = self.joined_on is None or self.joined_on <= day
        return joined and (self.left_on is None or day < self.left_on)


@dataclass(frozen=True, slots=True)
class Leave:
    """The days on which a rep is away, both included, and who covers for them."""

    rep: str
    from_on: date
    to_on: date
    cover: str | None = None
    version: int = 1

    @property
    def leave_id(self) -> UUID:
        return leave_id(self.rep, self.from_on)

    def includes(self, day: date) -> bool:
        """A leave that was taken back before it began includes no day: it ends before it begins."""
        return self.from_on <= day <= self.to_on


@dataclass(frozen=True, slots=True)
class Team:
    """All reps, including those who left, and their leaves."""

    reps: tuple[Rep, ...] = ()
    leaves: tuple[Leave, ...] = ()

    def get(self, rep: str) -> Rep | None:
        return next((each for each in self.reps if each.rep == rep), None)

    def name(self, rep: str) -> str:
        """What people call a rep; the id of one without a name."""
        found = self.get(rep)
        return found.name if found else rep

    def members(self, day: date) -> tuple[str, ...]:
        """Who is in the team on a day, at work or away."""
        return tuple(each.rep for each in self.reps if each.is_in_team(day))

    def working(self, day: date) -> tuple[str, ...]:
        """Who works on a day, if it is a business day."""
        return tuple(rep for rep in self.members(day) if not self.is_away(rep, day))

    def is_away(self, rep: str, day: date) -> bool:
        return self.leave(rep, day) is not None

    def leave(self, rep: str, day: date) -> Leave | None:
        return next((each for each in self.leaves if each.rep == rep and each.includes(day)), None)

    def cover(self, rep: str, day: date) -> str | None:
        """Who does the tasks of an absent rep: the cover, or the cover of an absent cover; None without one at work."""
        passed: set[str] = set()
        while leave := self.leave(rep, day):
            passed.add(rep)
            if not leave.cover or leave.cover in passed:
                return None
            rep = leave.cover
        return rep if passed and rep in self.members(day) else None

    def doer(self, rep: str, day: date) -> str | None:
        """Who does the tasks of a rep on a day: the rep or the cover; None if they wait for the rep."""
        return self.cover(rep, day) if self.is_away(rep, day) else rep

    def at_work_on(self, rep: str, day: date) -> date:
        """The first day, from this one on, that is in no leave of the rep."""
        while leave := self.leave(rep, day):
            day = leave.to_on + timedelta(days=1)
        return day

    def back_on(self, rep: str, day: date) -> date:
        """The first day, from this one on, on which the rep or the cover works."""
        while self.doer(rep, day) is None:
            day += timedelta(days=1)
        return day


def team_of(ids: Iterable[str], timezone: str = "UTC") -> Team:
    """A team of reps of whom only the ids are known."""
    return Team(tuple(Rep(each, each, timezone=timezone) for each in ids))
