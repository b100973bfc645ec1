"""Are suppressions applied at once and permanently? (R85)"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from shared.contracts.events import (
    EnrollmentEnded,
    EnrollmentStarted,
    SuppressionChanged,
    TaskChanged,
    TaskDone,
    TaskDue,
)
from shared.contracts.kernel import Status
from shared.contracts.notifier import Drafts
from shared.contracts.refusals import AskFailed
from tests.support.running import Running, run_service
from tests.support.sequencing import CALLABLE, contact, listed, matched, scored
from tests.support.servers import TestServers

CCN, OTHER = "335001", "335002"
PHONE = {"direct_phone": CALLABLE["direct_phone"]}
DON = {"role": "don", "name": "Ben Fern", "direct_phone": "518-555-0122", "email": "ben@fern.example"}
# 1 July 2026 is a Wednesday; the 3rd is a holiday.
THURSDAY, MONDAY, TUESDAY, WEDNESDAY = "2026-07-02T06:00", "2026-07-06T06:00", "2026-07-07T06:00", "2026-07-08T06:00"


async def add_contacts(sequencer: Running, *rows: dict[str, Any]) -> None:
    answer = await sequencer.ask("import_contacts", {"actor": "ann", "rows": list(rows)})
    assert not answer["rejects"]


async def worklist(sequencer: Running) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = await sequencer.ask("worklist", {})
    return rows


async def stop(sequencer: Running, *channels: str, **target: str) -> dict[str, Any]:
    statement = {
        "reason": "asked us to stop",
        "actor": "ann",
        "source": "a call",
        "channels": list(channels) or ["all"],
    }
    answer: dict[str, Any] = await sequencer.ask("stop_contact", statement | target)
    return answer


async def allow(sequencer: Running, **target: Any) -> dict[str, Any]:
    answer: dict[str, Any] = await sequencer.ask("allow_contact", {"reason": "called us", "actor": "ann"} | target)
    return answer


async def worked(sequencer: Running, *people: dict[str, Any], tier: int = 1, chain: str | None = None) -> None:
    """A prospect with a due first task."""
    await add_contacts(sequencer, *(people or (contact(CCN, **CALLABLE),)))
    await sequencer.receive(listed(CCN, chain=chain), scored(CCN, tier), matched(CCN))
    await sequencer.at(THURSDAY)
    assert len(await worklist(sequencer)) == 1


@pytest.mark.parametrize(
    "target",
    [
        {"facility_id": CCN, "role": "administrator"},
        {"email": "Ada@example.org"},
        {"facility": CCN},
        {"chain": "moss  care"},
    ],
)
async def test_a_suppressed_target_leaves_the_worklist_at_once_and_is_never_enrolled_again(
    sequencer: Running, target: dict[str, str]
) -> None:
    await worked(sequencer, chain="MOSS CARE")

    answer = await stop(sequencer, **target)

    assert await worklist(sequencer) == []
    assert [(task["facility_id"], task["channel"]) for task in answer["tasks"]] == [(CCN, "call")]
    assert [each["facility_id"] for each in answer["enrollments"]] == [CCN]
    [ended], [done] = await sequencer.published(EnrollmentEnded), await sequencer.published(TaskDone)
    assert ended.reason == done.outcome
    assert ended.reason.endswith(": asked us to stop (ann, 2026-07-02).")
    [announced] = await sequencer.published(SuppressionChanged)
    assert (announced.version, announced.channels, announced.lifted, announced.stated_by) == (1, ("all",), False, "ann")
    for day in (MONDAY, TUESDAY, "2026-10-05T06:00", "2026-11-05T06:00"):
        await sequencer.at(day)
    # An unknown person is not suppressed: research for a DON may begin after the pause of the facility.
    rows = await worklist(sequencer)
    assert [row["reason"][:30] for row in rows] == ["Find the DON's direct phone; m"] * len(rows)
    assert len(rows) == 0 or not {"facility", "chain"} & set(target)
    assert len(await sequencer.published(EnrollmentStarted)) == 1


async def test_a_suppression_before_the_first_plan_prevents_an_enrollment(sequencer: Running) -> None:
    await stop(sequencer, facility=CCN)
    await add_contacts(sequencer, contact(CCN, **CALLABLE))
    await sequencer.receive(listed(CCN), scored(CCN, 1), matched(CCN), listed(OTHER), scored(OTHER, 1))

    await sequencer.at(THURSDAY)

    assert [row["facility_id"] for row in await worklist(sequencer)] == [OTHER]


async def test_a_suppression_of_calls_skips_the_call_and_the_sequence_continues_by_email(sequencer: Running) -> None:
    await worked(sequencer)
    await add_contacts(sequencer, contact(CCN, **DON))

    answer = await stop(sequencer, "call", facility_id=CCN, role="administrator")
    await sequencer.at(MONDAY)

    assert answer["enrollments"] == []
    [row] = await worklist(sequencer)
    assert (row["step_no"], row["channel"], row["person"]) == (2, "email", "Ben Fern")
    [skipped] = await sequencer.published(TaskDone)
    assert (
        skipped.outcome
        == "Do not contact Ada Moss (Administrator, 335001) by call: asked us to stop (ann, 2026-07-02)."
    )


async def test_research_does_not_ask_for_a_suppressed_person(sequencer: Running) -> None:
    await add_contacts(sequencer, contact(CCN))
    await sequencer.receive(listed(CCN), scored(CCN, 1), matched(CCN))
    await sequencer.at(THURSDAY)
    assert "Find the Administrator's direct phone (Ada Moss)" in (await worklist(sequencer))[0]["reason"]

    await stop(sequencer, "call", facility_id=CCN, role="administrator")

    [row] = await worklist(sequencer)
    assert row["reason"].startswith("Find the DON's direct phone; main number")


async def test_a_blocked_enrollment_ends_if_all_calls_are_suppressed(sequencer: Running) -> None:
    await sequencer.receive(listed(CCN), scored(CCN, 1))
    await sequencer.at(THURSDAY)

    answer = await stop(sequencer, "call", facility=CCN)
    await sequencer.at(MONDAY)

    assert [each["facility_id"] for each in answer["enrollments"]] == [CCN]
    assert await worklist(sequencer) == []


async def test_the_enrollment_of_a_chain_continues_without_a_suppressed_facility(sequencer: Running) -> None:
    await add_contacts(sequencer, contact(None, "regional", "Rex Fern", chain="MOSS", direct_phone="212-555-0122"))
    for facility_id, score in ((CCN, "50.0"), (OTHER, "40.0"), ("335003", "30.0")):
        await sequencer.receive(listed(facility_id, chain="MOSS"), scored(facility_id, 1, score))
    await sequencer.at(THURSDAY)

    await stop(sequencer, facility=OTHER)

    [row] = await worklist(sequencer)
    assert row["covers"] == [CCN, "335003"]
    assert [each.covers for each in await sequencer.published(TaskChanged)] == [(CCN, "335003")]


async def test_a_blocked_enrollment_without_any_prospect_does_not_stop_the_plan(
    sequencer: Running,
) -> None:
    for facility_id in (CCN, OTHER):
        await sequencer.receive(listed(facility_id, chain="MOSS"), scored(facility_id, 1))
    await sequencer.at(THURSDAY)
    await stop(sequencer, chain="FERN")
    # One facility loses its tier, the other joins a suppressed chain.
    await sequencer.receive(scored(CCN, 4, version=2, previous=1), listed(OTHER, 2, chain="FERN"))

    await sequencer.at(MONDAY)
    await sequencer.at(TUESDAY)

    assert [each.facility_id for each in await sequencer.published(EnrollmentEnded)] == [CCN]
    assert (await sequencer.ask(Status())).problems == []


async def test_the_longest_names_can_be_planned_and_suppressed(sequencer: Running) -> None:
    # In capitals, each of these letters becomes three.
    chain = "\u0390" * 300
    await add_contacts(
        sequencer,
        contact(None, "regional", "Rex " + "\u0390" * 290, chain=chain, do_not_contact="email", **CALLABLE),
    )
    for facility_id in (CCN, OTHER):
        await sequencer.receive(listed(facility_id, chain=chain), scored(facility_id, 1))
    await sequencer.at(THURSDAY)
    assert len(await worklist(sequencer)) == 1

    answer = await stop(sequencer, chain=chain)

    assert (answer["suppression"]["scope"], len(answer["tasks"])) == ("chain", 1)
    assert (await sequencer.ask(Status())).problems == []


async def test_a_person_stays_suppressed_after_later_contact_lists(sequencer: Running) -> None:
    await worked(sequencer)
    await stop(sequencer, facility_id=CCN, role="administrator")
    await sequencer.receive(listed(OTHER), scored(OTHER, 1))

    again = {"source_date": "2026-07-05", "source": "roster"}
    await add_contacts(
        sequencer,
        contact(CCN, "don", "MOSS, ADA, RN", direct_phone="518-555-0177", email="new@other.example", **again),
        contact(OTHER, "administrator", "Ada Moss-Fern", email=CALLABLE["email"], direct_phone="518-555-0188", **again),
    )
    await sequencer.receive(listed(CCN, 2, name="RENAMED"))
    await add_contacts(
        sequencer, contact("335003", "don", "Ada Moss", email="new@other.example", direct_phone="518-555-0199")
    )
    await sequencer.receive(listed("335003"), scored("335003", 1))
    for day in (MONDAY, TUESDAY, WEDNESDAY):
        await sequencer.at(day)

    assert {row["channel"] for row in await worklist(sequencer)} == {"research"}
    assert {row["person"] for row in await worklist(sequencer)} == {None}
    assert len(await sequencer.published(EnrollmentStarted)) == 1
    announced = await sequencer.published(SuppressionChanged)
    assert [each.version for each in announced] == list(range(1, len(announced) + 1))
    assert {"address:new@other.example", "name:facility:335003/ada moss"} <= set(announced[-1].marks)
    assert not any(mark.startswith("phone:") for mark in announced[-1].marks)


async def test_an_allowed_facility_is_planned_again_and_the_history_is_kept(sequencer: Running) -> None:
    await add_contacts(sequencer, contact(CCN, **CALLABLE))
    await sequencer.receive(listed(CCN), scored(CCN, 1))
    await stop(sequencer, facility=CCN)
    await stop(sequencer, "email", facility_id=CCN, role="administrator")
    await sequencer.at(THURSDAY)
    assert await worklist(sequencer) == []

    answer = await allow(sequencer, facility=CCN)
    why = await sequencer.ask("why_contact", {"facility_id": CCN, "role": "administrator"})
    await sequencer.at(MONDAY)

    assert [each["channels"] for each in answer["changed"]] == [[]]
    assert [(each["scope"], each["channels"]) for each in why["in_force"]] == [("person", ["email"])]
    assert [(each["scope"], each["instruction"]) for each in why["statements"]] == [
        ("facility", "stop"),
        ("facility", "allow"),
        ("person", "stop"),
    ]
    assert [row["channel"] for row in await worklist(sequencer)] == ["call"]
    assert [each.lifted for each in await sequencer.published(SuppressionChanged)] == [False, False, True]


async def test_a_former_contact_can_be_allowed_by_name(sequencer: Running) -> None:
    await add_contacts(sequencer, contact(CCN))
    await stop(sequencer, facility_id=CCN, role="administrator")
    await add_contacts(sequencer, contact(CCN, name="Rex Fern", source_date="2026-07-01"))

    of_holder = await allow(sequencer, facility_id=CCN, role="administrator")
    of_former = await allow(sequencer, facility_id=CCN, role="administrator", name="MOSS, ADA, RN")

    assert (of_holder["changed"], len(of_former["changed"])) == ([], 1)


async def test_a_successor_with_the_same_mailbox_has_separate_suppressions(
    sequencer: Running,
) -> None:
    shared = {"email": "administrator@moss.example"}
    await add_contacts(sequencer, contact(CCN, **shared))
    await stop(sequencer, "call", facility_id=CCN, role="administrator")
    await add_contacts(sequencer, contact(CCN, name="Rex Fern", source_date="2026-07-01", **shared))

    successor = await stop(sequencer, "email", facility_id=CCN, role="administrator")
    allowed = await allow(sequencer, facility_id=CCN, role="administrator")

    assert (successor["suppression"]["label"], successor["suppression"]["channels"]) == (
        f"Rex Fern (Administrator, {CCN})",
        ["email"],
    )
    assert [each["label"] for each in allowed["changed"]] == [f"Rex Fern (Administrator, {CCN})"]
    assert [(each["label"], each["channels"]) for each in await sequencer.ask("suppressions")] == [
        (f"Ada Moss (Administrator, {CCN})", ["call"])
    ]


async def test_a_shared_address_belongs_to_its_latest_person(sequencer: Running) -> None:
    shared = {"email": "administrator@moss.example"}
    names = ["Ada Moss", "Rex Fern", "Eve Alder", "Tom Birch"]
    await add_contacts(
        sequencer, *(contact(CCN, name=name, source_date=f"2026-06-0{n}", **shared) for n, name in enumerate(names, 1))
    )

    reply = await stop(sequencer, **shared)

    [announced] = await sequencer.published(SuppressionChanged)
    assert reply["suppression"]["label"] == f"Tom Birch ({shared['email']})"
    assert [mark for mark in announced.marks if mark.startswith("name:")] == [f"name:facility:{CCN}/tom birch"]


async def test_why_of_a_facility_lists_its_suppressed_people(sequencer: Running) -> None:
    await worked(sequencer)
    await stop(sequencer, "call", facility_id=CCN, role="administrator")

    why = await sequencer.ask("why_contact", {"facility": CCN})

    assert [each["label"] for each in why["in_force"]] == ["Ada Moss (Administrator, 335001)"]


async def test_a_list_that_identifies_two_people_suppresses_open_tasks_of_both(sequencer: Running) -> None:
    await add_contacts(
        sequencer, contact(OTHER, name="A. Moss", email="a.moss@fern.example", direct_phone="518-555-0166")
    )
    await sequencer.receive(listed(OTHER), scored(OTHER, 1))
    await sequencer.at(THURSDAY)
    await add_contacts(sequencer, contact(CCN, **CALLABLE))
    await stop(sequencer, facility_id=CCN, role="administrator")
    assert len(await worklist(sequencer)) == 1

    await add_contacts(sequencer, contact(CCN, email="a.moss@fern.example", source="roster"))

    assert await worklist(sequencer) == []


async def test_an_outcome_that_sounds_like_a_suppression_is_reported(sequencer: Running) -> None:
    await worked(sequencer)
    [row] = await worklist(sequencer)

    completion = {"outcome": "reached", "note": "asked not to be called again", "actor": "ann"}
    answer = await sequencer.ask("complete_task", {"task_id": row["task_id"], **completion})

    assert answer["sounds_like_no"] == ["call"]


async def test_the_same_suppression_twice_changes_nothing(sequencer: Running) -> None:
    await worked(sequencer)

    first = await stop(sequencer, facility_id=CCN, role="administrator")
    second = await stop(sequencer, email=CALLABLE["email"])

    assert (first["changed"], second["changed"]) == (True, False)
    assert len(await sequencer.ask("suppressions")) == len(await sequencer.published(SuppressionChanged)) == 1


async def test_a_loss_with_a_suppressing_reason_suppresses_the_facility(sequencer: Running) -> None:
    await worked(sequencer)

    lost = {"facility_id": CCN, "outcome": "lost", "reason": "Said no, and never again", "actor": "ann"}
    answer = await sequencer.ask("record_outcome", lost)

    assert answer["not_contacted"] == ["all"]
    [announced] = await sequencer.published(SuppressionChanged)
    assert (announced.scope, announced.target, announced.source) == ("facility", CCN, "outcome: lost")
    # A later posting raises the lead again; the suppression remains.
    later = matched(CCN, 2, role="qm")
    signal = later.signals[0].model_copy(update={"first_seen_on": date(2026, 7, 6)})
    await sequencer.receive(later.model_copy(update={"signals": (signal,)}))
    await sequencer.at("2026-10-05T06:00")
    assert await worklist(sequencer) == []


async def test_a_suppressing_reason_is_accepted_for_a_lead_that_was_lost_before(sequencer: Running) -> None:
    await worked(sequencer)
    lost = {"facility_id": CCN, "outcome": "lost", "actor": "ann"}
    await sequencer.ask("record_outcome", lost | {"reason": "has a contractor"})

    answer = await sequencer.ask("record_outcome", lost | {"reason": "said no"})

    assert (answer["changed"], answer["not_contacted"]) == (False, ["all"])
    [announced] = await sequencer.published(SuppressionChanged)
    assert (announced.scope, announced.target, announced.reason) == ("facility", CCN, "said no")


async def test_a_suppression_in_a_rejected_row_of_a_contact_list_is_applied(sequencer: Running) -> None:
    await worked(sequencer)

    row = contact(CCN, **CALLABLE | {"email": "ada at fern"}, do_not_contact="yes")
    answer = await sequencer.ask("import_contacts", {"actor": "ann", "rows": [row]})

    assert [reject["reason"] for reject in answer["rejects"]] == ["email 'ada at fern' is not an e-mail address"]
    assert await worklist(sequencer) == []


async def test_a_suppression_in_a_row_without_a_public_source_is_applied(sequencer: Running) -> None:
    await worked(sequencer)

    row = contact(CCN, do_not_contact="yes") | {"source_url": None, "source": None}
    answer = await sequencer.ask("import_contacts", {"actor": "ann", "rows": [row]})

    assert [reject["reason"] for reject in answer["rejects"]] == ["source is missing"]
    assert await worklist(sequencer) == []


async def test_a_person_who_shares_a_number_with_a_suppressed_one_is_not_suppressed(sequencer: Running) -> None:
    await add_contacts(sequencer, contact(CCN, **CALLABLE), DON | {**contact(OTHER), **DON, **PHONE})
    await stop(sequencer, facility_id=CCN, role="administrator")

    answer = await sequencer.ask("why_contact", {"facility_id": OTHER, "role": "don"})

    assert (answer["in_force"], answer["statements"]) == ([], [])


async def test_a_contact_list_with_a_future_date_is_refused(sequencer: Running) -> None:
    row = contact(CCN, **CALLABLE | {"source_date": "2099-06-01"})

    answer = await sequencer.ask("import_contacts", {"actor": "ann", "rows": [row]})

    assert [reject["reason"] for reject in answer["rejects"]] == [
        "source_date 2099-06-01 is in the future; check the year"
    ]


@pytest.mark.parametrize("written", ["mailto:ada@example.org", "Ada Moss <ADA@example.org>", "ada@example.org."])
async def test_a_suppressed_address_matches_in_every_spelling(sequencer: Running, written: str) -> None:
    await worked(sequencer)

    answer = await stop(sequencer, email=written)

    assert answer["suppression"]["target"] == "ada@example.org"
    assert await worklist(sequencer) == []


async def test_a_contact_list_may_suppress_but_does_not_revoke_a_later_permission(sequencer: Running) -> None:
    row = contact(CCN, **CALLABLE, do_not_contact="yes")
    await add_contacts(sequencer, row)
    await sequencer.receive(listed(CCN), scored(CCN, 2))
    await sequencer.at(THURSDAY)
    assert await worklist(sequencer) == []

    await allow(sequencer, facility_id=CCN, role="administrator")
    await add_contacts(sequencer, row)
    await sequencer.at(MONDAY)

    assert [row["channel"] for row in await worklist(sequencer)] == ["email"]


async def test_a_list_does_not_revoke_a_later_permission_by_another_target(sequencer: Running) -> None:
    row = contact(CCN, **CALLABLE, do_not_contact="yes")
    await add_contacts(sequencer, row | {"do_not_contact": "no"})
    await stop(sequencer, email=CALLABLE["email"])
    await allow(sequencer, email=CALLABLE["email"])
    await add_contacts(sequencer, row)
    assert await sequencer.ask("suppressions") == []

    await add_contacts(sequencer, row | {"source_date": "2026-07-02", "do_not_contact": "call, email"})
    assert [each["channels"] for each in await sequencer.ask("suppressions")] == [["call", "email"]]

    await sequencer.at(MONDAY)
    await allow(sequencer, facility_id=CCN, role="administrator", channels=["email"])
    await add_contacts(sequencer, row | {"source_date": "2026-07-02", "source": "again"})
    assert [each["channels"] for each in await sequencer.ask("suppressions")] == [["call", "linkedin"]]


@pytest.mark.parametrize(
    "target,message",
    [
        ({}, "name the target"),
        ({"facility_id": CCN}, "a person needs a facility id and a role"),
        ({"facility_id": CCN, "role": "don"}, "There is no DON of 335001"),
        ({"facility": "15001"}, "write 015001"),
        ({"email": "ada"}, "is not an e-mail address"),
        ({"facility": CCN, "chain": "MOSS"}, "name the target"),
    ],
)
async def test_a_suppression_without_a_valid_target_is_refused(
    sequencer: Running, target: dict[str, str], message: str
) -> None:
    with pytest.raises(AskFailed, match=message):
        await stop(sequencer, **target)


async def test_a_suppression_of_an_unknown_chain_is_stored_with_a_note(sequencer: Running) -> None:
    await sequencer.receive(listed(CCN, chain="MOSS CARE"))

    answer = await stop(sequencer, chain="Mos Care")

    assert answer["changed"]
    assert "Similar chains: MOSS CARE" in answer["note"]


async def test_a_corrected_contact_changes_the_open_task(sequencer: Running) -> None:
    await worked(sequencer, tier=2)
    later = {"source_date": "2026-07-03", "source": "roster"}

    await add_contacts(sequencer, contact(CCN, email="ada.moss@new.example", **later))
    corrected = (await worklist(sequencer))[0]
    await add_contacts(
        sequencer, contact(CCN, name="Rex Fern", email="rex@new.example", **later | {"source_date": "2026-07-04"})
    )
    replaced = (await worklist(sequencer))[0]
    await add_contacts(
        sequencer, contact(CCN, name="Rex Fern", email="rex@new.example", **later | {"source_date": "2026-07-04"})
    )

    assert (corrected["person"], corrected["person_email"]) == ("Ada Moss", "ada.moss@new.example")
    assert (replaced["person"], replaced["person_email"]) == ("Rex Fern", "rex@new.example")
    changed = await sequencer.published(TaskChanged)
    assert [each.version for each in changed] == [2, 3]
    assert {each.task_id for each in changed} == {due.task_id for due in await sequencer.published(TaskDue)}
    assert changed[-1].person
    assert changed[-1].person.name == "Rex Fern"


async def test_the_email_to_a_successor_without_an_address_is_skipped_with_a_reason(sequencer: Running) -> None:
    await worked(sequencer, tier=2)

    await add_contacts(sequencer, contact(CCN, name="Rex Fern", source_date="2026-07-03"))

    assert await worklist(sequencer) == []
    [done] = await sequencer.published(TaskDone)
    assert done.outcome == "No e-mail address is known of the Administrator or the DON."


async def test_a_renamed_facility_changes_the_open_task_with_the_next_plan(sequencer: Running) -> None:
    await worked(sequencer, tier=2)

    await sequencer.receive(listed(CCN, 2, name="FERN HOUSE"))
    await sequencer.at(MONDAY)
    await sequencer.at(TUESDAY)

    assert [each.facility_name for each in await sequencer.published(TaskChanged)] == ["FERN HOUSE"]


async def test_the_worklist_has_the_current_tier_and_that_of_the_planning(sequencer: Running) -> None:
    await worked(sequencer, tier=2)

    await sequencer.receive(scored(CCN, 1, version=2, previous=2, day=2))

    [row] = await worklist(sequencer)
    assert (row["tier"], row["tier_at_planning"]) == (1, 2)


async def test_a_suppression_withdraws_the_draft_in_the_notifier(servers: TestServers) -> None:
    async with run_service("sequencer", servers) as sequencer:
        await worked(sequencer, contact(CCN, **CALLABLE), tier=2)
        await stop(sequencer, facility=CCN)
        [due], [done] = await sequencer.published(TaskDue), await sequencer.published(TaskDone)
        [announced] = await sequencer.published(SuppressionChanged)

    async with run_service("notifier", servers) as notifier:
        await notifier.receive(due)
        [waiting] = await notifier.ask(Drafts())
        await notifier.receive(announced)
        [withdrawn] = await notifier.ask(Drafts())
        await notifier.receive(done)

        assert (waiting.status, waiting.to_email) == ("draft", "ada@example.org")
        assert (withdrawn.status, withdrawn.to_email, withdrawn.body) == ("withdrawn", None, None)
        assert str(withdrawn.reason).endswith(": asked us to stop (ann, 2026-07-02).")
        assert await notifier.ask(Drafts(statuses=["draft"])) == []
