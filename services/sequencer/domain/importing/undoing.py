"""What does taking back an import restore, and what stays because it was changed since?"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from services.sequencer.domain.board import Board, Decision
from services.sequencer.domain.contacts import places_of
from services.sequencer.domain.importing.changes import AccountPart, Change, Subject, part_of
from services.sequencer.domain.leads import Lead
from services.sequencer.domain.pack import Playbook
from services.sequencer.domain.plan.account_tasks import end_account_tasks
from services.sequencer.domain.plan.ending import end, stop_enrollments
from services.sequencer.domain.plan.enrolling import with_missing
from services.sequencer.domain.plan.following import follow_contacts
from services.sequencer.domain.plan.leads import close_leads, own_leads
from services.sequencer.domain.plan.leaving import hand_over_left
from services.sequencer.domain.stages import Stages
from services.sequencer.domain.tasks import Task
from services.sequencer.domain.undoing import enrollment_before, task_before

V = TypeVar("V")

REASON = "The import was undone."

_NEVER = ("version", "owner_version", "undone_version", "refreshed_on")
"""The fields that are not put back: versions only grow."""
_STAGE = (
    "stage", "phase", "stage_since", "stage_by", "stage_reason", "closed_on", "closed_reason", "engaged_until",
    "reopen_asked_on", "reopen_declined_on", "converted_facility_id",
)  # fmt: skip
_OF_PLAN = ("role_families", "owner", "from_step")
"""The fields of a lead that the plan of a day updates."""


@dataclass(frozen=True, slots=True)
class Kept:
    """Something that an import changed, and that stays as it is."""

    subject: Subject
    key: str
    why: str


@dataclass(slots=True)
class PutBack:
    """What an undo restores, what it deletes, and what it keeps."""

    restored: list[Any] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)
    kept: list[Kept] = field(default_factory=list)


def put_back(current: V, before: V, after: V, together: Sequence[str] = ()) -> tuple[V, list[str]]:
    """The current value with what a change stated as before it, and the names of the fields that changed since.

    Fields that belong `together` are put back if none of them has changed since.
    """
    stated = [name for name in _names(current) if getattr(before, name) != getattr(after, name)]
    since = {name for name in stated if getattr(current, name) != getattr(after, name)}
    if since.intersection(together):
        since |= set(together).intersection(stated)
    return replace(current, **{n: getattr(before, n) for n in stated if n not in since}), sorted(since)  # type: ignore[type-var]


def rows_back(changes: Iterable[Change], current: dict[str, Any]) -> PutBack:
    """What to do with rows that are only data, such as contacts: restore them, or delete those that were added."""
    found = PutBack()
    for each in changes:
        now = current.get(each.key)
        if now is None:
            continue
        if each.before is None and now == each.after:
            found.deleted.append(each.key)
        elif each.before is None:
            found.kept.append(Kept(each.subject, each.key, "it was changed since"))
        else:
            restored, since = put_back(now, each.before, each.after)
            found.restored += [restored] if restored != now else []
            found.kept += _kept(each, since)
    return found


def work_back(board: Board, changes: Sequence[Change], book: Playbook) -> tuple[Board, list[Kept]]:
    """The board without what an import did to accounts, leads, enrollments and tasks, and what stays."""
    board, of_accounts = _accounts_back(board, [each for each in changes if each.subject == "account"])
    board, of_leads = _leads_back(board, [each for each in changes if each.subject == "lead"], book.stages)
    kept = [*of_accounts, *of_leads]
    enrollments = [each for each in changes if each.subject == "enrollment" and each.before]
    tasks = [each for each in changes if each.subject == "task"]
    again = [enrollment_before(board, each.before, each.after) for each in enrollments]
    board = board.having(enrollments=[each for each in again if each])
    restored = [task_before(board, each.before, each.after, REASON) for each in tasks]
    return board.having(tasks=[each for each in restored if each and _is_current(board, each)]), kept


def undone(changes: Sequence[Change], since: date) -> Decision:
    """The decision that takes back an import of this day, with what follows; `work_back` tells what stays."""
    at_people = places_of(each.after for each in changes if each.subject == "contact")

    def decision(board: Board, book: Playbook) -> Board:
        board, _ = work_back(board, changes, book)
        board = _all(board, book, close_leads, own_leads, stop_enrollments)
        of_people = {each.facility_id for each in board.open if each in at_people}
        board = stop_what_followed(board, book, since, facilities(changes) | of_people)
        return _all(board, book, hand_over_left, follow_contacts, end_account_tasks)

    return decision


def facilities(changes: Iterable[Change]) -> set[str]:
    """The accounts that an import changed."""
    found = (getattr(each.after, "facility_id", None) for each in changes)
    return {each for each in found if each}


def _all(board: Board, book: Playbook, *decisions: Decision) -> Board:
    for decision in decisions:
        board = decision(board, book)
    return board


def stop_what_followed(board: Board, book: Playbook, since: date, facility_ids: Collection[str]) -> Board:
    """End the enrollments of accounts that began since an import, and that could not begin without it."""
    concerned = [
        each
        for each in board.open
        if (each.started_on or each.blocked_on or date.min) >= since
        and not {each.facility_id, *each.covers}.isdisjoint(facility_ids)
        and each.sequence in book.sequences
    ]
    stopped = [each for each in concerned if not _may_run(board, book, each)]
    return end(board, {each.enrollment_id: REASON for each in stopped})


def _may_run(board: Board, book: Playbook, enrollment: Any) -> bool:
    account = board.accounts[enrollment.facility_id]
    if not board.is_prospect(account):
        return False
    gated = enrollment.status != "blocked" and enrollment.tier in book.capacity.tiers
    return not (gated and with_missing(board, book, enrollment).missing)


def _accounts_back(board: Board, changes: Iterable[Change]) -> tuple[Board, list[Kept]]:
    restored, kept = [], []
    for each in changes:
        account = board.accounts.get(each.key)
        before: AccountPart | None = each.before
        if account is None or before is None:
            continue
        again, since = put_back(part_of(account), before, each.after, ("owner", "owner_reason"))
        back = replace(account, client=again.client, owner=again.owner, owner_reason=again.owner_reason)
        restored.append(replace(back, next_follow_up_on=again.next_follow_up_on))
        kept += _kept(each, [name for name in since if name not in ("next_follow_up_on", "owner_reason")])
    return board.having(accounts=restored), kept


def _leads_back(board: Board, changes: Iterable[Change], stages: Stages) -> tuple[Board, list[Kept]]:
    restored, kept = [], []
    for each in changes:
        now = board.leads.get(UUID(each.key))
        if now is None:
            continue
        if each.before is None:
            again, since = _never_imported(now, each.after, board.today, stages)
        else:
            again, since = _with_form(now, *put_back(now, each.before, each.after, _STAGE))
        is_undone = again != now and "stage" not in since
        restored.append(replace(again, undone_version=each.after.version) if is_undone else again)
        kept += [Kept("lead", now.facility_id, one.why) for one in _kept(each, since)]
    return board.having(leads=restored), kept


def _with_form(now: Lead, again: Lead, since: list[str]) -> tuple[Lead, list[str]]:
    """A lead that has moved on since keeps the intake form, which its stage may need."""
    if "stage" not in since or again.intake == now.intake:
        return again, since
    return replace(again, intake=now.intake), sorted({*since, "intake"})


def _never_imported(now: Lead, after: Lead, today: date, stages: Stages) -> tuple[Lead, list[str]]:
    """A lead that an import added, as one that was never worked, closed; a later signal opens it again."""
    since = [name for name in _names(now) if name not in _OF_PLAN and getattr(now, name) != getattr(after, name)]
    if since:
        return now, since
    first = stages.first(now.lead_source)
    blank = replace(now, stage=first.stage, phase=first.phase, stage_reason=None, intake={}, amount=None)
    return replace(blank, currency=None, close_on=None, engaged_until=None, closed_on=today, closed_reason=REASON), []


def _kept(change: Change, since: Iterable[str]) -> list[Kept]:
    names = ", ".join(name for name in since)
    return [Kept(change.subject, change.key, f"changed since: {names}")] if names else []


def _names(value: Any) -> list[str]:
    return [each.name for each in fields(value) if each.name not in _NEVER]


def _is_current(board: Board, task: Task) -> bool:
    """Whether the enrollment of a task is open; one that has ended since an import need not be on the board."""
    enrollment = board.enrollments.get(task.enrollment_id) if task.enrollment_id else None
    return task.enrollment_id is None or (enrollment is not None and enrollment.is_open)
