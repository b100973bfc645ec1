"""How does the plan of the next days become the page?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from services.console.domain.sessions import Session
from services.console.rendering.filters import day, plural
from services.console.rendering.shapes import Choice, Option
from services.console.screens.capacity.view import Capacity, Cell, Late, Leave, Line
from services.console.store.team import Reps
from services.console.usecases.reading import typed
from shared.contracts.sequencer_capacity import AccountStanding, CapacityPlan, LateTouch

MOST = 100
TITLES = {
    "waiting": "Waits for a place",
    "blocked": "Blocked: someone to reach is missing",
    "paused": "Paused",
    "resting": "Rests after its last sequence",
    "suppressed": "Suppressed",
    "unassigned": "Without an owner",
}
"""Why accounts of a worked tier are not worked now."""


TYPED_STATES = ("paused", "unassigned")
"""A person may have typed the reason of these."""


@dataclass(frozen=True, slots=True)
class Away:
    """A leave, as the read models have it."""

    rep: str
    from_on: date
    to_on: date
    cover: str | None


def capacity(
    plan: CapacityPlan | None,
    leaves: Sequence[Away],
    reps: Reps,
    session: Session,
    today: date,
    state: str = "",
) -> Capacity:
    """The page. Without a plan, it still says who is away."""
    days = plan.days if plan else []
    listed = _listed(plan, state, session) if plan else ()
    present = [Option(rep, name) for rep, name in reps.present.items()]
    return Capacity(
        sentence=_sentence(plan, today) if plan else "",
        today=today,
        days=tuple(each.on for each in days),
        cap=plan.most if plan else 0,
        per_rep=bool(plan and plan.scope == "rep"),
        lines=_lines(plan, reps.names, today) if plan else (),
        team=tuple(each.total for each in days),
        starts=tuple(each.starts for each in days),
        late=tuple(_late(each) for each in plan.late[:MOST]) if plan else (),
        waiting=_waiting(plan) if plan else (),
        scarce=tuple(plan.scarce) if plan and not _waiting(plan) else (),
        leaves=tuple(_leave(each, reps.names, session) for each in leaves),
        reps=tuple(
            Option(rep, name) for rep, name in reps.present.items() if session.can("leave", own=rep == session.rep)
        ),
        covers=(Option("", "no one: its touches wait"), *present),
        listed=listed,
        listed_title=TITLES.get(state, "") if listed else "",
        back="/capacity",
    )


def _sentence(plan: CapacityPlan, today: date) -> str:
    """How many days, from which one on, and the fullest of them."""
    allowed = plan.most * (len(plan.days[0].touches) if plan.scope == "rep" and plan.days else 1)
    over = sum(each.total > allowed for each in plan.days)
    cap = "no day is over its cap" if not over else f"{plural(over, 'day is', 'days are')} over the cap"
    fullest = max(plan.days, key=lambda each: each.total, default=None)
    if fullest is None or not fullest.total:
        return f"{plural(len(plan.days), 'business day')}, nothing planned"
    start = "" if plan.days[0].on == today else " after today"
    most = f"{day(fullest.on, 'week')} is the fullest, {fullest.total} of {allowed}"
    return f"{plural(len(plan.days), 'business day')}{start}, {cap}; {most}"


def _lines(plan: CapacityPlan, reps: Mapping[str, str], today: date) -> tuple[Line, ...]:
    names = list(dict.fromkeys(rep for each in plan.days for rep in (*each.touches, *each.away)))
    return tuple(_line(plan, rep, reps.get(rep, rep), today) for rep in sorted(names, key=lambda n: reps.get(n, n)))


def _line(plan: CapacityPlan, rep: str, name: str, today: date) -> Line:
    cells = tuple(
        Cell(each.touches.get(rep, 0), rep in each.away, f"/worklist?who={rep}" if each.on == today else "")
        for each in plan.days
    )
    return Line(name, cells, sum(cell.touches for cell in cells))


def _late(each: LateTouch) -> Late:
    step = f"step {each.step_no}" if each.step_no else "a task"
    planned = f"planned {day(each.on)}" if each.on else "after these days"
    return Late(
        each.facility or each.facility_id,
        f"/facilities/{each.facility_id}",
        f"{step}, latest {day(each.latest_on)}, {planned}",
    )


def _waiting(plan: CapacityPlan) -> tuple[Choice, ...]:
    """Links where the plan lists all of the accounts."""
    return tuple(
        Choice(title, f"/capacity?state={state}#listed", count=plan.counts[state])  # type: ignore[index]
        for state, title in TITLES.items()
        if plan.counts.get(state)  # type: ignore[call-overload]
    )


def _listed(plan: CapacityPlan, state: str, session: Session) -> tuple[Late, ...]:
    return tuple(_standing(each, session) for each in plan.waiting if each.state == state)[:MOST]


def _standing(each: AccountStanding, session: Session) -> Late:
    reason = typed(each.reason, people=session.can_see("people")) if each.state in TYPED_STATES else each.reason
    starts = f"starts {day(each.starts_on, 'week')}" if each.starts_on else ""
    text = ", ".join(filter(None, (f"Tier {each.tier}, {each.score:.1f}", (reason or "").rstrip("."), starts)))
    return Late(each.facility or each.facility_id, f"/facilities/{each.facility_id}", text)


def _leave(each: Away, reps: Mapping[str, str], session: Session) -> Leave:
    cover = reps.get(each.cover or "", each.cover or "")
    own = session.can("leave", own=each.rep == session.rep)
    return Leave(each.rep, reps.get(each.rep, each.rep), each.from_on, each.to_on, cover, end=own)
