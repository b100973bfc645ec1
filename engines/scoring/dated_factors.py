"""What is the value of a factor that depends on dates, and on which days does it change by itself?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from uuid import UUID

from engines.scoring.anomaly import deviation
from engines.scoring.contributions import ASSESSED, CONTACT, Contribution
from engines.scoring.dated_kinds import AnomalyFactor, DatedBy, EventsFactor, RecencyFactor, Step
from engines.scoring.inputs import Inputs, day, number, plain
from engines.scoring.kinds import ZERO


@dataclass(frozen=True, slots=True)
class Dated:
    """An event on a day, with its source."""

    on: date
    by: DatedBy
    as_of: date
    event_id: UUID | None
    source: str


def of_recency(factor: RecencyFactor, inputs: Inputs, on: date) -> Contribution:
    """The value for the most recent date until the day; of equal dates, the one listed first in the pack counts."""
    known = [dated for by in factor.dates for dated in _dates(by, inputs, on)]
    past = [dated for dated in known if dated.on <= on]
    changes_on = [later for name in factor.fields for later in inputs.ahead(name, on)]
    for dated in known:
        turns = (dated.on, *(dated.on + timedelta(days=step.under_days) for step in factor.steps))
        changes_on += [later for later in turns if later > on]
    if not past:
        return Contribution(ZERO, f"unknown: {factor.unknown}", known=False, changes_on=tuple(changes_on))
    newest = max(past, key=lambda dated: dated.on)
    value, age = _aged(factor, (on - newest.on).days)
    return Contribution(
        value=value,
        evidence=f"{newest.by.evidence} on {newest.on}, {age}",
        as_of=newest.as_of,
        event_id=newest.event_id,
        source=newest.source,
        changes_on=tuple(changes_on),
    )


def _dates(by: DatedBy, inputs: Inputs, on: date) -> Iterator[Dated]:
    if by.fact is not None:
        fact = inputs.latest(by.fact, on)
        happened = day(fact.value) if fact else None
        if fact and happened:
            yield Dated(happened, by, fact.as_of, fact.event_id, ASSESSED)
    if by.rises is not None:
        yield from _rises(by, by.rises, inputs, on)
    for change in inputs.changes:
        if change.role == by.contact:
            yield Dated(change.changed_on, by, change.changed_on, change.event_id, CONTACT)


def _rises(by: DatedBy, name: str, inputs: Inputs, on: date) -> Iterator[Dated]:
    """The dates on which a count had risen since the previous date, if the two dates are close enough."""
    known = [
        (fact, count)
        for fact in inputs.facts.get(name, ())
        if fact.as_of <= on and (count := number(fact.value)) is not None
    ]
    for (before, less), (after, more) in pairwise(known):
        if more > less and (after.as_of - before.as_of).days <= by.within_days:
            yield Dated(after.as_of, by, after.as_of, after.event_id, ASSESSED)


def _aged(factor: RecencyFactor, days: int) -> tuple[Decimal, str]:
    """The value and the text of an age. The text names the step, so it changes only when the value can."""
    since = 0
    for step in factor.steps:
        if days < step.under_days:
            between = f"{since} to {step.under_days - 1} days ago"
            return step.value, between if since else f"under {step.under_days} days ago"
        since = step.under_days
    return ZERO, f"{since} days ago or more"


def of_anomaly(factor: AnomalyFactor, inputs: Inputs, on: date) -> Contribution:
    """The value for the latest volume, compared with the known ones among the `at_most` before it (R29)."""
    until = [fact for fact in inputs.facts.get(factor.field, ()) if fact.as_of <= on][-factor.at_most - 1 :]
    volumes = [number(fact.value) for fact in until]
    ahead = inputs.ahead(factor.field, on)
    latest = volumes.pop() if volumes else None
    earlier = [volume for volume in volumes if volume is not None]
    z = deviation(latest, earlier) if latest is not None and len(earlier) >= factor.at_least else None
    if z is None or latest is None:
        return Contribution(ZERO, f"unknown: {factor.unknown}", known=False, changes_on=ahead)
    mean = sum(earlier, ZERO) / len(earlier)
    evidence = factor.evidence.format(value=plain(latest), mean=f"{mean:.1f}", n=len(earlier), z=z)
    return Contribution(
        value=min(max((abs(z) - factor.from_z) / (factor.full_z - factor.from_z), ZERO), Decimal(1)),
        evidence=f"{evidence} as of {until[-1].as_of}",
        as_of=until[-1].as_of,
        event_id=until[-1].event_id,
        source=ASSESSED,
        changes_on=ahead,
    )


def of_events(factor: EventsFactor, inputs: Inputs, on: date) -> Contribution:
    """The sum over the events until the day, each reduced by its age, limited by the cap (R116)."""
    happened = [
        (fact, count)
        for name in factor.events
        for fact in inputs.facts.get(name, ())
        if fact.as_of <= on and (count := number(fact.value))
    ]
    changes_on = tuple(
        later
        for fact, _ in happened
        for step in factor.decay
        if (later := fact.as_of + timedelta(days=step.under_days)) > on
    ) + tuple(later for name in factor.events for later in inputs.ahead(name, on))
    if not happened:
        return Contribution(ZERO, f"unknown: {factor.unknown}", known=False, changes_on=changes_on)
    newest = max((fact for fact, _ in happened), key=lambda fact: fact.as_of)
    sums = [
        factor.events[fact.field].value * count * _share(factor.decay, (on - fact.as_of).days)
        for fact, count in happened
    ]
    evidence = ", ".join(
        f"{factor.events[fact.field].label} on {fact.as_of}" + (f" ({plain(count)})" if count != 1 else "")
        for fact, count in sorted(happened, key=lambda pair: pair[0].as_of, reverse=True)
    )
    return Contribution(
        value=min(max(sum(sums, ZERO), ZERO), factor.cap),
        evidence=evidence,
        as_of=newest.as_of,
        event_id=newest.event_id,
        source=ASSESSED,
        changes_on=changes_on,
    )


def _share(decay: Sequence[Step], days: int) -> Decimal:
    return next((step.value for step in decay if days < step.under_days), ZERO)
