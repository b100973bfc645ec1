"""What do the rows of a list of existing leads change?

An account has one lead: a row updates the open one, or adds one; that of an active client is an upsell. No lead is
moved back, and none that was won or lost is opened again: such a row is rejected.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from engines.datasets.account_key import AccountKey
from engines.datasets.crm import phase_of
from engines.datasets.text import quoted
from services.sequencer.domain.accounts import Account
from services.sequencer.domain.board import Board, Decision
from services.sequencer.domain.identity import lead_id
from services.sequencer.domain.importing.accounts import known_account, new_note
from services.sequencer.domain.importing.cells import cleaned, coming_day_in, day_in, owner_in
from services.sequencer.domain.importing.changes import Note, Planned, RowChange, differences
from services.sequencer.domain.intake import Invalid, filled, why_not_enter
from services.sequencer.domain.leads import Lead, lead_source, moved, new_lead
from services.sequencer.domain.lists import Reject, account_of
from services.sequencer.domain.outcomes import ENDS
from services.sequencer.domain.plan.account_tasks import end_account_tasks
from services.sequencer.domain.plan.ending import withdraw
from services.sequencer.domain.plan.leads import own_leads
from services.sequencer.domain.reps import Team
from services.sequencer.domain.stages import BY_HAND, Stage, Stages

Cells = Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class LeadRow:
    """A valid row; what it does not state is None."""

    facility_id: str
    stage: str | None
    owner: str | None
    amount: Decimal | None
    currency: str | None
    close_on: date | None
    reason: str | None
    source: str | None
    follow_up_on: date | None
    note: str | None
    intake: dict[str, str]


@dataclass(slots=True)
class _State:
    """What the rows so far state."""

    accounts: dict[str, Account]
    leads: dict[UUID, Lead]
    notes: set[UUID]
    lines: dict[UUID, int] = field(default_factory=dict)
    """The line of each lead that a row was about."""


def plan_leads(
    board: Board,
    rows: Iterable[tuple[int, Cells]],
    key: AccountKey,
    stages: Stages,
    by: str,
    known_notes: Collection[UUID] = (),
    earlier: Collection[str] = (),
) -> Planned:
    """The board after the rows; `earlier` has the leads that earlier rows of the same file were about."""
    planned = Planned(board)
    state = _State(dict(board.accounts), dict(board.leads), set(known_notes), dict.fromkeys(map(UUID, earlier), 0))
    for line, cells in rows:
        try:
            row = row_of(cells, key, stages, board.team, board.today)
            change, note = _take(line, row, state, key, stages, by, board.today)
        except Reject as reject:
            planned.rejects.append((line, str(reject)))
            continue
        planned.changes += [change] if change else []
        planned.notes += [note] if note else []
    planned.board = board.having(
        accounts=[each for key, each in state.accounts.items() if each != board.accounts[key]],
        leads=[each for lead, each in state.leads.items() if each != board.leads.get(lead)],
    )
    return planned


def consequences(before: Board, planned: Planned) -> tuple[Decision, ...]:
    """The decisions that make a list of leads effective: a lead that is worked by hand, or lost, has no sequence."""
    stated = planned.board
    moves = [lead for key, lead in stated.leads.items() if _phase(before.leads.get(key)) != lead.phase]
    by_hand = [lead.facility_id for lead in moves if lead.phase in BY_HAND]
    lost = [lead.facility_id for lead in moves if lead.phase == "lost"]

    def recorded(board: Board, _: object) -> Board:
        return board.having(accounts=stated.accounts.values(), leads=stated.leads.values())

    ends = withdraw(by_hand, "A person works the lead by hand."), withdraw(lost, ENDS["lost"])
    return recorded, own_leads, *ends, end_account_tasks


def newly_lost(before: Board, planned: Planned) -> list[Lead]:
    """The leads that rows state as lost and that were not."""
    found = planned.board.leads.items()
    return [lead for key, lead in found if lead.phase == "lost" and _phase(before.leads.get(key)) != "lost"]


def columns(stages: Stages) -> list[str]:
    """The columns of a list of leads, with the fields of the intake form."""
    known = ("facility_id", "stage", "owner", "amount", "currency", "close_on", "reason", "source")
    return [*known, "next_follow_up_on", "note", *(each.field for each in stages.intake)]


def row_of(row: Cells, key: AccountKey, stages: Stages, team: Team, today: date) -> LeadRow:
    """Raises `Reject`."""
    cells = cleaned({name: row.get(name) for name in columns(stages)})
    facility_id = account_of(cells.get("facility_id"), key)
    if not facility_id:
        raise Reject(f"{key.column} is missing")
    return LeadRow(
        facility_id=facility_id,
        stage=cells.get("stage"),
        owner=owner_in(cells, team, today),
        amount=_amount(cells.get("amount")),
        currency=_currency(cells.get("currency")),
        close_on=day_in(cells, "close_on"),
        reason=cells.get("reason"),
        source=cells.get("source"),
        follow_up_on=coming_day_in(cells, "next_follow_up_on", today),
        note=cells.get("note"),
        intake={each.field: cells[each.field] for each in stages.intake if each.field in cells},
    )


def _take(
    line: int, row: LeadRow, state: _State, key: AccountKey, stages: Stages, by: str, today: date
) -> tuple[RowChange | None, Note | None]:
    """Add a row to what the rows so far state."""
    old = known_account(state.accounts, row.facility_id, key)
    if not old.listed:
        raise Reject(f"{key.column} {row.facility_id} is no longer on the registry; leave the row out")
    account = replace(old, owner=row.owner or old.owner, next_follow_up_on=row.follow_up_on or old.next_follow_up_on)
    lead = lead_id(row.facility_id, lead_source(account.client))
    if (first := state.lines.get(lead)) is not None:
        where = f"in line {first}" if first else "earlier in the file"
        raise Reject(f"the account has a lead {where}; it has one at most: leave the row in that counts")
    before = state.leads.get(lead)
    after = _with_row(before, account, row, stages, by, today)
    note = new_note(row.facility_id, row.note, state.notes)
    state.accounts[row.facility_id], state.leads[lead], state.lines[lead] = account, after, line
    fields = differences(_values(before, old), _values(after, account)) | ({"note": (None, note.text)} if note else {})
    change = RowChange(line, f"{row.facility_id} ({after.lead_source})", before is None, fields)
    return change if fields else None, note


def _with_row(before: Lead | None, account: Account, row: LeadRow, stages: Stages, by: str, today: date) -> Lead:
    lead = before or _imported(account, row, stages, by, today)
    if before and not before.is_open and before.phase not in ("won", "lost"):
        lead = replace(before, closed_on=None, closed_reason=None)
    currency = row.currency or lead.currency or (stages.currency if row.amount is not None else None)
    try:
        lead = replace(lead, owner=account.owner, intake=filled(lead, row.intake, stages.intake), currency=currency)
    except Invalid as invalid:
        raise Reject(str(invalid)) from None
    lead = replace(
        lead, amount=lead.amount if row.amount is None else row.amount, close_on=row.close_on or lead.close_on
    )
    lead = _moved(lead, row, stages, by, today, _source(row) if before is None else "imported")
    if row.close_on and row.close_on < today and lead.is_open:
        raise Reject(f"close_on {row.close_on} is in the past; correct the year, or leave the cell empty")
    return lead


def _imported(account: Account, row: LeadRow, stages: Stages, by: str, today: date) -> Lead:
    return replace(new_lead(account, (), today, stages), stage_by=by, stage_reason=_source(row))


def _source(row: LeadRow) -> str:
    return f"imported; source: {row.source}" if row.source else "imported"


def _moved(lead: Lead, row: LeadRow, stages: Stages, by: str, today: date, otherwise: str) -> Lead:
    """The lead in the stage of a row. Raises `Reject`, unless that is a step ahead that the lead may take."""
    stage = _stage(row.stage, lead, stages)
    if stage is None or stage.stage == lead.stage:
        return lead
    where, names = row.facility_id, [each.stage for each in stages.of(lead.lead_source)]
    if stage.phase == "won":
        raise Reject(
            f"stage {quoted(row.stage or '')} is a win; record it: `pipeline outcome {where} won`; a client of long ago"
            " belongs to `pipeline import accounts`"
        )
    if lead.phase in ("won", "lost"):
        raise Reject(f"the lead is {lead.phase} since {lead.stage_since}; re-open it: `pipeline lead reopen {where}`")
    if lead.stage in names and names.index(stage.stage) < names.index(lead.stage):
        raise Reject(
            f"stage {stage.stage} is before {lead.stage}, where the lead is since {lead.stage_since}; an import moves"
            f" no lead back: `pipeline lead move {where} {stage.stage}`"
        )
    if why := why_not_enter(lead, stage, stages, row.reason):
        raise Reject(f"stage {stage.stage} cannot be entered: {why}; state it in the columns of the file")
    return moved(lead, stage, by, row.reason or otherwise, today)


def _stage(text: str | None, lead: Lead, stages: Stages) -> Stage | None:
    """The stage that a cell names as the pack does, or as CRM systems do. Raises `Reject`."""
    if text is None:
        return None
    of_lead = stages.of(lead.lead_source)
    names = (text.casefold(), text.replace("_", " ").casefold())
    for each in of_lead:
        if each.stage.casefold() in names or each.label.casefold() in names:
            return each
    others = (each for each in (*stages.prospect, *stages.upsell) if each.stage.casefold() in names)
    phase = next((each.phase for each in others), None) or phase_of(text)
    found = next((each for each in of_lead if each.phase == phase), None)
    if found is None:
        known = ", ".join(each.stage for each in of_lead if each.phase != "won")
        kind = "an upsell lead" if lead.lead_source == "upsell" else "this lead"
        raise Reject(f"stage {quoted(text)} is unknown; the stages of {kind} are {known}")
    return found


def _amount(text: str | None) -> Decimal | None:
    if text is None:
        return None
    try:
        amount = Decimal(re.sub(r"^[$€£]\s*|(?<=\d),(?=\d{3}(\D|$))", "", text))
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or not 0 <= amount < 10**12 or amount != round(amount, 2):
        raise Reject(f"amount {quoted(text)} is not an amount of money; write it as 12000 or 12000.50")
    return amount


def _currency(text: str | None) -> str | None:
    if text and not re.fullmatch("[A-Za-z]{3}", text):
        raise Reject(f"currency {quoted(text)} is not a currency; write its three letters, such as USD")
    return text.upper() if text else None


def _values(lead: Lead | None, account: Account) -> dict[str, Any]:
    """What a list can state about a lead, for a comparison."""
    stated: dict[str, Any] = {"owner": account.owner, "next_follow_up_on": account.next_follow_up_on}
    if lead:
        stated |= {"stage": lead.stage, "amount": lead.amount, "currency": lead.currency, "close_on": lead.close_on}
        stated |= {"closed": lead.closed_reason, **lead.intake}
    return {name: value for name, value in stated.items() if value is not None}


def _phase(lead: Lead | None) -> str | None:
    return lead.phase if lead else None
