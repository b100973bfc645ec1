"""What comes back for a letter of an invented rep?

A recipient reads the letter, and then replies, is away, wants no more letters, or their server rejects it. All of it is
a message like those of real people and servers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage, Message

from cli.demo.behavior import Answer, Behavior
from cli.demo.invented.chance import chosen, draw


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter that has left, as its recipient sees it."""

    message_id: str
    sender: str
    """To whom answers go."""
    recipient: str
    subject: str


def letter_of(content: bytes) -> Letter:
    """The letter in a message of ours."""
    message = message_from_bytes(content, policy=policy.default)
    return Letter(
        str(message["Message-ID"]).strip(),
        message["Reply-To" if "Reply-To" in message else "From"].addresses[0].addr_spec,
        message["To"].addresses[0].addr_spec,
        str(message["Subject"]),
    )


def answered(rates: Behavior, seed: int, letter: Letter) -> Answer | None:
    """What comes back for a letter, as behavior.yaml names it; None if nothing does.

    It depends only on the seed and the letter, whose id is the same in every run.
    """
    return chosen(rates.letters, draw(seed, "letter", letter.message_id)[0])


def answer(rates: Behavior, kind: Answer, letter: Letter, at: datetime) -> EmailMessage:
    """The message that comes back, as a person or a server writes it at a time."""
    match kind:
        case "bounced":
            return _bounce(letter, at)
        case "away":
            back_on = at + timedelta(days=rates.away_days)
            text = f"I am out of the office and will return on {back_on:%B} {back_on.day}, {back_on.year}."
            note = _message(f"Automatic reply: {letter.subject}", letter, at, kind, letter.recipient)
            note["Auto-Submitted"] = "auto-replied"
        case "unsubscribed":
            text = "Please remove me from your list."
            note = _message(f"Re: {letter.subject}", letter, at, kind, letter.recipient)
        case _:
            text = "Thank you. Call me this week, and we can talk about it."
            note = _message(f"Re: {letter.subject}", letter, at, kind, letter.recipient)
    note.set_content(text)
    return note


def _message(subject: str, letter: Letter, at: datetime, kind: str, sender: str) -> EmailMessage:
    """A message about a letter; the same one has the same id in every run."""
    message = EmailMessage(policy=policy.SMTP)
    message["From"] = sender
    message["To"] = letter.sender
    message["Subject"] = subject
    message["Date"] = at
    message["Message-ID"] = letter.message_id.replace("<", f"<{kind}.").replace("@", f"@{_domain(letter.recipient)}.")
    message["In-Reply-To"] = letter.message_id
    return message


def _bounce(letter: Letter, at: datetime) -> EmailMessage:
    """The report of the recipient's server that there is no such person (RFC 3464)."""
    server = f"mx.{_domain(letter.recipient)}"
    report = _message("Undelivered Mail Returned to Sender", letter, at, "bounced", f"MAILER-DAEMON@{server}")
    words = f"550 5.1.1 <{letter.recipient}>: User unknown"
    fields = {
        "Final-Recipient": f"rfc822; {letter.recipient}",
        "Action": "failed",
        "Status": "5.1.1",
        "Diagnostic-Code": f"smtp; {words}",
    }
    report["MIME-Version"] = "1.0"
    report["Content-Type"] = "multipart/report; report-type=delivery-status"
    report.attach(_part("text/plain", f"Your message could not be delivered.\n\n{words}\n"))
    status: list[Message[str, str] | str] = [_fields({"Reporting-MTA": f"dns; {server}"}), _fields(fields)]
    report.attach(_part("message/delivery-status", status))
    report.attach(_part("text/rfc822-headers", f"To: {letter.recipient}\nMessage-ID: {letter.message_id}\n"))
    return report


def _part(kind: str, content: str | list[Message[str, str] | str]) -> EmailMessage:
    part = _fields({"Content-Type": kind})
    part.set_payload(content)
    return part


def _fields(fields: Mapping[str, str]) -> EmailMessage:
    message = EmailMessage(policy=policy.SMTP)
    for name, value in fields.items():
        message[name] = value
    return message


def _domain(address: str) -> str:
    return address.rpartition("@")[2]
