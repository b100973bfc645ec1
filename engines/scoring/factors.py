"""What is the value of each factor on a day, with what evidence, and when can it change by itself?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from engines.scoring.contributions import ASSESSED, MATCHED, Contribution, stated, unknown
from engines.scoring.dated_factors import of_anomaly, of_events, of_recency
from engines.scoring.dated_kinds import AnomalyFactor, EventsFactor, RecencyFactor
from engines.scoring.inputs import Inputs, Signal, number, plain
from engines.scoring.kinds import ZERO, BandsFactor, ClassesFactor, MapFactor, OverlapFactor, SignalFactor
from engines.scoring.known import EstimateFactor, FactFactor
from engines.scoring.model import Factor, Part, SumFactor

HUNDRED = Decimal(100)


def contribution(factor: Part | SumFactor | FactFactor, inputs: Inputs, on: date) -> Contribution:
    match factor:
        case SignalFactor():
            return of_signals(factor, inputs, on)
        case MapFactor():
            return of_map(factor, inputs, on)
        case BandsFactor():
            return of_bands(factor, inputs, on)
        case OverlapFactor():
            return of_overlap(factor, inputs, on)
        case ClassesFactor():
            return of_classes(factor, inputs, on)
        case FactFactor():
            return of_fact(factor, inputs, on)
        case SumFactor():
            return of_sum(factor, inputs, on)
        case RecencyFactor():
            return of_recency(factor, inputs, on)
        case AnomalyFactor():
            return of_anomaly(factor, inputs, on)
        case EventsFactor():
            return of_events(factor, inputs, on)


def of_signals(factor: SignalFactor, inputs: Inputs, on: date) -> Contribution:
    """The best open signal; further signals are evidence and are never added (R24)."""
    known_roles = [signal for signal in inputs.signals if signal.role_family in factor.roles]
    several = sorted(
        (signal for signal in known_roles if signal.expires_on >= on), key=lambda signal: _rank(factor, signal)
    )
    if not several:
        return Contribution(ZERO, factor.none_open)
    best = several[0]
    return Contribution(
        value=_signal_value(factor, best),
        evidence=f"{factor.evidence} as of {best.last_seen_on}"
        if factor.evidence
        else "; also ".join(_posting(factor, signal) for signal in several),
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


def of_map(factor: MapFactor, inputs: Inputs, on: date) -> Contribution:
    fact = inputs.latest(factor.field, on)
    if fact is None or fact.value is None:
        return unknown(factor.unknown, factor.if_unknown, fact, inputs.ahead(factor.field, on))
    shown = _shortest(fact.value)
    value = factor.values.get(shown)
    if value is None:
        several = (factor.folded.get(part.strip().casefold(), factor.otherwise) for part in shown.split("|"))
        value = max(several)
    evidence = factor.evidence.format(value=shown.replace("|", ", "))
    return stated(value, evidence, fact, inputs.ahead(factor.field, on))


@lru_cache(maxsize=4_096)
def _shortest(value: str) -> str:
    """A number in its shortest form, so that 2.0 stars equal 2 stars; other text unchanged."""
    read = number(value)
    return str(plain(read)) if read is not None else value


def of_bands(factor: BandsFactor, inputs: Inputs, on: date) -> Contribution:
    fact = inputs.latest(factor.field, on)
    read = number(fact.value) if fact else None
    ahead = tuple(later for name in factor.fields for later in inputs.ahead(name, on))
    band = next((band for band in reversed(factor.bands) if read is not None and band.contains(read)), None)
    if fact and read is not None and band:
        return stated(band.value, factor.evidence.format(value=plain(read)), fact, ahead)
    classed = inputs.latest(factor.classes.field, on) if factor.classes else None
    if factor.classes and classed and classed.value in factor.classes.values:
        return stated(factor.classes.values[classed.value], classed.value, classed, ahead)
    if fact and read is not None:
        return stated(factor.otherwise, factor.evidence.format(value=plain(read)), fact, ahead)
    return unknown(factor.unknown, factor.if_unknown, fact, ahead)


def of_overlap(factor: OverlapFactor, inputs: Inputs, on: date) -> Contribution:
    fact, ahead = inputs.latest(factor.field, on), inputs.ahead(factor.field, on)
    if fact is None or fact.value is None:
        return unknown(factor.unknown, ZERO, fact, ahead)
    own = {part.strip().casefold() for part in fact.value.split("|")}
    shared = [name for folded, name in factor.folded.items() if folded in own]
    evidence = factor.evidence.format(n=len(shared), of=len(factor.of), names=", ".join(shared) or "none")
    return stated(Decimal(len(shared)), evidence, fact, ahead)


def of_classes(factor: ClassesFactor, inputs: Inputs, on: date) -> Contribution:
    """The best class of the values; a state has no date."""
    if factor.field is None:
        if not inputs.state:
            return Contribution(factor.if_unknown, f"unknown: {factor.unknown}", known=False)
        return Contribution(*_class(factor, inputs.state))
    fact, ahead = inputs.latest(factor.field, on), inputs.ahead(factor.field, on)
    if fact is None or fact.value is None:
        return unknown(factor.unknown, factor.if_unknown, fact, ahead)
    return stated(*_class(factor, fact.value), fact, ahead)


def _class(factor: ClassesFactor, value: str) -> tuple[Decimal, str]:
    several = [factor.folded.get(part.strip().casefold()) for part in value.split("|")]
    found = [(each.value, each.evidence) if each else (factor.otherwise, factor.otherwise_evidence) for each in several]
    return max(found, key=lambda pair: pair[0])


def of_fact(factor: FactFactor, inputs: Inputs, on: date) -> Contribution:
    [name] = factor.fields
    fact, ahead = inputs.latest(name, on), inputs.ahead(name, on)
    if fact is None or fact.value is None:
        return unknown("not stated", ZERO, fact, ahead)
    return stated(ZERO, fact.value, fact, ahead)


def of_estimate(
    factor: EstimateFactor, found: Mapping[str, tuple[Factor, Contribution]], inputs: Inputs, on: date
) -> Contribution:
    """By its formula, from the shares of factors that are found already, and from facts."""
    facts = {name: inputs.latest(name, on) for name in factor.needs}
    ahead = tuple(day for name in factor.needs for day in inputs.ahead(name, on))
    read = {name: number(fact.value) for name, fact in facts.items() if fact and fact.value is not None}
    missing = [name for name in factor.needs if read.get(name) is None and (name in factor.names or name not in read)]
    if missing:
        return Contribution(ZERO, f"unknown: {factor.unknown} without {', '.join(missing)}", False, changes_on=ahead)
    of_factors = {name: found[name] for name in factor.names if name in found}
    shares = {name: Fraction(part.value) / Fraction(of.out_of) for name, (of, part) in of_factors.items()}
    result = factor.result(shares | {name: Fraction(value) for name, value in read.items() if value is not None})
    if result is None:
        return Contribution(ZERO, f"unknown: {factor.unknown}", False, changes_on=ahead)
    days = [*(fact.as_of for fact in facts.values() if fact), *(part.as_of for _, part in of_factors.values())]
    as_of = max(filter(None, days), default=None)
    shown = f"{plain(result)} as of {as_of}" if as_of else str(plain(result))
    return Contribution(result, shown, as_of=as_of, source=ASSESSED, changes_on=ahead)


def of_sum(factor: SumFactor, inputs: Inputs, on: date) -> Contribution:
    """The points of the parts; the evidence is that of the parts with points, or of all if none has any."""
    found = [(part, contribution(part, inputs, on)) for part in factor.parts]
    points = [rounded(part, HUNDRED * part.weight * each.value / part.out_of) for part, each in found]
    giving = [each for (_, each), several in zip(found, points, strict=True) if several]
    counted = giving or [each for _, each in found]
    latest = max(counted, key=lambda each: each.as_of or date.min)
    reasons = [(each.evidence, each.evidence.removesuffix(f" as of {each.as_of}")) for each in counted]
    dated = any(evidence != reason for evidence, reason in reasons)
    evidence = factor.joined.join(reason for _, reason in reasons)
    if factor.none is not None and not giving and any(each.known for each in counted):
        evidence = factor.none
    return Contribution(
        value=sum(points, ZERO),
        evidence=f"{evidence} as of {latest.as_of}" if dated else evidence,
        known=any(each.known for _, each in found),
        as_of=latest.as_of,
        event_id=latest.event_id,
        source=latest.source,
        signal=next((each.signal for _, each in found if each.signal), None),
        changes_on=tuple(day for _, each in found for day in each.changes_on),
    )


def rounded(factor: Part, points: Decimal) -> Decimal:
    """The points of a factor, to the decimals that its rule states."""
    if isinstance(factor, OverlapFactor) and factor.decimals is not None:
        return points.quantize(Decimal(1).scaleb(-factor.decimals))
    return points
