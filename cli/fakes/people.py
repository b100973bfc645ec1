"""Which invented recruiters do pages and answers name? Nothing about them may enter the product."""

from __future__ import annotations

from typing import Final, NamedTuple
from zlib import crc32

from cli.fakes.world import Posting

FIRST: Final = "Quillan Odalys Tamsin Bertrand Ysolde Casimir Philippa Leopold".split()
LAST: Final = "Featherby Okonkwo-Reyes Vandersloot Quimbleton Zabriskie Hollingbrook Marchetti-Lund Pettibone".split()
DOMAIN: Final = "recruiting-people.example"


class Recruiter(NamedTuple):
    name: str
    email: str
    phone: str


def recruiter(posting: Posting) -> Recruiter:
    """The person whom a posting names, always the same one."""
    number = crc32(f"{posting.at}/{posting.source_posting_id}".encode())
    first, last = FIRST[number % len(FIRST)], LAST[number // 8 % len(LAST)]
    return Recruiter(
        f"{first} {last}", f"{first}.{last}@{DOMAIN}".lower(), f"(555) 01{number % 10}-{number // 64 % 10_000:04}"
    )


def text(posting: Posting) -> str:
    """The description as an employer writes it: HTML, with the person to ask."""
    person = recruiter(posting)
    what = posting.description or f"{posting.title} at {posting.employer_name or 'our house'}."
    return (
        f"<p>{what}</p><p>Questions? Ask {person.name}, "
        f'<a href="mailto:{person.email}">{person.email}</a>, {person.phone}.</p>'
    )
