"""Which marks have an address and a domain? A suppression stops what has one of its marks.

A letter to `ada+news@mail.example.com` has the marks of the address, of its mailbox `ada@mail.example.com`, and of the
domains `mail.example.com` and `example.com`. A suppression has the one mark of its target. So one of a mailbox covers
every tag, and one of a domain every subdomain.
"""

from __future__ import annotations

from functools import lru_cache

from engines.datasets.emails import address_of, mailbox_of

LONGEST_MARK = 600
"""The maximum length of a mark, a limit of the index.

People whose marks have the same beginning of this length are suppressed together.
"""


def mark_of(kind: str, value: str) -> str:
    return f"{kind}:{value}"[:LONGEST_MARK]


def address_marks(address: str | None) -> list[str]:
    """The marks of an address and, without its tag, of its mailbox."""
    return [*_marks(address)[0]]


def domain_marks(address: str | None) -> list[str]:
    """The domain of an address and its parents: a suppression of example.com covers mail.example.com."""
    return [*_marks(address)[1]]


def recipient_marks(address: str | None) -> list[str]:
    """The marks of an address and of its domains: all that a suppression of either can match."""
    return [*address_marks(address), *domain_marks(address)]


@lru_cache(maxsize=100_000)
def _marks(address: str | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    known = address_of(address)
    if known is None:
        return (), ()
    labels = known.rpartition("@")[2].split(".")
    of_address = (mark_of("address", each) for each in dict.fromkeys((known, mailbox_of(known))))
    return tuple(of_address), tuple(f"domain:{'.'.join(labels[at:])}" for at in range(len(labels) - 1))
