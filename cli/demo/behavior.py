"""How often do the invented people of a simulation do what?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field

from engines.packs.files import read
from engines.packs.layers import file_in
from shared.contracts.sequencer_leads import Phase

FILE = Path(__file__).with_name("behavior.yaml")

STRICT = {"extra": "forbid"}

Share = Annotated[float, Field(ge=0, le=1)]
Answer = Literal["replied", "bounced", "away", "unsubscribed"]
Rates = dict[str, Share]
"""Shares that add up to 1."""


@dataclass(frozen=True, slots=True)
class LeadRates:
    """What comes of a lead on a business day: it enters the next stage, or is lost."""

    __pydantic_config__ = STRICT

    next: Share
    lost: Share

    def __post_init__(self) -> None:
        """Raises `ValueError` if a lead would both go on and be lost."""
        if self.next + self.lost > 1:
            raise ValueError("the rates of next and lost add up to 1 at most")


@dataclass(frozen=True, slots=True)
class Proposals:
    """What is stated with a proposal: an amount between two, and the days until the expected win."""

    __pydantic_config__ = STRICT

    least: Annotated[int, Field(ge=0)]
    most: Annotated[int, Field(ge=0)]
    close_after: Annotated[int, Field(ge=1)]

    def __post_init__(self) -> None:
        if self.least > self.most:
            raise ValueError("least is at most as much as most")


@dataclass(frozen=True, slots=True)
class InboxRates:
    """The share of waiting groups that is decided a day, and the confidence from which a candidate is accepted."""

    __pydantic_config__ = STRICT

    decided: Share
    accepted_from: Share


@dataclass(frozen=True, slots=True)
class Behavior:
    """The rates that a file such as behavior.yaml states, each a share of 1."""

    __pydantic_config__ = STRICT

    left_for_tomorrow: Share
    skipped: Share
    skipped_because: str
    leads: dict[Phase, LeadRates]
    lost_because: Rates
    proposals: Proposals
    reopened: Share
    inbox: InboxRates
    letters: dict[Answer, Share]
    """What comes back for a letter; for the others, nothing does."""
    away_days: Annotated[int, Field(ge=1)]
    outcomes: dict[str, Rates]
    """By kind of task or channel, and outcome."""

    def __post_init__(self) -> None:
        """Raises `ValueError` if the outcomes of a task, or the reasons of losses, do not add up to 1."""
        for name, rates in {**self.outcomes, "lost_because": self.lost_because}.items():
            if abs(sum(rates.values()) - 1) > 1e-9:
                raise ValueError(f"the rates of {name} add up to 1")
        if sum(self.letters.values()) > 1:
            raise ValueError("the rates of letters add up to 1 at most")

    def sentences(self) -> list[str]:
        """The rates in words: a line for tasks, each channel and kind, letters, phases, losses and the rest."""
        shares = {"left for tomorrow": self.left_for_tomorrow, "skipped": self.skipped}
        phases = {
            f"{phase} leads, a day": {"next stage": each.next, "lost": each.lost} for phase, each in self.leads.items()
        }
        lines: dict[str, Mapping[Any, float]] = {
            "tasks": shares,
            **self.outcomes,
            "answers to letters": self.letters,
            **phases,
            "losses": self.lost_because,
        }
        least, most, days = self.proposals.least, self.proposals.most, self.proposals.close_after
        decided, accepted_from = self.inbox.decided, self.inbox.accepted_from
        return [
            *(f"{name}: {_listed(rates)}" for name, rates in lines.items()),
            f"proposals: {least:,} to {most:,}, expected to close after {days} days",
            f"lost leads that a signal asks to re-open: re-opened {self.reopened:.1%}",
            f"inbox: decided {decided:.1%} a day, accepted from a confidence of {accepted_from:.1%}",
        ]


def _listed(rates: Mapping[Any, float]) -> str:
    return ", ".join(f"{name} {rate:.1%}" for name, rate in rates.items())


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


def file_of(pack: Path) -> Path:
    """The file with the rates for a pack: its own behavior.yaml, or that of all packs."""
    return file_in(pack, "behavior") or FILE


def behavior_of(pack: Path) -> Behavior:
    """The behavior of the invented people of a pack. Raises `ValueError` naming its faults."""
    return behavior(file_of(pack))
