"""How often do the invented people of a simulation do what?"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import Field

from engines.packs.files import read

FILE = Path(__file__).with_name("behavior.yaml")

Share = Annotated[float, Field(ge=0, le=1)]


@dataclass(frozen=True, slots=True)
class LeadRates:
    """How a lead is decided on a business day in the time after a meeting or interest."""

    __pydantic_config__ = {"extra": "forbid"}  # noqa: RUF012  read by pydantic, not a field

    won: Share
    lost: Share
    lost_because: Annotated[str, Field(min_length=1)]

    def __post_init__(self) -> None:
        """Raises `ValueError` if a lead would be both won and lost."""
        if self.won + self.lost > 1:
            raise ValueError("the rates of won and lost leads add up to 1 at most")


@dataclass(frozen=True, slots=True)
class Behavior:
    """The rates that a file such as behavior.yaml states, each a share of 1."""

    __pydantic_config__ = {"extra": "forbid"}  # noqa: RUF012  read by pydantic, not a field

    left_for_tomorrow: Share
    skipped: Share
    skipped_because: str
    leads: LeadRates
    outcomes: dict[str, dict[str, float]] = field(default_factory=dict)
    """By channel and outcome."""

    def __post_init__(self) -> None:
        """Raises `ValueError` if the outcomes of a channel do not add up to 1."""
        for channel, rates in self.outcomes.items():
            if abs(sum(rates.values()) - 1) > 1e-9 or min(rates.values()) < 0:
                raise ValueError(f"the rates of {channel} are at least 0 and add up to 1")

    def sentences(self) -> list[str]:
        """The rates in words, one line for tasks, one for each channel and one for leads."""
        shares = [f"left for tomorrow {self.left_for_tomorrow:.1%}", f"skipped {self.skipped:.1%}"]
        of_channels = {
            channel: ", ".join(f"{outcome} {rate:.1%}" for outcome, rate in rates.items())
            for channel, rates in self.outcomes.items()
        }
        return [
            f"tasks: {', '.join(shares)}",
            *(f"{channel}: {rates}" for channel, rates in of_channels.items()),
            f"leads, a day after a meeting or interest: won {self.leads.won:.1%}, lost {self.leads.lost:.1%}",
        ]


@cache
def behavior(path: Path = FILE) -> Behavior:
    """The behavior that a file states. Raises `ValueError` naming its faults."""
    if path.suffix != ".yaml":
        raise ValueError(f"{path.name}: a file of behavior has a name that ends in .yaml.")
    found: Behavior | None
    found, faults = read(path.parent, path.stem, Behavior)
    if found is None:
        raise ValueError("; ".join(map(str, faults)))
    return found
