"""What is a message that came back?"""

from __future__ import annotations

import json
import time
from datetime import date
from email.message import EmailMessage

import pytest

from engines.mail.kinds import classify
from engines.mail.reading import decoded
from engines.mail.recipients import Recipient

DATE = "Mon, 06 Jul 2026 09:00:00 -0400"


def message(subject: str, text: str, **headers: str) -> bytes:
    fields = {"From": "Ada Moss <ada@home.example>", "To": "Bo Reed <bo@us.example>", "Date": DATE} | {
        name.replace("_", "-"): value for name, value in headers.items()
    }
    lines = [*(f"{name}: {value}" for name, value in fields.items()), f"Subject: {subject}", "", text]
    return "\r\n".join(lines).encode()


def report(text: str, fields: str, kind: str = "delivery-status") -> bytes:
    """A report as RFC 3464 and RFC 5965 describe it, about a letter to Ada Moss."""
    sent = "From: bo@us.example\r\nTo: ada@home.example\r\nSubject: A question\r\n"
    parts = [("text/plain", text), (f"message/{kind}", fields), ("text/rfc822-headers", sent)]
    body = "".join(f"--b\r\nContent-Type: {name}\r\n\r\n{text}\r\n" for name, text in parts)
    content = f'multipart/report; report-type={kind}; boundary="b"'
    sender = "MAILER-DAEMON@mx.home.example"
    return message("Undelivered Mail", body + "--b--", From=sender, MIME_Version="1.0", Content_Type=content)


def a_bounce(status: str, words: str, action: str = "failed") -> bytes:
    fields = (
        f"Reporting-MTA: dns; mx.home.example\r\n\r\nFinal-Recipient: rfc822; ada@home.example\r\nAction: {action}\r\n"
        f"Status: {status}\r\nDiagnostic-Code: smtp; {words}\r\n"
    )
    return report("Your message could not be delivered.", fields)


@pytest.mark.parametrize(
    "status, words, reason, hard",
    [
        ("5.1.1", "550 5.1.1 <ada@home.example>... User unknown", "user_unknown", True),
        ("5.1.2", "550 Host unknown", "host_unknown", True),
        ("5.1.1", "552 5.2.2 Mailbox full", "mailbox_full", False),
        ("5.7.1", "554 5.7.1 Message rejected as spam", "spam", False),
        ("5.0.0", "550 5.1.1 No such user here", "user_unknown", True),
        ("4.4.1", "450 Host unknown, try again", "network", False),
    ],
)
def test_a_bounce_is_hard_only_if_the_address_will_never_work(status: str, words: str, reason: str, hard: bool) -> None:
    found = classify(a_bounce(status, words))

    assert found.kind == "bounce"
    assert found.recipients == [Recipient("ada@home.example", reason, hard)]


def test_a_warning_that_delivery_is_still_tried_is_a_delay_and_never_hard() -> None:
    found = classify(a_bounce("4.1.1", "450 4.1.1 User unknown", action="delayed"))

    assert (found.kind, [each.hard for each in found.recipients]) == ("delay", [False])


def test_the_address_that_was_written_to_counts_and_not_its_alias() -> None:
    fields = (
        "Final-Recipient: rfc822; a.moss@inner.example\r\nOriginal-Recipient: rfc822; ada@home.example\r\n"
        "Action: failed\r\nStatus: 5.1.1\r\n"
    )

    assert [each.address for each in classify(report("Sorry.", fields)).recipients] == ["ada@home.example"]


def test_each_recipient_of_a_report_has_a_reason_of_its_own() -> None:
    fields = "\r\n".join(
        f"Final-Recipient: rfc822; {who}@home.example\r\nAction: failed\r\nDiagnostic-Code: smtp; {why}\r\n"
        for who, why in (("ada", "550 User unknown"), ("cy", "552 Mailbox full"))
    )
    found = classify(report("Sorry.", fields)).recipients

    assert [(each.address, each.hard) for each in found] == [("ada@home.example", True), ("cy@home.example", False)]


def test_a_bounce_in_prose_names_its_recipient() -> None:
    text = (
        "Hi. This is the mail program at mx.example.\n\n<ada@home.example>:\n192.0.2.1 does not like recipient.\n"
        "Remote host text: 550 no such user\n\n--- Below this line is a copy of the message.\n\n"
        "Return-Path: <bo@us.example>\nFrom: bo@us.example\nTo: other@home.example\n"
    )
    found = classify(message("failure notice", text, From="MAILER-DAEMON@mx.example"))

    assert (found.kind, found.recipients) == ("bounce", [Recipient("ada@home.example", "user_unknown", True)])


def test_a_complaint_is_about_the_recipient_and_a_report_about_dmarc_is_about_no_recipient() -> None:
    complaint = report("An abuse report.", "Feedback-Type: abuse\r\nUser-Agent: x/1\r\n", "feedback-report")
    failure = report("A DMARC report.", "Feedback-Type: auth-failure\r\n", "feedback-report")

    assert (classify(complaint).kind, classify(complaint).recipients[0].address) == ("complaint", "ada@home.example")
    assert (classify(failure).kind, classify(failure).recipients) == ("other", ())


@pytest.mark.parametrize(
    "headers, subject, text, back",
    [
        ({"Auto_Submitted": "auto-replied"}, "Re: A question", "I am away.", None),
        ({}, "Automatic reply: A question", "I am out of the office until July 20.", date(2026, 7, 20)),
        ({"X_Autoreply": "yes"}, "Thanks", "I will return on Monday, 13 July 2026.", date(2026, 7, 13)),
        ({}, "Out of office", "Back on Thursday.", date(2026, 7, 9)),
        ({}, "Abwesenheit", "Ich bin wieder ab dem 3.8. erreichbar, also zurück am 3.8.", date(2026, 8, 3)),
        ({}, "OOO", "I'll be back in the office on 7/15.", date(2026, 7, 15)),
    ],
)
def test_an_absence_note_is_recognized_and_says_when_the_person_is_back(
    headers: dict[str, str], subject: str, text: str, back: date | None
) -> None:
    found = classify(message(subject, text, **headers))

    assert (found.kind, found.returns_on) == ("absence", back)


def test_a_reply_is_what_was_written_without_what_is_quoted() -> None:
    text = (
        "Please call me on Tuesday.\n\nAda\n\nOn Mon, Jul 6, 2026 at 8:00 AM Bo Reed <bo@us.example>\nwrote:\n> Hello"
    )
    found = classify(message("Re: A question", text, In_Reply_To="<1@us.example>"))

    assert (found.kind, found.reply_text) == ("reply", "Please call me on Tuesday.\n\nAda")


def test_a_person_opts_out_in_words_of_their_own_and_never_by_what_is_quoted() -> None:
    quoted = "\n\nOn Mon, Jul 6, 2026, Bo Reed wrote:\n> Reply to unsubscribe."
    asked = message("Re: A question", "Please remove me from your list." + quoted, In_Reply_To="<1@us.example>")
    kept = message("Re: A question", "Sounds good, call me." + quoted, In_Reply_To="<1@us.example>")

    assert (classify(asked).kind, classify(kept).kind) == ("unsubscribe", "reply")


@pytest.mark.parametrize(
    "words,kind",
    [
        ("no thanks", "unsubscribe"),
        ("No, thank you.\n\nSent from my iPhone", "unsubscribe"),
        ("Thanks, but no thanks. We have a full team.", "unsubscribe"),
        ("Hi Bo,\n\nNo thanks, we're all set.", "unsubscribe"),
        ("No, thank you for writing! Tuesday works.", "reply"),
        ("No thanks needed. Call me.", "reply"),
        ("Another vendor got a no thanks, but call me.", "reply"),
    ],
)
def test_the_words_that_our_letters_offer_end_them(words: str, kind: str) -> None:
    quoted = '\n\nOn Mon, Jul 6, 2026, Bo Reed wrote:\n> Reply "no thanks" and we won\'t e-mail you again.'

    assert classify(message("Re: A question", f"{words}{quoted}", In_Reply_To="<1@us.example>")).kind == kind


def test_a_receipt_is_neither_a_bounce_nor_a_reply() -> None:
    fields = "Final-Recipient: rfc822; ada@home.example\r\nDisposition: manual-action; displayed\r\n"

    assert classify(report("It was read.", fields, "disposition-notification")).kind == "receipt"


def test_a_notice_of_a_mail_service_is_read_like_a_report() -> None:
    bounce = {
        "notificationType": "Bounce",
        "bounce": {
            "bounceType": "Permanent",
            "bouncedRecipients": [{"emailAddress": "Ada@home.example", "diagnosticCode": "550 user unknown"}],
        },
    }
    passed_on = {"Type": "Notification", "Message": json.dumps(bounce)}
    complaint = {"RecordType": "SpamComplaint", "Email": "ada@home.example"}
    event = [{"email": "ada@home.example", "event": "bounce", "reason": "552 mailbox full", "status": "5.2.2"}]

    assert classify(json.dumps(passed_on).encode()).recipients == [Recipient("ada@home.example", "user_unknown", True)]
    assert classify(json.dumps(complaint).encode()).kind == "complaint"
    assert classify(json.dumps(event).encode()).recipients == [Recipient("ada@home.example", "mailbox_full", False)]


def test_a_letter_in_html_is_read_as_its_text() -> None:
    letter = EmailMessage()
    letter["From"], letter["Subject"], letter["In-Reply-To"] = "ada@home.example", "Re: hi", "<1@us.example>"
    letter.set_content("<style>p {}</style><p>Yes,&nbsp;please.</p><blockquote>Hello</blockquote>", subtype="html")

    assert classify(letter.as_bytes()).reply_text == "Yes, please."


def test_a_header_of_very_many_encoded_words_is_cut_because_decoding_all_would_take_minutes() -> None:
    assert len(decoded("=?utf-8?q?a?= " * 20_000)) < 2_000


@pytest.mark.parametrize("kind", ["plain", "html"])
@pytest.mark.parametrize("run", ["-", "\n", "=", "*", "<a", "<!--"])
def test_a_long_run_of_the_same_characters_is_read_at_once(run: str, kind: str) -> None:
    headers = {"MIME_Version": "1.0", "Content_Type": f"text/{kind}"}
    started = time.process_time()

    for sender in ("ada@home.example", "MAILER-DAEMON@home.example"):
        classify(message("Undelivered Mail", run * 20_000, From=sender, **headers))

    assert time.process_time() - started < 1
