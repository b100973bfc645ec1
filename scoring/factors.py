"""What is each factor worth on a day, on which evidence, and when may that change by itself?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from uuid import UUID

from scoring.anomaly import deviation
from scoring.inputs import Fact, Inputs, Signal, day, number, plain
from scoring.kinds import (
    AnomalyFactor,
    BandsFactor,
    DatedBy,
    EventsFactor,
    Factor,
    MapFactor,
    OverlapFactor,
    RecencyFactor,
    SignalFactor,
    Step,
)

ZERO = Decimal(0)
ASSESSED, MATCHED, CONTACT = "facility.assessed", "facility.matched", "contact.changed"


@dataclass(frozen=True, slots=True)
class Worth:
    """What one factor says: a value from 0 to 1, and the evidence as a person would put it."""

    value: Decimal
    evidence: str
    known: bool = True
    as_of: date | None = None
    event_id: UUID | None = None
    source: str | None = None
    """The subject of the event that brought the evidence."""
    signal: Signal | None = None
    changes_on: tuple[date, ...] = ()
    """Days on which this may differ although nothing was reported."""


def worth(factor: Factor, inputs: Inputs, on: date) -> Worth:
    match factor:
        case SignalFactor():
            return of_signals(factor, inputs, on)
        case MapFactor():
            return of_map(factor, inputs, on)
        case BandsFactor():
            return of_bands(factor, inputs, on)
        case OverlapFactor():
            return of_overlap(factor, inputs, on)
        case RecencyFactor():
            return of_recency(factor, inputs, on)
        case AnomalyFactor():
            return of_anomaly(factor, inputs, on)
        case EventsFactor():
            return of_events(factor, inputs, on)


def of_signals(factor: SignalFactor, inputs: Inputs, on: date) -> Worth:
    """The best open signal; further ones are evidence and are never added (R24)."""
    known_roles = [signal for signal in inputs.signals if signal.role_family in factor.roles]
    several = sorted(
        (signal for signal in known_roles if signal.expires_on >= on), key=lambda signal: _rank(factor, signal)
    )
    if not several:
        return Worth(ZERO, factor.none_open)
    best = several[0]
    return Worth(
        value=_signal_value(factor, best),
        evidence="; also ".join(_posting(factor, signal) for signal in several),
        as_of=best.last_seen_on,
        event_id=best.event_id,
        source=MATCHED,
        signal=best,
        changes_on=tuple(signal.expires_on + timedelta(days=1) for signal in several),
    )


def _signal_value(factor: SignalFactor, signal: Signal) -> Decimal:
    return factor.roles[signal.role_family].weight * factor.lift[signal.urgency]


def _rank(factor: SignalFactor, signal: Signal) -> tuple[Decimal, int, int, Decimal, str]:
    return (
        -_signal_value(factor, signal),
        -signal.urgency,
        -signal.last_seen_on.toordinal(),
        -factor.roles[signal.role_family].weight,
        str(signal.signal_id),
    )


def _posting(factor: SignalFactor, signal: Signal) -> str:
    role = factor.roles[signal.role_family].label
    chronic = ", chronic gap" if signal.chronic else ""
    highest = len(factor.lift) - 1
    return f"{role} posting, seen {signal.last_seen_on}, urgency {signal.urgency} of {highest}{chronic}"


def of_map(factor: MapFactor, inputs: Inputs, on: date) -> Worth:
    fact = inputs.latest(factor.field, on)
    if fact is None or fact.value is None:
        return _unknown(factor.unknown, factor.if_unknown, fact, inputs.ahead(factor.field, on))
    read = number(fact.value)
    shown = str(plain(read)) if read is not None else fact.value
    value = factor.values.get(shown)
    if value is None:
        several = (factor.folded.get(part.strip().casefold(), factor.otherwise) for part in shown.split("|"))
        value = max(several)
    return _stated(value, factor.evidence.format(value=shown), fact, inputs.ahead(factor.field, on))


def of_bands(factor: BandsFactor, inputs: Inputs, on: date) -> Worth:
    fact = inputs.latest(factor.field, on)
    read = number(fact.value) if fact else None
    ahead = tuple(later for name in factor.fields for later in inputs.ahead(name, on))
    band = next((band for band in reversed(factor.bands) if read is not None and band.holds(read)), None)
    if fact and read is not None and band:
        return _stated(band.value, factor.evidence.format(value=plain(read)), fact, ahead)
    classed = inputs.latest(factor.classes.field, on) if factor.classes else None
    if factor.classes and classed and classed.value in factor.classes.values:
        return _stated(factor.classes.values[classed.value], classed.value, classed, ahead)
    if fact and read is not None:
        return _stated(factor.otherwise, factor.evidence.format(value=plain(read)), fact, ahead)
    return _unknown(factor.unknown, factor.if_unknown, fact, ahead)


def of_overlap(factor: OverlapFactor, inputs: Inputs, on: date) -> Worth:
    fact, ahead = inputs.latest(factor.field, on), inputs.ahead(factor.field, on)
    if fact is None or fact.value is None:
        return _unknown(factor.unknown, ZERO, fact, ahead)
    own = {part.strip().casefold() for part in fact.value.split("|")}
    shared = [name for folded, name in factor.folded.items() if folded in own]
    said = factor.evidence.format(n=len(shared), of=len(factor.of), names=", ".join(shared) or "none")
    return _stated(Decimal(len(shared)), said, fact, ahead)


def _stated(value: Decimal, said: str, fact: Fact, ahead: tuple[date, ...]) -> Worth:
    return Worth(
        value=value,
        evidence=f"{said} as of {fact.as_of}",
        as_of=fact.as_of,
        event_id=fact.event_id,
        source=ASSESSED,
        changes_on=ahead,
    )


def _unknown(why: str, value: Decimal, fact: Fact | None, ahead: tuple[date, ...]) -> Worth:
    if fact is None:
        return Worth(value, f"unknown: {why}", known=False, changes_on=ahead)
    return Worth(
        value=value,
        evidence=f"unknown: {why} as of {fact.as_of}",
        known=False,
        as_of=fact.as_of,
        event_id=fact.event_id,
        source=ASSESSED,
        changes_on=ahead,
    )


@dataclass(frozen=True, slots=True)
class Dated:
    """Something that happened on a day, and what told us."""

    on: date
    by: DatedBy
    as_of: date
    event_id: UUID | None
    source: str


def of_recency(factor: RecencyFactor, inputs: Inputs, on: date) -> Worth:
    """The most recent date up to the day; at the same date the one named first in the pack."""
    known = [dated for by in factor.dates for dated in _dates(by, inputs, on)]
    past = [dated for dated in known if dated.on <= on]
    changes_on = [later for name in factor.fields for later in inputs.ahead(name, on)]
    for dated in known:
        turns = (dated.on, *(dated.on + timedelta(days=step.under_days) for step in factor.steps))
        changes_on += [later for later in turns if later > on]
    if not past:
        return Worth(ZERO, f"unknown: {factor.unknown}", known=False, changes_on=tuple(changes_on))
    newest = max(past, key=lambda dated: dated.on)
    value, age = _aged(factor, (on - newest.on).days)
    return Worth(
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
    """A count that rose between two refreshes not far apart: what it counts happened by the later one."""
    counts = [(fact, number(fact.value)) for fact in inputs.facts.get(name, ()) if fact.as_of <= on]
    for (before, less), (after, more) in pairwise(counts):
        near = (after.as_of - before.as_of).days <= by.within_days
        if near and less is not None and more is not None and more > less:
            yield Dated(after.as_of, by, after.as_of, after.event_id, ASSESSED)


def _aged(factor: RecencyFactor, days: int) -> tuple[Decimal, str]:
    """Value and wording of an age; worded by step, so that the evidence changes only when the value may."""
    since = 0
    for step in factor.steps:
        if days < step.under_days:
            between = f"{since} to {step.under_days - 1} days ago"
            return step.value, between if since else f"under {step.under_days} days ago"
        since = step.under_days
    return ZERO, f"{since} days ago or more"


def of_anomaly(factor: AnomalyFactor, inputs: Inputs, on: date) -> Worth:
    """The latest volume against the known ones among the `at_most` before it (R29)."""
    until = [fact for fact in inputs.facts.get(factor.field, ()) if fact.as_of <= on][-factor.at_most - 1 :]
    volumes = [number(fact.value) for fact in until]
    ahead = inputs.ahead(factor.field, on)
    latest = volumes.pop() if volumes else None
    earlier = [volume for volume in volumes if volume is not None]
    z = deviation(latest, earlier) if latest is not None and len(earlier) >= factor.at_least else None
    if z is None or latest is None:
        return Worth(ZERO, f"unknown: {factor.unknown}", known=False, changes_on=ahead)
    mean = sum(earlier, ZERO) / len(earlier)
    said = factor.evidence.format(value=plain(latest), mean=f"{mean:.1f}", n=len(earlier), z=z)
    return Worth(
        value=min(max((abs(z) - factor.from_z) / (factor.full_z - factor.from_z), ZERO), Decimal(1)),
        evidence=f"{said} as of {until[-1].as_of}",
        as_of=until[-1].as_of,
        event_id=until[-1].event_id,
        source=ASSESSED,
        changes_on=ahead,
    )


def of_events(factor: EventsFactor, inputs: Inputs, on: date) -> Worth:
    """What happened until the day, each event by its age; at most the cap counts (R116)."""
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
        return Worth(ZERO, f"unknown: {factor.unknown}", known=False, changes_on=changes_on)
    newest = max((fact for fact, _ in happened), key=lambda fact: fact.as_of)
    sums = [
        factor.events[fact.field].value * count * _share(factor.decay, (on - fact.as_of).days)
        for fact, count in happened
    ]
    said = ", ".join(
        f"{factor.events[fact.field].label} on {fact.as_of}" + (f" ({plain(count)})" if count != 1 else "")
        for fact, count in sorted(happened, key=lambda pair: pair[0].as_of, reverse=True)
    )
    return Worth(
        value=min(max(sum(sums, ZERO), ZERO), factor.cap),
        evidence=said,
        as_of=newest.as_of,
        event_id=newest.event_id,
        source=ASSESSED,
        changes_on=changes_on,
    )


def _share(decay: Sequence[Step], days: int) -> Decimal:
    return next((step.value for step in decay if days < step.under_days), ZERO)
