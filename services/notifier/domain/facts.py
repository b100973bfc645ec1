"""What may a draft state, and about whom? (R37, K27)

A fact that is not known is None and never reaches a template. What comes from outside is cleaned before it is a fact.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import date

from engines.datasets.emails import is_address

LONGEST = 160
"""Characters of one fact from outside: a longer name would push the rest of a subject out of sight. What is cut ends
in an ellipsis."""
LONGEST_NAME = 160
"""Characters of what the pack calls somebody or something; more are refused, never cut."""
LONGEST_PROSE = 1_000
"""Characters of a passage of the pack; more are refused, never cut."""


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

    def __post_init__(self) -> None:
        """Raises `ValueError` naming every text that is blank or too long, with its length and the limit."""
        names = {
            "company": self.company,
            **{f"personas.{role}": text for role, text in self.personas.items()},
            **{f"roles.{family}": text for family, text in self.roles.items()},
        }
        prose = {"offer": self.offer, **{f"context.{state}": text for state, text in self.context.items()}}
        if self.case_study is not None:
            prose["case_study"] = self.case_study
        complaints = [*_ill(names, LONGEST_NAME), *_ill(prose, LONGEST_PROSE)]
        if complaints:
            raise ValueError("; ".join(complaints))


def _ill(texts: Mapping[str, str], most: int) -> Iterator[str]:
    for name, text in texts.items():
        if len(line := one_line(text)) > most:
            yield f"{name} has {len(line)} characters, and at most {most} are taken; shorten it"
        elif not line:
            yield f"{name} is blank; give a text"


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
    persona = _stated(outreach.personas.get(touch.persona))
    posting = touch.posting
    return Facts(
        company=_stated(outreach.company),
        offer=_stated(outreach.offer),
        context=_stated(outreach.context.get(touch.state)),
        case_study=_stated(outreach.case_study),
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
        "role": _stated(roles.get(posting.role_family)),
        "posting_title": clean(posting.title),
        "posting_first_seen": _spoken(posting.first_seen_on),
        "posting_last_seen": _spoken(posting.last_seen_on),
        "reposted": "yes" if posting.chronic else None,
    }


def clean(text: str | None) -> str | None:
    """A fact from outside: one line of visible text, at most `LONGEST` long; None when nothing is left of it."""
    line = one_line(text or "")
    return (line if len(line) <= LONGEST else f"{line[: LONGEST - 1].rstrip()}…") or None


def _stated(text: str | None) -> str | None:
    """A fact of the pack, whole; None where there is none."""
    return one_line(text or "") or None


def one_line(text: str) -> str:
    """Visible text without breaks.

    Line breaks and control characters would let a name write its own mail headers; invisible and direction-changing
    ones would let it show what it does not say.
    """
    visible = "".join(_shown(character) for character in text)
    return " ".join(visible.split())


def _shown(character: str) -> str:
    if character.isprintable():
        return character
    return " " if character.isspace() or unicodedata.category(character) == "Cc" else ""


def deliverable(address: str | None) -> str | None:
    """The address when it is one, and nothing more than one, to which an e-mail can be sent."""
    wanted = (address or "").strip()
    return wanted if is_address(wanted) else None


def _spoken(day: date) -> str:
    return f"{_MONTHS[day.month - 1]} {day.day}, {day.year}"


# Not from `strftime`, whose names depend on the machine's locale.
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
