"""Which rule divides a cohort into tiers? The grammar of `tiers.yaml`."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from engines.scoring.kinds import STRICT, ModelInvalid

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
WEEKDAYS: tuple[Weekday, ...] = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
Order = Literal["urgency_desc", "last_seen_desc", "measure_desc", "facility_id"]


@dataclass(frozen=True)
class CalibrationDays:
    """When the cuts are recomputed: once after the first complete scoring, then weekly on one weekday, or on the first
    such day of every quarter."""

    __pydantic_config__ = STRICT

    first: bool
    weekday: Weekday
    every: Literal["week", "quarter"] = "week"


@dataclass(frozen=True)
class CalibratedPolicy:
    """The target size of each tier, and the minimum score for it (R32)."""

    __pydantic_config__ = STRICT

    policy: Literal["calibrated"]
    targets: dict[int, int]
    min_score: dict[int, Decimal]
    tie_break: tuple[Order, ...]
    hysteresis: Decimal
    calibrate: CalibrationDays
    labels: dict[int, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        tiers = list(self.targets)
        if tiers != list(range(1, len(tiers) + 1)) or not tiers or min(self.targets.values()) < 1:
            raise ModelInvalid("targets must name the tiers 1, 2, ... in order, each with a size of at least 1")
        floors = [self.min_score.get(tier) for tier in tiers]
        if None in floors or len(self.min_score) != len(tiers) or floors != sorted(floors, key=_falling):
            raise ModelInvalid("min_score must name the same tiers as targets and fall from tier to tier")
        if self.hysteresis < 0 or "facility_id" not in self.tie_break:
            raise ModelInvalid("hysteresis must not be negative, and tie_break must end a tie, by facility_id")

    @property
    def lowest(self) -> int:
        """The tier of facilities in no other tier, and of all facilities before the first calibration."""
        return len(self.targets) + 1


@dataclass(frozen=True)
class FixedPolicy:
    """Cuts that the pack states, independent of the cohort (R93, R117)."""

    __pydantic_config__ = STRICT

    policy: Literal["fixed"]
    cuts: dict[int, Decimal]
    labels: dict[int, str] = field(default_factory=dict)
    tie_break: tuple[Order, ...] = ("facility_id",)
    hysteresis: Decimal = Decimal(0)

    def __post_init__(self) -> None:
        named = list(self.cuts)
        falling = sorted(self.cuts.values(), reverse=True)
        if named != list(range(1, len(named) + 1)) or not named or list(self.cuts.values()) != falling:
            raise ModelInvalid("cuts must name the tiers 1, 2, ... in order, and fall from tier to tier")
        if self.hysteresis != 0 or self.tie_break[-1:] != ("facility_id",):
            raise ModelInvalid("fixed cuts have no hysteresis, and tie_break must end a tie, by facility_id")

    @property
    def lowest(self) -> int:
        return len(self.cuts) + 1


@dataclass(frozen=True)
class Places:
    """The size of a tier: at most `max`, and less than `min` only if the cohort has no more facilities."""

    __pydantic_config__ = STRICT

    min: int
    max: int

    def __post_init__(self) -> None:
        if not 0 <= self.min <= self.max or not self.max:
            raise ModelInvalid("places need 0 <= min <= max, and a max of at least 1")


@dataclass(frozen=True)
class QuotaPolicy:
    """A minimum and maximum size for each tier, independent of scores (R161). A tie at the last place is excluded if
    the tier reaches its minimum without it, and otherwise included completely."""

    __pydantic_config__ = STRICT

    policy: Literal["quota"]
    places: dict[int, Places]
    tie_break: tuple[Order, ...]
    calibrate: CalibrationDays
    labels: dict[int, str] = field(default_factory=dict)
    hysteresis: Decimal = Decimal(0)

    def __post_init__(self) -> None:
        named = list(self.places)
        if named != list(range(1, len(named) + 1)) or not named:
            raise ModelInvalid("places must name the tiers 1, 2, ... in order")
        if self.hysteresis < 0 or "facility_id" not in self.tie_break:
            raise ModelInvalid("hysteresis must not be negative, and tie_break must end a tie, by facility_id")

    @property
    def lowest(self) -> int:
        return len(self.places) + 1


TierPolicy = CalibratedPolicy | FixedPolicy | QuotaPolicy


def _falling(floor: Decimal | None) -> Decimal:
    return -(floor or Decimal(0))
