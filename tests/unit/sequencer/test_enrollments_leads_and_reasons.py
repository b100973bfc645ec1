"""When does an enrollment stop, what is a lead, and how is a reason worded?"""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from services.sequencer.domain.accounts import Account
from services.sequencer.domain.board import Board
from services.sequencer.domain.enrollments import Enrollment, why_stop
from services.sequencer.domain.leads import Lead, leads_for, moved
from services.sequencer.domain.plan.ending import stop_enrollments
from services.sequencer.domain.signals import Evidence, Signal, best, is_open, sentence
from services.sequencer.settings import playbook
from tests.support.following import an_account, an_enrollment
from tests.support.sequencing import ROLES

ENROLLMENT = an_enrollment()
FINE = an_account(tier=2)
TODAY = date(2026, 7, 1)
STAGES = playbook().stages


@pytest.mark.parametrize(
    "enrollment, account, lost, engaged, reason",
    [
        (ENROLLMENT, FINE, False, False, None),
        (ENROLLMENT, replace(FINE, client=True), False, False, "became an active client"),
        (ENROLLMENT, FINE, True, False, "The lead was lost"),
        (ENROLLMENT, FINE, False, True, "A person works the lead by hand"),
        (ENROLLMENT, replace(FINE, listed=False), False, False, "no longer on the registry"),
        (ENROLLMENT, replace(FINE, tier=1), False, False, "Climbed to Tier 1"),
        (ENROLLMENT, replace(FINE, tier=3), False, False, None),
        (replace(ENROLLMENT, tier=1), FINE, False, False, None),
        (replace(ENROLLMENT, tier=1, status="blocked"), FINE, False, False, "Left Tier 1 before the first touch"),
        (replace(ENROLLMENT, tier=1, status="blocked"), replace(FINE, tier=1), False, False, None),
    ],
)
def test_an_enrollment_stops_for_a_reason(
    enrollment: Enrollment, account: Account, lost: bool, engaged: bool, reason: str | None
) -> None:
    found = why_stop(enrollment, account, lost, engaged, [account])

    assert (reason or "") in (found or "")
    assert (found is None) == (reason is None)


def test_a_covered_facility_that_became_a_client_leaves_the_enrollment_of_its_chain() -> None:  # R45
    members = [FINE, an_account("B", 2, client=True), an_account("C", 2, listed=False)]
    chain = an_enrollment(covers=["A", "B", "C"])
    board = Board(
        TODAY,
        ROLES,
        accounts={member.facility_id: member for member in members},
        enrollments={chain.enrollment_id: chain},
    )

    [left] = stop_enrollments(board, replace(playbook(), sequences={"s": playbook().sequence(2)})).open

    assert left.covers == ["A"]


def hiring(
    *accounts: Account, roles: tuple[str, ...] = ("qm",), newest: date = TODAY
) -> tuple[list[Account], dict[str, list[Signal]]]:
    """Accounts, each with an open signal for each of the roles."""
    opened = [replace(signal("a", 1, 1), role_family=role, first_seen_on=newest) for role in roles]
    return list(accounts), {account.facility_id: opened for account in accounts}


def test_a_client_gets_an_upsell_lead_and_a_prospect_a_signal_lead() -> None:  # R45
    [client, prospect] = leads_for(*hiring(an_account(client=True, owner="ann"), an_account("B")), {}, TODAY, STAGES)

    assert (client.lead_source, client.owner, prospect.lead_source) == ("upsell", "ann", "signal")


def test_a_lead_is_raised_once_and_then_refreshed() -> None:  # R46
    [raised] = leads_for(*hiring(an_account()), {}, TODAY, STAGES)

    later = date(2026, 7, 2)
    [again] = leads_for(
        *hiring(an_account(owner="ann"), roles=("qm", "mds_coordinator")), {raised.lead_id: raised}, later, STAGES
    )

    assert (again.lead_id, again.raised_on, again.refreshed_on) == (raised.lead_id, TODAY, later)
    assert again.role_families == ["mds_coordinator", "qm"]


def test_a_signal_after_a_loss_asks_to_re_open_the_lead_and_an_earlier_one_does_not() -> None:  # R52
    [raised] = leads_for(*hiring(an_account()), {}, TODAY, STAGES)
    lost = moved(raised, STAGES.in_phase("signal", "lost"), "ann", "budget", date(2026, 7, 5))

    def on(newest: date) -> list[Lead]:
        existing = {raised.lead_id: lost}
        return leads_for(*hiring(an_account(), newest=newest), existing, date(2026, 7, 9), STAGES)

    assert on(date(2026, 7, 5)) == []
    [asked] = on(date(2026, 7, 6))
    assert (asked.lead_id, asked.stage, asked.reopen_asked_on, asked.closed_on) == (
        raised.lead_id,
        "lost",
        date(2026, 7, 9),
        date(2026, 7, 5),
    )


def test_a_later_signal_raises_an_upsell_again_that_was_won() -> None:
    client = an_account(client=True, owner="ann")
    [raised] = leads_for(*hiring(client), {}, TODAY, STAGES)
    won = moved(raised, STAGES.in_phase("upsell", "won"), "ann", None, date(2026, 7, 5))

    [again] = leads_for(*hiring(client, newest=date(2026, 7, 6)), {raised.lead_id: won}, date(2026, 7, 9), STAGES)

    assert (again.lead_id, again.phase, again.raised_on, again.closed_on) == (
        raised.lead_id,
        "new",
        date(2026, 7, 9),
        None,
    )


def signal(signal_id: str, urgency: int, last: int, expires: int = 30) -> Signal:
    return Signal("A", signal_id, "qm", "QM", TODAY, date(2026, 7, last), date(2026, 7, expires), urgency, False)


def test_a_signal_is_open_through_the_day_it_expires() -> None:
    assert is_open(signal("a", 1, 1, expires=1), TODAY)
    assert not is_open(signal("a", 1, 1, expires=1), date(2026, 7, 2))


def test_a_task_cites_the_signal_that_the_score_is_based_on() -> None:
    signals = [signal("a", 4, 1), signal("b", 2, 9)]

    chosen = best(signals, 2, date(2026, 7, 9))
    most_urgent = best(signals, None, None)

    assert chosen
    assert most_urgent
    assert (chosen.signal_id, most_urgent.signal_id) == ("b", "a")
    assert best([], 1, None) is None


def test_a_reason_cites_the_posting_first_and_then_the_strongest_factors() -> None:  # R3
    factors = [
        Evidence("qm", Decimal(20), "QM rating 1 of 5"),
        Evidence("fine", Decimal(18), "fine 2026-03-01"),
        Evidence("turnover", Decimal(12), "administrator changed 2026-05-01"),
        Evidence("posting", Decimal(10), "QM clerk posting"),
        Evidence("staffing", Decimal(0), "unknown"),
    ]

    reason = sentence(factors, "posting", 1, Decimal("60.0"))

    assert reason == "QM clerk posting; QM rating 1 of 5; fine 2026-03-01"


def test_a_reason_is_never_empty() -> None:
    assert sentence([], "posting", 2, Decimal("12.3"), covers=3) == (
        "Tier 2 with a score of 12.3 (covers 3 of its chain)"
    )
