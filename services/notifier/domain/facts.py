"""What may a draft state, and about whom? (R37, K27)

A fact that is not known is None and never reaches a template. What comes from outside is cleaned before it is a fact.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date

LONGEST = 160
"""Characters of one fact: a longer name or title is no name, and would push the rest of a subject out of sight."""

_ADDRESS = re.compile(r"[A-Za-z0-9._%+'-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")


@dataclass(frozen=True, slots=True)
class Outreach:
    """Pack section `outreach`: the sender, and what roles and personas are called in a letter."""

    __pydantic_config__ = {"extra": "forbid"}  # noqa: RUF012  read by pydantic, not a field

    company: str
    offer: str
    personas: dict[str, str]
    roles: dict[str, str]
    context: dict[str, str] = field(default_factory=dict)
    """By state: what is happening there that makes the touch timely."""
    case_study: str | None = None


@dataclass(frozen=True, slots=True)
class Posting:
    """The posting that a touch may mention."""

    role_family: str
    title: str
    first_seen_on: date
    last_seen_on: date
    chronic: bool


@dataclass(frozen=True, slots=True)
class Touch:
    """What the event says about a touch that is to be written."""

    channel: str
    template: str | None
    facility: str
    city: str
    state: str
    persona: str
    rep: str
    person: str | None = None
    """In full."""
    greeting: str | None = None
    email: str | None = None
    chain: str | None = None
    homes: int = 1
    """Facilities that it stands for."""
    posting: Posting | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything that a template may name; the fields are the variables."""

    company: str | None = None
    offer: str | None = None
    context: str | None = None
    case_study: str | None = None
    facility: str | None = None
    city: str | None = None
    state: str | None = None
    chain: str | None = None
    homes: str | None = None
    """How many facilities the touch stands for; None when it is only one."""
    rep: str | None = None
    persona: str | None = None
    salutation: str | None = None
    """What the person is greeted by, else what the role is called."""
    person: str | None = None
    """The name of the person in full."""
    role: str | None = None
    """With its article: an MDS coordinator."""
    posting_title: str | None = None
    posting_first_seen: str | None = None
    posting_last_seen: str | None = None
    reposted: str | None = None
    """Set when the posting came back after it was gone."""

    def known(self) -> dict[str, str]:
        """The facts that there are, by name."""
        return {name: value for name in NAMES if (value := getattr(self, name)) is not None}


NAMES = tuple(each.name for each in fields(Facts))


def facts_of(touch: Touch, outreach: Outreach) -> Facts:
    """The facts of one touch: from the event, and from the pack in whose name it is written."""
    persona = clean(outreach.personas.get(touch.persona))
    posting = touch.posting
    return Facts(
        company=clean(outreach.company),
        offer=clean(outreach.offer),
        context=clean(outreach.context.get(touch.state)),
        case_study=clean(outreach.case_study),
        facility=clean(touch.facility),
        city=clean(touch.city),
        state=clean(touch.state),
        chain=clean(touch.chain),
        homes=str(touch.homes) if touch.homes > 1 else None,
        rep=clean(touch.rep),
        persona=persona,
        salutation=clean(touch.greeting) or clean(touch.person) or persona,
        person=clean(touch.person),
        **(_about(posting, outreach.roles) if posting else {}),
    )


def _about(posting: Posting, roles: Mapping[str, str]) -> dict[str, str | None]:
    return {
        "role": clean(roles.get(posting.role_family)),
        "posting_title": clean(posting.title),
        "posting_first_seen": _spoken(posting.first_seen_on),
        "posting_last_seen": _spoken(posting.last_seen_on),
        "reposted": "yes" if posting.chronic else None,
    }


def clean(text: str | None) -> str | None:
    """One line of visible text, at most `LONGEST` long; None when nothing is left of it.

    Line breaks and control characters would let a name write its own mail headers; invisible and direction-changing
    ones would let it show what it does not say.
    """
    visible = "".join(_shown(character) for character in text or "")
    line = " ".join(visible.split())
    return line[:LONGEST].rstrip() or None


def _shown(character: str) -> str:
    if character.isprintable():
        return character
    return " " if character.isspace() or unicodedata.category(character) == "Cc" else ""


def deliverable(address: str | None) -> str | None:
    """The address when it is one, and nothing more than one, to which an e-mail can be sent."""
    wanted = (address or "").strip()
    return wanted if len(wanted) <= 254 and _ADDRESS.fullmatch(wanted) else None


def _spoken(day: date) -> str:
    return f"{_MONTHS[day.month - 1]} {day.day}, {day.year}"


# Not from `strftime`, whose names depend on the machine's locale.
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
