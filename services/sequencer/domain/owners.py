"""Which rep owns which account?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from services.sequencer.domain.accounts import Account, rank


def assign(prospects: Iterable[Account], reps: Sequence[str]) -> dict[str, str]:
    """Owners for the prospects without one in the team, by facility id; none while the team is empty.

    In the order of rank, each goes to the rep with the fewest accounts of its tier; ties go to the rep with the fewest
    accounts in total, then to the first one listed. The members of a chain have the same owner.
    """
    ranked = sorted(prospects, key=rank) if reps else []
    owned = [p for p in ranked if p.owner in reps]
    in_tier = Counter((p.owner, p.tier) for p in owned)
    in_all = Counter(p.owner for p in owned)
    of_chain = {p.chain: p.owner for p in reversed(owned) if p.owner and p.chain}
    assigned: dict[str, str] = {}
    for prospect in (p for p in ranked if p.owner not in reps):
        tier = prospect.tier
        rep = of_chain.get(prospect.chain or "") or min(
            reps, key=lambda r: (in_tier[r, tier], in_all[r], reps.index(r))
        )
        if prospect.chain:
            of_chain.setdefault(prospect.chain, rep)
        in_tier[rep, tier] += 1
        in_all[rep] += 1
        assigned[prospect.facility_id] = rep
    return assigned
