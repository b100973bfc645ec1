"""What does a letter need of the deployment, and what follows when it has left?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from engines.mail.recipients import failed
from services.notifier import signing
from services.notifier.domain.answering import Answer
from services.notifier.domain.answering import Letter as SentLetter
from services.notifier.domain.composing import Headers, Letter, compose
from services.notifier.domain.correlating import address_for
from services.notifier.domain.tokens import SHORTEST_KEY, token_of
from services.notifier.settings import NotifierSettings
from services.notifier.store.messages import Message
from shared.contracts.events import EmailSent
from shared.storage.database import Tx

KIND = "mail.send"
"""The kind of work; its keys are the ids of letters."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """A letter for the mail server."""

    sender: str
    recipient: str
    content: bytes


def lacking(settings: NotifierSettings) -> str | None:
    """What the operator has to set before any letter can leave; None if nothing."""
    if not settings.smtp_url.get_secret_value():
        return "Set PIPELINE_SMTP_URL to a mail server, as in smtps://USER:PASSWORD@mail.example.com; nothing is sent."
    if not settings.public_url:
        return "Set PIPELINE_PUBLIC_URL, where recipients can end all letters to them; without it nothing is sent."
    if not settings.token_keys or len(settings.token_keys[0].get_secret_value()) < SHORTEST_KEY:
        return (
            f"Set PIPELINE_TOKEN_KEYS to a secret of at least {SHORTEST_KEY} characters (`openssl rand -hex 32`), which"
            " signs the links with which recipients end all letters; without it nothing is sent."
        )
    return None


def envelope_of(message: Message, settings: NotifierSettings, at: datetime) -> Envelope:
    """The letter as it is handed to the mail server; raises `ValueError` for one that cannot be."""
    back = address_for(settings.mail_return, message.message_id) if settings.mail_return else None
    token = token_of(message.message_id, message.to_email, settings.token_keys[0].get_secret_value())
    headers = Headers(f"{(settings.public_url or '').rstrip('/')}/u/{token}", back or message.from_email, back)
    letter = Letter(
        message.message_id,
        message.from_name,
        message.from_email,
        message.to_name,
        message.to_email,
        message.subject,
        message.body,
        message.in_reply_to,
    )
    return Envelope(
        back or message.from_email, message.to_email, _signed(compose(letter, headers, at), settings, letter)
    )


def _signed(content: bytes, settings: NotifierSettings, letter: Letter) -> bytes:
    """The letter with a signature of the sender's domain, if the operator has a key; raises `ValueError`."""
    if not settings.dkim_key or not settings.dkim_selector:
        return content
    domain = letter.from_email.rpartition("@")[2]
    return signing.signed(content, domain, settings.dkim_selector, settings.dkim_key.get_secret_value())


def email_sent(message: Message, tx: Tx) -> EmailSent:
    """The event of a letter that has left now."""
    return EmailSent(
        message_id=message.message_id,
        task_id=message.task_id,
        facility_id=message.facility_id,
        email=message.to_email,
        at=tx.now,
        sent_on=tx.today,
        sent_by=message.approved_by,
    )


def unreachable(refused: Iterable[tuple[Message, str]]) -> Iterator[Answer]:
    """A bounce for each letter that the server refused because its address does not work, given the server's words."""
    for message, words in refused:
        found = failed(message.to_email, words, "", "")
        if found.hard:
            letter = SentLetter(message.message_id, message.task_id, message.facility_id, message.to_email)
            yield Answer(uuid5(message.message_id, "refused"), "bounced", letter, hard=True, reason=found.reason)


def key_of(message_id: UUID) -> str:
    return str(message_id)
