"""What happens when a rep leaves the team?"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

from services.sequencer import store
from services.sequencer.domain.board import Board, changed
from services.sequencer.domain.owners import Assigned
from services.sequencer.domain.plan.covering import cover_absent
from services.sequencer.domain.plan.leaving import hand_over_from, successors
from services.sequencer.domain.reps import Rep, Team
from services.sequencer.settings import playbook
from services.sequencer.store import accounts, board, reps
from services.sequencer.usecases.announcing import rep_changed
from services.sequencer.usecases.deciding import decide
from services.sequencer.usecases.team import end_leaves, find_member, row_of
from shared.contracts.refusals import Refused
from shared.contracts.requests import refuse_outdated
from shared.contracts.sequencer_reps import HandedOver, LeaveTeam, Owned
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.command
async def leave_team(request: LeaveTeam, tx: Tx) -> HandedOver:
    """A rep leaves with nothing, or hands over everything in the same transaction."""
    await store.lock(tx)
    team = await reps.load(tx)
    rep = find_member(team, request.rep, tx.today)
    refuse_outdated(request, rep.version, f"{rep.rep} is {rep.name}.")
    _refuse(request, team, await reps.owned(tx, rep.rep), tx)
    left = replace(rep, left_on=tx.today, version=rep.version + 1)
    before = await board.load(tx, playbook(), await accounts.owned_by(tx, rep.rep))
    owners = successors(before, rep.rep, request.to, playbook())
    await reps.save(tx, [left])
    tx.emit(rep_changed(left))
    await end_leaves(tx, team, rep.rep)
    return await _hand_over(left, owners, before, tx)


def _refuse(request: LeaveTeam, team: Team, owned: Owned, tx: Tx) -> None:
    others = [each for each in team.members(tx.today) if each != request.rep]
    if request.to and find_member(team, request.to, tx.today).rep == request.rep:
        raise Refused(f"{request.rep} cannot take over from {request.rep}; name another rep.", 422)
    if not any(dict(owned).values()):
        return
    if not others:
        raise Refused(f"{request.rep} is the last rep; `pipeline rep add` adds who takes over.", 409)
    if not request.to and not request.spread:
        raise Refused(
            f"{request.rep} still owns {owned.accounts} accounts, {owned.leads} open leads, {owned.enrollments} open"
            f" enrollments and {owned.tasks} open tasks. Hand them over: `--to REP`, or `--spread` over the team.",
            409,
        )


async def _hand_over(rep: Rep, owners: dict[str, Assigned], before: Board, tx: Tx) -> HandedOver:
    before = replace(before, team=await reps.load(tx))
    after = await decide(tx, before, playbook(), hand_over_from(rep.rep, owners), cover_absent)
    return HandedOver(
        rep=row_of(before.team, rep, tx.today),
        to=_taken_over(before, after, owners),
        not_covered=[each.rep for each in before.team.leaves if each.cover == rep.rep and each.from_on <= each.to_on],
    )


def _taken_over(before: Board, after: Board, owners: dict[str, Assigned]) -> dict[str, Owned]:
    """What each rep took over."""
    taken: dict[str, Counter[Any]] = {
        "accounts": Counter(each.owner for each in owners.values()),
        "leads": Counter(lead.owner for _, lead in changed(before.leads, after.leads)),
        "enrollments": Counter(each.owner for _, each in changed(before.enrollments, after.enrollments)),
        "tasks": Counter(task.absent or task.rep for _, task in changed(before.tasks, after.tasks)),
    }
    names = sorted({name for counts in taken.values() for name in counts if name})
    return {each: Owned(**{what: counts[each] for what, counts in taken.items()}) for each in names}
