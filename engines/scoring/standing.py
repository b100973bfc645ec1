"""What changed for a facility, is it worth telling, and what led to it?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from engines.scoring.formula import Line, Scored
from engines.scoring.kinds import SignalFactor
from engines.scoring.model import Model
from engines.scoring.worth import ASSESSED, MATCHED

Detail = Mapping[str, Any]
"""A line of a breakdown as it is stored: JSON, numbers and dates as text."""


@dataclass(frozen=True)
class Standing:
    """Where a facility stands: its score with every part, its tier, and the model that says so."""

    facility_id: str
    score: Decimal
    tier: int
    breakdown: list[Detail]
    multiplier: Decimal
    multiplier_evidence: str
    urgency: int | None
    last_seen_on: date | None
    measure: Decimal | None
    recheck_on: date | None
    pack: str


def standing(facility_id: str, scored: Scored, tier: int, pack: str) -> Standing:
    return Standing(
        facility_id=facility_id,
        score=scored.score,
        tier=tier,
        breakdown=[detail(line) for line in scored.breakdown],
        multiplier=scored.multiplier,
        multiplier_evidence=scored.multiplier_evidence,
        urgency=scored.urgency,
        last_seen_on=scored.last_seen_on,
        measure=scored.measure,
        recheck_on=scored.recheck_on,
        pack=pack,
    )


def detail(line: Line) -> Detail:
    return {name: _text(part) for name, part in zip(Line._fields, line, strict=True)}


def _text(value: object) -> object:
    return str(value) if isinstance(value, Decimal | date | UUID) else value


def numbers(stood: Standing) -> tuple[object, ...]:
    """What makes up the score; history has a row for each day on which these differ from before."""
    return stood.score, stood.tier, stood.multiplier, [(line["factor"], line["value"]) for line in stood.breakdown]


def worth_telling(before: Standing | None, now: Standing, model: Model) -> bool:
    """Whether others should hear of it: the numbers, what orders equals, or the evidence of open signals changed.

    A new file that says the same of a facility is not worth an event each.
    """
    return before is None or _told(before, model) != _told(now, model)


def _told(stood: Standing, model: Model) -> tuple[object, ...]:
    of_signals = {factor.factor for factor in model.factors if isinstance(factor, SignalFactor)}
    postings = [line["evidence"] for line in stood.breakdown if line["factor"] in of_signals]
    return *numbers(stood), stood.urgency, stood.last_seen_on, stood.measure, postings


def cause_of(
    before: Standing | None, now: Standing, aged: Scored | None, model: Model, since: date | None = None
) -> str:
    """What led from one standing to the next, told from the two alone so that the order of events cannot matter.

    `aged` is the score that what is known today would have had on the day of the first, `since`: where that is the
    same, and nothing that counts is dated later, only time has passed. Otherwise the part that moved most names the
    event; a tier alone is moved by calibration.
    """
    if before is None:
        return "facility.listed"
    if before.pack != now.pack:
        return "pack.published"
    moved = _moved(before, now)
    if not moved and before.multiplier == now.multiplier:
        return "calibrate"
    if aged is not None and _same_values(aged, before) and not _dated_after(moved, since):
        return "time"
    if not moved:
        return ASSESSED
    most = max(moved, key=lambda pair: abs(Decimal(pair[1]["points"]) - Decimal(pair[0].get("points", "0"))))
    source = most[1].get("source") or most[0].get("source")
    of_signals = {factor.factor for factor in model.factors if isinstance(factor, SignalFactor)}
    return source or (MATCHED if most[1]["factor"] in of_signals else ASSESSED)


def _moved(before: Standing, now: Standing) -> list[tuple[Detail, Detail]]:
    earlier = {line["factor"]: line for line in before.breakdown}
    pairs = [(earlier.get(line["factor"], {}), line) for line in now.breakdown]
    return [(old, new) for old, new in pairs if old.get("value") != new["value"]]


def _dated_after(moved: list[tuple[Detail, Detail]], since: date | None) -> bool:
    return since is not None and any((now.get("as_of") or "") > since.isoformat() for _, now in moved)


def _same_values(aged: Scored, before: Standing) -> bool:
    values = [str(line.value) for line in aged.breakdown]
    return aged.multiplier == before.multiplier and values == [line["value"] for line in before.breakdown]
