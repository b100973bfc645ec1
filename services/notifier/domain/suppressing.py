"""Which address or domain does a statement suppress?"""

from __future__ import annotations

from collections.abc import Iterable

from engines.datasets.emails import address_of, domain_of, mailbox_of
from engines.suppression.changes import BOUNCED, Cause, NoTarget, Stated, stated
from engines.suppression.marks import mark_of
from engines.suppression.statements import ALL

OWN_SCOPES = ("address", "domain")
"""The scopes of the suppressions that the notifier owns; it has a copy of the others."""


def of_address(text: str, cause: Cause) -> Stated:
    """The statement on letters to an address; raises `NoTarget`.

    A person who wants no letter at `ada+news@example.com` wants none in that mailbox, so the tag is left out. A bounce
    concerns only the address itself, because the mailbox without the tag may work.
    """
    address = address_of(text)
    if address is None:
        raise NoTarget(f"{text!r} is not an e-mail address; write it like ada@example.com.")
    target = address if cause.source == BOUNCED else mailbox_of(address)
    return stated("address", target, target, [mark_of("address", target)], ["email"], cause)


def of_domain(text: str, channels: Iterable[str], cause: Cause) -> Stated:
    """The statement on everyone with an address at a domain or below it; raises `NoTarget`."""
    domain = domain_of(text)
    if domain is None:
        raise NoTarget(f"{text!r} is not a domain; write it like example.com.")
    return stated(
        "domain", domain, f"everyone at {domain}", [mark_of("domain", domain)], list(channels) or [ALL], cause
    )
