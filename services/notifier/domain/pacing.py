"""When may letters leave, and how many? By the clock of the recipient, within the limits of the pack."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_HOURS = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)")


@dataclass(frozen=True, slots=True)
class Bounces:
    """From which share of letters on that bounced hard, no further letter leaves until a person has looked."""

    __pydantic_config__ = {"extra": "forbid"}  # noqa: RUF012  read by pydantic, not a field

    share: float = 0.05
    at_least: int = 5
    """So many letters must have bounced before the share counts."""
    days: int = 7
    """Only letters of so many days count."""

    def __post_init__(self) -> None:
        if not 0 < self.share <= 1 or self.days < 1:
            raise ValueError("share is more than 0 and at most 1, and days is at least 1")
        if self.at_least < 2:
            raise ValueError(
                f"at_least is {self.at_least}, so one wrong address would stop all letters; write 2 or more"
            )


@dataclass(frozen=True, slots=True)
class Sending:
    """Pack section `sending`: when letters leave, and how many."""

    __pydantic_config__ = {"extra": "forbid"}  # noqa: RUF012  read by pydantic, not a field

    hours: str = "08:00-17:00"
    weekdays: tuple[str, ...] = WEEKDAYS[:5]
    per_rep: int | None = None
    """Letters of a rep in a day; None: any number."""
    per_domain: int | None = None
    """Letters to one domain in a day; None: any number."""
    bounces: Bounces = field(default_factory=Bounces)

    def __post_init__(self) -> None:
        if unknown := sorted(set(self.weekdays) - set(WEEKDAYS)):
            raise ValueError(f"weekdays has {', '.join(unknown)}; write {', '.join(WEEKDAYS)}")
        if not self.weekdays:
            raise ValueError("weekdays is empty, so no letter would ever leave")
        for name, limit in (("per_rep", self.per_rep), ("per_domain", self.per_domain)):
            if limit is not None and limit < 1:
                raise ValueError(f"{name} is {limit}, so no letter would ever leave; leave it out for any number")
        self.span()

    def span(self) -> tuple[time, time]:
        """The first and the last time of a day; raises `ValueError` for a text that has none."""
        found = _HOURS.fullmatch(self.hours)
        if not found:
            raise ValueError(f"hours is {self.hours!r}; write it as 08:00-17:00, by the clock of the recipient")
        first, last = time(int(found[1]), int(found[2])), time(int(found[3]), int(found[4]))
        if first >= last:
            raise ValueError(f"hours is {self.hours!r} and ends before it begins; write the earlier time first")
        return first, last


@dataclass(frozen=True, slots=True)
class Pending:
    """A letter that would leave now."""

    message_id: UUID
    rep: str
    domain: str
    zone: str


@dataclass(frozen=True, slots=True)
class Today:
    """How many letters left today, by rep and by domain."""

    by_rep: Mapping[str, int]
    by_domain: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Wait:
    """A letter leaves later."""

    until: datetime
    why: str


def opens(now: datetime, zone: str, rules: Sending) -> datetime:
    """The first time from now on at which a letter may leave to a recipient in a time zone."""
    local = now.astimezone(ZoneInfo(zone))
    first, last = rules.span()
    for days in range(8):
        day = local.date() + timedelta(days=days)
        begins, ends = (datetime.combine(day, at, ZoneInfo(zone)) for at in (first, last))
        if WEEKDAYS[day.weekday()] in rules.weekdays and local < ends:
            return max(begins, local)
    raise AssertionError("a week has one of the weekdays")


def opens_tomorrow(now: datetime, zone: str, rules: Sending) -> datetime:
    """The first time after today at which a letter may leave to a recipient in a time zone."""
    local = now.astimezone(ZoneInfo(zone))
    midnight = datetime.combine(local.date() + timedelta(days=1), time.min, ZoneInfo(zone))
    return opens(midnight, zone, rules)


def waits(letters: Sequence[Pending], now: datetime, rules: Sending, today: Today) -> dict[UUID, Wait]:
    """Which of these letters must wait, and until when; the first ones of a rep or domain leave."""
    reps, domains = Counter(today.by_rep), Counter(today.by_domain)
    found = {}
    for letter in letters:
        if wait := _wait(letter, now, rules, reps[letter.rep], domains[letter.domain]):
            found[letter.message_id] = wait
        else:
            reps[letter.rep] += 1
            domains[letter.domain] += 1
    return found


def _wait(letter: Pending, now: datetime, rules: Sending, of_rep: int, to_domain: int) -> Wait | None:
    begins = opens(now, letter.zone, rules)
    if begins > now:
        return Wait(begins, f"Leaves on {_text(begins)}, within the hours of its recipient.")
    tomorrow = opens_tomorrow(now, letter.zone, rules)
    if rules.per_rep is not None and of_rep >= rules.per_rep:
        return Wait(tomorrow, f"Leaves on {_text(tomorrow)}: {letter.rep} has sent {of_rep} letters today.")
    if rules.per_domain is not None and to_domain >= rules.per_domain:
        return Wait(tomorrow, f"Leaves on {_text(tomorrow)}: {letter.domain} got {to_domain} letters today.")
    return None


def too_many_bounced(letters: int, bounced: int, rules: Bounces) -> str | None:
    """Why no letter leaves for now: too many have bounced."""
    if bounced < rules.at_least or bounced < rules.share * letters:
        return None
    share = f"{bounced} of the last {letters} bounced"
    return f"No letter leaves: {share}. Correct the addresses, then `pipeline draft resume`."


def _text(at: datetime) -> str:
    return f"{WEEKDAYS[at.weekday()].capitalize()} {at:%Y-%m-%d %H:%M %Z}"
