"""Whom can a task reach, and is there anybody to call?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from services.sequencer.domain.pack import Step
from services.sequencer.domain.roles import ContactRoles

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


@dataclass(frozen=True, slots=True)
class People:
    """Those of a facility and, for the enrollment of a chain, those of the chain."""

    roles: ContactRoles
    by_role: Mapping[str, Contact] = field(default_factory=dict)

    def get(self, role: str) -> Contact | None:
        return self.by_role.get(role)


def reachable(contact: Contact, channel: str) -> bool:
    """A call needs a direct phone, an e-mail an address, LinkedIn the name; do-not-contact wins over all of them."""
    if channel in contact.stopped:
        return False
    return bool({"call": contact.direct_phone, "email": contact.email, "linkedin": contact.name}.get(channel))


def recipient(people: People, persona: str, channel: str, chain: bool) -> Contact | None:
    """The person a step is for (R189); None where nobody can be reached this way."""
    known = (people.get(role) for role in people.roles.order(persona, chain))
    return next((contact for contact in known if contact and reachable(contact, channel)), None)


def unreachable(people: People, persona: str, channel: str, chain: bool) -> str:
    """Why a step is skipped, for people."""
    roles = people.roles.order(persona, chain)
    stops = (contact.stopped.get(channel) for role in roles if (contact := people.get(role)))
    if stop := next(filter(None, stops), None):
        return stop
    return f"No {NEEDED[channel]} is known of {_either(f'the {people.roles.label(role)}' for role in roles)}."


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
        known = [contact for role in people.roles.order(step.persona, chain) if (contact := people.get(role))]
        stops += [contact.stopped[step.channel] for contact in known if step.channel in contact.stopped]
    return stops[0] if stops else None


def gate_closed(people: People, chain: bool) -> str | None:
    """Why the gate can never open: nobody who could be called may be called."""
    known = [people.get(role) for role in _callable(people.roles, chain)]
    stops = [contact.stopped.get("call") if contact else None for contact in known]
    return stops[0] if all(stops) else None


def missing(people: People, chain: bool) -> list[str]:
    """What the gate asks for before a first touch: any one of these opens it; empty means open (R47, K26)."""
    roles = _callable(people.roles, chain)
    if any(contact and reachable(contact, "call") for contact in map(people.get, roles)):
        return []
    asked = [role for role in roles if not (contact := people.get(role)) or "call" not in contact.stopped]
    return [f"direct phone of the {people.roles.label(role)}" for role in asked or roles]


def opens_gate(roles: ContactRoles, chain: bool) -> str:
    """What `missing` asks for, in a few words."""
    return f"a direct phone of the {_either(map(roles.label, _callable(roles, chain)))}"


def research_request(chain: str | None, people: People, main_phone: str | None) -> str:
    """What to find out, and whom to ring for it."""
    role, of_chain = research_role(people), people.roles.chain_label()
    named = f" ({contact.name})" if (contact := people.get(role)) else ""
    wanted = f"the direct phone of {chain}'s {of_chain}, or " if chain and of_chain else ""
    return f"Find {wanted}the {people.roles.label(role)}'s direct phone{named}; main number {main_phone or 'unknown'}"


def research_role(people: People) -> str:
    """Whose number to look for: that of the first role whose incumbent may be called; else of the first."""
    roles = _callable(people.roles, chain=False)
    may_be_called = (role for role in roles if not (contact := people.get(role)) or "call" not in contact.stopped)
    return next(may_be_called, roles[-1])


def _callable(roles: ContactRoles, chain: bool) -> tuple[str, ...]:
    return roles.order(roles.first, chain)


def _either(names: Iterable[str]) -> str:
    *others, last = names
    return f"{', '.join(others)} or {last}" if others else last
