"""How does a test build a facility to be scored?"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from uuid import UUID, uuid5

from engines.scoring.formula import Line, Scored, score
from engines.scoring.inputs import ContactChange, Fact, Inputs, Signal
from engines.scoring.model import Model
from engines.scoring.pack import model_in, policy_in
from engines.scoring.policies import CalibratedPolicy

SNF = Path(__file__).parents[3] / "packs" / "snf"
MODEL: Model = model_in(SNF)
_policy = policy_in(SNF)
assert isinstance(_policy, CalibratedPolicy)
POLICY: CalibratedPolicy = _policy
TODAY = date(2026, 7, 2)
JUNE = date(2026, 6, 1)
CCN = "335001"


def days_ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def a_signal(
    role: str = "mds_coordinator", urgency: int = 1, seen: date = TODAY, days: int = 30, no: int = 1
) -> Signal:
    return Signal(CCN, role, uuid5(UUID(int=7), f"{role}{no}"), seen, seen + timedelta(days=days), urgency)


def a_fact(field: str, value: str | None, as_of: date = JUNE) -> Fact:
    return Fact(CCN, field, as_of, value)


def a_change(role: str = "don", on: date = JUNE) -> ContactChange:
    return ContactChange(CCN, role, on)


def a_facility(*parts: Signal | Fact | ContactChange, state: str = "NY") -> Inputs:
    """A facility in New York with only these facts."""
    facts = sorted((part for part in parts if isinstance(part, Fact)), key=lambda fact: fact.as_of)
    return Inputs(
        facility_id=CCN,
        state=state,
        facts={name: tuple(f for f in facts if f.field == name) for name in {f.field for f in facts}},
        signals=tuple(part for part in parts if isinstance(part, Signal)),
        changes=tuple(part for part in parts if isinstance(part, ContactChange)),
    )


def scored(*parts: Signal | Fact | ContactChange, state: str = "NY", on: date = TODAY) -> Scored:
    return score(a_facility(*parts, state=state), on, MODEL)


def line(of: Scored, factor: str) -> Line:
    return next(one for one in of.breakdown if one.factor == factor)


def quarters(*volumes: str | None) -> list[Fact]:
    """MDS volumes of consecutive quarters, the last one ending in June."""
    ends = [date(2024 + n // 4, (3, 6, 9, 12)[n % 4], 28) for n in range(len(volumes))]
    return [a_fact("mds_volume", volume, end) for volume, end in zip(volumes, ends, strict=True)]
