"""Who may wait for research, under the limits of each rep?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from services.sequencer.domain.accounts import Rank
from services.sequencer.domain.pack import TierRule


@dataclass(frozen=True, slots=True)
class Applicant:
    """An account without a person who can be reached: new, or blocked already."""

    key: str
    rank: Rank
    rep: str
    blocked: bool = False


def newly_blocked(applicants: Iterable[Applicant], rule: TierRule) -> list[str]:
    """The accounts to block, best first, so that their research begins (R47).

    Those that are blocked already keep their place, so that their research continues.
    """
    ranked = sorted(applicants, key=lambda each: each.rank)
    blocked = Counter(each.rep for each in ranked if each.blocked)
    found: list[str] = []
    for each in ranked:
        if not each.blocked and (rule.blocked_per_rep is None or blocked[each.rep] < rule.blocked_per_rep):
            found.append(each.key)
            blocked[each.rep] += 1
    return found
