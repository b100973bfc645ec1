"""Which recipients did a message not reach, and will it ever?

Two readers, in this order: the fields of a delivery status (RFC 3464), in a part of their own or in the text; then the
prose, in which servers name the recipient in many ways. An address that the message was not sent to counts only where
the report names it as a recipient.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from engines.mail.notices import notices
from engines.mail.reading import MOST_PROSE, Mail, address_in, addresses_in
from engines.mail.recipients import Recipient, failed

_FIELD: Final = re.compile(r"^[ \t]*([A-Za-z][A-Za-z-]+):[ \t]*([^\n]*(?:\n[ \t]+[^\n]*)*)", re.M)
_WORKS: Final = ("delivered", "deliverable", "relayed", "expanded")


def recipients(mail: Mail) -> list[Recipient]:
    """The recipients that a report names; none if it is no report."""
    found = notices(mail.text) or list(_of_blocks(mail)) or list(_of_prose(mail))
    merged: dict[str, Recipient] = {}
    for each in found:
        known = merged.get(each.address)
        if known is None or known.reason == "undefined":
            merged[each.address] = each
    return list(merged.values())


# Fields


def _of_blocks(mail: Mail) -> Iterator[Recipient]:
    for text, separator in ((mail.report, r"\n\s*\n"), (mail.text[:MOST_PROSE], r"\Z.")):
        found = [block for part in re.split(separator, text) for block in _blocks(part)]
        blocks = [block for block in found if "action" in block or "status" in block]
        if blocks:
            for block in blocks:
                yield from _of_block(block, mail, len(blocks))
            return


def _blocks(text: str) -> Iterator[Mapping[str, str]]:
    """The fields of each recipient: a repeated field begins the next one."""
    block: dict[str, str] = {}
    for name, value in _FIELD.findall(text):
        key = name.lower()
        if key not in _OF_RECIPIENT:
            continue
        if key in block:
            yield block
            block = {}
        block[key] = " ".join(value.split())
    if block:
        yield block


_OF_RECIPIENT: Final = (
    "final-recipient", "original-recipient", "x-actual-recipient", "action", "status", "diagnostic-code"
)  # fmt: skip


def _of_block(block: Mapping[str, str], mail: Mail, count: int) -> Iterator[Recipient]:
    sent = _sent_to(mail)
    known = [found for name in ("original-recipient", "final-recipient") if (found := _address(block.get(name, "")))]
    # The address that the message was sent to, where a server knows another one as well.
    address = next((each for each in known if each in sent), next(iter(known), sent[0] if count == 1 and sent else ""))
    if not address or address in _MACHINES:
        return
    words = block.get("diagnostic-code", "")
    action = block.get("action", "failed").split(" ")[0].strip(";").lower()
    about = _about(address, mail.prose, count)
    if action in _WORKS:
        yield Recipient(address, "delivered", False, "delivered")
    else:
        yield failed(address, words, about, block.get("status", ""), delayed=action == "delayed")


def _address(value: str) -> str:
    """The address of a field such as `rfc822; ada@example.org`."""
    return address_in(value.partition(";")[2] or value)


# Prose


_MACHINES: Final = frozenset(("mailer-daemon", "postmaster"))
_SAYS_WHO: Final = re.compile(
    r"""^[ \t>*]*<?(?P<start>[^\s<>@]{1,256}@[^\s<>:,;()]{1,256}?)>?[ \t]*(?:[:,(\[]|\.{3}|$|[ \t]-|[ \t]\()
    | \b(?:RCPT[ ]TO|for|to|addressed,|recipients?|address|userid|user|mailbox|account|errors|attempts|is[ ]full)
      (?:[ \t:=]+[<'"(]*|[<'"(]+)(?P<quoted>[^\s<>@'"(]+@[^\s<>'"()]+)
    | ^[ \t]*(?P<dated>[^\s<>@]+@[^\s<>]+)[ ]on[ ]\w{3},
    | \d{3}[ -](?:\d\.\d+\.\d+[ ])?<(?P<code>[^\s<>@]+@[^\s<>]+)>""",
    re.I | re.M | re.X,
)


def _of_prose(mail: Mail) -> Iterator[Recipient]:
    stated = addresses_in(mail.headers.get("x-failed-recipients", ""))
    prose = mail.prose
    found = stated or _named(mail, prose)
    if not found:
        sent = _sent_to(mail)
        found = sent if len(sent) == 1 else []
    for address in found:
        about = _about(address, prose, len(found))
        yield failed(address, about, prose, "", delayed=is_delay(mail))


def _named(mail: Mail, prose: str) -> list[str]:
    """The addresses that the prose names as recipients."""
    ours = {mail.sender, address_in(mail.headers.get("to", "")), address_in(mail.returned.get("from", ""))}
    ours |= {address_in(mail.returned.get("return-path", ""))}
    prose = _QUOTED_FIELD.sub("", prose)
    pattern = [a for match in _SAYS_WHO.finditer(prose) for each in match.groups("") if (a := address_in(each))]
    here = addresses_in(prose)
    sent = [each for each in _sent_to(mail) if each in here]
    named = [each for each in dict.fromkeys(pattern) if each not in ours and not _is_machine(each)]
    others = [each for each in here if each not in ours and not _is_machine(each)]
    return named or sent or (others if len(others) == 1 else list(dict.fromkeys(pattern)))


_QUOTED_FIELD: Final = re.compile(
    r"^[ \t>]*(?:From|Sender|Reply-To|Subject|Message-ID|To|Cc|Return-Path|MAIL FROM):[^\n]*$", re.I | re.M
)


def _is_machine(address: str) -> bool:
    return address.partition("@")[0] in _MACHINES


def _sent_to(mail: Mail) -> list[str]:
    """The recipients of the message that came back."""
    found = [
        each
        for name in ("to", "cc", "x-original-to", "delivered-to")
        for each in addresses_in(mail.returned.get(name, ""))
    ]
    return list(dict.fromkeys(found))


def _about(address: str, text: str, count: int) -> str:
    """What a text says about one of its recipients: the paragraph of the address, or everything for the only one."""
    if count == 1:
        return text
    at = text.lower().find(address)
    if at < 0:
        return ""
    later = [
        found for other in addresses_in(text[at:]) if other != address and (found := text.lower().find(other, at)) > 0
    ]
    return text[at : min(later, default=len(text))]


_DELAY: Final = re.compile(
    r"warning only|do(?:es)? not need to resend|not need to (?:re)?send|still (?:being )?(?:trying|retried"
    r"|attempt|try)|will (?:be retried|continue|keep trying|try again)"
    r"|delivery (?:is|has been|was) (?:temporarily )?(?:delayed|deferred)|delayed mail|has not yet been delivered",
    re.I,
)


def is_delay(mail: Mail) -> bool:
    """Whether the prose says that delivery is still tried."""
    return bool(_DELAY.search(f"{mail.subject}\n{mail.prose}"))
