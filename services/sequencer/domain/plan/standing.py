"""Where does each prospect of a worked tier stand: is it worked, or what does it wait for?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from engines.cadence.leveling import Placement
from engines.cadence.planner import Scarce
from services.sequencer.domain.accounts import Account, rank
from services.sequencer.domain.board import Board
from services.sequencer.domain.pack import Playbook, TierRule
from services.sequencer.domain.plan.enrolling import last_starts, may_start_on, workable
from services.sequencer.domain.plan.scheduling import Schedule
from services.sequencer.domain.suppression import closed_place

State = Literal["running", "paused", "blocked", "resting", "waiting", "suppressed", "unassigned"]


@dataclass(frozen=True, slots=True)
class Standing:
    """The state of an account, with the reason in a sentence, and the day on which it starts by the plan."""

    account: Account
    state: State
    reason: str
    starts_on: date | None = None


def standings(board: Board, book: Playbook, planned: Schedule) -> list[Standing]:
    """Where the prospects of the worked tiers stand, best first."""
    enrolled = {key: each for each in board.open for key in each.covers}
    starts = last_starts(board)
    free = {each.facility_id: may_start_on(board, book, each, starts) for each in workable(board, book)}
    proposed = {key: each.key for each in planned.proposals.values() for key in each.enrollment.covers}
    found: list[Standing] = []
    for account in sorted(board.prospects(book.tiers), key=rank):
        key = account.facility_id
        if enrollment := enrolled.get(key):
            found.append(_enrolled(account, enrollment.status, enrollment.reason, enrollment.missing))
        elif key not in free:
            found.append(_excluded(board, account))
        elif free[key] > board.today:
            reason = _why_rests(board, key, free[key])
            found.append(Standing(account, "resting", reason, _start(planned, proposed.get(key))))
        else:
            found.append(_waiting(board, account, book, planned, proposed.get(key)))
    return found


def _enrolled(account: Account, status: str, reason: str | None, missing: list[str]) -> Standing:
    if status == "blocked":
        return Standing(account, "blocked", f"Needs a {' or a '.join(missing)}." if missing else "Its gate is open.")
    if status == "paused":
        return Standing(account, "paused", reason or "Paused.")
    return Standing(account, "running", "An enrollment is running.")


def _why_rests(board: Board, facility_id: str, until: date) -> str:
    if promised := board.promised.get(facility_id):
        return f"Waits for what was promised for {promised}."
    return f"Rests until {until}, after its last touches."


def _excluded(board: Board, account: Account) -> Standing:
    if closed := closed_place(account.facility_id, account.chain, board.suppressions):
        return Standing(account, "suppressed", closed)
    return Standing(account, "unassigned", account.owner_reason or "It has no owner.")


def _waiting(board: Board, account: Account, book: Playbook, planned: Schedule, key: str | None) -> Standing:
    """An account that may start, with what its enrollment lacks: that of its chain may have another tier and owner."""
    if key is None:
        return Standing(account, "suppressed", "Suppressions leave no person to reach.")
    if any(each.key == key for each in planned.queued):
        return Standing(account, "blocked", "Waits for a place in research: no person can be reached.")
    enrollment = planned.proposals[key].enrollment
    if enrollment.missing:
        return Standing(account, "blocked", f"Needs a {' or a '.join(enrollment.missing)}.")
    scarce = planned.plan.waits.get(key)
    rule = book.rule(enrollment.tier)
    owner = board.team.name(enrollment.owner)
    reason = why_waiting(scarce, rule, enrollment.tier, owner) if scarce else "Waits for the next plan."
    return Standing(account, "waiting", reason, _start(planned, key))


def _start(planned: Schedule, key: str | None) -> date | None:
    day = planned.plan.starts.get(key or "")
    return None if day is None else planned.horizon.day(day)


def why_waiting(scarce: Scarce, rule: TierRule, tier: int, owner: str) -> str:
    """What an enrollment lacks on the first day on which it may start, as a sentence."""
    reasons: dict[Scarce, str] = {
        "seat": f"All {rule.per_rep} seats of {owner} in Tier {tier} are taken.",
        "week": f"{owner} starts {rule.new_per_rep_and_week} of Tier {tier} a week, and has.",
        "day": f"The team starts {rule.new_per_day} of Tier {tier} a day, and has.",
        "full": "The days of its touches are full.",
        "start_day": "Waits for a weekday on which its sequence starts.",
        "away": f"{owner} is away, without a cover.",
        "later": "No step reaches a person.",
    }
    return reasons[scarce]


def why_on(placement: Placement) -> str:
    """Why a touch is on its day, in a few words."""
    if placement.on == placement.designed:
        return "on its day"
    after = "after the touch before it" if placement.ready > placement.designed else "in order of deadlines"
    days = placement.on - placement.designed
    late = ", too late" if placement.is_late else ""
    return f"{days} business {'day' if days == 1 else 'days'} after its day, {after}{late}"


def counts(found: Iterable[Standing]) -> Counter[State]:
    return Counter(each.state for each in found)


def what_is_scarce(found: Iterable[Standing]) -> list[str]:
    """What keeps places of the days empty, the most frequent first."""
    reasons = Counter(_scarce(each) for each in found if each.state not in ("running", "paused"))
    reasons.pop(None, None)
    named = [f"{count} {reason}" for reason, count in reasons.most_common()]
    return named or ["no further prospect is in a worked tier"]


def _scarce(each: Standing) -> str | None:
    kinds: dict[State, str] = {
        "blocked": "wait for a contact at the gate",
        "resting": "rest",
        "waiting": "wait for a seat, a quota or a day with room",
        "suppressed": "must not be contacted",
        "unassigned": "have no owner",
    }
    return kinds.get(each.state)
