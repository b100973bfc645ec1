"""Is who said no left alone, from that moment on and whatever happens later? (R85)"""

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


async def know(sequencer: Running, *rows: dict[str, Any]) -> None:
    answer = await sequencer.ask("import_contacts", {"actor": "ann", "rows": list(rows)})
    assert not answer["rejects"]


async def worklist(sequencer: Running) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = await sequencer.ask("worklist", {})
    return rows


async def stop(sequencer: Running, *channels: str, **target: str) -> dict[str, Any]:
    said = {"reason": "asked us to stop", "actor": "ann", "source": "a call", "channels": list(channels) or ["all"]}
    answer: dict[str, Any] = await sequencer.ask("stop_contact", said | target)
    return answer


async def allow(sequencer: Running, **target: Any) -> dict[str, Any]:
    answer: dict[str, Any] = await sequencer.ask("allow_contact", {"reason": "called us", "actor": "ann"} | target)
    return answer


async def worked(sequencer: Running, *people: dict[str, Any], tier: int = 1, chain: str | None = None) -> None:
    """A prospect whose first touch is due."""
    await know(sequencer, *(people or (contact(CCN, **CALLABLE),)))
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
        {"domain": "@example.org"},
    ],
)
async def test_whoever_says_no_is_off_the_worklist_at_once_and_gets_no_run_again(
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
    [told] = await sequencer.published(SuppressionChanged)
    assert (told.version, told.channels, told.lifted, told.stated_by) == (1, ("all",), False, "ann")
    for day in (MONDAY, TUESDAY, "2026-10-05T06:00", "2026-11-05T06:00"):
        await sequencer.at(day)
    # Who is not known yet has said nothing: the number of a DON may be looked for once the facility's rest is over.
    rows = await worklist(sequencer)
    assert [row["reason"][:30] for row in rows] == ["Find the DON's direct phone; m"] * len(rows)
    assert len(rows) == 0 or not {"facility", "chain"} & set(target)
    assert len(await sequencer.published(EnrollmentStarted)) == 1


async def test_a_no_before_the_first_plan_lets_no_run_begin(sequencer: Running) -> None:
    await stop(sequencer, facility=CCN)
    await know(sequencer, contact(CCN, **CALLABLE))
    await sequencer.receive(listed(CCN), scored(CCN, 1), matched(CCN), listed(OTHER), scored(OTHER, 1))

    await sequencer.at(THURSDAY)

    assert [row["facility_id"] for row in await worklist(sequencer)] == [OTHER]


async def test_a_no_to_calls_skips_the_call_and_the_sequence_goes_on_by_letter(sequencer: Running) -> None:
    await worked(sequencer)
    await know(sequencer, contact(CCN, **DON))

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


async def test_research_asks_for_nobody_who_said_no(sequencer: Running) -> None:
    await know(sequencer, contact(CCN))
    await sequencer.receive(listed(CCN), scored(CCN, 1), matched(CCN))
    await sequencer.at(THURSDAY)
    assert "Find the Administrator's direct phone (Ada Moss)" in (await worklist(sequencer))[0]["reason"]

    await stop(sequencer, "call", facility_id=CCN, role="administrator")

    [row] = await worklist(sequencer)
    assert row["reason"].startswith("Find the DON's direct phone; main number")


async def test_a_run_that_waits_at_the_gate_ends_when_nobody_may_be_called(sequencer: Running) -> None:
    await sequencer.receive(listed(CCN), scored(CCN, 1))
    await sequencer.at(THURSDAY)

    answer = await stop(sequencer, "call", facility=CCN)
    await sequencer.at(MONDAY)

    assert [each["facility_id"] for each in answer["enrollments"]] == [CCN]
    assert await worklist(sequencer) == []


async def test_a_chain_goes_on_without_the_facility_that_said_no(sequencer: Running) -> None:
    await know(sequencer, contact(None, "regional", "Rex Fern", chain="MOSS", direct_phone="212-555-0122"))
    for facility_id, score in ((CCN, "50.0"), (OTHER, "40.0"), ("335003", "30.0")):
        await sequencer.receive(listed(facility_id, chain="MOSS"), scored(facility_id, 1, score))
    await sequencer.at(THURSDAY)

    await stop(sequencer, facility=OTHER)

    [row] = await worklist(sequencer)
    assert row["covers"] == [CCN, "335003"]
    assert [each.covers for each in await sequencer.published(TaskChanged)] == [(CCN, "335003")]


async def test_a_blocked_run_that_only_stands_for_whom_nobody_works_any_more_holds_up_no_plan(
    sequencer: Running,
) -> None:
    for facility_id in (CCN, OTHER):
        await sequencer.receive(listed(facility_id, chain="MOSS"), scored(facility_id, 1))
    await sequencer.at(THURSDAY)
    await stop(sequencer, chain="FERN")
    # The one loses its tier, the other joins a chain that said no.
    await sequencer.receive(scored(CCN, 4, version=2, previous=1), listed(OTHER, 2, chain="FERN"))

    await sequencer.at(MONDAY)
    await sequencer.at(TUESDAY)

    assert [each.facility_id for each in await sequencer.published(EnrollmentEnded)] == [CCN]
    assert (await sequencer.ask(Status())).problems == []


async def test_names_as_long_as_they_may_be_stop_no_plan_and_can_say_no(sequencer: Running) -> None:
    # In capitals each of these letters is three.
    chain = "\u0390" * 300
    await know(
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


async def test_a_person_stays_left_alone_whatever_lists_say_later(sequencer: Running) -> None:
    await worked(sequencer)
    await stop(sequencer, facility_id=CCN, role="administrator")
    await sequencer.receive(listed(OTHER), scored(OTHER, 1))

    again = {"source_date": "2026-07-05", "source": "roster"}
    await know(
        sequencer,
        contact(CCN, "don", "MOSS, ADA, RN", direct_phone="518-555-0177", email="new@other.example", **again),
        contact(OTHER, "administrator", "Ada Moss-Fern", email=CALLABLE["email"], direct_phone="518-555-0188", **again),
    )
    await sequencer.receive(listed(CCN, 2, name="RENAMED"))
    await know(sequencer, contact("335003", "don", "Ada Moss", email="new@other.example", direct_phone="518-555-0199"))
    await sequencer.receive(listed("335003"), scored("335003", 1))
    for day in (MONDAY, TUESDAY, WEDNESDAY):
        await sequencer.at(day)

    assert {row["channel"] for row in await worklist(sequencer)} == {"research"}
    assert {row["person"] for row in await worklist(sequencer)} == {None}
    assert len(await sequencer.published(EnrollmentStarted)) == 1
    told = await sequencer.published(SuppressionChanged)
    assert [each.version for each in told] == list(range(1, len(told) + 1))
    assert {"address:new@other.example", "name:facility:335003/ada moss"} <= set(told[-1].marks)
    assert not any(mark.startswith("phone:") for mark in told[-1].marks)


async def test_what_is_allowed_again_begins_with_the_next_plan_and_history_stays(sequencer: Running) -> None:
    await know(sequencer, contact(CCN, **CALLABLE))
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


async def test_whoever_left_can_still_be_named_and_allowed_again(sequencer: Running) -> None:
    await know(sequencer, contact(CCN))
    await stop(sequencer, facility_id=CCN, role="administrator")
    await know(sequencer, contact(CCN, name="Rex Fern", source_date="2026-07-01"))

    of_holder = await allow(sequencer, facility_id=CCN, role="administrator")
    of_former = await allow(sequencer, facility_id=CCN, role="administrator", name="MOSS, ADA, RN")

    assert (of_holder["changed"], len(of_former["changed"])) == ([], 1)


async def test_a_successor_with_the_same_mailbox_neither_shares_a_no_nor_lifts_that_of_another(
    sequencer: Running,
) -> None:
    shared = {"email": "administrator@moss.example"}
    await know(sequencer, contact(CCN, **shared))
    await stop(sequencer, "call", facility_id=CCN, role="administrator")
    await know(sequencer, contact(CCN, name="Rex Fern", source_date="2026-07-01", **shared))

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


async def test_an_address_that_two_people_had_means_the_one_who_had_it_last(sequencer: Running) -> None:
    shared = {"email": "administrator@moss.example"}
    names = ["Ada Moss", "Rex Fern", "Eve Alder", "Tom Birch"]
    await know(
        sequencer, *(contact(CCN, name=name, source_date=f"2026-06-0{n}", **shared) for n, name in enumerate(names, 1))
    )

    said = await stop(sequencer, **shared)

    [told] = await sequencer.published(SuppressionChanged)
    assert said["suppression"]["label"] == f"Tom Birch ({shared['email']})"
    assert [mark for mark in told.marks if mark.startswith("name:")] == [f"name:facility:{CCN}/tom birch"]


async def test_why_of_a_facility_names_the_people_there_who_said_no(sequencer: Running) -> None:
    await worked(sequencer)
    await stop(sequencer, "call", facility_id=CCN, role="administrator")

    why = await sequencer.ask("why_contact", {"facility": CCN})

    assert [each["label"] for each in why["in_force"]] == ["Ada Moss (Administrator, 335001)"]


async def test_a_list_that_makes_two_people_one_ends_what_is_open_for_the_other(sequencer: Running) -> None:
    await know(sequencer, contact(OTHER, name="A. Moss", email="a.moss@fern.example", direct_phone="518-555-0166"))
    await sequencer.receive(listed(OTHER), scored(OTHER, 1))
    await sequencer.at(THURSDAY)
    await know(sequencer, contact(CCN, **CALLABLE))
    await stop(sequencer, facility_id=CCN, role="administrator")
    assert len(await worklist(sequencer)) == 1

    await know(sequencer, contact(CCN, email="a.moss@fern.example", source="roster"))

    assert await worklist(sequencer) == []


async def test_what_came_of_a_touch_is_asked_about_where_it_sounds_like_a_no(sequencer: Running) -> None:
    await worked(sequencer)
    [row] = await worklist(sequencer)

    said = {"task_id": row["task_id"], "outcome": "asked not to be called again", "actor": "ann"}
    answer = await sequencer.ask("complete_task", said)

    assert answer["sounds_like_no"] == ["call"]


async def test_a_no_said_twice_is_one_no(sequencer: Running) -> None:
    await worked(sequencer)

    first = await stop(sequencer, facility_id=CCN, role="administrator")
    second = await stop(sequencer, email=CALLABLE["email"])

    assert (first["changed"], second["changed"]) == (True, False)
    assert len(await sequencer.ask("suppressions")) == len(await sequencer.published(SuppressionChanged)) == 1


async def test_a_loss_for_a_reason_that_is_a_no_keeps_its_facility_left_alone(sequencer: Running) -> None:
    await worked(sequencer)

    lost = {"facility_id": CCN, "outcome": "lost", "reason": "Said no, and never again", "actor": "ann"}
    answer = await sequencer.ask("record_outcome", lost)

    assert answer["not_contacted"] == ["all"]
    [told] = await sequencer.published(SuppressionChanged)
    assert (told.scope, told.target, told.source) == ("facility", CCN, "outcome: lost")
    # A later posting raises the lead again; the no stands.
    later = matched(CCN, 2, role="qm")
    signal = later.signals[0].model_copy(update={"first_seen_on": date(2026, 7, 6)})
    await sequencer.receive(later.model_copy(update={"signals": (signal,)}))
    await sequencer.at("2026-10-05T06:00")
    assert await worklist(sequencer) == []


async def test_a_no_is_heard_of_a_lead_that_was_lost_for_another_reason_before(sequencer: Running) -> None:
    await worked(sequencer)
    lost = {"facility_id": CCN, "outcome": "lost", "actor": "ann"}
    await sequencer.ask("record_outcome", lost | {"reason": "has a contractor"})

    answer = await sequencer.ask("record_outcome", lost | {"reason": "said no"})

    assert (answer["changed"], answer["not_contacted"]) == (False, ["all"])
    [told] = await sequencer.published(SuppressionChanged)
    assert (told.scope, told.target, told.reason) == ("facility", CCN, "said no")


async def test_a_no_is_heard_in_a_row_whose_address_or_number_cannot_be_read(sequencer: Running) -> None:
    await worked(sequencer)

    row = contact(CCN, **CALLABLE | {"email": "ada at fern"}, do_not_contact="yes")
    answer = await sequencer.ask("import_contacts", {"actor": "ann", "rows": [row]})

    assert [reject["reason"] for reject in answer["rejects"]] == ["email 'ada at fern' is not an e-mail address"]
    assert await worklist(sequencer) == []


async def test_a_no_is_not_said_of_whoever_shares_a_number_with_another(sequencer: Running) -> None:
    await know(sequencer, contact(CCN, **CALLABLE), DON | {**contact(OTHER), **DON, **PHONE})
    await stop(sequencer, facility_id=CCN, role="administrator")

    answer = await sequencer.ask("why_contact", {"facility_id": OTHER, "role": "don"})

    assert answer == {"in_force": [], "statements": []}


async def test_a_list_of_a_day_still_to_come_is_refused_so_that_corrections_still_reach(sequencer: Running) -> None:
    row = contact(CCN, **CALLABLE | {"source_date": "2099-06-01"})

    answer = await sequencer.ask("import_contacts", {"actor": "ann", "rows": [row]})

    assert [reject["reason"] for reject in answer["rejects"]] == [
        "source_date 2099-06-01 is in the future; check the year"
    ]


@pytest.mark.parametrize("written", ["mailto:ada@example.org", "Ada Moss <ADA@example.org>", "ada@example.org."])
async def test_a_no_to_an_address_holds_however_it_is_written(sequencer: Running, written: str) -> None:
    await worked(sequencer)

    answer = await stop(sequencer, email=written)

    assert answer["suppression"]["target"] == "ada@example.org"
    assert await worklist(sequencer) == []


async def test_a_contact_list_may_say_no_and_does_not_take_back_a_later_yes(sequencer: Running) -> None:
    row = contact(CCN, **CALLABLE, do_not_contact="yes")
    await know(sequencer, row)
    await sequencer.receive(listed(CCN), scored(CCN, 2))
    await sequencer.at(THURSDAY)
    assert await worklist(sequencer) == []

    await allow(sequencer, facility_id=CCN, role="administrator")
    await know(sequencer, row)
    await sequencer.at(MONDAY)

    assert [row["channel"] for row in await worklist(sequencer)] == ["email"]


async def test_a_list_takes_back_no_part_of_a_later_yes_however_its_person_was_named(sequencer: Running) -> None:
    row = contact(CCN, **CALLABLE, do_not_contact="yes")
    await know(sequencer, row | {"do_not_contact": "no"})
    await stop(sequencer, email=CALLABLE["email"])
    await allow(sequencer, email=CALLABLE["email"])
    await know(sequencer, row)
    assert await sequencer.ask("suppressions") == []

    await know(sequencer, row | {"source_date": "2026-07-02", "do_not_contact": "call, email"})
    assert [each["channels"] for each in await sequencer.ask("suppressions")] == [["call", "email"]]

    await sequencer.at(MONDAY)
    await allow(sequencer, facility_id=CCN, role="administrator", channels=["email"])
    await know(sequencer, row | {"source_date": "2026-07-02", "source": "again"})
    assert [each["channels"] for each in await sequencer.ask("suppressions")] == [["call", "linkedin"]]


@pytest.mark.parametrize(
    "target,message",
    [
        ({}, "name the target"),
        ({"facility_id": CCN}, "a person needs a facility id and a role"),
        ({"facility_id": CCN, "role": "don"}, "There is no DON of 335001"),
        ({"facility": "15001"}, "write 015001"),
        ({"domain": "no domain"}, "is not a domain"),
        ({"email": "ada"}, "is not an e-mail address"),
        ({"facility": CCN, "domain": "example.org"}, "name the target"),
    ],
)
async def test_a_no_that_does_not_say_for_whom_is_refused(
    sequencer: Running, target: dict[str, str], message: str
) -> None:
    with pytest.raises(AskFailed, match=message):
        await stop(sequencer, **target)


async def test_a_chain_that_nobody_knows_is_kept_with_a_word_of_doubt(sequencer: Running) -> None:
    await sequencer.receive(listed(CCN, chain="MOSS CARE"))

    answer = await stop(sequencer, chain="Mos Care")

    assert answer["changed"]
    assert "Similar chains: MOSS CARE" in answer["note"]


async def test_a_correction_reaches_the_touch_that_is_open_and_its_draft(sequencer: Running) -> None:
    await worked(sequencer, tier=2)
    later = {"source_date": "2026-07-03", "source": "roster"}

    await know(sequencer, contact(CCN, email="ada.moss@new.example", **later))
    corrected = (await worklist(sequencer))[0]
    await know(
        sequencer, contact(CCN, name="Rex Fern", email="rex@new.example", **later | {"source_date": "2026-07-04"})
    )
    replaced = (await worklist(sequencer))[0]
    await know(
        sequencer, contact(CCN, name="Rex Fern", email="rex@new.example", **later | {"source_date": "2026-07-04"})
    )

    assert (corrected["person"], corrected["person_email"]) == ("Ada Moss", "ada.moss@new.example")
    assert (replaced["person"], replaced["person_email"]) == ("Rex Fern", "rex@new.example")
    changed = await sequencer.published(TaskChanged)
    assert [each.version for each in changed] == [2, 3]
    assert {each.task_id for each in changed} == {due.task_id for due in await sequencer.published(TaskDue)}
    assert changed[-1].person
    assert changed[-1].person.name == "Rex Fern"


async def test_a_successor_without_an_address_leaves_the_letter_to_nobody_with_the_reason(sequencer: Running) -> None:
    await worked(sequencer, tier=2)

    await know(sequencer, contact(CCN, name="Rex Fern", source_date="2026-07-03"))

    assert await worklist(sequencer) == []
    [done] = await sequencer.published(TaskDone)
    assert done.outcome == "No e-mail address is known of the Administrator or the DON."


async def test_a_facility_that_is_renamed_reaches_the_open_touch_with_the_next_plan(sequencer: Running) -> None:
    await worked(sequencer, tier=2)

    await sequencer.receive(listed(CCN, 2, name="FERN HOUSE"))
    await sequencer.at(MONDAY)
    await sequencer.at(TUESDAY)

    assert [each.facility_name for each in await sequencer.published(TaskChanged)] == ["FERN HOUSE"]


async def test_the_worklist_shows_the_tier_of_today_beside_that_of_its_making(sequencer: Running) -> None:
    await worked(sequencer, tier=2)

    await sequencer.receive(scored(CCN, 1, version=2, previous=2, day=2))

    [row] = await worklist(sequencer)
    assert (row["tier"], row["tier_at_planning"]) == (1, 2)


async def test_from_a_no_to_the_draft_through_both_services(servers: TestServers) -> None:
    async with run_service("sequencer", servers) as sequencer:
        await worked(sequencer, contact(CCN, **CALLABLE), tier=2)
        await stop(sequencer, domain="example.org")
        [due], [done] = await sequencer.published(TaskDue), await sequencer.published(TaskDone)
        [told] = await sequencer.published(SuppressionChanged)

    async with run_service("notifier", servers) as notifier:
        await notifier.receive(due)
        [waiting] = await notifier.ask(Drafts())
        await notifier.receive(told)
        [withdrawn] = await notifier.ask(Drafts())
        await notifier.receive(done)

        assert (waiting.status, waiting.to_email) == ("draft", "ada@example.org")
        assert (withdrawn.status, withdrawn.to_email, withdrawn.body) == ("withdrawn", None, None)
        assert str(withdrawn.reason).startswith("Do not contact everyone at example.org: asked us to stop")
        assert await notifier.ask(Drafts(status="draft")) == []
