"""Which person can a task reach?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Literal

from services.sequencer.domain.roles import ContactRoles
from services.sequencer.domain.sequences import Step

NEEDED = {"call": "direct phone", "email": "e-mail address", "linkedin": "name"}


@dataclass(frozen=True, slots=True)
class Contact:
    """The person who has a role now: a public, professional contact."""

    role: str
    name: str
    direct_phone: str | None = None
    email: str | None = None
    source: str | None = None
    stopped: Mapping[str, str] = field(default_factory=dict)
    """The suppressed channels, each with the reason."""
    resting: str | None = None
    """Why the person gets no letter now, in any sequence."""
    aliases: Sequence[tuple[str, str]] = ()
    """All places and names of a merged person."""


_NEEDED: dict[str, Callable[[Contact], str | None]] = {
    "call": attrgetter("direct_phone"),
    "email": attrgetter("email"),
    "linkedin": attrgetter("name"),
}
"""What a channel needs of a contact."""


@dataclass(frozen=True, slots=True)
class People:
    """The people of a facility and, for the enrollment of a chain, those of the chain."""

    roles: ContactRoles
    by_role: Mapping[str, Contact] = field(default_factory=dict)

    def get(self, role: str) -> Contact | None:
        return self.by_role.get(role)


def reachable(contact: Contact, channel: str) -> bool:
    """Whether a contact has what a channel needs, and neither a suppression nor a rest forbids the channel."""
    if channel in contact.stopped or (channel == "email" and contact.resting):
        return False
    needed = _NEEDED.get(channel)
    return needed is not None and bool(needed(contact))


def recipient(people: People, persona: str, channel: str, chain: bool) -> Contact | None:
    """The person a step addresses (R189); None if no person can be reached on the channel."""
    for role in people.roles.order(persona, chain):
        contact = people.by_role.get(role)
        if contact and reachable(contact, channel):
            return contact
    return None


def why_no_recipient(people: People, persona: str, channel: str, chain: bool) -> str:
    """Why a step is skipped, as a sentence."""
    roles = people.roles.order(persona, chain)
    stops = (contact.stopped.get(channel) for role in roles if (contact := people.get(role)))
    if stop := next(filter(None, stops), None):
        return stop
    rests = (contact.resting for role in roles if (contact := people.get(role)) and channel == "email")
    if rest := next(filter(None, rests), None):
        return rest
    return f"No {NEEDED[channel]} is known of {_either(f'the {people.roles.label(role)}' for role in roles)}."


def why_unreachable(
    people: People, place: Mapping[str, str], ahead: Iterable[Step], blocked: bool, chain: bool
) -> str | None:
    """Why suppressions leave no person to reach in the remaining steps of an enrollment; None if they do not.

    A blocked enrollment needs a person to call. `place` has the channels that are suppressed for the complete facility,
    each with the reason.
    """
    if not place and not any(contact.stopped for contact in people.by_role.values()):
        return None
    if blocked:
        return place.get("call") or why_not_callable(people, chain)
    return why_steps_unreachable(people, ahead, chain)


def why_steps_unreachable(people: People, ahead: Iterable[Step], chain: bool) -> str | None:
    """Why suppressions leave all of these steps without a recipient; None if they do not."""
    stops: list[str] = []
    for step in ahead:
        if recipient(people, step.persona, step.channel, chain):
            return None
        known = [contact for role in people.roles.order(step.persona, chain) if (contact := people.get(role))]
        stops += [contact.stopped[step.channel] for contact in known if step.channel in contact.stopped]
    return stops[0] if stops else None


def why_not_callable(people: People, chain: bool) -> str | None:
    """Why suppressions leave no person to call; None if they do not."""
    known = [people.get(role) for role in _callable(people.roles, chain)]
    stops = [contact.stopped.get("call") if contact else None for contact in known]
    return stops[0] if all(stops) else None


Gate = Literal["call", "any"]
"""What an enrollment needs before its first touch: a person to call, or a person whom any of its steps reaches."""

_WANTED: dict[Gate, str] = {"call": "direct phone", "any": "direct phone or e-mail address"}


def missing(people: People, chain: bool, gate: Gate | None, steps: Iterable[Step]) -> list[str]:
    """What an enrollment needs before its first touch, any one of these; empty if its gate is open (R47, K26)."""
    if gate is None or _is_open(people, chain, gate, steps):
        return []
    roles = _callable(people.roles, chain)
    wanted = [role for role in roles if not (contact := people.get(role)) or "call" not in contact.stopped]
    return [f"{_WANTED[gate]} of the {people.roles.label(role)}" for role in wanted or roles]


def _is_open(people: People, chain: bool, gate: Gate, steps: Iterable[Step]) -> bool:
    if gate == "any":
        return any(recipient(people, step.persona, step.channel, chain) for step in steps)
    known = map(people.get, _callable(people.roles, chain))
    return any(contact and reachable(contact, "call") for contact in known)


def opens_gate(roles: ContactRoles, chain: bool, gate: Gate) -> str:
    """What unblocks an enrollment, in a few words."""
    return f"a {_WANTED[gate]} of the {_either(map(roles.label, _callable(roles, chain)))}"


def research_request(chain: str | None, people: People, main_phone: str | None, gate: Gate) -> str:
    """What to find out, and the main number to call."""
    role, of_chain = research_role(people), people.roles.chain_label()
    contact, label = people.get(role), people.roles.label(role)
    named = f" ({contact.name})" if contact and contact.name != label else ""
    wanted = f"the {_WANTED[gate]} of {chain}'s {of_chain}, or " if chain and of_chain else ""
    found = f"the {label}'s {_WANTED[gate]}{named}"
    return f"Find {wanted}{found}; main number {main_phone or 'unknown'}"


def research_role(people: People) -> str:
    """The first role whose incumbent may be called, otherwise the last one."""
    roles = _callable(people.roles, chain=False)
    may_be_called = (role for role in roles if not (contact := people.get(role)) or "call" not in contact.stopped)
    return next(may_be_called, roles[-1])


def _callable(roles: ContactRoles, chain: bool) -> tuple[str, ...]:
    """The roles whose people open a gate."""
    opening = (*roles.addressed, *roles.of_chain)
    return tuple(role for role in roles.order(roles.first, chain) if role in opening)


def _either(names: Iterable[str]) -> str:
    *others, last = names
    return f"{', '.join(others)} or {last}" if others else last
