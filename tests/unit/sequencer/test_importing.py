"""What do the rows of a list change, and does taking them back restore what was?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engines.datasets.account_key import AccountKey
from engines.datasets.crm import LEADS, renamed
from engines.packs import account_key
from services.sequencer.domain.accounts import Account
from services.sequencer.domain.board import Board
from services.sequencer.domain.importing import accounts, leads
from services.sequencer.domain.importing.changes import Change, Planned, of_boards
from services.sequencer.domain.importing.reps import changed_reps, plan_reps, rep_back
from services.sequencer.domain.importing.undoing import put_back, work_back
from services.sequencer.domain.leads import Lead, moved
from services.sequencer.domain.plan.order import FIRST, LAST, ON_BUSINESS_DAYS
from services.sequencer.usecases.deciding import steps
from tests.support.following import an_account
from tests.support.sequencing import TEAM
from tests.unit.sequencer.test_leads import BOOK, STAGES, THURSDAY, a_board, a_lead, after_all

KEY: AccountKey = account_key()
ONE, TWO, THREE = "335001", "335002", "335003"
FORM = {
    "beds": "120", "payer_mix": "60% Medicaid", "mds_staff": "1.5", "mds_backlog": "14", "software": "X",
    "decision_maker": "Ada Moss", "start_on": "2026-09-01",
}  # fmt: skip
Cells = dict[str, str | None]


def an_owned(facility_id: str, **more: Any) -> Account:
    return replace(an_account(facility_id, owner="rep-1"), **more)


def plan(board: Board, *rows: Mapping[str, str | None]) -> Planned:
    return leads.plan_leads(board, list(enumerate(rows, 2)), KEY, STAGES, "ann")


def reasons(board: Board, *rows: Mapping[str, str | None]) -> list[str]:
    return [reason for _, reason in plan(board, *rows).rejects]


def carried_out(board: Board, planned: Planned) -> Board:
    return steps(board, BOOK, leads.consequences(board, planned))[-1]


def test_a_row_adds_the_lead_of_an_account_with_all_that_it_states() -> None:
    board = a_board(an_owned(ONE))
    row = {"facility_id": ONE, "stage": "Presentation Scheduled", "owner": "rep-2", "amount": "$12,000.50"}
    row |= {"close_on": "2026-12-01 00:00", "source": "Referral", "note": "Met in May", **FORM}

    planned = plan(board, row)
    [lead] = carried_out(board, planned).leads.values()

    assert (lead.stage, lead.owner, lead.amount, lead.currency, lead.close_on, lead.version) == (
        "qualified", "rep-2", Decimal("12000.50"), "USD", date(2026, 12, 1), 1,
    )  # fmt: skip
    assert (lead.stage_by, lead.stage_reason, lead.intake["beds"]) == ("ann", "imported; source: Referral", "120")
    assert [note.text for note in planned.notes] == ["Met in May"]
    assert [(each.line, each.key, each.added) for each in planned.changes] == [(2, f"{ONE} (signal)", True)]
    assert planned.changes[0].fields["owner"] == ("rep-1", "rep-2")


def test_a_client_gets_an_upsell_lead_and_never_a_prospects() -> None:
    board = a_board(an_owned(ONE, client=True))

    [lead] = plan(board, {"facility_id": ONE, "stage": "proposal"}).board.leads.values()

    assert (lead.lead_source, lead.stage) == ("upsell", "offered")


@pytest.mark.parametrize(
    "row, reason",
    [
        ({"facility_id": "335999"}, "ccn 335999 is not a known account; import the registry that lists it first"),
        ({"stage": "new"}, "ccn is missing"),
        (
            {"facility_id": ONE, "stage": "nowhere"},
            "stage 'nowhere' is unknown; the stages of this lead are new, conta",
        ),
        ({"facility_id": ONE, "stage": "new"}, "stage new is before contacted, where the lead is since 2026-07-02; an"),
        (
            {"facility_id": ONE, "stage": "qualified"},
            "stage qualified cannot be entered: the intake form is incomplete",
        ),
        ({"facility_id": ONE, "stage": "closed lost"}, "stage lost cannot be entered: a reason is needed; state it in"),
        (
            {"facility_id": ONE, "stage": "Closed Won"},
            "stage 'Closed Won' is a win; record it: `pipeline outcome 335001",
        ),
        (
            {"facility_id": ONE, "owner": "zoe"},
            "owner 'zoe' is not a rep; the reps are rep-1, rep-2; `pipeline rep add",
        ),
        ({"facility_id": ONE, "amount": "much"}, "amount 'much' is not an amount of money; write it as 12000 or 12000"),
        ({"facility_id": ONE, "currency": "dollars"}, "currency 'dollars' is not a currency; write its three letters"),
        ({"facility_id": ONE, "close_on": "12/1/2026"}, "close_on '12/1/2026' is not a date; write it as YYYY-MM-DD"),
        ({"facility_id": ONE, "close_on": "2025-12-01"}, "close_on 2025-12-01 is in the past; correct the year"),
        (
            {"facility_id": ONE, "next_follow_up_on": "2026-06-01"},
            "next_follow_up_on 2026-06-01 is in the past; correct",
        ),
        ({"facility_id": ONE, "beds": "many"}, "beds 'many' is not a whole number"),
        (
            {"facility_id": TWO, "stage": "contacted"},
            "the lead is lost since 2026-07-02; re-open it: `pipeline lead reop",
        ),
        ({"facility_id": THREE}, "ccn 335003 is no longer on the registry; leave the row out"),
    ],
)
def test_a_row_is_rejected_with_its_value_and_what_to_do(row: Cells, reason: str) -> None:
    board = a_board(
        an_owned(ONE),
        an_owned(TWO),
        an_owned(THREE, listed=False),
        leads=(in_stage(ONE, "contacted"), in_stage(TWO, "lost")),
    )

    [given] = reasons(board, row)

    assert given.startswith(reason)


def test_a_second_row_about_an_account_is_rejected_and_names_the_first() -> None:
    rows = [{"facility_id": ONE, "amount": "1"}, {"facility_id": ONE, "amount": "2"}]

    planned = plan(a_board(an_owned(ONE)), *rows)

    assert [reason for _, reason in planned.rejects] == [
        "the account has a lead in line 2; it has one at most: leave the row in that counts"
    ]
    assert [lead.amount for lead in planned.board.leads.values()] == [1]


def test_a_lost_lead_and_one_that_is_worked_by_hand_have_no_sequence() -> None:
    board = steps(a_board(an_owned(ONE), an_owned(TWO)), BOOK, (*FIRST, *ON_BUSINESS_DAYS, *LAST))[-1]
    assert {each.facility_id for each in board.open} == {ONE, TWO}

    lost = {"facility_id": ONE, "stage": "lost", "reason": "no budget"}
    after = carried_out(board, plan(board, lost, {"facility_id": TWO, "stage": "qualified", **FORM}))

    assert after.open == []
    assert after.is_lost(ONE)


def test_headings_of_crm_systems_are_ours() -> None:
    headings = ["deal_stage", "deal_owner", "amount", "close_date", "closed_lost_reason", "federal_provider_number"]

    names = renamed(headings, LEADS, {"federal_provider_number": "facility_id"})

    assert names == ["stage", "owner", "amount", "close_on", "reason", "facility_id"]
    assert renamed(["stage", "status"], LEADS, {}) == ["stage", "status"]


def in_stage(facility_id: str, stage: str) -> Lead:
    named = STAGES.named("signal", stage)
    assert named
    return moved(a_lead(an_owned(facility_id), version=1), named, "ann", "why", THURSDAY)


stages = st.sampled_from([None, "new", "contacted", "qualified", "proposal", "lost", "closed won"])
rows = st.fixed_dictionaries(
    {
        "facility_id": st.sampled_from([ONE, TWO, THREE, "335004"]),
        "stage": stages,
        "status": st.sampled_from([None, "client", "prospect"]),
        "owner": st.sampled_from([None, "rep-1", "rep-2"]),
        "amount": st.sampled_from([None, "1", "2.50"]),
        "close_on": st.sampled_from([None, "2026-12-01"]),
        "next_follow_up_on": st.sampled_from([None, "2026-08-03"]),
        "reason": st.sampled_from([None, "no budget"]),
        "beds": st.sampled_from([None, "120"]),
    }
)


@st.composite
def boards(draw: st.DrawFn) -> Board:
    """Some accounts, worked or not, with leads in any stage or none, on some day of the plan."""
    ids = [ONE, TWO, THREE]
    known = [
        an_owned(each, client=draw(st.booleans()), owner=draw(st.sampled_from(["rep-1", "rep-2"]))) for each in ids
    ]
    existing = [
        in_stage(each, stage) for each in ids if (stage := draw(st.sampled_from([None, "new", "contacted", "lost"])))
    ]
    board = a_board(*known, leads=tuple(existing), hiring=tuple(draw(st.sets(st.sampled_from(ids)))))
    return after_all(board, *FIRST, *ON_BUSINESS_DAYS, *LAST) if draw(st.booleans()) else board


def state(board: Board) -> dict[str, Any]:
    """A board without the versions, which only grow."""
    return {
        "accounts": {key: replace(each, owner_version=0) for key, each in board.accounts.items()},
        "leads": {key: replace(each, version=0, undone_version=None) for key, each in board.leads.items()},
        "enrollments": {key: replace(each, version=0) for key, each in board.enrollments.items()},
        "tasks": {key: replace(each, version=0) for key, each in board.tasks.items()},
    }


@given(boards(), st.lists(rows, max_size=4), st.booleans())
def test_a_list_that_is_taken_back_leaves_everything_as_it_was(
    before: Board, given_rows: list[Cells], of_leads: bool
) -> None:
    numbered = list(enumerate(given_rows, 2))
    if of_leads:
        planned = leads.plan_leads(before, numbered, KEY, STAGES, "ann")
        decisions = leads.consequences(before, planned)
    else:
        planned = accounts.plan_accounts(before, numbered, KEY)
        decisions = accounts.consequences(before, planned)
    after = steps(before, BOOK, decisions)[-1]

    restored, kept = work_back(after, of_boards(before, after), BOOK)

    assert kept == []
    was, now = state(before), state(restored)
    added = now["leads"].keys() - was["leads"].keys()
    assert all(now["leads"].pop(key).closed_reason == "The import was undone." for key in added)
    assert now == was


@given(st.data())
def test_only_what_is_as_an_import_left_it_is_put_back(data: st.DataObject) -> None:
    values = st.sampled_from([None, "a", "b"])
    before, after, now = (a_lead(owner=data.draw(values), currency=data.draw(values)) for _ in range(3))

    back, since = put_back(now, before, after)

    for name in ("owner", "currency"):
        stated, current = getattr(after, name), getattr(now, name)
        untouched = getattr(before, name) != stated == current
        assert getattr(back, name) == (getattr(before, name) if untouched else current)
        assert (name in since) == (getattr(before, name) != stated != current)


def test_the_same_rows_again_change_nothing() -> None:
    board = a_board(an_owned(ONE))
    row = {"facility_id": ONE, "stage": "contacted", "amount": "5", "note": "Met in May"}
    planned = plan(board, row)

    noted = [note.note_id for note in planned.notes]
    again = leads.plan_leads(carried_out(board, planned), [(2, row)], KEY, STAGES, "ann", noted)

    assert (again.changes, again.notes, again.rejects) == ([], [], [])


REP_ROWS: list[tuple[Cells, str]] = [
    ({"rep": "a b"}, "rep 'a b' is not a short id; write letters and digits, such as ann"),
    ({}, "rep is missing; write a short id, such as ann"),
    ({"rep": "zoe"}, "name is missing: zoe is new, and texts are signed with the name"),
    ({"rep": "rep-1", "email": "x"}, "email 'x' is not an e-mail address"),
    ({"rep": "rep-1", "phone": "x"}, "phone 'x' is not a telephone number"),
    ({"rep": "rep-1", "hours": "17-9"}, "hours '17-9' are not working hours; write them as 8:30-17"),
    ({"rep": "rep-1", "timezone": "EST5"}, "timezone 'EST5' is not an IANA time zone; write America/New_York"),
    (
        {"rep": "rep-1", "territories": "north; west"},
        "territories: 'west' is not one of north; separate several by `;`",
    ),
    ({"rep": "rep-2"}, "rep rep-2 left the team on 2026-07-01; `pipeline rep add rep-2` adds them again"),
]


@pytest.mark.parametrize("row, reason", REP_ROWS)
def test_an_invalid_rep_is_rejected_with_what_to_do(row: Cells, reason: str) -> None:
    one, two = TEAM.reps
    team = replace(TEAM, reps=(one, replace(two, left_on=date(2026, 7, 1))))

    assert plan_reps(team, [(2, row)], THURSDAY, "UTC", ["north"]).rejects == [(2, reason)]


def test_reps_join_the_team_or_change_and_taking_it_back_restores_them() -> None:
    new: Cells = {"name": "Zoe Elm", "email": "zoe@example.org", "hours": "8:30-17", "timezone": "America/New_York"}
    rows: list[Cells] = [new, {"rep": "rep-1", "name": "Ann Lee", "territories": "north; south"}, {"rep": "rep-2"}]

    planned = plan_reps(TEAM, list(enumerate(rows, 2)), THURSDAY, "UTC", ["north", "south"])
    changed = changed_reps(planned)

    assert [(each.line, each.key, each.added) for each in planned.changes] == [
        (2, "zoe.elm", True),
        (3, "rep-1", False),
    ]
    assert [(after.rep, after.version, after.joined_on) for _, after in changed] == [
        ("zoe.elm", 1, THURSDAY), ("rep-1", 2, None),
    ]  # fmt: skip
    (_, zoe), (one, ann) = changed
    assert (zoe.territories, ann.territories) == ((), ("north", "south"))
    left, _ = rep_back(zoe, Change("rep", zoe.rep, None, zoe), False, THURSDAY)
    stays, kept = rep_back(zoe, Change("rep", zoe.rep, None, zoe), True, THURSDAY)
    assert (left.left_on, stays, [each.key for each in kept]) == (THURSDAY, zoe, ["zoe.elm"])
    assert rep_back(ann, Change("rep", "rep-1", one, ann), True, THURSDAY) == (replace(TEAM.reps[0], version=3), [])
