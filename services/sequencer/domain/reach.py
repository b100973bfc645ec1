"""Whom can a task reach, and is there anybody to call?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from services.sequencer.domain.pack import Step

LABELS = {"administrator": "Administrator", "don": "DON", "regional": "Regional contact"}

NEEDED = {"call": "direct phone", "email": "e-mail address", "linkedin": "name"}


@dataclass(frozen=True, slots=True)
class Contact:
    """Who has a role now: a public, professional contact."""

    role: str
    name: str
    direct_phone: str | None = None
    email: str | None = None
    source: str | None = None
    stopped: Mapping[str, str] = field(default_factory=dict)
    """Channels by which this person is not to be contacted, each with the reason."""


People = Mapping[str, Contact]
"""By role: those of the facility and, for the enrollment of a chain, the chain's Regional contact."""


def reachable(contact: Contact, channel: str) -> bool:
    """A call needs a direct phone, an e-mail an address, LinkedIn the name; do-not-contact wins over all of them."""
    if channel in contact.stopped:
        return False
    return bool({"call": contact.direct_phone, "email": contact.email, "linkedin": contact.name}.get(channel))


def order_of(persona: str, chain: bool) -> tuple[str, ...]:
    """Whom to try, in this order: the Regional level first for a chain (R44), then the persona, then the other."""
    other = "don" if persona == "administrator" else "administrator"
    return (*(("regional",) if chain else ()), persona, other)


def recipient(people: People, persona: str, channel: str, chain: bool) -> Contact | None:
    """The person a step is for (R189); None where nobody can be reached this way."""
    known = (people.get(role) for role in order_of(persona, chain))
    return next((contact for contact in known if contact and reachable(contact, channel)), None)


def unreachable(people: People, persona: str, channel: str, chain: bool) -> str:
    """Why a step is skipped, for people."""
    roles = order_of(persona, chain)
    stops = (people[role].stopped.get(channel) for role in roles if role in people)
    if stop := next(filter(None, stops), None):
        return stop
    names = [f"the {LABELS[role]}" for role in roles]
    return f"No {NEEDED[channel]} is known of {', '.join(names[:-1])} or {names[-1]}."


def barred(people: People, place: Mapping[str, str], ahead: Iterable[Step], blocked: bool, chain: bool) -> str | None:
    """Why an enrollment with these steps ahead can reach nobody, where do-not-contact is the reason; else None.

    While it is blocked it waits for somebody to call, so that calls are what matters. `place`: the channels by which
    nobody at the facility may be contacted, each with the reason.
    """
    if blocked:
        return place.get("call") or gate_closed(people, chain)
    return nobody_left(people, ahead, chain)


def nobody_left(people: People, ahead: Iterable[Step], chain: bool) -> str | None:
    """Why none of these steps can reach anybody any more, where do-not-contact is the reason; else None."""
    stops: list[str] = []
    for step in ahead:
        if recipient(people, step.persona, step.channel, chain):
            return None
        known = [people[role] for role in order_of(step.persona, chain) if role in people]
        stops += [contact.stopped[step.channel] for contact in known if step.channel in contact.stopped]
    return stops[0] if stops else None


def gate_closed(people: People, chain: bool) -> str | None:
    """Why the gate can never open: nobody who could be called may be called."""
    stops = [people[role].stopped.get("call") if role in people else None for role in order_of("administrator", chain)]
    return stops[0] if all(stops) else None


def missing(people: People, chain: bool) -> list[str]:
    """What the gate asks for before a first touch: any one of these opens it; empty means open (R47, K26)."""
    roles = order_of("administrator", chain)
    if any(role in people and reachable(people[role], "call") for role in roles):
        return []
    asked = [role for role in roles if role not in people or "call" not in people[role].stopped]
    return [f"direct phone of the {LABELS[role]}" for role in asked or roles]


def opens_gate(chain: bool) -> str:
    """What `missing` asks for, in a few words."""
    *others, last = [LABELS[role] for role in order_of("administrator", chain)]
    return f"a direct phone of the {', '.join(others)} or {last}"


def research_request(chain: str | None, people: People, main_phone: str | None) -> str:
    """What to find out, and whom to ring for it."""
    role = research_role(people)
    named = f" ({people[role].name})" if role in people else ""
    wanted = f"the direct phone of {chain}'s Regional contact, or " if chain else ""
    return f"Find {wanted}the {LABELS[role]}'s direct phone{named}; main number {main_phone or 'unknown'}"


def research_role(people: People) -> str:
    """Whose number to look for: the Administrator's, or the DON's where the Administrator is not to be called."""
    administrator = people.get("administrator")
    return "don" if administrator and "call" in administrator.stopped else "administrator"
