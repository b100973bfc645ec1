"""How many points does a factor give for what, in words?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import NamedTuple

from engines.scoring.dated_kinds import AnomalyFactor, EventsFactor, RecencyFactor
from engines.scoring.kinds import BandsFactor, ClassesFactor, MapFactor, OverlapFactor, SignalFactor
from engines.scoring.model import Single, SumFactor


def points(number: Decimal) -> str:
    """`25`, `8.33`: of points, without zeros at the end."""
    return f"{round(number, 2).normalize():f}"


def most_points(factor: Single | SumFactor) -> Decimal:
    return 100 * factor.weight * factor.most / factor.out_of


class Rule(NamedTuple):
    """What gives points, and how many."""

    what: str
    worth: str
    members: tuple[str, ...] = ()
    """The values that it is about, where `what` is a name for all of them."""


def rules(factor: Single | SumFactor) -> Iterator[str]:
    """What gives how many points, a line for each rule; those of a sum are the rules of its parts."""
    if isinstance(factor, SumFactor):
        for part in factor.parts:
            yield f"{part.label}, at most {points(most_points(part))}: {'; '.join(rules(part))}"
        return
    for rule in _rules(factor):
        members = f" ({', '.join(rule.members)})" if rule.members else ""
        yield f"{rule.what}{members}: {rule.worth}"


def in_brief(factor: Single | SumFactor) -> Iterator[str]:
    """What gives points, without the members of lists."""
    for part in factor.parts if isinstance(factor, SumFactor) else (factor,):
        yield from (f"{rule.what}: {rule.worth}" for rule in _rules(part) if rule.worth != "0")


def _rules(factor: Single) -> Iterator[Rule]:
    match factor:
        case SignalFactor():
            for role in factor.roles.values():
                lifts = sorted({100 * factor.weight * role.weight * lift for lift in factor.lift})
                by_urgency = f"{points(lifts[0])} to {points(lifts[-1])} by urgency" if lifts[1:] else points(lifts[0])
                yield Rule(f"an open posting, {role.label}", by_urgency)
            yield Rule(factor.none_open, "0")
        case MapFactor():
            yield from _valued(factor, ((value, number) for value, number in factor.values.items()))
            yield Rule("any other", _worth(factor, factor.otherwise))
            yield Rule(factor.unknown, _worth(factor, factor.if_unknown))
        case BandsFactor():
            yield from _bands(factor)
            yield Rule(factor.unknown, _worth(factor, factor.if_unknown))
        case OverlapFactor():
            each = points(100 * factor.weight / factor.out_of)
            yield Rule(f"each of these {len(factor.of)}", each, tuple(factor.of))
            yield Rule(factor.unknown, "0")
        case ClassesFactor():
            for one in factor.classes:
                yield Rule(one.evidence, _worth(factor, one.value), tuple(one.any))
            yield Rule(factor.otherwise_evidence, _worth(factor, factor.otherwise), ("any other",))
            yield Rule(factor.unknown, _worth(factor, factor.if_unknown))
        case RecencyFactor():
            what = _either(dated.evidence for dated in factor.dates)
            for step in factor.steps:
                yield Rule(f"{what} less than {step.under_days} days ago", _worth(factor, step.value))
            yield Rule(factor.unknown, "0")
        case AnomalyFactor():
            full = points(100 * factor.weight)
            yield Rule(f"from {factor.from_z} to {factor.full_z} deviations from the earlier ones", f"0 to {full}")
            yield Rule(factor.unknown, "0")
        case EventsFactor():
            for event in factor.events.values():
                yield Rule(event.label, _worth(factor, event.value))
            yield Rule("all together", f"at most {_worth(factor, factor.cap)}; older ones count less")
            yield Rule(factor.unknown, "0")


def _bands(factor: BandsFactor) -> Iterator[Rule]:
    bounds = [
        f"{f'over {band.over}' if band.over is not None else f'{band.at_least} or more'}" for band in factor.bands
    ]
    yield from _valued(factor, zip(bounds, (band.value for band in factor.bands), strict=True))
    if factor.otherwise:
        yield Rule("less", _worth(factor, factor.otherwise))
    if factor.classes:
        yield from (Rule(value, _worth(factor, number)) for value, number in factor.classes.values.items())


def _valued(factor: MapFactor | BandsFactor, values: Iterable[tuple[str, Decimal]]) -> Iterator[Rule]:
    for value, number in values:
        shown = factor.evidence.format(value=value) if "{value}" in factor.evidence else f"{factor.label} {value}"
        yield Rule(shown, _worth(factor, number))


def _worth(factor: Single, value: Decimal) -> str:
    return points(100 * factor.weight * value / factor.out_of)


def _either(names: Iterable[str]) -> str:
    *first, last = dict.fromkeys(names)
    return f"{', '.join(first)} or {last}" if first else last
