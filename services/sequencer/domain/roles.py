"""Which roles do contacts have, and who stands in for whom?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from engines.naming.offices import NO_OFFICES, Offices
from engines.naming.placeholders import Placeholder, placeholder_in


@dataclass(frozen=True, slots=True)
class ContactRole:
    """A role that a person has at a facility, or at the chain that it belongs to."""

    __pydantic_config__ = {"extra": "forbid"}  # noqa: RUF012  read by pydantic, not a field

    role: str
    label: str
    of: Literal["facility", "chain"] = "facility"


@dataclass(frozen=True, slots=True)
class ContactRoles:
    """The roles of the pack, in the order in which they stand in for each other."""

    __pydantic_config__ = {"extra": "forbid"}  # noqa: RUF012  read by pydantic, not a field

    roles: tuple[ContactRole, ...]
    offices: Offices = NO_OFFICES
    """What these and other offices are called, and what stands where a name should."""

    def __post_init__(self) -> None:
        """Raises `ValueError` for roles by which nobody could be found."""
        if len(set(self.names)) != len(self.names):
            raise ValueError(f"roles have names of their own, found {', '.join(self.names)}")
        if not self._of("facility"):
            raise ValueError("at least one role is that of a facility")

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(each.role for each in self.roles)

    @property
    def first(self) -> str:
        """The role of a facility that is looked for first."""
        return self._of("facility")[0]

    def nobody(self, name: str) -> Placeholder | None:
        """What a name says that is nobody's; None where it may be a person's."""
        return placeholder_in(name, self.offices)

    def label(self, role: str) -> str:
        return next(each.label for each in self.roles if each.role == role)

    def is_of_chain(self, role: str) -> bool:
        return role in self._of("chain")

    def order(self, persona: str, chain: bool) -> tuple[str, ...]:
        """Whom to try, in this order: those of a chain first (R44), then the persona, then who stands in (R189)."""
        return (*(self._of("chain") if chain else ()), persona, *(r for r in self._of("facility") if r != persona))

    def chain_label(self) -> str | None:
        """What the first role of a chain is called."""
        return next((each.label for each in self.roles if each.of == "chain"), None)

    def _of(self, place: str) -> tuple[str, ...]:
        return tuple(each.role for each in self.roles if each.of == place)
