"""Is there one draft for every task with a text, in any order of events?"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any, get_args
from uuid import NAMESPACE_OID, UUID, uuid5

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.contracts.events import (
    EmailDrafted,
    Event,
    Person,
    Sender,
    SuppressionChanged,
    TaskChanged,
    TaskDone,
    TaskDue,
    WhySignal,
)
from shared.contracts.kernel import RunJob, Status
from shared.contracts.notifier import Counts, DraftDetails, Drafts, DraftStatus, ExportDrafts, NotifierCounts
from shared.contracts.refusals import AskFailed
from tests.support.running import START, Running

TODAY = date(2026, 7, 1)
ADA = Person(
    role="administrator",
    name="ZIMBLE, ADA, RN",
    display_name="Ada Zimble",
    greeting="Ada",
    email="ada@xanfern.example",
    source="https://x.example",
)
OPENING = WhySignal(
    role_family="mds_coordinator",
    title="Urgent: MDS Nurse",
    first_seen_on=TODAY,
    last_seen_on=TODAY,
    urgency=2,
    chronic=False,
)


def task_id(number: int) -> UUID:
    return uuid5(NAMESPACE_OID, f"task {number}")


def a_task_due(number: int = 1, **changes: Any) -> TaskDue:
    fields: dict[str, Any] = {
        "task_id": task_id(number),
        "enrollment_id": uuid5(NAMESPACE_OID, f"enrollment {number}"),
        "step_no": 1,
        "facility_id": f"33X{number:03d}",
        "facility_name": "Xanfern Care Center",
        "city": "Albany",
        "state": "NY",
        "covers": (f"33X{number:03d}",),
        "tier": 2,
        "score": Decimal("31.4"),
        "sequence": "tier-2-nurture",
        "rep": "rep-1",
        "channel": "email",
        "persona": "administrator",
        "person": ADA,
        "template": "nurture-intro",
        "due_on": TODAY,
        "reason": "MDS coordinator posting",
        "signal": OPENING,
        "pack": "abc",
    }
    return TaskDue(**(fields | changes))


def a_task_done(number: int = 1, **changes: Any) -> TaskDone:
    fields: dict[str, Any] = {
        "task_id": task_id(number),
        "enrollment_id": uuid5(NAMESPACE_OID, f"enrollment {number}"),
        "step_no": 1,
        "version": 2,
        "facility_id": f"33X{number:03d}",
        "status": "done",
        "done_by": "rep-1",
        "done_on": TODAY,
    }
    return TaskDone(**(fields | changes))


async def test_an_email_task_gets_a_draft_for_its_person_and_an_event(notifier: Running) -> None:
    await notifier.receive(a_task_due())

    draft = await notifier.ask(DraftDetails(task_id=task_id(1)))
    assert (draft.status, draft.to_email, draft.drafted_on) == ("draft", "ada@xanfern.example", TODAY)
    assert str(draft.body).startswith("Hi Ada,")
    assert (draft.facts["place"], draft.sources["first_name"]) == ("Xanfern", "https://x.example")
    assert {"first_name", "role"} <= set(draft.states) <= set(draft.facts)
    assert "no postal address is set" in str(draft.missing)
    [announced] = await notifier.published(EmailDrafted)
    assert (announced.draft_id, announced.facility_id) == (draft.draft_id, "33X001")


async def test_a_draft_is_signed_by_the_rep_and_anew_when_another_rep_does_the_task(notifier: Running) -> None:
    await notifier.receive(a_task_due(sender=Sender(name="Ann Lee", phone="(518) 555-0142")))
    first = await notifier.ask(DraftDetails(task_id=task_id(1)))
    await notifier.receive(a_change(2, 1, rep="rep-2", sender=Sender(name="Bob Fern")))

    second = await notifier.ask(DraftDetails(task_id=task_id(1)))
    assert "Ann Lee\nNightingale | (518) 555-0142\n" in str(first.body)
    assert "Bob Fern\nNightingale\n" in str(second.body)
    assert (first.rep, second.rep) == ("rep-1", "rep-2")


async def test_a_later_letter_speaks_of_what_was_logged_and_repeats_nothing(notifier: Running) -> None:
    call = a_task_due(1, channel="call", template="call-nurture", facility_id="33X001")
    letter = a_task_due(2, facility_id="33X001")
    await notifier.receive(call, a_task_done(1, outcome="left_voicemail"))
    await notifier.receive(letter, a_task_done(2, outcome="sent"))
    await notifier.receive(a_task_due(3, facility_id="33X001"), a_task_due(4, facility_id="33X009"))

    first, second, third = [await notifier.ask(DraftDetails(task_id=task_id(number))) for number in (2, 3, 4)]
    assert "I left you a voicemail today." in str(first.body)
    assert "I wrote to you today" in str(second.body)
    assert len({first.letter, second.letter, third.letter}) == 3


async def test_a_draft_is_written_anew_in_the_morning_after_its_facts_expired(notifier: Running) -> None:
    await notifier.receive(
        a_task_due(1, signal=OPENING.model_copy(update={"first_seen_on": TODAY - timedelta(days=20)}))
    )
    before = await notifier.ask(DraftDetails(task_id=task_id(1)))

    await notifier.set_clock(START + timedelta(days=3))
    await notifier.ask(RunJob(job="write_anew", actor="ann"))
    kept = await notifier.ask(DraftDetails(task_id=task_id(1)))
    await notifier.set_clock(START + timedelta(days=20))
    await notifier.ask(RunJob(job="write_anew", actor="ann"))
    after = await notifier.ask(DraftDetails(task_id=task_id(1)))

    assert (before.fresh_until, kept) == (TODAY + timedelta(days=7), before)
    assert "MDS coordinator" in str(before.body)
    assert "MDS coordinator" not in str(after.body)
    assert (before.revision, after.revision, after.status) == ("1", "1.1", "draft")


async def test_a_linkedin_task_gets_a_text_to_paste_and_no_event(notifier: Running) -> None:
    await notifier.receive(a_task_due(channel="linkedin", template="linkedin-administrator"))

    draft = await notifier.ask(DraftDetails(task_id=task_id(1)))
    assert (draft.channel, draft.status, draft.to_email, draft.subject) == ("linkedin", "draft", None, None)
    assert await notifier.published(EmailDrafted) == []


@pytest.mark.parametrize("channel", ["call", "research"])
async def test_calls_and_research_have_no_draft(notifier: Running, channel: str) -> None:
    await notifier.receive(a_task_due(channel=channel, template=None))

    with pytest.raises(AskFailed, match="no draft of task"):
        await notifier.ask(DraftDetails(task_id=task_id(1)))


async def test_a_draft_that_cannot_be_written_is_stored_with_its_reason(notifier: Running) -> None:
    await notifier.receive(
        a_task_due(1, template="lost"), a_task_due(2, person=None), a_task_due(3, template=None), a_task_due(4)
    )

    failed = await notifier.ask(Drafts(statuses=["failed"]))
    assert [draft.facility_id for draft in failed] == ["33X001", "33X002", "33X003"]
    assert all(draft.reason and draft.body is None for draft in failed)
    assert [event.facility_id for event in await notifier.published(EmailDrafted)] == ["33X004"]
    assert (await notifier.ask(Status())).dead == 0


async def test_a_hostile_name_is_not_rendered_as_a_template(notifier: Running) -> None:
    await notifier.receive(
        a_task_due(channel="call", template="call-back", facility_name="Xan{{ 7*7 }}\r\nBcc: all@x.example")
    )

    draft = await notifier.ask(DraftDetails(task=str(task_id(1))[:8]))
    assert "'{{' looks like a placeholder" in str(draft.reason)


@pytest.mark.parametrize("done_first", [False, True])
async def test_the_draft_of_a_completed_task_is_closed_in_either_order(notifier: Running, done_first: bool) -> None:
    events: list[Event] = [a_task_due(), a_task_done()]

    for event in reversed(events) if done_first else events:
        await notifier.receive(event)

    assert [draft.status for draft in await notifier.ask(Drafts())] == ["closed"]


@pytest.mark.parametrize("again_first", [False, True])
async def test_the_draft_of_a_task_that_is_due_again_waits_to_be_sent_in_either_order(
    notifier: Running, again_first: bool
) -> None:
    await notifier.receive(a_task_due())
    events: list[Event] = [a_task_done(version=2), a_task_due(version=3)]

    for event in reversed(events) if again_first else events:
        await notifier.receive(event)

    assert [draft.status for draft in await notifier.ask(Drafts())] == ["draft"]


async def test_drafts_are_listed_by_rep_and_status_and_exported_in_pages(notifier: Running) -> None:
    due = [a_task_due(number, rep=f"rep-{number % 2 + 1}", person=reader(number)) for number in range(5)]
    await notifier.receive(*due, a_task_done(3))

    mine = await notifier.ask(Drafts(rep="rep-2", statuses=["draft"]))
    first = await notifier.ask(ExportDrafts(limit=3))
    rest = await notifier.ask(ExportDrafts(limit=3, after=first[-1].draft_id))

    assert [draft.facility_id for draft in mine] == ["33X001"]
    assert sorted(draft.facility_id for draft in first + rest) == [f"33X{number:03d}" for number in range(5)]
    assert await notifier.ask(Counts()) == NotifierCounts(
        drafts=5, by_status=dict.fromkeys(get_args(DraftStatus), 0) | {"draft": 4, "closed": 1}, by_channel={"email": 5}
    )


async def test_a_draft_is_found_by_exactly_one_id(notifier: Running) -> None:
    with pytest.raises(AskFailed, match="one of draft_id, task_id and task"):
        await notifier.ask("draft_details", {})


def _tasks() -> list[tuple[int, str, str | None]]:
    kinds = (("email", "nurture-intro"), ("linkedin", "linkedin-administrator"), ("email", "lost"), ("call", None))
    return [(number, *kinds[number % len(kinds)]) for number in range(12)]


def suppressed(version: int, *channels: str, number: int = 1, marks: tuple[str, ...]) -> SuppressionChanged:
    return SuppressionChanged(
        suppression_id=uuid5(NAMESPACE_OID, f"suppression {number}"),
        scope="person",
        target=f"person {number}",
        version=version,
        channels=channels,
        lifted=not channels,
        marks=marks,
        label="Ada Zimble",
        reason=f"asked us to, version {version}",
        source="a call",
        stated_by="ann",
        stated_on=TODAY,
    )


MARKS = {"marks": ("facility:33X001", "domain:xanfern.example", "address:ada@xanfern.example")}


@pytest.mark.parametrize("no_first", [False, True])
async def test_a_suppressed_person_has_no_draft_in_any_order_of_events(notifier: Running, no_first: bool) -> None:
    events: list[Event] = [
        a_task_due(1, **MARKS),
        suppressed(1, "email", marks=("address:ada@xanfern.example",)),
        a_task_due(2, channel="linkedin", template="linkedin-administrator", **MARKS),
    ]

    for event in reversed(events) if no_first else events:
        await notifier.receive(event)

    found = {draft.facility_id: draft for draft in await notifier.ask(Drafts())}
    assert (found["33X001"].status, found["33X001"].body, found["33X001"].to_email) == (
        "withdrawn",
        None,
        None,
    )
    assert found["33X001"].reason == "Do not contact Ada Zimble by email: asked us to, version 1 (ann, 2026-07-01)."
    assert found["33X002"].status == "draft"
    assert len(await notifier.published(EmailDrafted)) == (0 if no_first else 1)


async def test_a_lifted_suppression_restores_drafts_and_an_older_version_changes_nothing(
    notifier: Running,
) -> None:
    mark = ("domain:xanfern.example",)
    await notifier.receive(a_task_due(1, **MARKS), suppressed(1, "all", marks=mark), suppressed(3, marks=mark))

    await notifier.receive(suppressed(2, "all", marks=mark))

    [draft] = await notifier.ask(Drafts())
    assert (draft.status, draft.to_email) == ("draft", "ada@xanfern.example")


async def test_a_completed_draft_is_not_changed_by_a_later_suppression(notifier: Running) -> None:
    await notifier.receive(a_task_due(1, **MARKS), a_task_done(1))

    await notifier.receive(suppressed(1, "all", marks=("facility:33X001",)))

    [draft] = await notifier.ask(Drafts())
    assert draft.status == "closed"
    assert draft.body


async def test_an_unsent_draft_is_rewritten_for_the_corrected_person(notifier: Running) -> None:
    rex = ADA.model_copy(update={"display_name": "Rex Fern", "greeting": "Rex", "email": "rex@xanfern.example"})

    await notifier.receive(a_task_due(1))
    await notifier.receive(a_change(3, person=rex), a_change(2, person=ADA))

    [draft] = await notifier.ask(Drafts())
    assert (draft.to_email, draft.version, draft.status) == ("rex@xanfern.example", 3, "draft")
    assert "Rex" in str(draft.body)
    assert "Ada" not in str(draft.body)


async def test_a_draft_without_an_address_is_published_once_it_can_be_written(
    notifier: Running,
) -> None:
    await notifier.receive(a_task_due(1, person=None))
    await notifier.receive(a_change(2, person=ADA))

    assert [draft.status for draft in await notifier.ask(Drafts())] == ["draft"]
    assert len(await notifier.published(EmailDrafted)) == 1


def a_change(version: int, number: int = 1, **changes: Any) -> TaskChanged:
    return TaskChanged(**a_task_due(number, **changes).model_dump() | {"version": version})


def marked(number: int) -> dict[str, Any]:
    return {
        "marks": (f"facility:33X{number:03d}", "domain:xanfern.example", f"address:ada{number % 3}@xanfern.example")
    }


def reader(number: int) -> Person:
    """Each task has its own, because a person gets no text twice, and then the order counts."""
    return ADA.model_copy(update={"email": f"ada{number}@xanfern.example"})


EVENTS: list[Event] = [
    *(
        a_task_due(number, channel=channel, template=template, person=reader(number), **marked(number))
        for number, channel, template in _tasks()
    ),
    *(
        a_change(
            version,
            number,
            channel=channel,
            template=template,
            person=reader(number),
            rep=f"rep-{version}",
            **marked(number + version),
        )
        for version in (2, 3)
        for number, channel, template in _tasks()[::3]
    ),
    suppressed(1, "email", number=1, marks=("address:ada1@xanfern.example",)),
    suppressed(2, "all", number=1, marks=("address:ada1@xanfern.example", "facility:33X000")),
    suppressed(1, "all", number=2, marks=("domain:xanfern.example",)),
    suppressed(2, "linkedin", number=2, marks=("domain:xanfern.example",)),
    suppressed(1, "all", number=3, marks=("facility:33X004",)),
    suppressed(2, number=3, marks=("facility:33X004",)),
    *(a_task_done(number, status="skipped" if number % 4 else "done") for number in range(0, 12, 2)),
]


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(EVENTS), again=st.lists(st.sampled_from(EVENTS), max_size=8), size=st.integers(1, 20))
async def test_any_order_and_repetition_of_the_same_events_results_in_the_same_drafts(
    notifier: Running, order: list[Event], again: list[Event], size: int
) -> None:
    await _forget(notifier)
    await notifier.receive(*EVENTS)
    expected = await _state(notifier)

    await _forget(notifier)
    for batch in batched(order + again, size):
        await notifier.receive(*batch)

    assert await _state(notifier) == expected
    assert len(expected["drafts"]) == 9


def batched(events: list[Event], size: int) -> list[list[Event]]:
    return [events[at : at + size] for at in range(0, len(events), size)]


async def _state(notifier: Running) -> dict[str, list[dict[str, Any]]]:
    """All drafts of the notifier. Their ids are derived from the ids of the tasks, so they must agree, too."""
    return {
        "drafts": [dict(draft) for draft in await notifier.ask(ExportDrafts())],
        "suppressions": await notifier.sql("SELECT * FROM suppressions ORDER BY suppression_id"),
        "task_states": await notifier.sql("SELECT * FROM task_states ORDER BY task_id"),
    }


async def _forget(notifier: Running) -> None:
    async with notifier.app.begin() as tx:
        await tx.run("DELETE FROM drafts")
        await tx.run("DELETE FROM task_states")
        await tx.run("DELETE FROM suppressions")
