"""How often do the invented people of a demo do what?"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from engines.packs.files import read

FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Behavior:
    """The rates that behavior.yaml states, each a share of 1."""

    __pydantic_config__ = {"extra": "forbid"}  # noqa: RUF012  read by pydantic, not a field

    left_for_tomorrow: float
    skipped: float
    skipped_because: str
    outcomes: dict[str, dict[str, float]] = field(default_factory=dict)
    """By channel and outcome."""

    def __post_init__(self) -> None:
        """Raises `ValueError` if the outcomes of a channel do not add up to 1."""
        for channel, rates in self.outcomes.items():
            if abs(sum(rates.values()) - 1) > 1e-9 or min(rates.values()) < 0:
                raise ValueError(f"the rates of {channel} are at least 0 and add up to 1")

    def sentences(self) -> list[str]:
        """The rates in words, one line for reps and one for each channel."""
        shares = [f"left for tomorrow {self.left_for_tomorrow:.1%}", f"skipped {self.skipped:.1%}"]
        of_channels = {
            channel: ", ".join(f"{outcome} {rate:.1%}" for outcome, rate in rates.items())
            for channel, rates in self.outcomes.items()
        }
        return [f"tasks: {', '.join(shares)}", *(f"{channel}: {rates}" for channel, rates in of_channels.items())]


@cache
def behavior() -> Behavior:
    """The behavior of behavior.yaml. Raises `ValueError` naming its faults."""
    found: Behavior | None
    found, faults = read(FOLDER, "behavior", Behavior)
    if found is None:
        raise ValueError("; ".join(map(str, faults)))
    return found
