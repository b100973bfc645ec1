"""What changed in the score of a facility, must it be published, and what caused it?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from engines.scoring.contributions import ASSESSED, MATCHED
from engines.scoring.formula import Line, Scored
from engines.scoring.model import Model

Detail = Mapping[str, Any]
"""A line of a breakdown as stored: JSON, with numbers and dates as text."""


@dataclass(frozen=True)
class ScoreState:
    """A facility's score with all parts, its tier, and the pack that they come from."""

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


def score_state(facility_id: str, scored: Scored, tier: int, pack: str) -> ScoreState:
    return ScoreState(
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


def numbers(state: ScoreState) -> tuple[object, ...]:
    """The numbers of a score; the history has a row for each day on which they changed."""
    return state.score, state.tier, state.multiplier, [(line["factor"], line["value"]) for line in state.breakdown]


def must_publish(before: ScoreState | None, now: ScoreState, model: Model) -> bool:
    """Whether to publish a score: its numbers, tie-breaks, evidence of open signals or what it only states changed.

    A new file with the same facts does not cause an event.
    """
    return before is None or _published(before, model) != _published(now, model)


def _published(state: ScoreState, model: Model) -> tuple[object, ...]:
    postings = [_undated(line) for line in state.breakdown if line["factor"] in model.signal_factors]
    stated = [_stated(line) for line in state.breakdown]
    return *numbers(state), state.urgency, state.last_seen_on, state.measure, postings, stated


def _undated(line: Detail) -> str:
    evidence: str = line["evidence"]
    return evidence.removesuffix(f" as of {line.get('as_of')}")


def _stated(line: Detail) -> tuple[object, ...]:
    """What a line says: its value, and if it weighs nothing, its evidence too."""
    return line["value"], None if Decimal(line["weight"]) else _undated(line)


def cause_of(
    before: ScoreState | None, now: ScoreState, aged: Scored | None, model: Model, since: date | None = None
) -> str:
    """What changed one score into the next, derived from the two only, so that the order of events does not matter.

    `aged` is the score that today's inputs give for the day of the previous score, `since`. If it equals the previous
    score, and nothing that changed is dated later, the cause is the passing of time. Otherwise the part with the
    largest change determines the event; if only the tier changed, the cause is a calibration.
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
    return source or (MATCHED if most[1]["factor"] in model.signal_factors else ASSESSED)


def _moved(before: ScoreState, now: ScoreState) -> list[tuple[Detail, Detail]]:
    earlier = {line["factor"]: line for line in before.breakdown}
    pairs = [(earlier.get(line["factor"], {}), line) for line in now.breakdown]
    return [(old, new) for old, new in pairs if not old or _stated(old) != _stated(new)]


def _dated_after(moved: list[tuple[Detail, Detail]], since: date | None) -> bool:
    return since is not None and any((now.get("as_of") or "") > since.isoformat() for _, now in moved)


def _same_values(aged: Scored, before: ScoreState) -> bool:
    values = [_stated(detail(line)) for line in aged.breakdown]
    return aged.multiplier == before.multiplier and values == [_stated(line) for line in before.breakdown]
