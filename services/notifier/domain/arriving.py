"""What is known about a message that came back, before our letters are looked up? One form, however it came."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from uuid import NAMESPACE_OID, UUID, uuid5

from engines.mail.kinds import Classified, Kind, classify
from engines.mail.reading import Mail, address_in, addresses_in, read
from engines.mail.recipients import Recipient
from engines.mail.replies import MOST_CHARACTERS
from services.notifier.domain.correlating import letter_of, letters_in
from services.notifier.domain.privacy import Private, private_data

LONGEST_LINE = 300
"""Of a subject or an address, in characters."""
_TO = ("delivered-to", "x-original-to", "x-envelope-to", "to", "cc")
_RETURNED_FROM = ("return-path", "reply-to", "from", "sender")
_MOST_LETTERS = 50
MOST_SEARCHED = MOST_CHARACTERS + 1_000
"""The characters of a text that are searched for data of a person: those that may be displayed, and a few more."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """A message that came back, with the letters that it names."""

    incoming_id: UUID
    kind: Kind
    from_email: str
    subject: str
    recipients: tuple[Recipient, ...]
    """Of a bounce, a delay or a complaint."""
    back_on: date | None
    left: bool
    sealed: str | None
    """What looks like data of a person in care; None if nothing does."""
    letters: tuple[UUID, ...]
    """The letters that it may be about, the most reliable first; some may not be ours."""
    addresses: tuple[str, ...]
    """To whom a letter may have been sent, if it names none of ours."""


def arrived(raw: bytes, private: Private) -> Arrived:
    """Read a message from its bytes. Whatever they are, no error is raised."""
    mail, found = read(raw), classify(raw)
    recipients = tuple(each for each in found.recipients if each.action != "delivered")
    concerned = [each.address for each in recipients] or [mail.sender]
    return Arrived(
        incoming_id=_id_of(raw, mail),
        kind=found.kind,
        from_email=_line(mail.sender),
        subject=_line(mail.subject),
        recipients=recipients,
        back_on=found.returns_on,
        left=found.left,
        sealed=_sealed(mail, found, private),
        letters=tuple(dict.fromkeys(_letters(mail)))[:_MOST_LETTERS],
        addresses=tuple(dict.fromkeys(_line(address) for address in concerned if address)),
    )


def _sealed(mail: Mail, found: Classified, private: Private) -> str | None:
    """Numbers count wherever they are, other words only in what the person wrote: quotations may be of our letters."""
    subject = _line(mail.subject)
    numbers = private_data(f"{subject}\n{mail.text[:MOST_SEARCHED]}", replace(private, persons=()))
    return numbers or private_data(f"{subject}\n{found.reply_text or ''}", private)


def visible_text(raw: bytes) -> str:
    """What a person wrote, without quotations; for a report, its text."""
    found = classify(raw)
    return found.reply_text if found.reply_text is not None else read(raw).prose


def _id_of(raw: bytes, mail: Mail) -> UUID:
    """The same for each copy of a message, whatever the servers on its way have added."""
    named = [mail.headers.get(name, "") for name in ("message-id", "date", "from", "subject")]
    content = "\n".join([*named, mail.text]) if named[0] else raw.decode("latin-1")
    return uuid5(NAMESPACE_OID, f"incoming {hashlib.sha256(content.encode('utf-8', 'replace')).hexdigest()}")


def _letters(mail: Mail) -> Iterator[UUID]:
    """By the address at which it arrived, by what it answers, then by what it returns or quotes."""
    yield from _of_addresses(mail.headers.get(name, "") for name in _TO)
    yield from letters_in(mail.headers.get("in-reply-to", ""))
    yield from reversed(letters_in(mail.headers.get("references", "")))
    yield from letters_in(mail.returned.get("message-id", ""))
    yield from _of_addresses(mail.returned.get(name, "") for name in _RETURNED_FROM)
    yield from letters_in(mail.report)
    yield from letters_in(mail.text)


def _of_addresses(headers: Iterable[str]) -> Iterator[UUID]:
    for header in headers:
        addresses = addresses_in(header) or [address_in(header)]
        yield from filter(None, map(letter_of, addresses))


def _line(text: str) -> str:
    """A text on one line, which a database can store."""
    return re.sub(r"[\x00-\x1f\x7f\ud800-\udfff]+", " ", text).strip()[:LONGEST_LINE]
