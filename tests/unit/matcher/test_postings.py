"""When does a posting wait, get dismissed and wait again? In which order do people see groups?"""

from __future__ import annotations

from datetime import date, timedelta
from uuid import NAMESPACE_OID, uuid5

import pytest

from services.matcher.domain.directory import Group
from services.matcher.domain.inbox import InboxEntry, in_order, key_of_group, uncertainty
from services.matcher.domain.postings import Posting, affected_pairs, decided, is_new_outcome, reopened
from services.matcher.domain.resolve import Decision

DAY = date(2026, 7, 1)
QUEUED = Decision("queued", "unknown_name")
MATCHED = Decision("matched", "", "335001", 0.99, "name")
ACCEPTED = Decision("matched", "", "335001", 1.0, "alias", decided_by="ann")


def a_posting(**changes: object) -> Posting:
    plain = Posting(
        posting_id=uuid5(NAMESPACE_OID, "P1"),
        version=1,
        source="board",
        source_posting_id="P1",
        title="MDS Coordinator",
        employer_name="Tern Point",
        city=None,
        state="NY",
        zip=None,
        address=None,
        phone=None,
        stated_facility_id=None,
        role_family="mds_coordinator",
        urgency=1,
        first_seen_on=DAY,
        last_seen_on=DAY,
        closed_on=None,
        event_id=None,
        employer_key="tern point",
        city_key="",
        state_key="NY",
        group_key="0123456789",
    )
    return plain._replace(**changes)  # type: ignore[arg-type]


def an_entry(key: str, postings: int, *confidences: float) -> InboxEntry:
    return InboxEntry(
        key=key,
        version=0,
        employer_name="Tern Point",
        city=None,
        state="NY",
        postings=postings,
        role_families=["qm"],
        waiting_since=DAY,
        last_seen_on=DAY,
        reason="unknown_name",
        candidates=[{"facility_id": "335001", "name": "x", "city": "y", "confidence": each} for each in confidences],
    )


def test_a_queued_posting_waits_from_the_day_on_which_it_was_queued() -> None:
    waiting = decided(None, a_posting(), QUEUED, DAY)
    later = decided(waiting, a_posting(version=2), QUEUED, DAY + timedelta(2))

    assert (waiting.waits, later.waiting_since) == (True, DAY)


def test_a_dismissed_posting_waits_again_only_when_seen_on_a_later_day() -> None:
    dismissed = decided(None, a_posting(), QUEUED, DAY)._replace(dismissed_on=DAY + timedelta(3))
    today = DAY + timedelta(5)

    retitled = decided(dismissed, a_posting(version=2, title="MDS Nurse"), QUEUED, today)
    seen = decided(dismissed, a_posting(version=2, last_seen_on=DAY + timedelta(4)), QUEUED, today)

    assert (retitled.waits, seen.waits, seen.waiting_since) == (False, True, today)


def test_a_dismissed_posting_is_dismissed_again_when_a_later_resolution_is_undone() -> None:
    dismissed = decided(None, a_posting(), QUEUED, DAY)._replace(dismissed_on=DAY + timedelta(3))
    today = DAY + timedelta(9)

    accepted = decided(dismissed, dismissed, ACCEPTED, today)
    undone = decided(reopened(accepted), accepted, QUEUED, today)

    assert (accepted.outcome, accepted.waits) == ("matched", False)
    assert (undone.waits, undone.waiting_since, undone.dismissed_on) == (False, DAY, DAY + timedelta(3))
    assert is_new_outcome(reopened(accepted), undone)


def test_a_posting_seen_or_matched_after_its_dismissal_waits_when_its_match_is_undone() -> None:
    dismissed = decided(None, a_posting(), QUEUED, DAY)._replace(dismissed_on=DAY + timedelta(3))
    today = DAY + timedelta(9)
    seen = a_posting(version=2, last_seen_on=DAY + timedelta(4))
    delisted = Decision("queued", "delisted")

    accepted = decided(decided(dismissed, dismissed, ACCEPTED, DAY + timedelta(4)), seen, ACCEPTED, DAY + timedelta(4))
    matched = decided(dismissed, dismissed, MATCHED, DAY + timedelta(4))
    without_facility = decided(decided(dismissed, dismissed, ACCEPTED, DAY), dismissed, delisted, today)

    for before in (accepted, matched):
        assert decided(reopened(before), before, QUEUED, today).waiting_since == today
    assert (without_facility.waits, without_facility.waiting_since) == (True, today)


def test_a_match_ends_the_wait() -> None:
    waiting = decided(None, a_posting(), QUEUED, DAY)

    matched = decided(waiting, a_posting(), MATCHED, DAY)

    assert (matched.waiting_since, matched.pair) == (None, ("335001", "mds_coordinator"))
    assert is_new_outcome(waiting, matched)


def test_the_same_decision_twice_changes_nothing() -> None:
    once = decided(None, a_posting(), MATCHED, DAY)

    assert decided(once, once, MATCHED, DAY + timedelta(1)) == once


def test_a_posting_that_moves_affects_both_facilities() -> None:
    before, after = a_posting(facility_id="335001"), a_posting(facility_id="335002")

    assert affected_pairs([before], [after]) == [("335001", "mds_coordinator"), ("335002", "mds_coordinator")]


def test_large_uncertain_groups_come_first() -> None:
    entries = [an_entry("sure", 1, 0.95), an_entry("hopeless", 9), an_entry("many", 5, 0.6), an_entry("tie", 1, 1, 1)]

    assert [entry.key for entry in in_order(entries)] == ["many", "tie", "sure", "hopeless"]


def test_a_group_that_probably_has_no_facility_comes_last_whatever_its_size() -> None:
    entries = [an_entry("unlikely", 500, 0.3, 0.1), an_entry("hopeless", 9), an_entry("likely", 1, 0.6, 0.1)]

    assert [entry.key for entry in in_order(entries)] == ["likely", "unlikely", "hopeless"]


@pytest.mark.parametrize("confidences, expected", [((), 0.0), ((0.5,), 1.0), ((1.0, 1.0), 0.9975)])
def test_uncertainty_is_greatest_for_a_confidence_of_one_half(confidences: tuple[float, ...], expected: float) -> None:
    assert uncertainty(an_entry("k", 1, *confidences).candidates) == pytest.approx(expected)


def test_a_group_has_one_short_key() -> None:
    assert key_of_group(Group("tern point", "", "NY")) == key_of_group(Group("tern point", "", "NY"))
    assert key_of_group(Group("tern point", "", "NY")) != key_of_group(Group("tern point", "albany", "NY"))
