"""Which facts of an account may a text state to any reader?

They come from its identity, from the lines of its score, and from the pack. A letter adds its recipient and its
occasion, a list its other columns.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from engines.drafting.days import month
from engines.drafting.facts import Fact, clean, one_line
from engines.drafting.outreach import Outreach, Record
from engines.naming.shortening import short_name

PACK = "the pack"
REGISTRY = "the registry"
SCORE = "the score"
DRIVERS = 3
"""How many factors with the most points are drivers."""
COMPUTED = ("top_drivers", "top_driver_1", "top_driver_1_reason")
"""Facts of the lines of every score, beside those that are named like their line."""
SCORED = ("score", "tier", "tier_label")
"""Facts of lists alone."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a score: a factor with its points and evidence, or what is known of an account and gives none."""

    factor: str
    label: str
    evidence: str
    points: Decimal
    known: bool
    weightless: bool


@dataclass(frozen=True, slots=True)
class Account:
    """A scored account."""

    facility_id: str
    name: str
    city: str
    state: str
    tier: int
    score: Decimal
    lines: tuple[Line, ...]


def reason_of(evidence: str) -> str:
    """The evidence without its date, and without the bar that separates reasons in lists."""
    return undated(evidence).replace("|", "/")


def undated(evidence: str) -> str:
    return one_line(_DATED.sub("", evidence))


def facts_of_lines(lines: Sequence[Line], outreach: Outreach) -> dict[str, Fact]:
    """What is known and weighs nothing, each by the name of its line, and the factors with the most points."""
    found = {
        line.factor: Fact(value, _source(line))
        for line in lines
        if line.weightless and line.known and (value := undated(line.evidence))
    }
    drivers = _drivers(lines, outreach)
    if drivers:
        reasons = "|".join(f"{each.factor}: {reason_of(each.evidence)}" for each in drivers)
        first = drivers[0]
        found["top_drivers"] = Fact(reasons, SCORE)
        found["top_driver_1"] = Fact(first.factor, SCORE)
        found["top_driver_1_reason"] = Fact(reason_of(first.evidence), _source(first))
    return found


def _drivers(lines: Sequence[Line], outreach: Outreach) -> list[Line]:
    """Those with the most points, of equals in the order of the pack."""
    scored = {line.factor: line for line in lines if line.points > 0 and line.known and not line.weightless}
    given = [scored[name] for name in outreach.drivers or scored if name in scored]
    return sorted(given, key=lambda line: -line.points)[:DRIVERS]


def facts_of_account(account: Account, outreach: Outreach, labels: Mapping[int, str], on: date) -> dict[str, Fact]:
    """The facts of an account that is listed; `labels` has the names of tiers."""
    scored = [line for line in account.lines if not line.weightless]
    tier_label = labels.get(account.tier, f"Tier {account.tier}")
    found = {
        "company": Fact(one_line(outreach.company), PACK),
        **identity(account.name, account.city, account.state, outreach),
        "score": Fact(shortest(account.score), SCORE),
        "tier": Fact(str(account.tier), SCORE),
        "tier_label": Fact(one_line(tier_label), PACK),
        **{f"{line.factor}_points": Fact(shortest(line.points), SCORE) for line in scored},
        **dict(claims(account.state, outreach, on)),
        **facts_of_lines(account.lines, outreach),
    }
    for record in outreach.records:
        found |= dict(recorded(record, account.lines, on)) if record.anyone else {}
    return found


def shortest(number: Decimal) -> str:
    """`91` of 91.0, `88.5` of 88.50."""
    return f"{number.normalize():f}"


def identity(name: str, city: str, state: str, outreach: Outreach) -> dict[str, Fact]:
    """What an account is called and where it is, as far as that can be stated."""
    facility, town = clean(name), clean(city)
    place = short_name(facility, outreach.generic, [town or "", state], outreach.alone) if facility else None
    found = {
        "facility": facility,
        "place": place,
        "city": outreach.spoken.get(town, town) if town else None,
        "state": state,
    }
    return {key: Fact(line, REGISTRY) for key, value in found.items() if (line := one_line(value or ""))}


def claims(state: str, outreach: Outreach, on: date) -> Iterator[tuple[str, Fact]]:
    """What the sender claims in a state on a day."""
    for name, claim in outreach.claims.items():
        if claim and (not claim.states or state in claim.states) and (not claim.until or claim.until >= on):
            yield name, Fact(one_line(claim.text), one_line(claim.source), claim.until)


def recorded(record: Record, lines: Iterable[Line], on: date) -> Iterator[tuple[str, Fact]]:
    """The named groups of the first evidence that matches, unless a date among them is too old."""
    texts = (line.evidence for line in lines if line.factor == record.factor and line.known)
    found = next(filter(None, (re.search(record.pattern, text) for text in texts)), None)
    if not found:
        return
    days = [date.fromisoformat(value) for value in found.groupdict().values() if value and _DAY.fullmatch(value)]
    until = min((day + timedelta(days=record.days) for day in days), default=None)
    if until and until < on:
        return
    for name, value in found.groupdict().items():
        if value:
            shown = month(date.fromisoformat(value)) if _DAY.fullmatch(value) else value
            yield name, Fact(shown, f"{record.source}: {found[0]}", until)


def _source(line: Line) -> str:
    dated = _DATED.search(line.evidence)
    return f"{SCORE}, {line.factor}{dated[0] if dated else ''}"


_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_DATED = re.compile(r" as of \d{4}-\d\d-\d\d$")
