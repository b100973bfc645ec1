"""What may a draft state, and about whom? (R37, K27)

An unknown fact is None and never reaches a template. Text from outside is cleaned before it becomes a fact.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import date

from engines.datasets.emails import is_address

LONGEST = 160
"""The maximum length of a fact from outside.

A longer one is cut and ends in an ellipsis; otherwise it would push the rest of a subject line out of sight.
"""
LONGEST_NAME = 160
"""The maximum length of a name in the pack. A longer one is refused, never cut."""
LONGEST_PROSE = 1_000
"""The maximum length of a passage in the pack. A longer one is refused, never cut."""


@dataclass(frozen=True, slots=True)
class ChainWords:
    """What a text for a person of a chain calls the facilities of the chain, before the towns in which they are."""

    __pydantic_config__ = {"extra": "forbid"}  # noqa: RUF012  read by pydantic, not a field

    one: str
    several: str


@dataclass(frozen=True, slots=True)
class Outreach:
    """Pack section `outreach`: the sender, and the names of roles and personas in a letter."""

    __pydantic_config__ = {"extra": "forbid"}  # noqa: RUF012  read by pydantic, not a field

    company: str
    offer: str
    personas: dict[str, str]
    roles: dict[str, str]
    context: dict[str, str] = field(default_factory=dict)
    """By state: a current development there that makes a letter timely."""
    case_study: str | None = None
    of_chain: ChainWords | None = None

    def __post_init__(self) -> None:
        """Raises `ValueError` naming every text that is blank or too long, with its length and the limit."""
        names = {
            "company": self.company,
            **{f"personas.{role}": text for role, text in self.personas.items()},
            **{f"roles.{family}": text for family, text in self.roles.items()},
        }
        if self.of_chain:
            names |= {"of_chain.one": self.of_chain.one, "of_chain.several": self.of_chain.several}
        prose = {"offer": self.offer, **{f"context.{state}": text for state, text in self.context.items()}}
        if self.case_study is not None:
            prose["case_study"] = self.case_study
        faults = [*_faults(names, LONGEST_NAME), *_faults(prose, LONGEST_PROSE)]
        if faults:
            raise ValueError("; ".join(faults))


def _faults(texts: Mapping[str, str], limit: int) -> Iterator[str]:
    for name, text in texts.items():
        if len(line := one_line(text)) > limit:
            yield f"{name} has {len(line)} characters, and at most {limit} are accepted; shorten it"
        elif not line:
            yield f"{name} is blank; give a text"


@dataclass(frozen=True, slots=True)
class Posting:
    """The posting that a letter may mention."""

    role_family: str
    title: str
    first_seen_on: date
    last_seen_on: date
    chronic: bool


@dataclass(frozen=True, slots=True)
class Task:
    """A task that needs a text, as stated by its event."""

    channel: str
    template: str | None
    facility: str
    city: str
    state: str
    persona: str
    rep: str
    """The name of the sender."""
    person: str | None = None
    """The complete name."""
    greeting: str | None = None
    email: str | None = None
    chain: str | None = None
    homes: int = 1
    """The number of facilities that it covers."""
    towns: tuple[str, ...] = ()
    """For a person of a chain: where each facility is that it covers, best first."""
    posting: Posting | None = None
    rep_email: str | None = None
    rep_phone: str | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """The variables of a template."""

    company: str | None = None
    offer: str | None = None
    context: str | None = None
    case_study: str | None = None
    facility: str | None = None
    city: str | None = None
    state: str | None = None
    chain: str | None = None
    homes: str | None = None
    """How many facilities the task covers; None if it is only one."""
    homes_of_chain: str | None = None
    """For a person of a chain, and for no one else: the facilities in a few words, with two towns at most."""
    place: str | None = None
    """What the text is about: the facility or, for a person of a chain, the facilities of the chain."""
    rep: str | None = None
    """The name of the sender."""
    rep_phone: str | None = None
    signature: str | None = None
    """What is known of the sender: name, company, telephone number and e-mail address."""
    persona: str | None = None
    salutation: str | None = None
    """The person's greeting or name, otherwise the name of the role."""
    person: str | None = None
    """The complete name of the person."""
    role: str | None = None
    """With its article: "an estimator"."""
    posting_title: str | None = None
    posting_first_seen: str | None = None
    posting_last_seen: str | None = None
    reposted: str | None = None
    """Set if the posting was closed and reposted."""

    def known(self) -> dict[str, str]:
        """The facts that are not None, by name."""
        return {name: value for name in NAMES if (value := getattr(self, name)) is not None}


NAMES = tuple(each.name for each in fields(Facts))


def facts_of(task: Task, outreach: Outreach) -> Facts:
    """The facts of one task, from its event and from the pack."""
    persona = _stated(outreach.personas.get(task.persona))
    posting, company = task.posting, _stated(outreach.company)
    homes_of_chain, facility = _homes_of_chain(task.towns, outreach.of_chain), clean(task.facility)
    rep, phone, email = clean(task.rep), clean(task.rep_phone), clean(task.rep_email)
    return Facts(
        company=company,
        offer=_stated(outreach.offer),
        context=_stated(outreach.context.get(task.state)),
        case_study=_stated(outreach.case_study),
        facility=facility,
        city=clean(task.city),
        state=clean(task.state),
        chain=clean(task.chain),
        homes=str(task.homes) if task.homes > 1 else None,
        homes_of_chain=homes_of_chain,
        place=homes_of_chain or facility,
        rep=rep,
        rep_phone=phone,
        signature=", ".join(filter(None, (rep, company, phone, email))) or None,
        persona=persona,
        salutation=clean(task.greeting) or clean(task.person) or persona,
        person=clean(task.person),
        **(_facts_of_posting(posting, outreach.roles) if posting else {}),
    )


NAMED_TOWNS = 2
"""The towns that a text for a person of a chain names."""
_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


def _homes_of_chain(towns: Iterable[str], words: ChainWords | None) -> str | None:
    """As in "your homes in Albany, Troy and two more"; None for a person who is of no chain."""
    found = list(filter(None, map(clean, towns)))
    if not found or words is None:
        return None
    distinct = list(dict.fromkeys(found))
    named, others = distinct[:NAMED_TOWNS], len(distinct[NAMED_TOWNS:])
    more = [f"{_NUMBERS[others] if others < len(_NUMBERS) else others} more"] if others else []
    *first, last = [*named, *more]
    listed = f"{', '.join(first)} and {last}" if first else last
    return f"{_stated(words.several if len(found) > 1 else words.one)} {listed}"


def _facts_of_posting(posting: Posting, roles: Mapping[str, str]) -> dict[str, str | None]:
    return {
        "role": _stated(roles.get(posting.role_family)),
        "posting_title": clean(posting.title),
        "posting_first_seen": _spelled_out(posting.first_seen_on),
        "posting_last_seen": _spelled_out(posting.last_seen_on),
        "reposted": "yes" if posting.chronic else None,
    }


def clean(text: str | None) -> str | None:
    """A fact from outside: one line of visible text, at most `LONGEST` characters; None if nothing is left of it."""
    line = one_line(text or "")
    return (line if len(line) <= LONGEST else f"{line[: LONGEST - 1].rstrip()}…") or None


def _stated(text: str | None) -> str | None:
    """A fact of the pack, never cut; None if it is missing."""
    return one_line(text or "") or None


def one_line(text: str) -> str:
    """Visible text without breaks.

    Line breaks and control characters could add mail headers. Invisible and direction-changing characters could
    display a text that differs from the real one.
    """
    visible = "".join(_visible(character) for character in text)
    return " ".join(visible.split())


def _visible(character: str) -> str:
    if character.isprintable():
        return character
    return " " if character.isspace() or unicodedata.category(character) == "Cc" else ""


def deliverable(address: str | None) -> str | None:
    """The address, if it is exactly one that an e-mail can be sent to."""
    candidate = (address or "").strip()
    return candidate if is_address(candidate) else None


def _spelled_out(day: date) -> str:
    return f"{_MONTHS[day.month - 1]} {day.day}, {day.year}"


# `strftime` is not used, because its names depend on the machine's locale.
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
