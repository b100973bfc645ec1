"""Does the embedded mail server keep every message, and send none on?"""

import smtplib
import time
from email.message import EmailMessage
from pathlib import Path
from threading import Timer
from urllib.parse import urlsplit

import pytest
from imap_tools.idle import get_socket_poller

from cli.stack import mail
from tests.support.mail import PASSWORD, MailServer, mail_server


def a_message(subject: str) -> EmailMessage:
    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = subject, "ann@seller.example", "jane@home.example"
    message.set_content("Héllo")
    return message


def submit(server: MailServer, message: EmailMessage, password: str = PASSWORD) -> None:
    parts = urlsplit(server.addresses.smtp_url)
    with smtplib.SMTP(parts.hostname or "", parts.port or 0) as client:
        client.login(mail.USER, password)
        client.send_message(message)


def test_a_letter_of_ours_is_kept_in_the_outbox_and_one_from_outside_in_the_inbox(mail_box: MailServer) -> None:
    submit(mail_box, a_message("ours"))
    mail_box.deliver(a_message("theirs"))

    assert [(each.subject, each.text.strip(), each.to) for each in mail_box.left()] == [
        ("ours", "Héllo", ("jane@home.example",))
    ]
    assert [each.subject for each in mail_box.messages()] == ["theirs"]


def test_messages_are_numbered_in_their_order(mail_box: MailServer) -> None:
    for number in range(8):
        mail_box.deliver(a_message(str(number)))

    found = sorted(mail_box.messages(), key=lambda each: int(each.uid or 0))

    assert [each.subject for each in found] == [str(number) for number in range(8)]


def test_a_client_with_a_wrong_password_is_refused(mail_box: MailServer) -> None:
    with pytest.raises(smtplib.SMTPAuthenticationError):
        submit(mail_box, a_message("x"), "guessed")


def test_a_waiting_client_learns_of_a_message_at_once(mail_box: MailServer) -> None:
    with mail_box.mailbox() as box:
        delivery = Timer(0.1, mail_box.deliver, [a_message("first")])
        delivery.start()
        started = time.monotonic()
        box.idle.start()
        get_socket_poller(box.client.sock, 10)
        seconds = time.monotonic() - started
        box.idle.stop()

        assert 0.1 <= seconds < 1
        assert [each.subject for each in box.fetch(mark_seen=False)] == ["first"]
        delivery.join()


def test_mail_and_its_numbers_are_kept_across_a_restart(tmp_path: Path) -> None:
    with mail_server(tmp_path) as server:
        server.deliver(a_message("before"))
        before = [(each.uid, each.subject) for each in server.messages()]

    with mail_server(tmp_path) as server:
        server.deliver(a_message("after"))
        after = [(each.uid, each.subject) for each in server.messages()]

    assert [subject for _, subject in after] == ["before", "after"]
    assert after[:1] == before
