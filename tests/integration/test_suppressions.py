"""Do suppressions of addresses and domains stop letters at once, in both services? (R85)"""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid4, uuid5

import pytest

from cli.printing import suppressions as printing
from engines.suppression.statements import suppression_id
from services.notifier.usecases.suppressing import Letter, follow_answers, refused
from shared.contracts.events import (
    AddressSuppressionChanged,
    EmailBounced,
    EmailComplained,
    EmailReplied,
    EmailUnsubscribed,
    EnrollmentEnded,
    EnrollmentStarted,
    SuppressionChanged,
    TaskDone,
    TaskDue,
)
from shared.contracts.notifier import Drafts
from shared.contracts.notifier_suppressions import (
    AddressSuppressions,
    AddSuppression,
    ImportSuppressions,
    LiftSuppression,
    SuppressionCells,
    WhySuppressed,
)
from shared.contracts.refusals import AskFailed
from shared.contracts.sequencer import Suppressions, WhyContact, Worklist
from tests.integration.test_do_not_contact import CCN, MONDAY, add_contacts, worked
from tests.integration.test_notifier import MARKS as MARKS_OF_TASK
from tests.integration.test_notifier import a_task_due
from tests.support.running import START, Running
from tests.support.sequencing import CALLABLE, contact, listed, matched, scored

ADA = "ada@example.org"
MARKS = ["facility:335001", "name:facility:335001/ada moss"]


def add(**target: str) -> AddSuppression:
    return AddSuppression(**target, reason="asked us to", source="a call", actor="ann")  # type: ignore[arg-type]


def lift(**target: str) -> LiftSuppression:
    return LiftSuppression(**target, reason="called us", source="a call", actor="bob")  # type: ignore[arg-type]


def changed(version: int, scope: str, target: str, *channels: str, source: str = "a call") -> AddressSuppressionChanged:
    return AddressSuppressionChanged(
        suppression_id=suppression_id(scope, target),  # type: ignore[arg-type]
        scope=scope,  # type: ignore[arg-type]
        target=target,
        version=version,
        channels=channels,
        lifted=not channels,
        marks=(f"{scope}:{target}",),
        label=target,
        reason="asked us to",
        source=source,
        stated_by="ann",
        stated_on=date(2026, 7, 1),
    )


def letter(number: int, email: str = ADA) -> Letter:
    return Letter(uuid5(NAMESPACE_OID, f"letter {number}"), email, MARKS, CCN)


async def refused_by(notifier: Running, *letters: Letter) -> dict[UUID, str]:
    async with notifier.app.relay.begin() as tx:
        return await refused(tx, letters)


async def test_a_suppression_is_published_once_listed_and_explained_and_is_lifted_with_its_record_kept(
    notifier: Running,
) -> None:
    first = await notifier.ask(add(email="Ada+news@Example.org"))
    again = await notifier.ask(add(email=ADA))
    await notifier.ask(add(domain="fern.example"))

    assert (first.suppression.target, first.suppression.channels, first.changed) == (ADA, ["email"], True)
    assert (again.suppression, again.changed) == (first.suppression, False)
    listed = await notifier.ask(AddressSuppressions())
    assert {each.target for each in listed} == {ADA, "fern.example"}
    lifted = await notifier.ask(lift(email=ADA))
    assert lifted.changed
    assert (lifted.changed.channels, lifted.still) == ([], [])
    why = await notifier.ask(WhySuppressed(email=ADA))
    assert [(each.instruction, each.stated_by) for each in why.statements] == [("stop", "ann"), ("allow", "bob")]
    events = await notifier.published(AddressSuppressionChanged)
    assert [(each.target, each.version, each.lifted) for each in events] == [
        (ADA, 1, False),
        ("fern.example", 1, False),
        (ADA, 2, True),
    ]


async def test_an_address_is_explained_and_lifted_by_the_id_of_its_suppression(notifier: Running) -> None:
    known = (await notifier.ask(add(email=ADA))).suppression.suppression_id

    why = await notifier.ask(WhySuppressed(suppression_id=known))
    lifted = await notifier.ask(lift(suppression_id=str(known)))

    assert [each.target for each in why.in_force] == [ADA]
    assert lifted.changed
    assert (lifted.changed.target, lifted.changed.channels, lifted.still) == (ADA, [], [])
    with pytest.raises(AskFailed, match="no such suppression"):
        await notifier.ask(lift(suppression_id=str(uuid4())))


async def test_why_names_what_stops_an_address_whatever_came_back(
    notifier: Running, capsys: pytest.CaptureFixture[str]
) -> None:
    names = ("bounced", "unsubscribed", "complained", "soft", "replied")
    came: dict[str, dict[str, Any]] = {
        name: {
            "message_id": uuid5(NAMESPACE_OID, name),
            "task_id": None,
            "facility_id": CCN,
            "email": f"{name}@moss.example",
            "at": START,
            "received_on": date(2026, 7, 1),
        }
        for name in names
    }
    answers = [
        EmailBounced(**came["bounced"], hard=True, reason="user_unknown"),
        EmailUnsubscribed(**came["unsubscribed"]),
        EmailComplained(**came["complained"]),
        EmailBounced(**came["soft"], hard=False, reason="mailbox_full"),
        EmailReplied(**came["replied"]),
    ]
    async with notifier.app.relay.begin() as tx:
        await follow_answers(tx, answers)
    await notifier.ask(add(domain="fern.example"))

    async def printed(email: str) -> str:
        printing.why([await notifier.ask(WhySuppressed(email=email))])
        return capsys.readouterr().out

    for email, why in (
        ("BOUNCED@moss.example", "does not work (user_unknown); email.bounced of e-mail"),
        ("unsubscribed+x@moss.example", "unsubscribed; email.unsubscribed of e-mail"),
        ("complained@moss.example", "reported an e-mail as spam; email.complained of e-mail"),
        ("anyone@mail.fern.example", "asked us to; a call; on everyone at fern.example"),
    ):
        text = " ".join((await printed(email)).split())
        assert ("Not to be contacted" in text, "May be contacted" in text, why in text) == (True, False, True), text
    for email in ("soft@moss.example", "replied@moss.example"):
        assert await printed(email) == "May be contacted by every channel.\n"


async def test_a_wrong_request_is_refused_with_what_to_write(notifier: Running) -> None:
    wrong: list[tuple[AddSuppression | WhySuppressed, int, str]] = [
        (add(email="a name"), 422, "is not an e-mail address"),
        (add(domain="nowhere"), 422, "is not a domain"),
        (add(email=ADA).model_copy(update={"seen": 3}), 409, "nothing is recorded"),
        (WhySuppressed(email="a name"), 422, "is not an e-mail address"),
    ]
    for request, code, why in wrong:
        with pytest.raises(AskFailed, match=why) as failed:
            await notifier.ask(request)
        assert failed.value.code == code

    assert await notifier.published(AddressSuppressionChanged) == []


async def test_a_claim_refuses_exactly_the_suppressed_letters_and_records_each(notifier: Running) -> None:
    await notifier.ask(add(email=ADA))
    await notifier.ask(add(domain="fern.example"))
    tagged, below, free = (
        letter(2, "ada+x@example.org"),
        letter(3, "ben@mail.fern.example"),
        letter(4, "c@moss.example"),
    )

    reasons = await refused_by(notifier, letter(1), tagged, below, free)
    again = await refused_by(notifier, letter(1), free)

    assert reasons.keys() == {letter(1).message_id, tagged.message_id, below.message_id}
    assert again == {letter(1).message_id: reasons[letter(1).message_id]}
    assert reasons[below.message_id].startswith("Do not contact everyone at fern.example: asked us to (ann, ")
    why = await notifier.ask(WhySuppressed(email=ADA))
    assert {each.message_id for each in why.refused} == {letter(1).message_id, tagged.message_id}
    of_domain = await notifier.ask(WhySuppressed(domain="fern.example"))
    assert [each.email for each in of_domain.refused] == ["ben@mail.fern.example"]


async def test_a_claim_refuses_what_the_sequencer_suppresses(notifier: Running) -> None:
    state = changed(1, "address", ADA, "all").model_dump()
    person = SuppressionChanged(**state | {"scope": "person", "target": "335001/ada moss", "marks": (MARKS[1],)})
    await notifier.receive(person)

    assert (await refused_by(notifier, letter(1, "ada@other.example"))).keys() == {letter(1).message_id}
    assert await notifier.published(AddressSuppressionChanged) == []


async def test_a_list_is_imported_previewed_and_taken_back(notifier: Running) -> None:
    rows = [
        SuppressionCells(line=2, email=ADA, reason="left in 2024"),
        SuppressionCells(line=3, email="ADA@example.org"),
        SuppressionCells(line=4, email="a name"),
        SuppressionCells(line=5, domain="fern.example", channels="email"),
    ]
    request = ImportSuppressions(rows=rows, file_name="old.csv", actor="ann")

    preview = await notifier.ask(request.model_copy(update={"preview": True, "command_id": uuid4()}))
    assert await notifier.ask(AddressSuppressions()) == []
    done = await notifier.ask(request)
    same = await notifier.ask(request.model_copy(update={"command_id": uuid4()}))

    assert [(each.line, each.key) for each in preview.changes] == [(2, ADA), (5, "everyone at fern.example")]
    assert (done.imported, done.unchanged, [each.line for each in done.rejects]) == (2, 1, [4])
    assert (same.imported, same.unchanged) == (0, 3)
    listed = {each.target: (each.reason, each.source) for each in await notifier.ask(AddressSuppressions())}
    assert listed == {
        ADA: ("left in 2024", "list old.csv"),
        "fern.example": ("on an imported list", "list old.csv"),
    }
    await notifier.ask(request.model_copy(update={"lift": True, "command_id": uuid4()}))
    assert await notifier.ask(AddressSuppressions()) == []


@pytest.mark.parametrize("state", [changed(1, "address", ADA, "email"), changed(1, "domain", "example.org", "email")])
async def test_the_sequencer_obeys_at_once_and_publishes_nothing_itself(
    sequencer: Running, state: AddressSuppressionChanged
) -> None:
    await worked(sequencer, contact(CCN, **CALLABLE), tier=2)
    [due] = await sequencer.published(TaskDue)
    assert due.channel == "email"

    await sequencer.receive(state)

    assert [task.channel for task in await sequencer.ask(Worklist())] != ["email"]
    [done] = await sequencer.published(TaskDone)
    assert str(done.outcome).endswith("by email: asked us to (ann, 2026-07-01).")
    assert await sequencer.published(SuppressionChanged) == []
    assert await sequencer.ask(Suppressions()) == []
    why = await sequencer.ask(WhyContact(facility_id=CCN, role="administrator"))
    assert [each.scope for each in why.in_force] == [state.scope]


@pytest.mark.parametrize("state", [changed(1, "address", ADA, "email"), changed(1, "domain", "example.org", "email")])
async def test_no_later_plan_offers_a_letter_to_a_suppressed_address(
    sequencer: Running, state: AddressSuppressionChanged
) -> None:
    await sequencer.receive(state)
    await add_contacts(sequencer, contact(CCN, **CALLABLE))
    await sequencer.receive(listed(CCN), scored(CCN, 2), matched(CCN))

    await sequencer.at(MONDAY)

    assert len(await sequencer.published(EnrollmentStarted)) == 1
    assert [task for task in await sequencer.published(TaskDue) if task.channel == "email"] == []


async def test_the_sequencer_follows_a_lift_and_ignores_an_older_version(sequencer: Running) -> None:
    await sequencer.receive(changed(2, "address", ADA), changed(1, "address", ADA, "email"))
    await worked(sequencer, contact(CCN, **CALLABLE), tier=2)

    await sequencer.at(MONDAY)

    assert await sequencer.published(EnrollmentEnded) == []


async def test_an_address_that_bounced_ends_nothing_because_its_own_event_asks_for_another(sequencer: Running) -> None:
    await worked(sequencer, contact(CCN, **CALLABLE), tier=2)

    await sequencer.receive(changed(1, "address", ADA, "email", source="email.bounced"))

    assert await sequencer.published(TaskDone) == []


async def test_a_suppressed_address_withdraws_its_draft_and_a_lift_restores_it(notifier: Running) -> None:
    await notifier.receive(a_task_due(1, **MARKS_OF_TASK))

    answer = await notifier.ask(add(email="ada@xanfern.example"))
    [withdrawn] = await notifier.ask(Drafts())
    await notifier.ask(lift(email="ada@xanfern.example"))
    [restored] = await notifier.ask(Drafts())

    assert (answer.withdrawn, withdrawn.status, withdrawn.body) == (1, "withdrawn", None)
    assert (restored.status, restored.to_email) == ("draft", "ada@xanfern.example")
