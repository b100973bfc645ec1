"""How many points does a factor give for what, in words?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from engines.scoring.dated_kinds import AnomalyFactor, EventsFactor, RecencyFactor
from engines.scoring.kinds import BandsFactor, ClassesFactor, MapFactor, OverlapFactor, SignalFactor
from engines.scoring.model import Single, SumFactor


def points(number: Decimal) -> str:
    """`25`, `8.33`: of points, without zeros at the end."""
    return f"{round(number, 2).normalize():f}"


def most_points(factor: Single | SumFactor) -> Decimal:
    return 100 * factor.weight * factor.most / factor.out_of


def rules(factor: Single | SumFactor) -> Iterator[str]:
    """What gives how many points, a line for each rule; those of a sum are the rules of its parts."""
    match factor:
        case SumFactor(parts=parts):
            for part in parts:
                yield f"{part.label}, at most {points(most_points(part))}: {'; '.join(rules(part))}"
        case SignalFactor():
            for role in factor.roles.values():
                lifts = sorted({100 * factor.weight * role.weight * lift for lift in factor.lift})
                by_urgency = f"{points(lifts[0])} to {points(lifts[-1])} by urgency" if lifts[1:] else points(lifts[0])
                yield f"an open posting, {role.label}: {by_urgency}"
            yield f"{factor.none_open}: 0"
        case MapFactor():
            yield from _valued(factor, ((value, number) for value, number in factor.values.items()))
            yield f"any other: {_worth(factor, factor.otherwise)}"
            yield f"{factor.unknown}: {_worth(factor, factor.if_unknown)}"
        case BandsFactor():
            yield from _bands(factor)
            yield f"{factor.unknown}: {_worth(factor, factor.if_unknown)}"
        case OverlapFactor():
            each = points(100 * factor.weight / factor.out_of)
            yield f"each of these {len(factor.of)}, {each}: {', '.join(factor.of)}"
            yield f"{factor.unknown}: 0"
        case ClassesFactor():
            for one in factor.classes:
                yield f"{one.evidence} ({', '.join(one.any)}): {_worth(factor, one.value)}"
            yield f"{factor.otherwise_evidence} (any other): {_worth(factor, factor.otherwise)}"
            yield f"{factor.unknown}: {_worth(factor, factor.if_unknown)}"
        case RecencyFactor():
            what = _either(dated.evidence for dated in factor.dates)
            for step in factor.steps:
                yield f"{what} less than {step.under_days} days ago: {_worth(factor, step.value)}"
            yield f"{factor.unknown}: 0"
        case AnomalyFactor():
            full = points(100 * factor.weight)
            yield f"from {factor.from_z} to {factor.full_z} deviations from the earlier ones: 0 to {full}"
            yield f"{factor.unknown}: 0"
        case EventsFactor():
            for event in factor.events.values():
                yield f"{event.label}: {_worth(factor, event.value)}"
            yield f"all together: at most {_worth(factor, factor.cap)}; older ones count less"
            yield f"{factor.unknown}: 0"


def _bands(factor: BandsFactor) -> Iterator[str]:
    bounds = [
        f"{f'over {band.over}' if band.over is not None else f'{band.at_least} or more'}" for band in factor.bands
    ]
    yield from _valued(factor, zip(bounds, (band.value for band in factor.bands), strict=True))
    if factor.otherwise:
        yield f"less: {_worth(factor, factor.otherwise)}"
    if factor.classes:
        yield from (f"{value}: {_worth(factor, number)}" for value, number in factor.classes.values.items())


def _valued(factor: MapFactor | BandsFactor, values: Iterable[tuple[str, Decimal]]) -> Iterator[str]:
    for value, number in values:
        shown = factor.evidence.format(value=value) if "{value}" in factor.evidence else value
        yield f"{shown}: {_worth(factor, number)}"


def _worth(factor: Single, value: Decimal) -> str:
    return points(100 * factor.weight * value / factor.out_of)


def _either(names: Iterable[str]) -> str:
    *first, last = dict.fromkeys(names)
    return f"{', '.join(first)} or {last}" if first else last
