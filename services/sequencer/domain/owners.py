"""Which rep owns which account, and why?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from services.sequencer.domain.accounts import Account, rank
from services.sequencer.domain.assignment import Assignment
from services.sequencer.domain.contacts import chain_key
from services.sequencer.domain.reps import Team


@dataclass(frozen=True, slots=True)
class Assigned:
    """The owner of an account, or None if no rule finds one, and the reason in a sentence."""

    owner: str | None
    reason: str


def with_owner(account: Account, assigned: Assigned) -> Account:
    return replace(account, owner=assigned.owner, owner_reason=assigned.reason)


@dataclass(frozen=True, slots=True)
class Roster:
    """Who gets accounts on a day: the reps in order, their territories, and who is away for too long."""

    reps: tuple[str, ...]
    rules: Assignment
    territories: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Of each rep; none: all territories."""
    away: frozenset[str] = frozenset()

    def works(self, rep: str, territory: str | None) -> bool:
        own = self.territories.get(rep)
        return not own or territory in own


def roster(team: Team, rules: Assignment, today: date, without: str | None = None) -> Roster:
    """The members of the team on a day, without one of them."""
    members = tuple(each for each in team.members(today) if each != without)
    latest = today + timedelta(days=rules.max_days_away)
    away = frozenset(each for each in members if team.is_away(each, today) and _returns(team, each, today) > latest)
    return Roster(members, rules, {each.rep: each.territories for each in team.reps}, away)


def _returns(team: Team, rep: str, day: date) -> date:
    """The first day on which a rep is not away."""
    while leave := team.leave(rep, day):
        day = leave.to_on + timedelta(days=1)
    return day


def assign(prospects: Iterable[Account], crew: Roster) -> dict[str, Assigned]:
    """Owners for the prospects without one in the team, by facility id; none while the team is empty (R123).

    The members of a chain have the same owner. Another account goes to a rep of its territory who is not away for long:
    the one with the fewest accounts of its tier, then with the fewest in total, then the first one listed.
    """
    known, team = list(prospects), frozenset(crew.reps)
    if not team or all(p.owner in team for p in known):
        return {}
    ranked = sorted(known, key=rank)
    owned = [p for p in ranked if p.owner in team]
    in_tier = Counter((p.owner, p.tier) for p in owned)
    in_all = Counter(p.owner for p in owned)
    of_chain = {chain_key(p.chain): p.owner for p in reversed(owned) if p.owner and p.chain}
    found: dict[str, Assigned] = {}
    for prospect in (p for p in ranked if p.owner not in team):
        tier, of_same = prospect.tier, of_chain.get(chain_key(prospect.chain))
        reps, why = ([of_same], f"The owner of {prospect.chain}.") if of_same else _eligible(prospect, crew)
        rep = min(reps, key=lambda r: (in_tier[r, tier], in_all[r], crew.reps.index(r)), default=None)
        found[prospect.facility_id] = Assigned(rep, why)
        if rep:
            in_tier[rep, tier] += 1
            in_all[rep] += 1
            if prospect.chain:
                of_chain.setdefault(chain_key(prospect.chain), rep)
    return found


def _eligible(prospect: Account, crew: Roster) -> tuple[Sequence[str], str]:
    """The reps among whom the load decides, and the reason; no rep, and why not."""
    rules, state = crew.rules, prospect.state
    territory = rules.territory_of(state)
    if territory is None:
        return (), rules.why_none(state)
    of_territory = [rep for rep in crew.reps if crew.works(rep, territory)]
    if not of_territory:
        return (), f"No rep works {territory}."
    present = [rep for rep in of_territory if rep not in crew.away]
    if not present:
        return (), f"Every rep of {territory} is away for more than {rules.max_days_away} days."
    if len(present) == 1:
        return present, f"The only rep of {territory} who is available."
    return present, f"In {territory}, the rep with the fewest accounts of Tier {prospect.tier}."
