"""Does the matcher, on real servers, decide on every posting and publish every signal?"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_OID, uuid5

import psycopg
import pytest

from services.matcher import handlers
from shared.contracts.events import (
    AliasLearned,
    FacilityDelisted,
    FacilityListed,
    FacilityMatched,
    PostingClosed,
    PostingSeen,
    PostingUnmatched,
    SignalDismissed,
    SignalExpired,
)
from shared.contracts.matcher import (
    AcceptGroup,
    Counts,
    ExportOutcomes,
    ExportSignals,
    FacilityDetails,
    Inbox,
    Outcomes,
    RejectGroup,
    UndoDecision,
    Verdicts,
)
from shared.contracts.refusals import AskFailed
from tests.support.running import Running, run_service
from tests.support.servers import TestServers

DAY = date(2026, 7, 1)


def a_facility(facility_id: str = "335001", name: str = "Willow Bend Nursing Home", **changes: Any) -> FacilityListed:
    known: dict[str, Any] = {"version": 1, "listed_as_of": DAY, "city": "Albany", "state": "NY"}
    return FacilityListed(**known | {"facility_id": facility_id, "name": name} | changes)


def a_posting(number: int = 1, employer: str = "WILLOW BEND NURSING HOME LLC", **changes: Any) -> PostingSeen:
    known: dict[str, Any] = {
        "posting_id": uuid5(NAMESPACE_OID, str(number)),
        "version": 1,
        "source": "board",
        "source_posting_id": f"P{number}",
        "title": "MDS Coordinator",
        "employer_name": employer,
        "city": "Albany",
        "state": "NY",
        "role_family": "mds_coordinator",
        "urgency": 1,
        "first_seen_on": DAY,
        "last_seen_on": DAY,
        "pack": "test",
    }
    return PostingSeen(**known | changes)


async def outcome_of(matcher: Running, posting: PostingSeen) -> tuple[str, str | None, str]:
    (row,) = await matcher.ask(Outcomes(posting_ids=[posting.posting_id]))
    return row.outcome, row.facility_id, row.reason


async def test_a_posting_of_a_listed_facility_becomes_a_signal(matcher: Running) -> None:
    await matcher.receive(a_facility())

    await matcher.receive(a_posting())

    assert await outcome_of(matcher, a_posting()) == ("matched", "335001", "")
    (event,) = await matcher.published(FacilityMatched)
    (signal,) = event.signals
    assert (event.facility_id, event.role_family, event.version) == ("335001", "mds_coordinator", 1)
    assert signal.expires_on == DAY + timedelta(30)
    assert signal.posting_event_id is not None


async def test_an_unknown_employer_waits_in_the_inbox_and_is_never_dropped(matcher: Running) -> None:
    await matcher.receive(a_facility())

    await matcher.receive(a_posting(employer="Quarrystone Elevator Repair"))

    outcome, facility_id, reason = await outcome_of(matcher, a_posting())
    assert (outcome, facility_id) == ("queued", None)
    (event,) = await matcher.published(PostingUnmatched)
    assert event.reason == reason


async def test_another_role_is_ignored_with_a_reason_that_can_be_counted(matcher: Running) -> None:
    await matcher.receive(a_facility(), a_posting(role_family="other"))

    assert (await matcher.ask(Counts())).ignored == {"role": 1}
    assert await matcher.published(FacilityMatched) == []


async def test_a_posting_received_before_its_facility_is_matched_when_it_is_listed(matcher: Running) -> None:
    early = a_posting(1)
    await matcher.receive(early)
    assert (await outcome_of(matcher, early))[0] == "queued"

    await matcher.receive(a_facility())

    assert (await outcome_of(matcher, early))[:2] == ("matched", "335001")


async def test_an_older_version_received_late_changes_nothing(matcher: Running) -> None:
    await matcher.receive(a_facility())
    newest = a_posting(version=3, last_seen_on=DAY + timedelta(2), title="Senior MDS Coordinator")
    await matcher.receive(newest)

    await matcher.receive(a_posting(version=2, title="MDS Nurse"))

    assert await matcher.sql("SELECT version, title FROM postings") == [
        {"version": 3, "title": "Senior MDS Coordinator"}
    ]
    assert len(await matcher.published(FacilityMatched)) == 1


async def test_a_closed_posting_closes_its_signal_that_day(matcher: Running) -> None:
    await matcher.receive(a_facility(), a_posting())

    closed = a_posting(version=2, closed_on=DAY + timedelta(3))
    await matcher.receive(PostingClosed(**closed.model_dump()))

    (signal,) = (await matcher.published(FacilityMatched))[-1].signals
    assert (signal.closed, signal.expires_on) == (True, DAY + timedelta(3))


async def test_a_delisted_facility_loses_its_signals_and_regains_them_when_listed_again(matcher: Running) -> None:
    await matcher.receive(a_facility(), a_posting())

    await matcher.receive(FacilityDelisted(facility_id="335001", version=2, delisted_as_of=DAY))

    assert await outcome_of(matcher, a_posting()) == ("queued", None, "delisted")
    assert (await matcher.published(FacilityMatched))[-1].signals == ()

    await matcher.receive(a_facility(version=3))

    assert (await outcome_of(matcher, a_posting()))[0] == "matched"
    assert [event.version for event in await matcher.published(FacilityMatched)] == [1, 2, 3]


async def test_a_delisting_received_before_its_listing_still_counts(matcher: Running) -> None:
    await matcher.receive(FacilityDelisted(facility_id="335001", version=2, delisted_as_of=DAY))

    await matcher.receive(a_facility(version=1), a_posting())

    assert (await outcome_of(matcher, a_posting()))[2] == "delisted"


async def test_a_renamed_facility_is_still_matched_by_its_former_name(matcher: Running) -> None:
    await matcher.receive(a_facility(), a_posting())

    await matcher.receive(a_facility(version=2, name="Harborlight Rehabilitation Center"))

    assert (await outcome_of(matcher, a_posting()))[:2] == ("matched", "335001")
    names = (await matcher.ask(FacilityDetails(facility_id="335001"))).names
    assert ("Willow Bend Nursing Home", "former", "rule") in [(n.name, n.kind, n.provenance) for n in names]


async def test_an_accepted_name_matches_identical_postings_now_and_later(matcher: Running) -> None:
    await matcher.receive(a_facility())
    strange = "WBNH Holdings of Albany"
    await matcher.receive(a_posting(1, strange), a_posting(2, strange), a_posting(3, "Another Employer Entirely"))
    entries = await matcher.ask(Inbox(limit=10))
    (entry,) = [entry for entry in entries if entry.employer_name == strange]
    assert entry.postings == 2

    assert (await matcher.ask(AcceptGroup(key=entry.key, facility_id="335001", actor="ann"))).matched == 2
    assert (await matcher.ask(AcceptGroup(key=entry.key, facility_id="335001", actor="ann"))).matched == 0
    await matcher.idle()
    await matcher.receive(a_posting(4, strange))

    assert (await outcome_of(matcher, a_posting(4)))[:2] == ("matched", "335001")
    (learned,) = await matcher.published(AliasLearned)
    assert (learned.facility_id, learned.learned_by) == ("335001", "ann")
    assert (await matcher.published(FacilityMatched))[-1].signals[0].postings == 3


async def test_an_accepted_name_does_not_match_the_same_name_in_another_town(matcher: Running) -> None:
    await matcher.receive(a_facility())
    await matcher.receive(*(a_posting(n, "Zeta Care", city=city) for n, city in enumerate(("Albany", "Utica", "Troy"))))
    entries = {entry.city: entry for entry in await matcher.ask(Inbox())}

    answer = await matcher.ask(AcceptGroup(key=entries["Utica"].key, facility_id="335001", actor="ann"))
    await matcher.idle()
    await matcher.receive(a_posting(7, "Zeta Care", city="Troy"))

    assert answer.matched == 1
    assert {entry.city for entry in await matcher.ask(Inbox())} == {"Albany", "Troy"}
    assert (await outcome_of(matcher, a_posting(7, city="Troy")))[0] == "queued"


async def test_an_outdated_decision_about_a_group_is_refused_with_the_latest_one(matcher: Running) -> None:
    await matcher.receive(a_facility(), a_posting(1, "Qqq Zzz"))
    (entry,) = await matcher.ask(Inbox())
    await matcher.ask(RejectGroup(key=entry.key, reason="unsure", actor="ann", seen=entry.version))

    with pytest.raises(
        AskFailed, match=r"since version 0 that you saw: The last decision is reject unsure by ann\."
    ) as late:
        await matcher.ask(AcceptGroup(key=entry.key, facility_id="335001", actor="bob", seen=entry.version))

    assert late.value.code == 409
    (entry,) = await matcher.ask(Inbox())
    await matcher.ask(AcceptGroup(key=entry.key, facility_id="335001", actor="bob", seen=entry.version))
    assert (await outcome_of(matcher, a_posting(1)))[:2] == ("matched", "335001")


async def test_an_unknown_verdict_is_refused_with_the_known_ones(matcher: Running) -> None:
    await matcher.receive(a_facility(), a_posting(1, "Qqq Zzz"))
    (entry,) = await matcher.ask(Inbox())

    with pytest.raises(
        AskFailed, match="'perhaps' is not a verdict; use one of none_of_these, new_facility"
    ) as refused:
        await matcher.ask(RejectGroup(key=entry.key, reason="perhaps", actor="ann"))

    assert (refused.value.code, refused.value.fields) == (400, {"reason": "is not a verdict"})


async def test_the_pack_defines_the_verdicts(servers: TestServers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIPELINE_PACKS_DIR", str(Path(__file__).parents[1] / "fixtures" / "packs"))
    monkeypatch.setenv("PIPELINE_PACK", "toy")
    async with run_service("matcher", servers) as matcher:
        verdicts = {verdict.name: verdict.is_final for verdict in await matcher.ask(Verdicts())}
        await matcher.receive(a_posting(1, "Qqq Zzz", role_family="welder"))
        (entry,) = await matcher.ask(Inbox())

        with pytest.raises(
            AskFailed, match="'not_an_snf' is not a verdict; use one of none_shown, not_a_workshop, in_doubt"
        ):
            await matcher.ask(RejectGroup(key=entry.key, reason="not_an_snf", actor="ann"))
        await matcher.ask(RejectGroup(key=entry.key, reason="not_a_workshop", actor="ann"))

        assert verdicts == {"none_shown": True, "not_a_workshop": True, "in_doubt": False}
        assert await outcome_of(matcher, a_posting(1)) == ("ignored", None, "not_a_workshop")


async def test_undoing_an_acceptance_queues_its_postings_again(matcher: Running) -> None:
    await matcher.receive(a_facility(), a_posting(1, "WBNH Holdings"))
    (entry,) = await matcher.ask(Inbox())
    await matcher.ask(AcceptGroup(key=entry.key, facility_id="335001", actor="ann"))

    await matcher.ask(UndoDecision(key=entry.key, actor="ann"))

    assert (await outcome_of(matcher, a_posting(1)))[0] == "queued"
    assert [row["decision"] for row in await matcher.sql("SELECT decision FROM decisions ORDER BY decision_id")] == [
        "accept",
        "undo",
    ]


@pytest.mark.parametrize(
    "reason, outcome",
    [("not_an_snf", "ignored"), ("none_of_these", "ignored"), ("unsure", "queued"), ("new_facility", "queued")],
)
async def test_a_rejection_applies_to_identical_postings(matcher: Running, reason: str, outcome: str) -> None:
    await matcher.receive(a_facility(), a_posting(1, "Quarrystone Elevator Repair"))
    (entry,) = await matcher.ask(Inbox())

    await matcher.ask(RejectGroup(key=entry.key, actor="ann", reason=reason))
    await matcher.receive(a_posting(2, "QUARRYSTONE ELEVATOR REPAIR, INC."))

    assert await outcome_of(matcher, a_posting(1)) == (outcome, None, reason)
    assert await outcome_of(matcher, a_posting(2)) == (outcome, None, reason)


@pytest.mark.parametrize("facility_id, state, code", [("339999", "NY", 404), ("315001", "NY", 409)])
async def test_an_impossible_acceptance_is_refused(matcher: Running, facility_id: str, state: str, code: int) -> None:
    await matcher.receive(a_facility(), a_facility("315001", "Tern Point", state="NJ"), a_posting(1, "Qqq Zzz"))
    (entry,) = await matcher.ask(Inbox())

    with pytest.raises(AskFailed) as refused:
        await matcher.ask(AcceptGroup(key=entry.key, facility_id=facility_id, actor="ann"))

    assert refused.value.code == code


async def test_an_unknown_group_is_refused(matcher: Running) -> None:
    with pytest.raises(AskFailed, match="no-such-key"):
        await matcher.ask(AcceptGroup(key="no-such-key", facility_id="335001", actor="ann"))


async def test_an_expired_signal_is_published_once_on_the_day_after_its_last(matcher: Running) -> None:
    await matcher.receive(a_facility(), a_posting())

    await matcher.at("2026-07-31T12:00")
    assert await matcher.published(SignalExpired) == []
    await matcher.at("2026-08-01T12:00")
    await matcher.at("2026-08-05T12:00")

    (event,) = await matcher.published(SignalExpired)
    assert (event.expired_on, event.version) == (date(2026, 7, 31), 2)
    assert (await matcher.ask(Counts())).signals_open == 0


async def test_a_chronic_signal_that_outlives_its_successor_expires_after_it(matcher: Running) -> None:
    again = DAY + timedelta(2)
    copied = again + timedelta(8)
    await matcher.receive(
        a_facility(),
        a_posting(1),
        a_posting(2, first_seen_on=again, last_seen_on=again),
        a_posting(3, source="career-page", first_seen_on=copied, last_seen_on=copied),
    )

    await matcher.at("2026-08-11T12:00")
    await matcher.at("2026-08-20T12:00")

    ends = [event.expired_on for event in await matcher.published(SignalExpired)]
    assert ends == [copied + timedelta(30), again + timedelta(45)]


async def test_an_undecided_posting_is_dismissed_after_three_days_and_waits_again_when_seen(matcher: Running) -> None:
    unknown = a_posting(1, "Quarrystone Elevator Repair")
    await matcher.receive(unknown)
    assert (await matcher.ask(Counts())).inbox_overdue == 0

    await matcher.at("2026-07-03T12:00")
    assert (await outcome_of(matcher, unknown))[2] != "dismissed"
    assert (await matcher.ask(Counts())).inbox_overdue == 1
    await matcher.at("2026-07-04T12:00")
    assert await outcome_of(matcher, unknown) == ("queued", None, "dismissed")
    assert await matcher.ask(Inbox()) == []
    (event,) = await matcher.published(SignalDismissed)
    assert event.posting_ids == (unknown.posting_id,)

    await matcher.receive(unknown.model_copy(update={"version": 2, "last_seen_on": date(2026, 7, 4)}))

    assert (await outcome_of(matcher, unknown))[2] != "dismissed"
    assert len(await matcher.ask(Inbox())) == 1


async def test_a_dismissed_group_can_be_decided_and_undo_dismisses_it_again(
    matcher: Running,
) -> None:
    unknown_postings = [a_posting(1, "Quarrystone Elevator Repair"), a_posting(2, "Quarrystone Elevator Repair")]
    await matcher.receive(a_facility(), *unknown_postings)
    await matcher.at("2026-07-10T12:00")
    before = [await outcome_of(matcher, unknown) for unknown in unknown_postings]
    assert await matcher.ask(Inbox()) == []
    (entry,) = await matcher.ask(Inbox(dismissed=True))
    assert (entry.postings, entry.dismissed_on) == (2, date(2026, 7, 10))

    accepted = await matcher.ask(AcceptGroup(key=entry.key, facility_id="335001", actor="ann"))
    assert [await outcome_of(matcher, unknown) for unknown in unknown_postings] == [("matched", "335001", "")] * 2
    assert await matcher.ask(Inbox(dismissed=True)) == []
    unaccepted = await matcher.ask(UndoDecision(key=entry.key, actor="ann"))
    assert [await outcome_of(matcher, unknown) for unknown in unknown_postings] == before
    assert await matcher.ask(Inbox(dismissed=True)) == [entry.model_copy(update={"version": 2})]

    rejected = await matcher.ask(RejectGroup(key=entry.key, reason="not_an_snf", actor="ann"))
    assert await outcome_of(matcher, unknown_postings[0]) == ("ignored", None, "not_an_snf")
    assert (await matcher.ask(Counts())).queued == 0
    unrejected = await matcher.ask(UndoDecision(key=entry.key, actor="ann"))

    assert (accepted.matched, rejected.ignored) == (2, 2)
    assert (unaccepted.dismissed, unrejected.dismissed) == (2, 2)
    assert [await outcome_of(matcher, unknown) for unknown in unknown_postings] == before
    assert await matcher.ask(Inbox()) == []
    assert (await matcher.ask(Counts())).queued_reasons == {"dismissed": 2}


async def test_the_dismissal_of_a_group_can_be_taken_back_and_it_waits_anew(matcher: Running) -> None:
    unknown = a_posting(1, "Quarrystone Elevator Repair")
    await matcher.receive(unknown)
    await matcher.at("2026-07-10T12:00")
    (entry,) = await matcher.ask(Inbox(dismissed=True))

    answer = await matcher.ask(UndoDecision(key=entry.key, seen=entry.version, actor="ann"))
    again = await matcher.ask(UndoDecision(key=entry.key, actor="ann"))

    assert (answer.queued, answer.dismissed, again.queued) == (1, 0, 0)
    (waiting,) = await matcher.ask(Inbox())
    assert (waiting.key, waiting.waiting_since) == (entry.key, date(2026, 7, 10))
    first, second = await matcher.published(PostingUnmatched)
    assert second.version > first.version + 1  # its dismissal is between them
    await matcher.at("2026-07-13T12:00")
    assert await matcher.ask(Inbox()) == []


async def test_a_posting_accepted_after_its_dismissal_and_seen_since_waits_again_after_undo(
    matcher: Running,
) -> None:
    unknown = a_posting(1, "Quarrystone Elevator Repair")
    await matcher.receive(a_facility(), unknown)
    await matcher.at("2026-07-10T12:00")
    (entry,) = await matcher.ask(Inbox(dismissed=True))
    await matcher.ask(AcceptGroup(key=entry.key, facility_id="335001", actor="ann"))

    await matcher.receive(unknown.model_copy(update={"version": 2, "last_seen_on": date(2026, 7, 10)}))
    await matcher.ask(UndoDecision(key=entry.key, actor="ann"))

    assert [each.waiting_since for each in await matcher.ask(Inbox())] == [date(2026, 7, 10)]


async def test_a_dismissed_posting_stays_dismissed_after_an_unsure_verdict(matcher: Running) -> None:
    await matcher.receive(a_facility(), a_posting(1, "Quarrystone Elevator Repair"))
    await matcher.at("2026-07-10T12:00")
    (entry,) = await matcher.ask(Inbox(dismissed=True))

    await matcher.ask(RejectGroup(key=entry.key, reason="unsure", actor="ann"))

    (still,) = await matcher.ask(Inbox(dismissed=True))
    assert (still.reason, still.dismissed_on) == ("unsure", entry.dismissed_on)
    assert await matcher.ask(Inbox()) == []


async def test_a_dismissed_posting_is_matched_once_its_facility_is_listed(matcher: Running) -> None:
    await matcher.receive(a_posting())
    await matcher.at("2026-07-10T12:00")

    await matcher.receive(a_facility())

    assert (await outcome_of(matcher, a_posting()))[:2] == ("matched", "335001")


async def test_exports_page_through_all_outcomes_and_signals(matcher: Running) -> None:
    await matcher.receive(a_facility(), *(a_posting(number) for number in range(5)))

    first = await matcher.ask(ExportOutcomes(limit=3))
    rest = await matcher.ask(ExportOutcomes(limit=3, after=str(first[-1].posting_id)))
    (signal,) = await matcher.ask(ExportSignals())

    assert len({row.source_posting_id for row in [*first, *rest]}) == 5
    assert (signal.facility_id, signal.facility, signal.postings) == ("335001", "Willow Bend Nursing Home", 5)
    assert await matcher.ask(ExportSignals(after="335001/mds_coordinator")) == []


async def test_a_facility_that_another_replica_listed_is_known_to_the_next_batch(matcher: Running) -> None:
    await matcher.receive(a_posting(1))
    async with await psycopg.AsyncConnection.connect(matcher.url) as replica:
        await replica.execute("UPDATE directory_version SET version = version + 1")
        await replica.execute(
            "INSERT INTO facilities (facility_id, version, name, city, state, changed)"
            " SELECT '335001', 1, 'Willow Bend Nursing Home', 'Albany', 'NY', version FROM directory_version"
        )

    await matcher.receive(a_posting(2))

    assert (await outcome_of(matcher, a_posting(2)))[:2] == ("matched", "335001")


async def test_a_rolled_back_listing_does_not_reach_the_directory(matcher: Running) -> None:
    await matcher.receive(a_posting(1))

    with pytest.raises(RuntimeError, match="undone"):
        await list_and_undo(matcher, a_facility())
    await matcher.receive(a_posting(2))

    assert (await outcome_of(matcher, a_posting(2)))[0] == "queued"


async def list_and_undo(matcher: Running, facility: FacilityListed) -> None:
    async with matcher.app.begin() as tx:
        await handlers.list_facilities([facility], tx)
        raise RuntimeError("undone")
