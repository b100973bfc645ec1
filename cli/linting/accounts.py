"""What may be known of an account, for texts that are written to see whether they can be?"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from cli.linting.sections import Pack
from engines.datasets.facts import FieldRule, Headings
from engines.drafting.accounts import Line
from engines.scoring.kinds import BandsFactor, ClassesFactor, MapFactor, OverlapFactor, SignalFactor
from engines.scoring.known import EstimateFactor, FactFactor
from engines.scoring.model import Factor, Model, SumFactor

SOME_NUMBER, SOME_TEXT, SOME_DAY = "12", "Oak Hill", "2026-01-01"


def stated(model: Model) -> list[str]:
    """The names of what a score states without weighing it."""
    return [each.factor for each in model.factors if isinstance(each, FactFactor | EstimateFactor)]


def accounts(pack: Pack) -> Iterator[tuple[str, tuple[Line, ...]]]:
    """The lines of scores about which everything is known, one for each value that only some accounts have."""
    model, headings = pack.get("scoring"), pack.get("fields")
    if not model or not headings or not stated(model):
        return
    lines = tuple(_line(factor, headings) for factor in model.factors)
    yield "all of an account is known", lines
    for at, factor in enumerate(model.factors):
        rule = headings.fact(factor.fields[0]) if isinstance(factor, FactFactor) else None
        for value in rule.values if rule else ():
            line = _line(factor, headings, value)
            yield f"{factor.factor} is {value}", (*lines[:at], line, *lines[at + 1 :])


def _line(factor: Factor, headings: Headings, value: str = "") -> Line:
    weighs = not isinstance(factor, FactFactor | EstimateFactor)
    evidence = value or _evidence(factor, headings)
    return Line(factor.factor, factor.label, evidence, Decimal(int(weighs)), known=True, weightless=not weighs)


def _evidence(factor: Factor, headings: Headings) -> str:
    match factor:
        case SumFactor():
            return factor.joined.join(_evidence(part, headings) for part in factor.parts)
        case ClassesFactor():
            return factor.classes[0].evidence
        case SignalFactor():
            return factor.evidence or factor.label
        case MapFactor() | BandsFactor():
            return factor.evidence.format(value=SOME_NUMBER)
        case OverlapFactor():
            return factor.evidence.format(n=1, of=len(factor.of), names=factor.of[0])
        case EstimateFactor():
            return SOME_NUMBER
        case FactFactor():
            return _value(headings.fact(factor.fields[0]))
    return factor.label


def _value(rule: FieldRule | None) -> str:
    if rule is None or rule.type == "text":
        return next(iter(rule.values), SOME_TEXT) if rule else SOME_TEXT
    return SOME_DAY if rule.type == "date" else SOME_NUMBER
