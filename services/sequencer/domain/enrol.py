"""Who is enrolled today, who waits, and who is blocked?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from services.sequencer.domain.pack import TierRule
from services.sequencer.domain.rank import Rank

Verdict = Literal["start", "block", "wait"]


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something that wants a run of its tier: a new unit, or an enrolment that is blocked already."""

    key: str
    rank: Rank
    rep: str
    gate_open: bool = True
    blocked: bool = False


@dataclass(frozen=True, slots=True)
class Load:
    """What is under way in a tier: active runs and this week's starts by rep, and today's starts."""

    active: dict[str, int] = field(default_factory=dict)
    started_this_week: dict[str, int] = field(default_factory=dict)
    started_today: int = 0


def under_caps(waiting: Iterable[Waiting], rule: TierRule, load: Load) -> dict[str, Verdict]:
    """What happens to each, best first (R40 to R42, R47); what finds no room waits for another day.

    Whom nobody can call yet takes nothing from those that can be called: it has a cap of its own.
    """
    ranked = sorted(waiting, key=lambda w: w.rank)
    shut = [each for each in ranked if rule.gated and not each.gate_open]
    callable_now = [each for each in ranked if not rule.gated or each.gate_open]
    return _starts(callable_now, rule, load) | _blocks(shut, rule)


def _starts(ranked: Iterable[Waiting], rule: TierRule, load: Load) -> dict[str, Verdict]:
    active, week, today = Counter(load.active), Counter(load.started_this_week), load.started_today
    verdicts: dict[str, Verdict] = {}
    for each in ranked:
        room = _under(active[each.rep], rule.per_rep)
        may_start = _under(week[each.rep], rule.new_per_rep_and_week) and _under(today, rule.new_per_day)
        verdicts[each.key] = "start" if room and may_start else "wait"
        if verdicts[each.key] == "start":
            active[each.rep] += 1
            week[each.rep] += 1
            today += 1
    return verdicts


def _blocks(ranked: Sequence[Waiting], rule: TierRule) -> dict[str, Verdict]:
    """Those that are blocked already keep their place: research that has begun goes on."""
    blocked = Counter(each.rep for each in ranked if each.blocked)
    verdicts: dict[str, Verdict] = {}
    for each in ranked:
        room = not each.blocked and _under(blocked[each.rep], rule.blocked_per_rep)
        verdicts[each.key] = "block" if room else "wait"
        blocked[each.rep] += room
    return verdicts


def _under(count: int, limit: int | None) -> bool:
    return limit is None or count < limit
