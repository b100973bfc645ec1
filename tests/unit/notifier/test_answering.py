"""Which letter is a message about, and what follows from it?"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID, uuid4

import pytest

from engines.mail.replies import MOST_CHARACTERS
from services.notifier import settings
from services.notifier.domain.answering import Letter, bounced_hard, follow
from services.notifier.domain.arriving import Arrived, arrived, visible_text
from services.notifier.domain.correlating import address_for, header_id
from tests.unit.mail.test_kinds import a_bounce, message

OURS = Letter(uuid4(), uuid4(), "335001", "ada@home.example")
OLDER = Letter(uuid4(), uuid4(), "335002", "ada@home.example")
NAME = header_id(OURS.message_id or uuid4(), "bo@us.example")
BY_ID = {each.message_id: each for each in (OURS, OLDER) if each.message_id}
BY_ADDRESS = {"ada@home.example": OURS}
PRIVATE = settings.private()


def read(raw: bytes) -> Arrived:
    return arrived(raw, PRIVATE)


@pytest.mark.parametrize(
    "raw",
    [
        message("Re: A question", "Yes.", In_Reply_To=NAME),
        message("Re: A question", "Yes.", References=f"<x@y> {header_id(OLDER.message_id or uuid4(), 'a@b')} {NAME}"),
        message("A question", "Yes.", To=address_for("mail@us.example", OURS.message_id or uuid4())),
        message("A question", "Yes.", Delivered_To=address_for("mail@us.example", OURS.message_id or uuid4())),
        message("Re: A question", "Yes.", In_Reply_To="<something@else>", From="ADA@home.example"),
        a_bounce("5.1.1", "550 User unknown").replace(b"Subject: A question", f"Message-ID: {NAME}".encode()),
        a_bounce("5.1.1", "550 User unknown"),
    ],
)
def test_the_letter_is_found_by_address_header_or_recipient(raw: bytes) -> None:
    outcome = follow(read(raw), BY_ID, BY_ADDRESS, ())

    assert outcome.letter == OURS
    assert [answer.letter for answer in outcome.answers] == [OURS]


def test_an_address_made_for_a_letter_counts_more_than_what_the_message_answers() -> None:
    to = address_for("mail@us.example", OURS.message_id or uuid4())
    raw = message("Re: x", "Yes.", To=to, In_Reply_To=header_id(OLDER.message_id or uuid4(), "a@b"))

    assert follow(read(raw), BY_ID, {}, ()).letter == OURS


def test_an_id_that_is_none_of_our_letters_counts_for_nothing() -> None:
    raw = message("Re: A question", "Yes.", In_Reply_To=header_id(uuid4(), "bo@us.example"))

    assert follow(read(raw), BY_ID, BY_ADDRESS, ()).letter == OURS
    assert follow(read(raw), BY_ID, {}, ()).state == "waiting"


@pytest.mark.parametrize(
    "raw, kind, detail",
    [
        (message("Re: A question", "Yes.", In_Reply_To=NAME), "replied", {}),
        (message("A question", "Yes.", To=address_for("m@us.example", OURS.message_id or uuid4())), "replied", {}),
        (message("Re: A question", "Please remove me.", In_Reply_To=NAME), "unsubscribed", {}),
        (a_bounce("5.1.1", "550 User unknown"), "bounced", {"hard": True, "reason": "user_unknown"}),
        (a_bounce("4.2.2", "452 Mailbox full"), "bounced", {"hard": False, "reason": "mailbox_full"}),
        (
            message("Automatic reply", "I am out of the office until July 20.", In_Reply_To=NAME),
            "auto_replied",
            {"back_on": date(2026, 7, 20), "left": False},
        ),
        (
            message("Automatic reply", "Jane is no longer with the company.", In_Reply_To=NAME),
            "auto_replied",
            {"back_on": None, "left": True},
        ),
    ],
)
def test_each_kind_of_message_has_its_answer(raw: bytes, kind: str, detail: dict[str, object]) -> None:
    outcome = follow(read(raw), BY_ID, BY_ADDRESS, ())

    [answer] = outcome.answers
    assert (outcome.state, answer.kind) == ("done", kind)
    assert {name: getattr(answer, name) for name in detail} == detail


def test_only_a_letter_that_can_never_arrive_has_bounced_hard() -> None:
    hard, soft = a_bounce("5.1.1", "550 User unknown"), a_bounce("4.2.2", "452 Mailbox full")
    answers = [each for raw in (hard, soft) for each in follow(read(raw), BY_ID, BY_ADDRESS, ()).answers]

    assert bounced_hard(answers[:1]) == [OURS.message_id]
    assert bounced_hard(answers[1:]) == []


@pytest.mark.parametrize(
    "raw, state",
    [
        (message("Re: A question", "Who is this?", From="someone@else.example"), "waiting"),
        (message("Newsletter", "All about wheels."), "waiting"),
        (a_bounce("4.0.0", "Will retry", action="delayed"), "done"),
    ],
)
def test_what_names_no_letter_waits_for_a_person_unless_nothing_can_follow(raw: bytes, state: str) -> None:
    assert (follow(read(raw), BY_ID, {}, ()).state, follow(read(raw), BY_ID, {}, ()).answers) == (state, ())


def test_a_new_message_from_an_address_we_wrote_to_waits_for_a_person() -> None:
    outcome = follow(read(message("Newsletter", "All about wheels.")), BY_ID, BY_ADDRESS, ())

    assert (outcome.state, outcome.letter, outcome.answers) == ("waiting", OURS, ())


def test_only_the_first_absence_note_for_a_letter_counts() -> None:
    raw = message("Automatic reply", "I am out of the office.", In_Reply_To=NAME)

    again = follow(read(raw), BY_ID, {}, {OURS.message_id} if OURS.message_id else set())

    assert (again.state, again.answers) == ("repeated", ())


def test_a_sealed_reply_waits_for_a_person_and_the_sequence_learns_of_it() -> None:
    raw = message("Re: A question", "Mr. Reed fell on Sunday; DOB 3/14/1938.", In_Reply_To=NAME)

    outcome = follow(read(raw), BY_ID, {}, ())

    assert read(raw).sealed == "a date of birth"
    assert (outcome.state, [answer.kind for answer in outcome.answers]) == ("waiting", ["replied"])


def test_copies_of_a_message_are_one_and_other_messages_are_others() -> None:
    raw = message("Re: A question", "Yes.", In_Reply_To=NAME, Message_ID="<1@home.example>")
    copy = b"Received: by mx.us.example\r\nX-Envelope-To: bo@us.example\r\n" + raw
    other = raw.replace(b"Yes.", b"No.")

    assert read(copy).incoming_id == read(raw).incoming_id != read(other).incoming_id


def test_a_report_about_several_letters_has_an_answer_for_each() -> None:
    second = replace(OLDER, to_email="cy@home.example")
    raw = a_bounce("5.1.1", "550 User unknown").replace(
        b"Status: 5.1.1\r\n",
        b"Status: 5.1.1\r\n\r\nFinal-Recipient: rfc822; cy@home.example\r\nAction: failed\r\nStatus: 4.2.2\r\n",
    )

    outcome = follow(read(raw), {}, BY_ADDRESS | {"cy@home.example": second}, ())

    assert [(answer.letter.to_email, answer.hard) for answer in outcome.answers] == [
        ("ada@home.example", True),
        ("cy@home.example", False),
    ]
    assert len({answer.answer_id for answer in outcome.answers}) == 2


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x00\xff" * 100,
        b"Subject: =?utf-8?b?////?=\r\nFrom: \x00a@b\r\nMessage-ID: <a\r\n b>\r\n\r\nx",
        message("Re: \x00\ud83d".encode("utf-8", "replace").decode(), "x", From="=?x-unknown?q?=00?= <a@b.example>"),
    ],
)
def test_whatever_the_bytes_are_something_storable_is_read(raw: bytes) -> None:
    found = read(raw)

    assert "\x00" not in found.subject + found.from_email
    assert isinstance(found.incoming_id, UUID)
    assert isinstance(visible_text(raw), str)


@pytest.mark.parametrize("words", ["MRN 0048-2213", "Mr. Reed fell on Sunday night."])
def test_all_that_is_displayed_of_a_long_message_has_been_searched(words: str) -> None:
    lines = ["a line " * 1_400] * (MOST_CHARACTERS // 9_800)
    end, beyond = (message("Re: A question" * 20, "\n".join([*lines, more, words])) for more in ("", "-" * 5_000))

    assert (read(end).sealed is None, words in visible_text(end)) == (False, True)
    assert (read(beyond).sealed, words in visible_text(beyond)) == (None, False)
