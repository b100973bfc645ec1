"""Whom can a touch reach, and is there anybody to call?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

LABELS = {"administrator": "Administrator", "don": "DON", "regional": "Regional contact"}

NEEDED = {"call": "direct phone", "email": "e-mail address", "linkedin": "name"}


@dataclass(frozen=True, slots=True)
class Contact:
    """Who holds a role now: a public, professional contact."""

    role: str
    name: str
    direct_phone: str | None = None
    email: str | None = None
    source: str | None = None


People = Mapping[str, Contact]
"""By role: those of the facility and, for the run of a chain, the chain's Regional contact."""


def reachable(contact: Contact, channel: str) -> bool:
    """A call needs a direct phone, an e-mail an address, LinkedIn the name."""
    return bool({"call": contact.direct_phone, "email": contact.email, "linkedin": contact.name}.get(channel))


def order_of(persona: str, chain: bool) -> tuple[str, ...]:
    """Whom to try, in this order: the Regional level first for a chain (R44), then the persona, then the other."""
    other = "don" if persona == "administrator" else "administrator"
    return (*(("regional",) if chain else ()), persona, other)


def whom(people: People, persona: str, channel: str, chain: bool) -> Contact | None:
    """The person a step is for (R189); None where nobody can be reached this way."""
    known = (people.get(role) for role in order_of(persona, chain))
    return next((contact for contact in known if contact and reachable(contact, channel)), None)


def unreachable(persona: str, channel: str, chain: bool) -> str:
    """Why a step is skipped, for people."""
    names = [f"the {LABELS[role]}" for role in order_of(persona, chain)]
    return f"No {NEEDED[channel]} is known of {', '.join(names[:-1])} or {names[-1]}."


def missing(people: People, chain: bool) -> list[str]:
    """What the gate asks for before a first touch: any one of these opens it; empty means open (R47, K26)."""
    roles = order_of("administrator", chain)
    if any(role in people and people[role].direct_phone for role in roles):
        return []
    return [f"direct phone of the {LABELS[role]}" for role in roles]


def opens_gate(chain: bool) -> str:
    """What `missing` asks for, in a few words."""
    *others, last = [LABELS[role] for role in order_of("administrator", chain)]
    return f"a direct phone of the {', '.join(others)} or {last}"


def research_request(chain: str | None, people: People, main_phone: str | None) -> str:
    """What to find out, and whom to ring for it."""
    administrator = people.get("administrator")
    named = f" ({administrator.name})" if administrator else ""
    wanted = f"the direct phone of {chain}'s Regional contact, or " if chain else ""
    return f"Find {wanted}the Administrator's direct phone{named}; main number {main_phone or 'unknown'}"
