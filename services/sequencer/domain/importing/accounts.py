"""What do the rows of a list of accounts change?"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from engines.datasets.account_key import AccountKey
from engines.datasets.text import quoted
from services.sequencer.domain.accounts import Account
from services.sequencer.domain.board import Board, Decision
from services.sequencer.domain.identity import note_id
from services.sequencer.domain.importing.cells import cleaned, coming_day_in, owner_in
from services.sequencer.domain.importing.changes import Note, Planned, RowChange, differences
from services.sequencer.domain.lists import Reject, account_of
from services.sequencer.domain.outcomes import ENDS
from services.sequencer.domain.plan.account_tasks import end_account_tasks
from services.sequencer.domain.plan.ending import withdraw
from services.sequencer.domain.plan.leads import close_leads, own_leads
from services.sequencer.domain.reps import Team

Cells = Mapping[str, str | None]

_CLIENT = ("client", "active client", "customer", "active", "active customer", "evangelist", "customer direct")
_PROSPECT = (
    "prospect", "lead", "subscriber", "opportunity", "marketing qualified lead", "sales qualified lead",
    "former client", "former customer",
)  # fmt: skip
STATUSES = {**dict.fromkeys(_CLIENT, True), **dict.fromkeys(_PROSPECT, False)}
"""Whether an account of this status is an active client; with the words that CRM systems use."""


@dataclass(frozen=True, slots=True)
class AccountRow:
    """A valid row; what it does not state is None."""

    facility_id: str
    client: bool | None
    owner: str | None
    follow_up_on: date | None
    note: str | None


def plan_accounts(
    board: Board, rows: Iterable[tuple[int, Cells]], key: AccountKey, known_notes: Collection[UUID] = ()
) -> Planned:
    """The board after the rows; of two rows about an account, the later one counts last."""
    planned, accounts, noted = Planned(board), dict(board.accounts), set(known_notes)
    for line, cells in rows:
        try:
            row = row_of(cells, key, board.team, board.today)
            before = known_account(accounts, row.facility_id, key)
            after = _with_row(before, row)
        except Reject as reject:
            planned.rejects.append((line, str(reject)))
            continue
        accounts[row.facility_id] = after
        planned.clients |= {row.facility_id} if row.client else set()
        note = new_note(row.facility_id, row.note, noted)
        if fields := _stated(before, after) | ({"note": (None, note.text)} if note else {}):
            planned.changes.append(RowChange(line, row.facility_id, False, fields))
        planned.notes += [note] if note else []
    planned.board = board.having(accounts=[each for key, each in accounts.items() if each != board.accounts[key]])
    return planned


def consequences(before: Board, planned: Planned) -> tuple[Decision, ...]:
    """The decisions that make a list of accounts effective: what new clients had as prospects ends (R45)."""
    after = planned.board.accounts
    clients = [key for key, each in after.items() if each.client and not before.accounts[key].client]
    stated = [each for key, each in after.items() if each != before.accounts[key]]
    ends = withdraw(clients, ENDS["won"])
    return lambda board, _: board.having(accounts=stated), close_leads, own_leads, ends, end_account_tasks


def row_of(row: Cells, key: AccountKey, team: Team, today: date) -> AccountRow:
    """Raises `Reject`."""
    cells = cleaned(row)
    facility_id = account_of(cells.get("facility_id"), key)
    if not facility_id:
        raise Reject(f"{key.column} is missing")
    return AccountRow(
        facility_id,
        _client(cells.get("status")),
        owner_in(cells, team, today),
        coming_day_in(cells, "next_follow_up_on", today),
        cells.get("note"),
    )


def known_account(accounts: Mapping[str, Account], facility_id: str, key: AccountKey) -> Account:
    if account := accounts.get(facility_id):
        return account
    raise Reject(
        f"{key.column} {facility_id} is not a known account; import the registry that lists it first:"
        " `pipeline import facilities`"
    )


def new_note(facility_id: str, text: str | None, noted: set[UUID]) -> Note | None:
    """The note of a row, unless the account has it; its id is added to `noted`."""
    if not text or (key := note_id(facility_id, text)) in noted:
        return None
    noted.add(key)
    return Note(key, facility_id, text)


def _with_row(account: Account, row: AccountRow) -> Account:
    after = replace(
        account,
        client=account.client if row.client is None else row.client,
        owner=row.owner or account.owner,
        next_follow_up_on=row.follow_up_on or account.next_follow_up_on,
    )
    if after.owner != account.owner:
        after = replace(after, owner_reason="An imported list names the owner.")
    if after.client and not after.owner:
        raise Reject("owner is missing: an upsell lead goes to the owner of the account")
    return after


def _stated(before: Account, after: Account) -> dict[str, tuple[str | None, str | None]]:
    return differences(_values(before), _values(after))


def _values(account: Account) -> dict[str, str | None]:
    return {
        "status": "client" if account.client else "prospect",
        "owner": account.owner,
        "next_follow_up_on": str(account.next_follow_up_on) if account.next_follow_up_on else None,
    }


def _client(text: str | None) -> bool | None:
    if text is None:
        return None
    found = STATUSES.get(" ".join(text.casefold().replace("_", " ").replace("-", " ").split()))
    if found is None:
        raise Reject(f"status {quoted(text)} is not client or prospect")
    return found
