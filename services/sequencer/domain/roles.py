"""Which roles do contacts have, and in which order are they tried?"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from engines.naming.offices import NO_OFFICES, Offices
from engines.naming.placeholders import Placeholder, placeholder_in

Policy = Literal["public_record_named", "role_only"]
"""Which people may be named: those whom a public source names, or none (K12)."""


@dataclass(frozen=True, slots=True)
class ContactRole:
    """A role that a person has at a facility, or at the chain that it belongs to."""

    __pydantic_config__ = {"extra": "forbid"}  # noqa: RUF012  read by pydantic, not a field

    role: str
    label: str
    of: Literal["facility", "chain"] = "facility"
    persona: str | None = None
    """The role that this one stands in for first; None if steps of sequences address it itself."""


@dataclass(frozen=True, slots=True)
class ContactRoles:
    """The roles of the pack, in the order in which they are tried."""

    __pydantic_config__ = {"extra": "forbid"}  # noqa: RUF012  read by pydantic, not a field

    policy: Policy
    roles: tuple[ContactRole, ...]
    offices: Offices = NO_OFFICES
    """The titles of offices, and placeholders."""
    orders: dict[tuple[str, bool], tuple[str, ...]] = field(default_factory=dict, init=False, repr=False, compare=False)
    """What `order` has found."""

    def __post_init__(self) -> None:
        """Raises `ValueError` for repeated roles, or if no role is of a facility."""
        if len(set(self.names)) != len(self.names):
            raise ValueError(f"each role needs its own name; found {', '.join(self.names)}")
        if not self._of("facility"):
            raise ValueError("at least one role must be of a facility")
        if unknown := {each.persona for each in self.roles if each.persona} - set(self.addressed):
            raise ValueError(f"persona {', '.join(sorted(unknown))} is not a role of a facility without a persona")

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(each.role for each in self.roles)

    @property
    def addressed(self) -> tuple[str, ...]:
        """The roles of a facility that steps address, and whose people open a gate (R47)."""
        return tuple(each.role for each in self.roles if each.of == "facility" and not each.persona)

    @property
    def of_chain(self) -> tuple[str, ...]:
        return self._of("chain")

    @property
    def first(self) -> str:
        """The first role of a facility."""
        return next(iter(self.addressed), self._of("facility")[0])

    def placeholder(self, name: str) -> Placeholder | None:
        """The kind of placeholder that a name is; None if it may be a person's name."""
        return None if self._is_office(name) else placeholder_in(name, self.offices)

    def _is_office(self, name: str) -> bool:
        """Whether a name is that of an office, which stands for a person if no people are named."""
        return self.policy == "role_only" and any(each.label == name for each in self.roles)

    def label(self, role: str) -> str:
        return next(each.label for each in self.roles if each.role == role)

    def is_of_chain(self, role: str) -> bool:
        return role in self.of_chain

    def order(self, persona: str, chain: bool) -> tuple[str, ...]:
        """The roles to try in order: those of a chain (R44), the persona and its roles, then the others (R189)."""
        if (persona, chain) not in self.orders:
            own = (persona, *(each.role for each in self.roles if each.persona == persona))
            others = (role for role in self._of("facility") if role not in own)
            self.orders[persona, chain] = (*(self._of("chain") if chain else ()), *own, *others)
        return self.orders[persona, chain]

    def chain_label(self) -> str | None:
        """The label of the first role of a chain."""
        return next((each.label for each in self.roles if each.of == "chain"), None)

    def _of(self, place: str) -> tuple[str, ...]:
        return tuple(each.role for each in self.roles if each.of == place)
