"""What would change under another scheme?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from engines.scoring.formula import Scored, score
from engines.scoring.inputs import Inputs
from engines.scoring.pack import Scheme
from engines.scoring.tiers import Calibration, Candidate, Record, calibrate, in_force, tier_of


@dataclass(frozen=True)
class Moved:
    """The points of a factor, or the multiplier, under both schemes; None if a scheme does not have it."""

    factor: str
    before: Decimal | None
    after: Decimal | None


@dataclass(frozen=True)
class Crosser:
    """A facility that would change its tier, with the parts of its score that would differ."""

    facility_id: str
    from_tier: int
    to_tier: int
    score_before: Decimal
    score_after: Decimal
    because: tuple[Moved, ...]


@dataclass(frozen=True)
class Side:
    """A scheme applied to the cohort: its cuts, the size of each tier, and how many scores equal each cut."""

    pack: str
    cuts: Mapping[int, Decimal]
    sizes: Mapping[int, int]
    ties: Mapping[int, int]
    unknown: Mapping[str, int]
    """How many facilities are unknown to each factor."""


@dataclass(frozen=True)
class Comparison:
    """Two schemes applied to one cohort. `at_once` counts tier changes while the current cuts stay in force."""

    cohort: int
    rescored: int
    before: Side
    after: Side
    crossings: tuple[Crosser, ...]
    at_once: int


def compare(cohort: Sequence[Inputs], before: Scheme, after: Scheme, previous: Record | None, on: date) -> Comparison:
    """Score and calibrate the cohort by both schemes; both calibrations follow the `previous` record."""
    old, new = _scored(cohort, before, on), _scored(cohort, after, on)
    old_cal, new_cal = _calibrated(old, before, previous, on), _calibrated(new, after, previous, on)
    old_tiers, new_tiers = _tiers(old, before, old_cal.record), _tiers(new, after, new_cal.record)
    old_in_force, at_once = _tiers(old, before, previous), _tiers(new, after, previous)
    return Comparison(
        cohort=len(cohort),
        rescored=sum(old[facility_id].score != new[facility_id].score for facility_id in old),
        before=_side(before, old, old_tiers, old_cal),
        after=_side(after, new, new_tiers, new_cal),
        crossings=tuple(
            Crosser(
                facility_id,
                old_tiers[facility_id],
                tier,
                old[facility_id].score,
                new[facility_id].score,
                tuple(because(old[facility_id], new[facility_id])),
            )
            for facility_id, tier in sorted(new_tiers.items(), key=lambda pair: (pair[1], -new[pair[0]].score, pair[0]))
            if old_tiers[facility_id] != tier
        ),
        at_once=sum(old_in_force[facility_id] != tier for facility_id, tier in at_once.items()),
    )


def _scored(cohort: Iterable[Inputs], scheme: Scheme, on: date) -> dict[str, Scored]:
    return {one.facility_id: score(one, on, scheme.model) for one in cohort}


def _calibrated(scored: Mapping[str, Scored], scheme: Scheme, previous: Record | None, on: date) -> Calibration:
    cohort = [
        Candidate(facility_id, one.score, one.urgency, one.last_seen_on, one.measure)
        for facility_id, one in scored.items()
    ]
    return calibrate(cohort, previous, scheme.policy, on)


def _tiers(scored: Mapping[str, Scored], scheme: Scheme, record: Record | None) -> dict[str, int]:
    binding, lowest = in_force(scheme.policy, record), scheme.policy.lowest
    return {facility_id: tier_of(facility_id, one.score, binding, lowest) for facility_id, one in scored.items()}


def _side(scheme: Scheme, scored: Mapping[str, Scored], tiers: Mapping[str, int], made: Calibration) -> Side:
    sizes = Counter(tiers.values())
    unknown = Counter(line.factor for one in scored.values() for line in one.breakdown if not line.known)
    return Side(
        pack=scheme.pack,
        cuts=made.record.cuts,
        sizes={tier: sizes[tier] for tier in range(1, scheme.policy.lowest + 1)},
        ties=made.ties,
        unknown={factor.factor: unknown[factor.factor] for factor in scheme.model.factors},
    )


def because(before: Scored, after: Scored) -> Iterable[Moved]:
    """The parts that differ, the largest difference first."""
    old = {line.factor: line.points for line in before.breakdown}
    new = {line.factor: line.points for line in after.breakdown}
    moved = [Moved(name, old.get(name), new.get(name)) for name in {**old, **new} if old.get(name) != new.get(name)]
    if before.multiplier != after.multiplier:
        moved.append(Moved("multiplier", before.multiplier, after.multiplier))
    return sorted(moved, key=lambda one: -abs((one.after or Decimal(0)) - (one.before or Decimal(0))))
