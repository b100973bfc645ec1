"""What is each factor worth on a day, on which evidence, and when may that change by itself?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from math import isqrt
from uuid import UUID

from services.scorer.domain.inputs import Inputs, Signal, day, number, plain
from services.scorer.domain.model import AnomalyFactor, DatedBy, Factor, MapFactor, RecencyFactor, SignalFactor

ZERO = Decimal(0)
ASSESSED, MATCHED, CONTACT = "facility.assessed", "facility.matched", "contact.changed"


@dataclass(frozen=True)
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
        case RecencyFactor():
            return of_recency(factor, inputs, on)
        case AnomalyFactor():
            return of_anomaly(factor, inputs, on)


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
    ahead = inputs.ahead(factor.field, on)
    if fact is None:
        return Worth(ZERO, f"unknown: {factor.unknown}", known=False, changes_on=ahead)
    as_of, event_id = fact.as_of, fact.event_id
    if fact.value is None:
        said = f"unknown: {factor.unknown} as of {as_of}"
        return Worth(ZERO, said, known=False, as_of=as_of, event_id=event_id, source=ASSESSED, changes_on=ahead)
    read = number(fact.value)
    shown = str(plain(read)) if read is not None else fact.value
    return Worth(
        value=factor.values.get(shown, factor.otherwise),
        evidence=f"{factor.evidence.format(value=shown)} as of {as_of}",
        as_of=as_of,
        event_id=event_id,
        source=ASSESSED,
        changes_on=ahead,
    )


@dataclass(frozen=True)
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
    changes_on = tuple(
        later
        for dated in known
        for later in (dated.on, *(dated.on + timedelta(days=step.under_days) for step in factor.steps))
        if later > on
    ) + tuple(later for name in factor.fields for later in inputs.ahead(name, on))
    if not past:
        return Worth(ZERO, f"unknown: {factor.unknown}", known=False, changes_on=changes_on)
    newest = max(past, key=lambda dated: dated.on)
    value, age = _aged(factor, (on - newest.on).days)
    return Worth(
        value=value,
        evidence=f"{newest.by.evidence} on {newest.on}, {age}",
        as_of=newest.as_of,
        event_id=newest.event_id,
        source=newest.source,
        changes_on=changes_on,
    )


def _dates(by: DatedBy, inputs: Inputs, on: date) -> Iterator[Dated]:
    if by.fact is not None:
        fact = inputs.latest(by.fact, on)
        happened = day(fact.value) if fact else None
        if fact and happened:
            yield Dated(happened, by, fact.as_of, fact.event_id, ASSESSED)
    for change in inputs.changes:
        if change.role == by.contact:
            yield Dated(change.changed_on, by, change.changed_on, change.event_id, CONTACT)


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


def deviation(latest: Decimal, earlier: Sequence[Decimal]) -> Decimal | None:
    """z against mean and sample deviation, to two decimals, half to even on the exact value; None without spread.

    With n volumes of sum S and sum of squares Q, z squared is (n x - S)^2 (n - 1) / (n (n Q - S^2)): no root and no
    division before the one rounding.
    """
    n, total = len(earlier), sum(earlier, ZERO)
    spread = n * sum((volume * volume for volume in earlier), ZERO) - total * total
    if not spread:
        return None
    distance = n * latest - total
    squared = Fraction(distance * distance * (n - 1)) / Fraction(n * spread)
    hundredths = _root_half_even(squared * 10_000)
    return Decimal(hundredths if distance >= 0 else -hundredths).scaleb(-2)


def _root_half_even(square: Fraction) -> int:
    """The integer nearest to a square root, without ever rounding the root itself."""
    below = isqrt(square.numerator // square.denominator)
    against_half = square - (below + Fraction(1, 2)) ** 2
    up = against_half > 0 or (against_half == 0 and below % 2 == 1)
    return below + 1 if up else below
