"""Which enrollments start today, which wait, and which are blocked?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from services.sequencer.domain.accounts import Rank
from services.sequencer.domain.calendar import monday_of
from services.sequencer.domain.enrollments import Enrollment
from services.sequencer.domain.pack import TierRule

Verdict = Literal["start", "block", "wait"]


@dataclass(frozen=True, slots=True)
class Applicant:
    """A candidate for an enrollment of its tier: a new subject, or a blocked one."""

    key: str
    rank: Rank
    rep: str
    gate_open: bool = True
    blocked: bool = False


@dataclass(frozen=True, slots=True)
class Workload:
    """The load of a tier: active enrollments and this week's starts by rep, and today's starts."""

    active: dict[str, int] = field(default_factory=dict)
    started_this_week: dict[str, int] = field(default_factory=dict)
    started_today: int = 0


def workload(enrollments: Iterable[Enrollment], tier: int, today: date) -> Workload:
    """The load of a tier, from the enrollments that are open or were started this week."""
    of_tier = [each for each in enrollments if each.tier == tier]
    started = [each for each in of_tier if each.started_on]
    return Workload(
        Counter(each.owner for each in of_tier if each.status == "active"),
        Counter(each.owner for each in started if each.started_on and each.started_on >= monday_of(today)),
        sum(each.started_on == today for each in started),
    )


def under_caps(applicants: Iterable[Applicant], rule: TierRule, load: Workload) -> dict[str, Verdict]:
    """The verdict on each applicant, best first (R40 to R42, R47). Applicants over the caps wait for another day.

    Applicants without a person to call have a cap of their own, so they take no place from the others.
    """
    ranked = sorted(applicants, key=lambda each: each.rank)
    shut = [each for each in ranked if rule.gated and not each.gate_open]
    callable_now = [each for each in ranked if not rule.gated or each.gate_open]
    return _starts(callable_now, rule, load) | _blocks(shut, rule)


def _starts(ranked: Iterable[Applicant], rule: TierRule, load: Workload) -> dict[str, Verdict]:
    active, week, today = Counter(load.active), Counter(load.started_this_week), load.started_today
    verdicts: dict[str, Verdict] = {}
    for each in ranked:
        may_work = _under(active[each.rep], rule.per_rep)
        may_start = _under(week[each.rep], rule.new_per_rep_and_week) and _under(today, rule.new_per_day)
        verdicts[each.key] = "start" if may_work and may_start else "wait"
        if verdicts[each.key] == "start":
            active[each.rep] += 1
            week[each.rep] += 1
            today += 1
    return verdicts


def _blocks(ranked: Sequence[Applicant], rule: TierRule) -> dict[str, Verdict]:
    """Applicants that are already blocked keep their place, so that their research continues."""
    blocked = Counter(each.rep for each in ranked if each.blocked)
    verdicts: dict[str, Verdict] = {}
    for each in ranked:
        may_block = not each.blocked and _under(blocked[each.rep], rule.blocked_per_rep)
        verdicts[each.key] = "block" if may_block else "wait"
        blocked[each.rep] += may_block
    return verdicts


def _under(count: int, limit: int | None) -> bool:
    return limit is None or count < limit
