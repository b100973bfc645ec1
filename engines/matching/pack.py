"""What does a pack say about the words of its trade, and which weights were fitted to it?"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, cast

from engines.matching.model import Model, of_names
from engines.matching.trade import Trade
from engines.matching.vocabulary import STRICT, Vocabulary
from shared.packs import PackInvalid, pack_folder, section_of


@dataclass(frozen=True, slots=True)
class Weights:
    """Of the features of a facility, and of those of "none of these"."""

    __pydantic_config__ = STRICT

    facility: dict[str, float]
    none: dict[str, float]


TRADE, WORDS, WEIGHTS = "trade", "matching/words", "matching/weights"
REPORT = "matching/report.json"
"""How the weights did when they were fitted, for people."""
SECTIONS: dict[str, Any] = {TRADE: Vocabulary, WORDS: dict[str, int], WEIGHTS: Weights}
"""By file of the pack: what it has to be. `WORDS` are those that stand in many names, in hundredths of a nat."""


def trade() -> Trade:
    """Of the pack in force; raises `PackInvalid`."""
    return trade_in(pack_folder())


def fitted() -> Model:
    """The weights of the pack in force; raises `PackInvalid`."""
    return model_in(pack_folder())


@cache  # because a trade remembers what it spelled out, and every batch of the matcher asks for it
def trade_in(folder: Path) -> Trade:
    return Trade(vocabulary_in(folder), section_of(folder, WORDS, cast(Any, dict[str, int])))


def vocabulary_in(folder: Path) -> Vocabulary:
    return section_of(folder, TRADE, Vocabulary)


@cache
def model_in(folder: Path) -> Model:
    weights = section_of(folder, WEIGHTS, Weights)
    try:
        return of_names(weights.facility, weights.none, trade_in(folder))
    except ValueError as error:
        raise PackInvalid(f"{folder.name}/{WEIGHTS}.yaml: {error}.") from error
