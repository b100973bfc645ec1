"""Who rests, until when, and what wakes an account?"""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from services.sequencer.domain.board import Board
from services.sequencer.domain.contacts import Sighting, incumbents
from services.sequencer.domain.corrections import Corrections, Merge
from services.sequencer.domain.pack import LetterCap
from services.sequencer.domain.plan.account_tasks import callback_task
from services.sequencer.domain.plan.enrolling import candidates, last_starts, may_start_on
from services.sequencer.domain.plan.scheduling import schedule
from services.sequencer.domain.resting import Letter, Rests, rests_of, same_recipients, wakes
from services.sequencer.domain.signals import Signal
from services.sequencer.domain.tasks import with_end
from services.sequencer.settings import playbook, touches
from tests.support.following import a_task, an_account
from tests.support.sequencing import ROLES, TEAM

TODAY = date(2026, 7, 2)
BOOK = playbook()
NINE, NURTURE = "ny-snf-21-day", "tier-2-nurture"


def letter(day: int, step_no: int = 2, address: str = "ada@example.org", sequence: str = NINE) -> Letter:
    return Letter(address, ["A"], sequence, step_no, date(2026, 6, day))


def signal(role: str, urgency: int, first: date, expires: date = date(2026, 12, 31)) -> Signal:
    return Signal("A", f"{role}{first}", role, "a title", first, first, expires, urgency, False)


def test_after_a_closing_letter_the_facility_and_the_recipient_rest() -> None:
    found = rests_of([letter(1, 9)], BOOK.sequences, None)

    until = date(2026, 6, 1) + timedelta(days=70)
    assert (found.facilities, found.addresses) == ({"A": until}, {"ada@example.org": until})
    assert found.why_no_letter(" Ada@Example.org ", TODAY)
    assert not found.why_no_letter("ada@example.org", until)
    assert not found.why_no_letter("dora@example.org", TODAY)


def test_a_letter_that_closes_nothing_leads_to_no_rest() -> None:
    assert not rests_of([letter(1), letter(2, 9, sequence=NURTURE)], BOOK.sequences, None).addresses


def test_a_person_who_got_enough_letters_of_any_sequence_rests() -> None:
    cap = LetterCap(2, 30)

    found = rests_of([letter(20), letter(10, 1, sequence=NURTURE), letter(25)], BOOK.sequences, cap)

    # The letters of June 20 and 25 count until the first of them is 30 days old.
    assert found.addresses == {"ada@example.org": date(2026, 7, 20)}
    assert not found.facilities


def test_open_letters_count_against_the_limit_but_lead_to_no_rest() -> None:
    waits = replace(letter(30), sequence=None, sent=False)

    found = rests_of([letter(25), waits, replace(letter(28, 9), sent=False)], BOOK.sequences, LetterCap(2, 30))

    assert found.letters == {"ada@example.org": [date(2026, 6, day) for day in (25, 28, 30)]}
    assert not found.addresses


def test_no_letter_is_planned_beyond_the_limit_while_others_wait_to_be_sent() -> None:
    account = replace(an_account(tier=2), owner="rep-1")
    person = Sighting("administrator", "Ada Moss", "website", date(2026, 6, 1), "A", None, None, "ada@example.org")
    board = Board(TODAY, ROLES, TEAM, accounts={"A": account}, incumbents=incumbents(ROLES, [person]))

    def first_on(waiting: int) -> list[date]:
        letters = [replace(letter(1), on=TODAY, sent=False)] * waiting
        planned = schedule(replace(board, rests=rests_of(letters, BOOK.sequences, LetterCap(4, 30))), BOOK, days=40)
        return [planned.horizon.day(each.on) for each in planned.plan.placements][:1]

    assert first_on(3) == [TODAY]
    assert first_on(4) == [date(2026, 8, 3)]  # July 2 and 30 days, rolled from a Saturday


def test_an_account_starts_nothing_while_a_call_is_promised() -> None:
    account = replace(an_account(), owner="rep-1")
    touch = replace(a_task(), person={"role": "administrator", "name": "Ada Moss"})
    promised = callback_task(account, touch, touches(), date(2026, 7, 6), TODAY)
    board = Board(TODAY, ROLES, accounts={"A": account})

    waits = board.having(tasks=[promised])
    overdue = replace(waits, today=date(2026, 7, 8))
    kept = board.having(tasks=[with_end(promised, "done", "reached", "rep-1", TODAY)])

    assert may_start_on(waits, BOOK, account, {}) == date(2026, 7, 7)
    assert may_start_on(overdue, BOOK, account, {}) == date(2026, 7, 9)
    assert (candidates(waits, BOOK), candidates(overdue, BOOK), candidates(kept, BOOK)) == ([], [], [account])


@pytest.mark.parametrize(
    "new, woken",
    [
        (signal("mds", 2, date(2026, 6, 20)), False),
        (signal("mds", 3, date(2026, 6, 20)), True),
        (signal("qm", 0, date(2026, 6, 20)), True),
        (signal("qm", 4, date(2026, 6, 1)), False),
        (signal("qm", 4, date(2026, 6, 20), expires=date(2026, 7, 1)), False),
    ],
)
def test_a_more_urgent_signal_or_one_for_another_role_wakes_an_account(new: Signal, woken: bool) -> None:
    before = signal("mds", 2, date(2026, 5, 1), expires=date(2026, 6, 1))

    assert wakes([before, new], date(2026, 6, 10), TODAY) is woken


def test_an_account_that_rests_is_no_candidate_until_a_signal_wakes_it() -> None:
    account = replace(an_account(), owner="rep-1", last_contacted_on=date(2026, 6, 10))
    resting = Board(
        TODAY, ROLES, accounts={"A": account}, rests=Rests(facilities={"A": date(2026, 9, 1)}),
    )  # fmt: skip

    assert candidates(resting, BOOK) == []
    assert may_start_on(resting, BOOK, account, last_starts(resting)) == date(2026, 9, 1)
    woken = replace(resting, signals={"A": [signal("mds", 1, date(2026, 6, 20))]})
    assert candidates(woken, BOOK) == [account]


@pytest.mark.parametrize("days, may", [(35, False), (36, True), (200, True)])
def test_the_next_nurture_cycle_starts_from_day_37(days: int, may: bool) -> None:  # R42, K25
    account = replace(an_account(tier=2), owner="rep-1")
    started = TODAY - timedelta(days=days)
    board = Board(TODAY, ROLES, accounts={"A": account}, last_starts={("A", NURTURE): started})

    assert (candidates(board, BOOK) == [account]) is may


def test_a_change_of_the_sequence_keeps_the_gap_after_the_last_touch() -> None:  # K17
    touched = replace(an_account(tier=2), owner="rep-1", last_contacted_on=TODAY - timedelta(days=6))
    board = Board(TODAY, ROLES, accounts={"A": touched})

    assert candidates(board, BOOK) == []
    assert may_start_on(board, BOOK, touched, {}) == TODAY + timedelta(days=1)
    assert candidates(Board(TODAY, ROLES, accounts={"A": replace(touched, tier=1)}), BOOK)


def sighted(name: str, email: str, facility_id: str = "A") -> Sighting:
    return Sighting("administrator", name, "website", date(2026, 6, 1), facility_id, None, None, email)


def test_the_letters_to_all_addresses_of_a_person_count_together() -> None:
    merge = Merge("facility:A", "a. moss", "A. Moss", "facility:A", "ada moss", "Ada Moss", "ann", TODAY)
    people = [
        sighted("Ada Moss", "moss@example.org"),
        sighted("A. Moss", "Ada@example.org"),
        sighted("Dora Elm", "dora@example.org"),
        sighted("Dora Elm", "front@example.org"),
        sighted("Rex Fern", "front@example.org", "B"),
    ]

    same = same_recipients(people, Corrections(merges=[merge]))
    found = rests_of([letter(20), letter(25, address="moss@example.org")], BOOK.sequences, LetterCap(2, 30), same)

    assert same == {
        **dict.fromkeys(("ada@example.org", "moss@example.org"), "ada@example.org"),
        **dict.fromkeys(("dora@example.org", "front@example.org"), "dora@example.org"),
    }
    assert found.letters == {"ada@example.org": [date(2026, 6, 20), date(2026, 6, 25)]}
    for address in ("ada@example.org", "moss@example.org"):
        assert found.why_no_letter(address, TODAY) == f"{address} rests until 2026-07-20: enough letters for now."
    assert not found.why_no_letter("dora@example.org", TODAY)
