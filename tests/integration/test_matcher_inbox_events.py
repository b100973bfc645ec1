"""Do events state which postings were matched, and since when a posting no longer waits for a person?"""

from __future__ import annotations

from shared.contracts.events import FacilityMatched, PostingResolved
from shared.contracts.matcher import AcceptGroup, Inbox, RejectGroup, UndoDecision
from tests.integration.test_matcher import a_facility, a_posting
from tests.support.running import Running

STRANGE = "WBNH Holdings of Albany"


async def test_each_matched_posting_is_stated_once(matcher: Running) -> None:
    await matcher.receive(a_facility())

    await matcher.receive(a_posting(1), a_posting(2))
    await matcher.receive(a_posting(1, version=2, urgency=3), a_posting(3))

    stated = [posting_id for event in await matcher.published(FacilityMatched) for posting_id in event.posting_ids]
    assert sorted(stated) == sorted(a_posting(number).posting_id for number in (1, 2, 3))


async def test_accepted_and_rejected_postings_leave_the_inbox_by_the_decision_of_a_person(matcher: Running) -> None:
    await matcher.receive(a_facility(), a_posting(1, STRANGE), a_posting(2, "Quarrystone Elevator Repair"))
    groups = {group.employer_name: group.key for group in await matcher.ask(Inbox())}

    await matcher.ask(AcceptGroup(key=groups[STRANGE], facility_id="335001", actor="ann"))
    await matcher.ask(RejectGroup(key=groups["Quarrystone Elevator Repair"], reason="none_of_these", actor="bob"))
    await matcher.idle()

    resolved = {event.posting_id: event for event in await matcher.published(PostingResolved)}
    accepted, rejected = (resolved[a_posting(number).posting_id] for number in (1, 2))
    assert (accepted.outcome, accepted.facility_id, accepted.decided_by) == ("matched", "335001", "ann")
    assert (rejected.outcome, rejected.facility_id, rejected.decided_by) == ("ignored", None, "bob")


async def test_a_posting_whose_facility_is_listed_later_leaves_the_inbox_by_itself(matcher: Running) -> None:
    await matcher.receive(a_posting(1))

    await matcher.receive(a_facility())

    (event,) = await matcher.published(PostingResolved)
    assert (event.outcome, event.facility_id, event.decided_by) == ("matched", "335001", None)


async def test_a_posting_that_keeps_waiting_is_not_resolved(matcher: Running) -> None:
    await matcher.receive(a_facility(), a_posting(1, STRANGE))
    (group,) = await matcher.ask(Inbox())

    await matcher.ask(RejectGroup(key=group.key, reason="unsure", actor="ann"))
    await matcher.ask(UndoDecision(key=group.key, actor="ann"))
    await matcher.idle()

    assert await matcher.published(PostingResolved) == []
