"""Who is enrolled today, who waits, and who is blocked?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from services.sequencer.domain.pack import TierRule
from services.sequencer.domain.rank import Rank

Verdict = Literal["start", "block", "wait"]


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something that wants a run of its tier: a new unit, or a blocked enrolment that has its slot already."""

    key: str
    rank: Rank
    rep: str
    gate_open: bool = True
    holds_slot: bool = False


@dataclass(frozen=True, slots=True)
class Load:
    """What is under way in a tier: open runs (blocked ones too) and this week's starts by rep, and today's starts."""

    open: dict[str, int] = field(default_factory=dict)
    started_this_week: dict[str, int] = field(default_factory=dict)
    started_today: int = 0


def under_caps(waiting: Iterable[Waiting], rule: TierRule, load: Load) -> dict[str, Verdict]:
    """What happens to each, best first (R40 to R42, R47).

    A blocked one takes a slot of the rep but none of the week's starts. What finds no room waits for another day.
    """
    held, week, today = Counter(load.open), Counter(load.started_this_week), load.started_today
    verdicts: dict[str, Verdict] = {}
    for each in sorted(waiting, key=lambda w: w.rank):
        room = each.holds_slot or _under(held[each.rep], rule.per_rep)
        gate_shut = rule.gated and not each.gate_open
        may_start = _under(week[each.rep], rule.new_per_rep_and_week) and _under(today, rule.new_per_day)
        if not room or (gate_shut and each.holds_slot) or not (gate_shut or may_start):
            verdicts[each.key] = "wait"
            continue
        verdicts[each.key] = "block" if gate_shut else "start"
        held[each.rep] += not each.holds_slot
        week[each.rep] += not gate_shut
        today += not gate_shut
    return verdicts


def _under(count: int, limit: int | None) -> bool:
    return limit is None or count < limit
