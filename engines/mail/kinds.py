"""What kind of message came back?

The first that fits: the notice of a mail service, a complaint (RFC 5965), a receipt (RFC 8098), a report about delivery
(RFC 3464 and those that only say so), an automatic answer, and then what a person wrote. Reports about authentication
(DMARC, TLS) concern no recipient. Whether a person opts out is read from what the person wrote, never from a quotation.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from engines.mail.absences import has_left, is_automatic, returns_on, sent_on
from engines.mail.bounces import is_delay, recipients
from engines.mail.notices import notices
from engines.mail.reading import Headers, Mail, addresses_in, headers_in, read
from engines.mail.recipients import Recipient
from engines.mail.replies import reply_text

Kind = Literal["bounce", "delay", "absence", "complaint", "unsubscribe", "receipt", "reply", "other"]


@dataclass(frozen=True, slots=True)
class Classified:
    """What a message is."""

    kind: Kind
    recipients: Sequence[Recipient] = ()
    """Of a bounce, a delay or a complaint."""
    reply_text: str | None = None
    """What a person wrote, without quotations."""
    returns_on: date | None = None
    """When the person of an absence note is back."""
    left: bool = False
    """The person of an absence note does not work there any more."""


def classify(data: bytes) -> Classified:
    """The kind of a message from its bytes, or of a notice in JSON. No input raises an error."""
    if stated := notices(data[:MOST_JSON].decode("utf-8", "replace")):
        return _of_recipients(stated)
    mail = read(data)
    if stated := notices(mail.text):
        return _of_recipients(stated)
    if complaint := _complaint(mail):
        return complaint
    if _is_authentication(mail):
        return Classified("other")
    if mail.report_type == "disposition-notification":
        return Classified("receipt")
    if _is_report(mail):
        return _report(mail)
    return _written(mail)


MOST_JSON: Final = 2_000_000


def _of_recipients(found: Sequence[Recipient]) -> Classified:
    actions = {each.action for each in found}
    kind: Kind = "receipt"
    if "complained" in actions:
        kind = "complaint"
    elif "failed" in actions:
        kind = "bounce"
    elif "delayed" in actions:
        kind = "delay"
    return Classified(kind, found)


# Complaints


def _complaint(mail: Mail) -> Classified | None:
    """A complaint, or an unsubscription that is reported as one (`opt-out`)."""
    fields = headers_in(mail.report)
    kind = fields.get("feedback-type", "").lower()
    if not kind and re.match(r"\s*complaint about message from", mail.subject, re.I):
        kind = "abuse"  # Hotmail's, which have no report
    if kind not in ("abuse", "fraud", "virus", "other", "opt-out", "opt-out-list", "not-spam"):
        return None
    if kind == "not-spam":
        return Classified("other")
    named = [a for name in ("original-rcpt-to", "removal-recipient") for a in addresses_in(fields.get(name, ""))]
    sent = named or addresses_in(mail.returned.get("to", ""))
    found = [Recipient(address, "complaint", False, "complained") for address in dict.fromkeys(sent)]
    return Classified("unsubscribe" if kind.startswith("opt-out") else "complaint", found)


def _is_authentication(mail: Mail) -> bool:
    fields: Headers = headers_in(mail.report)
    kind = fields.get("feedback-type", "").lower()
    words = re.compile(r"dmarc|tls[ -]?rpt|report domain:|smtp tls report", re.I)
    return kind == "auth-failure" or bool(words.search(f"{mail.subject} {mail.headers.get('content-type', '')}"))


# Reports


_FROM: Final = (
    "mailer-daemon",
    "postmaster",
    "mail-daemon",
    "mailerdaemon",
    "post_master",
    "bounce",
    "mdaemon",
    "mailsystem",
    "mailadmin",
)
_SUBJECT: Final = re.compile(
    r"undeliver|(?:mail|message|delivery) (?:delivery )?(?:fail|error|problem)|delivery (?:status"
    r"|notification|report|has|to)|returned (?:mail|message|to sender)|(?:mail"
    r"|message)(?: could)? not (?:be )?delivered"
    r"|failure notice|non[- ]?deliver|failed mail|mail system error|delayed mail|could not (?:be )?(?:send"
    r"|deliver)|unzustellbar|не доставлено|delivery failure|user unknown|nondeliverable|bounced"
    r"|delayed \d+ hours|error during delivery|^warning: (?:could not|message)",
    re.I,
)
_PROSE: Final = re.compile(
    r"could ?n[o']t be delivered|unable to deliver|not (?:be )?delivered|delivery (?:has )?failed"
    r"|undeliverable|permanent (?:fatal )?error|following (?:recipient|address)|did not reach"
    r"|wasn't able to deliver"
    r"|message (?:was|has been) (?:rejected|returned|refused)|recipient.{0,30}(?:reject|unknown|fail)"
    r"|delivery failure|no such user|user unknown|mailbox (?:is )?full|invalid (?:user|final|recipient"
    r"|address)"
    r"|trouble (?:sending|delivering)|not (?:yet )?(?:been )?delivered|error (?:sending|delivering)"
    r"|mailbox unavailable|failed recipients|invalid user address",
    re.I,
)


def _is_report(mail: Mail) -> bool:
    if mail.report_type == "delivery-status" or "x-failed-recipients" in mail.headers:
        return True
    who = mail.headers.get("from", "").lower()
    by_machine = any(each in who for each in _FROM) or mail.headers.get("return-path", "").strip() in ("<>", "< >")
    looks = bool(_SUBJECT.search(mail.subject))
    text = mail.prose[:3000]
    prose = bool(_PROSE.search(text))
    return (by_machine and (looks or prose)) or (looks and prose) or (prose and bool(_SMTP.search(text)))


_SMTP: Final = re.compile(r"^[^\n]{0,20}\b5[0-7]\d[ -]+(?:\d\.\d+\.\d+ |- |Requested)[^\n]*$", re.M)
"""The words of a server, at the start of a line."""


def _report(mail: Mail) -> Classified:
    found = recipients(mail)
    if found:
        return _of_recipients(found)
    return Classified("delay" if is_delay(mail) else "bounce")


# People


_OPTS_OUT: Final = re.compile(
    r"\bunsubscribe|\bremove (?:me|us|my|this|our)\b|\btake (?:me|us|my \w+) off\b"
    r"|\bopt(?:ing)?[ -]?(?:me )?out\b|\bstop (?:e-?mailing|contacting|sending|writing|spamming)"
    r"|\b(?:do not|don't|please don't|never) (?:e-?mail|contact|write)"
    r"|\bno (?:more|further) (?:e-?mails|messages|contact)|\bdelete (?:me|my (?:address|e-?mail|contact))"
    r"|\btake .{0,30} off (?:your|the) (?:mailing )?list|^\W*stop\W*$"
    r"|^\W*(?:thanks,? but )?no,? thank(?:s| you)\b(?! (?:for|to|needed|necessary)\b)",
    re.I | re.M,
)
_ASKS: Final = re.compile(
    r"\b(?:how|can (?:i|we|they|people|clients)|did (?:he|she|they)|whether|will (?:the|your))\b[^.!?\n]{0,40}"
    r"\bunsubscribe",
    re.I,
)


def _written(mail: Mail) -> Classified:
    prose = reply_text(mail.text)
    if is_automatic(mail, prose):
        sent = sent_on(mail)
        back = returns_on(prose, sent) if sent else None
        return Classified("absence", reply_text=prose, returns_on=back, left=back is None and has_left(prose))
    answers = _answers(mail)
    if (answers or len(prose) < SHORT) and _OPTS_OUT.search(prose[:SHORT]) and not _ASKS.search(prose[:SHORT]):
        return Classified("unsubscribe", reply_text=prose)
    if answers:
        return Classified("reply", reply_text=prose)
    return Classified("other", reply_text=prose or None)


SHORT: Final = 600
"""The characters within which a person opts out; newsletters have longer texts, and tell how at their end."""


def _answers(mail: Mail) -> bool:
    """Whether a person answers a message of ours."""
    threads = any(name in mail.headers for name in ("in-reply-to", "references"))
    return threads or bool(re.match(r"\s*(?:re|aw|sv|antw|odp|res|rif|vs)\s*(?:\[\d+\])?:", mail.subject, re.I))
