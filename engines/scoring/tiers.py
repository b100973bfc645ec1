"""Which tier does a score belong to, and what are the cuts between the tiers?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from engines.scoring.policies import (
    WEEKDAYS,
    CalibratedPolicy,
    CalibrationDays,
    FixedPolicy,
    Order,
    QuotaPolicy,
    TierPolicy,
)

UNREACHABLE = Decimal("100.1")
"""A cut that no score reaches."""


@dataclass(frozen=True)
class Record:
    """A calibration, valid until the next: the cuts, and the tiers of facilities when it was computed."""

    calibrated_on: date
    cuts: Mapping[int, Decimal]
    hysteresis: Decimal
    members: Mapping[str, int]


@dataclass(frozen=True)
class Candidate:
    """A facility of the cohort, with its tie-breaks."""

    facility_id: str
    score: Decimal
    urgency: int | None = None
    last_seen_on: date | None = None
    measure: Decimal | None = None


@dataclass(frozen=True)
class Crossed:
    """A facility whose tier differs after a calibration."""

    facility_id: str
    score: Decimal
    from_tier: int
    to_tier: int


@dataclass(frozen=True)
class Calibration:
    """The result of a calibration. `members` are in rank order; `ties` counts the scores that equal each cut."""

    record: Record
    cohort: int
    sizes: Mapping[int, int]
    ties: Mapping[int, int]
    crossings: tuple[Crossed, ...]


def tier_of(facility_id: str, score: Decimal, record: Record | None, lowest: int) -> int:
    """The best tier whose cut the score reaches; for the tier that the record has, hysteresis lowers the cut."""
    if record is None:
        return lowest
    previous = record.members.get(facility_id)
    reached = (
        tier
        for tier, cut in sorted(record.cuts.items())
        if score >= (cut - record.hysteresis if previous == tier else cut)
    )
    return next(reached, lowest)


def in_force(policy: TierPolicy, latest: Record | None) -> Record | None:
    """The cuts in force: fixed ones, or those of the latest calibration; None before the first."""
    if isinstance(policy, FixedPolicy):
        return Record(date.min, policy.cuts, Decimal(0), {})
    return latest


def calibrate(cohort: Iterable[Candidate], previous: Record | None, policy: TierPolicy, on: date) -> Calibration:
    """Compute the cuts from the cohort, the members of each tier, and the facilities that changed tiers (R32)."""
    ranked = in_order(cohort, policy.tie_break)
    cuts = _cuts([one.score for one in ranked], policy)
    holders = Record(on, cuts, policy.hysteresis, previous.members if previous else {})
    before = {one.facility_id: tier_of(one.facility_id, one.score, previous, policy.lowest) for one in ranked}
    after = {one.facility_id: tier_of(one.facility_id, one.score, holders, policy.lowest) for one in ranked}
    sizes = Counter(after.values())
    return Calibration(
        record=Record(on, cuts, policy.hysteresis, {c: tier for c, tier in after.items() if tier < policy.lowest}),
        cohort=len(ranked),
        sizes={tier: sizes[tier] for tier in range(1, policy.lowest + 1)},
        ties={tier: sum(one.score == cut for one in ranked) for tier, cut in cuts.items()},
        crossings=tuple(
            Crossed(one.facility_id, one.score, before[one.facility_id], after[one.facility_id])
            for one in ranked
            if before[one.facility_id] != after[one.facility_id]
        ),
    )


def _cuts(scores: list[Decimal], policy: TierPolicy) -> dict[int, Decimal]:
    match policy:
        case FixedPolicy():
            return policy.cuts
        case QuotaPolicy():
            return _quota_cuts(scores, policy)
        case CalibratedPolicy():
            return _target_cuts(scores, policy)


def _target_cuts(scores: list[Decimal], policy: CalibratedPolicy) -> dict[int, Decimal]:
    """The score at the last rank of each tier, or its floor if that is higher or the cohort is smaller."""
    cuts: dict[int, Decimal] = {}
    rank = 0
    for tier, target in policy.targets.items():
        rank += target
        floor = policy.min_score[tier]
        cuts[tier] = max(scores[rank - 1], floor) if rank <= len(scores) else floor
    return cuts


def _quota_cuts(scores: list[Decimal], policy: QuotaPolicy) -> dict[int, Decimal]:
    """The lowest score that has a place; a score that cannot be reached if a tier stays empty."""
    cuts: dict[int, Decimal] = {}
    taken = 0
    for tier, places in policy.places.items():
        end = min(taken + places.max, len(scores))
        if 0 < end < len(scores) and scores[end - 1] == scores[end]:
            before = scores.index(scores[end])
            end = before if before - taken >= places.min else len(scores) - scores[::-1].index(scores[end])
        cuts[tier] = scores[end - 1] if end > 0 else UNREACHABLE
        taken = max(taken, end)
    return cuts


def in_order(cohort: Iterable[Candidate], tie_break: tuple[Order, ...]) -> list[Candidate]:
    """The cohort by score, then by the tie-breaks in order; unknown values come last."""
    ranked = list(cohort)
    for order in reversed(tie_break):
        match order:
            case "urgency_desc":
                ranked.sort(key=lambda one: -1 if one.urgency is None else one.urgency, reverse=True)
            case "last_seen_desc":
                ranked.sort(key=lambda one: one.last_seen_on or date.min, reverse=True)
            case "measure_desc":
                ranked.sort(key=lambda one: Decimal(-1) if one.measure is None else one.measure, reverse=True)
            case "facility_id":
                ranked.sort(key=lambda one: one.facility_id)
    return sorted(ranked, key=lambda one: one.score, reverse=True)


def calibration_due(today: date, last: date | None, days: CalibrationDays) -> bool:
    """Whether the cuts must be recomputed today: for the first time, or because a calibration day has passed."""
    since = _latest_day(today, days)
    if last is None:
        return days.first or since == today
    return last < since


def _latest_day(today: date, days: CalibrationDays) -> date:
    """The latest day of calibration that is not after today."""
    weekday = WEEKDAYS.index(days.weekday)
    if days.every == "week":
        return today - timedelta(days=(today.weekday() - weekday) % 7)
    quarters = [date(year, month, 1) for year in (today.year - 1, today.year) for month in (1, 4, 7, 10)]
    firsts = [first + timedelta(days=(weekday - first.weekday()) % 7) for first in quarters]
    return max(first for first in firsts if first <= today)
