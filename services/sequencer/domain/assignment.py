"""Which rules does a pack have for the assignment of accounts to reps? (R121 to R123)"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Literal

STRICT = {"extra": "forbid"}


@dataclass(frozen=True, slots=True)
class Territory:
    """Some states, or the rest of them."""

    __pydantic_config__ = STRICT

    territory: str
    states: tuple[str, ...] | Literal["rest"]
    """`rest`: every state that no other territory has, and places whose state is unknown."""

    def __post_init__(self) -> None:
        if not self.territory.strip() or not self.states:
            raise ValueError("a territory has a name, and at least one state")


@dataclass(frozen=True, slots=True)
class Assignment:
    """Territories, and how long a rep may be away who gets a new account."""

    __pydantic_config__ = STRICT

    max_days_away: int
    territories: tuple[Territory, ...]
    precedence: tuple[str, ...] = ()
    """Of a state that several territories name, the first of these has it (K16)."""
    by_hand: tuple[str, ...] = ()
    """States that are in no territory on purpose."""

    def __post_init__(self) -> None:
        """Raises `ValueError` for territories that are not distinct or not known."""
        if self.max_days_away < 0:
            raise ValueError("max_days_away is at least 0")
        repeated = [name for name, count in Counter(self.names).items() if count > 1]
        if repeated:
            raise ValueError(f"territory {repeated[0]!r} occurs more than once")
        if sum(each.states == "rest" for each in self.territories) > 1:
            raise ValueError("only one territory has the rest of the states")
        if unknown := [name for name in self.precedence if name not in self.names]:
            raise ValueError(f"precedence: there is no territory {unknown[0]!r}")

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(each.territory for each in self.territories)

    def naming(self, state: str) -> tuple[str, ...]:
        """The territories that name a state."""
        return tuple(each.territory for each in self.territories if each.states != "rest" and state in each.states)

    def territory_of(self, state: str) -> str | None:
        """The territory that has a state; None if there is none, or if several name it and none has precedence."""
        named = self.naming(state)
        if len(named) > 1:
            return next((name for name in self.precedence if name in named), None)
        if named or state in self.by_hand:
            return named[0] if named else None
        return next((each.territory for each in self.territories if each.states == "rest"), None)

    def why_none(self, state: str) -> str:
        """Why `territory_of` finds none, as a sentence."""
        if named := self.naming(state):
            return f"{' and '.join(named)} name {state}, and none has precedence."
        return f"No territory has {state or 'an account without a state'}."


EVERYWHERE = Assignment(max_days_away=0, territories=(Territory("everywhere", "rest"),))
"""One territory, so that the load alone decides."""
