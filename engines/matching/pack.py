"""Which words of its trade and which fitted weights does a pack have?"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, cast

from engines.matching.model import Model, of_names
from engines.matching.trade import Trade
from engines.matching.vocabulary import STRICT, Vocabulary
from engines.packs import PackInvalid, pack_folder, section_of
from engines.packs.layers import file_in


@dataclass(frozen=True, slots=True)
class Weights:
    """The weights of the features of a facility, and of those of "none of these"."""

    __pydantic_config__ = STRICT

    facility: dict[str, float]
    none: dict[str, float]


TRADE, WORDS, WEIGHTS = "trade", "matching/words", "matching/weights"
REPORT = "matching/report.json"
"""The measured quality of the weights, for people."""
SECTIONS: dict[str, Any] = {TRADE: Vocabulary, WORDS: dict[str, int], WEIGHTS: Weights}
"""The type of each file of the pack. `WORDS` has the weights of frequent words, in hundredths of a nat."""
FITTED = (WORDS, WEIGHTS)
"""What a pack has for the fitted matcher only."""


def trade() -> Trade:
    """The trade of the pack in force; raises `PackInvalid`."""
    return trade_in(pack_folder())


def fitted() -> Model:
    """The model of the pack in force; raises `PackInvalid`."""
    return model_in(pack_folder())


@cache  # because a trade caches spellings, and every batch of the matcher uses it
def trade_in(folder: Path) -> Trade:
    words = section_of(folder, WORDS, cast(Any, dict[str, int])) if file_in(folder, WORDS) else {}
    return Trade(vocabulary_in(folder), words)


def vocabulary_in(folder: Path) -> Vocabulary:
    return section_of(folder, TRADE, Vocabulary)


@cache
def model_in(folder: Path) -> Model:
    weights = section_of(folder, WEIGHTS, Weights)
    try:
        return of_names(weights.facility, weights.none, trade_in(folder))
    except ValueError as error:
        raise PackInvalid(f"{folder.name}/{WEIGHTS}.yaml: {error}.") from error
