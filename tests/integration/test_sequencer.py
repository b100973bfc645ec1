"""Does the sequencer plan a worklist from events, and record what people do?"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from services.sequencer.store import tasks
from shared.contracts.events import (
    ContactChanged,
    EnrollmentBlocked,
    EnrollmentEnded,
    EnrollmentStarted,
    LeadChanged,
    LeadRaised,
    TaskDone,
    TaskDue,
    TouchLogged,
)
from shared.contracts.refusals import AskFailed
from tests.support.running import Running
from tests.support.sequencing import CALLABLE, contact, delisted, listed, matched, scored

# 1 July 2026 is a Wednesday; the 3rd is a holiday, so after Thursday the 2nd comes Monday the 6th.
THURSDAY, FRIDAY, SATURDAY = "2026-07-02T06:00", "2026-07-03T06:00", "2026-07-04T06:00"
MONDAY, TUESDAY = "2026-07-06T06:00", "2026-07-07T06:00"


async def worklist(sequencer: Running, **request: Any) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = await sequencer.ask("worklist", request)
    return rows


async def done(sequencer: Running, task_id: str, outcome: str | None = None) -> dict[str, Any]:
    """Complete a task, with the first outcome of its channel if none is given."""
    first = {row["task_id"]: row["outcomes"][0]["id"] for row in await worklist(sequencer)}
    answer: dict[str, Any] = await sequencer.ask(
        "complete_task", {"task_id": task_id, "outcome": outcome or first.get(task_id), "actor": "rep-1"}
    )
    return answer


async def know(sequencer: Running, *rows: dict[str, Any]) -> dict[str, Any]:
    answer: dict[str, Any] = await sequencer.ask("import_contacts", {"actor": "ann", "rows": list(rows)})
    return answer


async def test_a_tier_1_prospect_with_a_person_to_call_gets_its_first_task(sequencer: Running) -> None:
    await know(sequencer, contact("335001", **CALLABLE))
    await sequencer.receive(listed("335001"), scored("335001", 1), matched("335001"))

    await sequencer.at(THURSDAY)

    [row] = await worklist(sequencer)
    assert (row["channel"], row["persona"], row["person_phone"]) == ("call", "administrator", "(518) 555-0111")
    assert row["reason"] == "MDS coordinator posting, seen 2026-06-30, urgency 3 of 4; QM rating 1 of 5"
    [due] = await sequencer.published(TaskDue)
    assert {each.factor: (each.points, each.evidence) for each in due.factors} == {
        "qm_rating": (20, "QM rating 1 of 5"),
        "open_posting": (Decimal("14.4"), "MDS coordinator posting, seen 2026-06-30, urgency 3 of 4"),
        "certified_beds": (0, "120 as of 2026-06-01"),
    }
    assert due.signal is not None
    assert (due.signal.title, due.main_phone) == ("MDS Coordinator (RN)", "(518) 555-0100")
    assert due.due_on == date(2026, 7, 2)
    assert [e.facility_id for e in await sequencer.published(EnrollmentStarted)] == ["335001"]
    assert [e.role_families for e in await sequencer.published(LeadRaised)] == [("mds_coordinator",)]


async def test_without_a_person_to_call_an_enrollment_is_blocked_for_research(
    sequencer: Running,
) -> None:  # R47
    await sequencer.receive(listed("335001"), scored("335001", 1))

    await sequencer.at(THURSDAY)

    [blocked] = await sequencer.published(EnrollmentBlocked)
    assert blocked.missing == ("direct phone of the Administrator", "direct phone of the DON")
    [row] = await worklist(sequencer)
    assert (row["step_no"], row["channel"], row["persona"]) == (0, "research", "administrator")
    assert row["reason"].startswith("Find the Administrator's direct phone; main number (518) 555-0100. MDS")
    assert not await sequencer.published(EnrollmentStarted)


@pytest.mark.parametrize("name", ["Vacant", "TBD", "Interim Administrator", "Position vacant", "N/A", "518-555-0111"])
async def test_a_placeholder_instead_of_a_name_opens_no_gate(sequencer: Running, name: str) -> None:  # R47
    await sequencer.receive(listed("335001"), scored("335001", 1))
    await know(sequencer, contact("335001", name=name, **CALLABLE))
    await sequencer.at(THURSDAY)

    [blocked] = await sequencer.published(EnrollmentBlocked)
    assert blocked.missing == ("direct phone of the Administrator", "direct phone of the DON")
    [task] = await worklist(sequencer)
    assert (task["channel"], task["person"]) == ("research", None)


async def test_a_task_has_names_in_their_usual_case_and_as_given(sequencer: Running) -> None:
    await sequencer.receive(listed("335001", name="MCDONALD SNF OF NY", chain="QUILL CARE LLC"), scored("335001", 2))
    given = "MOSS, JANE A., RN, LNHA"
    await know(sequencer, contact("335001", name=given, **CALLABLE))
    await sequencer.at(THURSDAY)

    [due] = await sequencer.published(TaskDue)
    assert (due.facility_name, due.facility_display_name) == ("MCDONALD SNF OF NY", "McDonald SNF of NY")
    assert (due.chain, due.chain_display_name) == ("QUILL CARE LLC", "Quill Care LLC")
    assert due.person is not None
    assert (due.person.name, due.person.display_name, due.person.greeting) == (given, "Jane A. Moss", "Jane")
    [task] = await worklist(sequencer)
    assert (task["facility"], task["facility_display_name"]) == ("MCDONALD SNF OF NY", "McDonald SNF of NY")
    assert (task["person"], task["person_display_name"]) == (given, "Jane A. Moss")


async def test_a_blocked_enrollment_starts_at_the_next_tick_after_a_contact_is_imported(sequencer: Running) -> None:
    await sequencer.receive(listed("335001"), scored("335001", 1))
    await sequencer.at(THURSDAY)

    await know(sequencer, contact("335001", **CALLABLE))
    assert [row["channel"] for row in await worklist(sequencer)] == ["research"]
    await sequencer.at(MONDAY)

    [blocked], [started] = await sequencer.published(EnrollmentBlocked), await sequencer.published(EnrollmentStarted)
    assert started.enrollment_id == blocked.enrollment_id
    assert [(e.step_no, e.outcome) for e in await sequencer.published(TaskDone)] == [(0, "contact found")]
    assert [(row["step_no"], row["due_on"]) for row in await worklist(sequencer)] == [(1, "2026-07-06")]


async def test_research_that_a_found_contact_ended_takes_no_place_of_the_day(sequencer: Running) -> None:
    await sequencer.receive(listed("335001"), scored("335001", 1))
    await sequencer.at(THURSDAY)
    await know(sequencer, contact("335001", **CALLABLE))
    await sequencer.at(MONDAY)

    async with sequencer.app.begin() as tx:
        assert await tasks.done_today(tx) == {}
    [call] = await worklist(sequencer)
    await done(sequencer, call["task_id"])
    async with sequencer.app.begin() as tx:
        assert await tasks.done_today(tx) == {call["rep"]: 1}


async def test_prospects_without_a_contact_use_no_capacity_of_those_with_one(sequencer: Running) -> None:
    facility_ids = [f"3350{n:02}" for n in range(19)]
    await sequencer.receive(
        *map(listed, facility_ids),
        *(scored(facility_id, 1, f"{60 - n}.0") for n, facility_id in enumerate(facility_ids)),
    )
    await sequencer.at(THURSDAY)
    research = await worklist(sequencer)

    await know(sequencer, contact(facility_ids[-1], **CALLABLE))
    await sequencer.at(MONDAY)

    assert [row["facility_id"] for row in research] == facility_ids[:5]
    assert {row["channel"] for row in research} == {"research"}
    assert [e.facility_id for e in await sequencer.published(EnrollmentStarted)] == facility_ids[-1:]


async def test_two_tier_1_enrollments_start_per_rep_and_week_in_order_of_rank(sequencer: Running) -> None:  # R41
    facility_ids = [f"33500{n}" for n in range(8)]
    await know(sequencer, *(contact(facility_id, **CALLABLE) for facility_id in facility_ids))
    await sequencer.receive(
        *map(listed, facility_ids),
        *(scored(facility_id, 1, f"{60 - n}.0") for n, facility_id in enumerate(facility_ids)),
    )

    await sequencer.at(THURSDAY)
    first_week = [e.facility_id for e in await sequencer.published(EnrollmentStarted)]
    counts = await sequencer.ask("counts")
    await sequencer.at(MONDAY)

    assert first_week == facility_ids[:4]
    assert counts["waiting_for_capacity"] == 4
    assert [e.facility_id for e in await sequencer.published(EnrollmentStarted)] == facility_ids
    assert len(await worklist(sequencer, rep="rep-1")) == 4


async def test_tier_2_is_nurtured_three_a_day_on_business_days_only(sequencer: Running) -> None:  # R42
    facility_ids = [f"33500{n}" for n in range(8)]
    await know(sequencer, *(contact(facility_id, **CALLABLE) for facility_id in facility_ids))
    await sequencer.receive(*map(listed, facility_ids), *(scored(facility_id, 2) for facility_id in facility_ids))

    started = []
    for day in (THURSDAY, FRIDAY, SATURDAY, MONDAY, TUESDAY):
        await sequencer.at(day)
        started.append(len(await sequencer.published(EnrollmentStarted)))

    assert started == [3, 3, 3, 6, 8]
    assert {(row["channel"], row["template"]) for row in await worklist(sequencer)} == {("email", "nurture-intro")}


async def test_the_next_nurture_cycle_is_a_new_enrollment_linked_to_the_last(sequencer: Running) -> None:  # K25
    await know(sequencer, contact("335001", **CALLABLE))
    await sequencer.receive(listed("335001"), scored("335001", 2))
    for day in ("2026-07-02", "2026-07-16", "2026-07-31", "2026-08-06", "2026-08-07"):
        await sequencer.at(f"{day}T06:00")
        for row in await worklist(sequencer):
            await done(sequencer, row["task_id"])

    first, second = await sequencer.sql("SELECT * FROM enrollments ORDER BY cycle")
    assert (first["status"], first["ended_on"]) == ("completed", date(2026, 8, 6))
    assert (second["previous_id"], second["started_on"]) == (first["enrollment_id"], date(2026, 8, 7))


async def test_two_members_of_a_chain_are_one_enrollment_at_the_regional_level(sequencer: Running) -> None:  # R44, K26
    regional = {"chain": "moss  care", "direct_phone": "212-555-0122"}
    await know(sequencer, contact(None, "regional", "Rex Fern", **regional))
    await sequencer.receive(
        listed("335001", chain="MOSS CARE"),
        listed("335002", chain="MOSS CARE"),
        scored("335001", 2, "20.0"),
        scored("335002", 1, "50.0"),
    )

    await sequencer.at(THURSDAY)

    [started] = await sequencer.published(EnrollmentStarted)
    assert (started.facility_id, started.covers, started.chain, started.tier) == (
        "335002",
        ("335002", "335001"),
        "MOSS CARE",
        1,
    )
    [row] = await worklist(sequencer)
    assert (row["persona"], row["person"], row["facility_id"]) == ("regional", "Rex Fern", "335002")


async def a_blocked_chain(sequencer: Running) -> None:
    """Two members without a person to call; the first is the better one."""
    for facility_id, score in (("335001", "50.0"), ("335002", "40.0")):
        await sequencer.receive(listed(facility_id, chain="MOSS"), scored(facility_id, 1, score))
    await sequencer.at(THURSDAY)


async def test_a_blocked_enrollment_of_a_chain_follows_its_best_member(sequencer: Running) -> None:  # K26
    await a_blocked_chain(sequencer)
    await sequencer.receive(scored("335002", 1, "60.0", version=2))

    await sequencer.at(MONDAY)
    [asked_anew] = await worklist(sequencer)
    await know(sequencer, contact("335002", **CALLABLE))
    await sequencer.at(TUESDAY)

    assert [e.facility_id for e in await sequencer.published(EnrollmentBlocked)] == ["335001", "335002"]
    assert (asked_anew["facility_id"], asked_anew["step_no"], asked_anew["due_on"]) == ("335002", 0, "2026-07-06")
    assert [(e.facility_id, e.status, e.outcome) for e in await sequencer.published(TaskDone)] == [
        ("335001", "canceled", "335002 is the best-scored facility of MOSS now."),
        ("335002", "done", "contact found"),
    ]
    assert [e.facility_id for e in await sequencer.published(EnrollmentStarted)] == ["335002"]
    assert [(row["facility_id"], row["person"]) for row in await worklist(sequencer)] == [("335002", "Ada Moss")]
    assert (await sequencer.ask("account", {"facility_id": "335001"}))["next_follow_up_on"] is None


async def test_a_contact_of_a_member_that_is_no_longer_the_best_opens_no_gate(sequencer: Running) -> None:
    await a_blocked_chain(sequencer)
    await sequencer.receive(scored("335002", 1, "60.0", version=2))
    await know(sequencer, contact("335001", **CALLABLE))

    await sequencer.at(MONDAY)

    assert not await sequencer.published(EnrollmentStarted)


async def test_research_at_one_member_does_not_delay_research_at_another(sequencer: Running) -> None:
    await a_blocked_chain(sequencer)
    [row] = await worklist(sequencer)
    await done(sequencer, row["task_id"], "not_found")
    await sequencer.receive(scored("335002", 1, "60.0", version=2))

    await sequencer.at(MONDAY)

    [row] = await worklist(sequencer)
    await done(sequencer, row["task_id"], "not_found")
    assert [(e.facility_id, e.touched_on.day) for e in await sequencer.published(TouchLogged)] == [
        ("335001", 2),
        ("335002", 6),
    ]


async def test_a_started_enrollment_of_a_chain_stays_with_its_member(sequencer: Running) -> None:
    await know(sequencer, contact("335001", **CALLABLE), contact("335002", name="Zoe Elm", **CALLABLE))
    await a_blocked_chain(sequencer)
    [first] = await worklist(sequencer)
    await done(sequencer, first["task_id"])
    await sequencer.receive(scored("335002", 1, "60.0", version=2))

    await sequencer.at(MONDAY)

    assert [(row["facility_id"], row["person"]) for row in await worklist(sequencer)] == [("335001", "Ada Moss")]


async def test_a_member_that_qualifies_later_joins_the_enrollment_of_its_chain(sequencer: Running) -> None:
    facility_ids = ["335001", "335002", "335003"]
    await sequencer.receive(
        *(listed(facility_id, chain="MOSS") for facility_id in facility_ids),
        *(scored(facility_id, 1) for facility_id in facility_ids[:2]),
    )
    await sequencer.at(THURSDAY)

    await sequencer.receive(scored("335003", 2))
    await sequencer.at(MONDAY)

    [run] = await sequencer.sql("SELECT covers FROM enrollments")
    assert run["covers"] == facility_ids
    latest = (await sequencer.published(EnrollmentBlocked))[-1]
    assert list(latest.covers) == facility_ids


async def test_a_member_that_must_not_be_contacted_leaves_the_enrollment_of_its_chain(sequencer: Running) -> None:
    await know(sequencer, contact("335001", **CALLABLE))
    await a_blocked_chain(sequencer)

    await sequencer.ask("stop_contact", {"facility": "335002", "reason": "asked us to", "actor": "ann"})

    [run] = await sequencer.sql("SELECT covers, version FROM enrollments")
    latest = (await sequencer.published(EnrollmentStarted))[-1]
    assert (latest.covers, latest.version, run["covers"]) == (("335001",), run["version"], ["335001"])


async def test_an_active_client_gets_an_upsell_lead_and_a_check_in_of_its_owner(sequencer: Running) -> None:  # R45
    await know(sequencer, contact("335001", **CALLABLE))
    await sequencer.receive(listed("335001"))
    await sequencer.ask(
        "import_accounts",
        {"actor": "ann", "status": "client", "rows": [{"line": 2, "facility_id": "335001", "owner": "rep-2"}]},
    )
    await sequencer.receive(scored("335001", 1), matched("335001"))

    await sequencer.at(THURSDAY)

    assert [(e.lead_source, e.owner) for e in await sequencer.published(LeadRaised)] == [("upsell", "rep-2")]
    assert [(each["kind"], each["rep"]) for each in await worklist(sequencer)] == [("recurring", "rep-2")]


async def test_becoming_a_client_stops_the_enrollment_and_closes_the_prospects_lead_at_once(
    sequencer: Running,
) -> None:
    await know(sequencer, contact("335001", **CALLABLE))
    await sequencer.receive(listed("335001"), scored("335001", 1), matched("335001"))
    await sequencer.at(THURSDAY)

    await sequencer.ask(
        "import_accounts",
        {"actor": "ann", "status": "client", "rows": [{"line": 2, "facility_id": "335001", "owner": "rep-2"}]},
    )

    reason = "The facility became an active client."
    assert await worklist(sequencer) == []
    assert [e.reason for e in await sequencer.published(EnrollmentEnded)] == [reason]
    assert [(e.status, e.outcome) for e in await sequencer.published(TaskDone)] == [("canceled", reason)]
    [closed] = await sequencer.published(LeadChanged)
    assert (closed.closed_reason, closed.converted_facility_id, closed.version) == (
        "became an active client",
        "335001",
        2,
    )
    await sequencer.at(MONDAY)
    leads = await sequencer.sql("SELECT lead_source, closed_reason FROM leads ORDER BY lead_source")
    assert [tuple(lead.values()) for lead in leads] == [("signal", "became an active client"), ("upsell", None)]


async def test_a_delisted_facility_has_no_tasks(sequencer: Running) -> None:
    await know(sequencer, contact("335001", **CALLABLE))
    await sequencer.receive(listed("335001"), scored("335001", 1), matched("335001"))
    await sequencer.at(THURSDAY)

    await sequencer.receive(delisted("335001"))
    await sequencer.at(MONDAY)

    assert [e.reason for e in await sequencer.published(EnrollmentEnded)] == [
        "The facility is no longer on the registry."
    ]
    assert await worklist(sequencer) == []


async def test_an_account_that_rises_to_tier_1_leaves_nurture(sequencer: Running) -> None:
    await know(sequencer, contact("335001", **CALLABLE))
    await sequencer.receive(listed("335001"), scored("335001", 2))
    await sequencer.at(THURSDAY)

    await sequencer.receive(scored("335001", 1, "70.0", version=2, previous=2, day=5))
    await sequencer.at(MONDAY)

    assert [e.reason for e in await sequencer.published(EnrollmentEnded)] == ["Climbed to Tier 1."]
    assert [(e.tier, e.sequence) for e in await sequencer.published(EnrollmentStarted)] == [
        (2, "tier-2-nurture"),
        (1, "ny-snf-21-day"),
    ]
    assert (await sequencer.ask("account", {"facility_id": "335001"}))["tier_since"] == "2026-07-05"


async def test_an_open_task_stays_overdue_and_comes_first(sequencer: Running) -> None:
    await know(sequencer, contact("335001", **CALLABLE), contact("335002", **CALLABLE))
    await sequencer.receive(listed("335001"), listed("335002"), scored("335001", 2))
    await sequencer.at(THURSDAY)

    await sequencer.receive(scored("335002", 1, "70.0"))
    await sequencer.at(MONDAY)

    rows = [(row["facility_id"], row["overdue"], row["days_overdue"]) for row in await worklist(sequencer)]
    assert rows == [("335001", True, 4), ("335002", False, 0)]


async def test_a_completed_task_is_logged_once_and_the_next_one_waits_for_its_day(sequencer: Running) -> None:  # R49
    await know(sequencer, contact("335001", **CALLABLE))
    await sequencer.receive(listed("335001"), scored("335001", 1))
    await sequencer.at(THURSDAY)
    [row] = await worklist(sequencer)

    first = await done(sequencer, row["short_id"], "left_voicemail")
    again = await done(sequencer, row["task_id"], outcome="something else")

    assert first | {"changed": False} == again
    assert (first["status"], first["outcome"], first["done_on"]) == ("done", "left_voicemail", "2026-07-02")
    [touch] = await sequencer.published(TouchLogged)
    assert (touch.touched_on, touch.next_follow_up_on) == (date(2026, 7, 2), date(2026, 7, 6))
    assert len(await sequencer.published(TaskDone)) == 1
    account = await sequencer.ask("account", {"facility_id": "335001"})
    assert (account["last_contacted_on"], account["next_follow_up_on"]) == ("2026-07-02", "2026-07-06")
    await sequencer.at(MONDAY)
    assert [row["step_no"] for row in await worklist(sequencer)] == [2]


async def test_a_skipped_task_advances_the_enrollment_without_counting_as_contact(sequencer: Running) -> None:
    await know(sequencer, contact("335001", **CALLABLE))
    await sequencer.receive(listed("335001"), scored("335001", 1))
    await sequencer.at(THURSDAY)
    [row] = await worklist(sequencer)

    await sequencer.ask("skip_task", {"task_id": row["task_id"], "reason": "on leave", "actor": "rep-1"})
    await sequencer.at(MONDAY)

    assert [row["step_no"] for row in await worklist(sequencer)] == [2]
    assert (await sequencer.ask("account", {"facility_id": "335001"}))["last_contacted_on"] is None
    exported = await sequencer.ask("tasks", {"limit": 10})
    assert [(task["status"], task["reason"]) for task in exported if task["step_no"] == 1] == [("skipped", "on leave")]


async def test_the_step_after_a_skipped_one_is_not_overdue_at_first(sequencer: Running) -> None:
    await know(sequencer, contact("335001", **CALLABLE))
    await sequencer.receive(listed("335001"), scored("335001", 1))
    await sequencer.at(THURSDAY)
    [row] = await worklist(sequencer)
    await sequencer.at(TUESDAY)

    await sequencer.ask("skip_task", {"task_id": row["task_id"], "reason": "on leave", "actor": "rep-1"})
    expected = (await sequencer.ask("account", {"facility_id": "335001"}))["next_follow_up_on"]
    await sequencer.at("2026-07-08T06:00")

    rows = [(row["step_no"], row["due_on"], row["overdue"]) for row in await worklist(sequencer)]
    assert rows == [(2, expected, False)]


async def test_completed_research_states_what_opens_the_gate(sequencer: Running) -> None:
    await sequencer.receive(listed("335001"), scored("335001", 1))
    await sequencer.at(THURSDAY)
    [row] = await worklist(sequencer)

    answer = await done(sequencer, row["task_id"], "not_found")
    await know(sequencer, contact("335001", **CALLABLE))
    again = await done(sequencer, row["task_id"])

    assert answer["opens_gate"] == "a direct phone of the Administrator or DON"
    assert again["opens_gate"] is None


async def test_research_is_completed_although_the_pack_works_its_tier_no_more(sequencer: Running) -> None:
    await sequencer.receive(listed("335001"), scored("335001", 1))
    await sequencer.at(THURSDAY)
    [row] = await worklist(sequencer)
    await sequencer.sql("UPDATE enrollments SET tier = 9 RETURNING tier")

    answer = await done(sequencer, row["task_id"], "not_found")

    assert (answer["status"], answer["opens_gate"]) == ("done", None)


async def test_a_task_is_named_by_the_beginning_of_its_id_with_or_without_dashes(sequencer: Running) -> None:
    await sequencer.receive(listed("335001"), scored("335001", 1))
    await sequencer.at(THURSDAY)
    [row] = await worklist(sequencer)

    digits = row["task_id"].replace("-", "")
    for wrong in ("-" * 8, "f" * 36, f"{digits[:4]}-{digits[4:8]}", f"{digits}0000"):
        with pytest.raises(AskFailed, match="There is no task"):
            await done(sequencer, wrong, "not_found")
    assert (await done(sequencer, row["task_id"][:12].upper(), "not_found"))["changed"]
    assert not (await done(sequencer, digits[:12], "not_found"))["changed"]


async def test_skipping_a_completed_task_is_refused(sequencer: Running) -> None:
    await know(sequencer, contact("335001", **CALLABLE))
    await sequencer.receive(listed("335001"), scored("335001", 1))
    await sequencer.at(THURSDAY)
    [row] = await worklist(sequencer)
    await done(sequencer, row["task_id"])

    with pytest.raises(AskFailed, match="was done by rep-1 on 2026-07-02"):
        await sequencer.ask("skip_task", {"task_id": row["task_id"], "reason": "on leave", "actor": "rep-1"})
    with pytest.raises(AskFailed, match="There is no task"):
        await done(sequencer, "00000000")
    with pytest.raises(AskFailed, match="is not a task id"):
        await done(sequencer, "%%%%")


async def test_a_task_without_a_recipient_is_skipped_with_the_reason(sequencer: Running) -> None:  # R189
    await know(sequencer, contact("335001", direct_phone="518-555-0111"))
    await sequencer.receive(listed("335001"), scored("335001", 2))

    await sequencer.at(THURSDAY)

    assert await worklist(sequencer) == []
    [skipped] = await sequencer.published(TaskDone)
    assert skipped.outcome == "No e-mail address is known of the Administrator or the DON."
    await sequencer.at("2026-07-16T06:00")
    assert [(row["step_no"], row["channel"]) for row in await worklist(sequencer)] == [(2, "call")]


async def test_missed_days_are_planned_once(sequencer: Running) -> None:
    facility_ids = [f"33500{n}" for n in range(8)]
    await know(sequencer, *(contact(facility_id, **CALLABLE) for facility_id in facility_ids))
    await sequencer.receive(*map(listed, facility_ids), *(scored(facility_id, 2) for facility_id in facility_ids))

    await sequencer.at("2026-07-15T12:00")

    assert len(await sequencer.published(EnrollmentStarted)) == 3


async def test_contacts_are_imported_once_and_invalid_rows_are_reported(sequencer: Running) -> None:
    rows = [
        contact("335001", **CALLABLE),
        contact("335001", name="Zoe Elm", source_date="2026-06-20"),
        contact("335001", "nurse") | {"line": 4},
    ]

    first, again = await know(sequencer, *rows), await know(sequencer, *rows)

    assert [(report["imported"], report["unchanged"]) for report in (first, again)] == [(2, 0), (0, 2)]
    assert [(reject["line"], reject["reason"]) for report in (first, again) for reject in report["rejects"]] == [
        (4, "role 'nurse' is not one of administrator, don, regional")
    ] * 2
    [changed] = await sequencer.published(ContactChanged)
    assert (changed.changed_on, changed.has_direct_phone, changed.version) == (date(2026, 6, 20), False, 1)
    assert [person["name"] for person in await sequencer.ask("contacts", {"facility_id": "335001"})] == [
        "Zoe Elm",
        "Ada Moss",
    ]


async def test_a_changed_contact_raises_the_version(sequencer: Running) -> None:
    await know(sequencer, contact("335001", source_date="2026-06-20"))
    await know(sequencer, contact("335001", name="Zoe Elm", source_date="2026-06-01"))
    await know(sequencer, contact("335001", source_date="2026-06-25"))

    changes = [(e.version, e.changed_on) for e in await sequencer.published(ContactChanged)]
    assert changes == [(1, None), (2, date(2026, 6, 20))]


async def test_clients_need_an_owner(sequencer: Running) -> None:
    await sequencer.receive(listed("335001"), listed("335002"))
    rows = [
        {"line": 2, "facility_id": "335001", "owner": "rep-2"},
        {"line": 3, "facility_id": "335002"},
        {"line": 4, "owner": "rep-2"},
    ]

    answer = await sequencer.ask("import_accounts", {"actor": "ann", "status": "client", "rows": rows})
    again = await sequencer.ask("import_accounts", {"actor": "ann", "status": "client", "rows": rows})

    assert (answer["imported"], again["imported"], again["unchanged"]) == (1, 0, 1)
    assert [reject["line"] for reject in answer["rejects"]] == [3, 4]


async def test_all_states_can_be_queried(sequencer: Running) -> None:
    await sequencer.receive(listed("335001"), scored("335001", 1), matched("335001"))
    await sequencer.at(THURSDAY)

    counts = await sequencer.ask("counts")
    assert counts == {
        "accounts": 1,
        "active_clients": 0,
        "leads": 1,
        "upsell_leads": 0,
        "contacts": 0,
        "enrollments": {"blocked": 1},
        "blocked": 1,
        "tasks_due": 1,
        "overdue": 0,
        "tasks": {"due": 1},
        "waiting_for_capacity": 0,
        "unassigned": 0,
    }
    [lead], [run] = await sequencer.ask("leads", {}), await sequencer.ask("enrollments", {"status": "blocked"})
    assert (lead["facility"], lead["owner"], run["owner"]) == ("HOME 335001", "rep-1", "rep-1")
    assert await sequencer.ask("leads", {"after": lead["lead_id"]}) == []
    [task] = await sequencer.ask("tasks", {})
    assert list(task) == [
        "task_id", "kind", "enrollment_id", "step_no", "facility_id", "tier", "rep", "channel", "persona", "due_on",
        "status", "reason", "outcome", "note", "done_by", "done_on", "version",
    ]  # fmt: skip
    account = await sequencer.ask("account", {"facility_id": "335001"})
    assert len(account["leads"]) == len(account["enrollments"]) == len(account["tasks"]) == 1
    with pytest.raises(AskFailed, match="There is no account 335999"):
        await sequencer.ask("account", {"facility_id": "335999"})


async def test_two_sources_of_one_day_complete_each_other(sequencer: Running) -> None:
    await know(sequencer, contact("335001", source="brochure", email="ada@example.org"))
    await know(sequencer, contact("335001", direct_phone="518-555-0111"))

    changes = [(e.has_direct_phone, e.has_email) for e in await sequencer.published(ContactChanged)]
    assert changes == [(False, True), (True, True)]


async def test_unknown_columns_of_a_contact_file_are_ignored(sequencer: Running) -> None:
    answer = await know(sequencer, contact("335001", county="ALBANY"))

    assert answer["imported"] == 1


async def test_research_without_a_result_is_due_again_while_the_gate_is_closed(sequencer: Running) -> None:
    await sequencer.receive(listed("335001"), scored("335001", 1))
    await sequencer.at(THURSDAY)
    [row] = await worklist(sequencer)

    await done(sequencer, row["task_id"], "not_found")
    seen = {}
    for day in (MONDAY, TUESDAY, "2026-07-08T06:00"):
        await sequencer.at(day)
        seen[day] = [(each["task_id"], each["due_on"]) for each in await worklist(sequencer)]

    assert seen == {MONDAY: [], TUESDAY: [], "2026-07-08T06:00": [(row["task_id"], "2026-07-08")]}
    assert [e.next_follow_up_on for e in await sequencer.published(TouchLogged)] == [date(2026, 7, 8)]
    await done(sequencer, row["task_id"], "not_found")
    assert [e.outcome for e in await sequencer.published(TouchLogged)] == ["not_found"] * 2
