"""How does chance decide, the same in every run?"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date
from typing import TypeVar

N = TypeVar("N", bound=str)


def draw(*words: int | str | date) -> tuple[float, float]:
    """Two numbers from 0 to 1 that depend on the words only."""
    digest = hashlib.sha256("|".join(map(str, words)).encode()).digest()
    return int.from_bytes(digest[:4]) / 2**32, int.from_bytes(digest[4:8]) / 2**32


def chosen(rates: Mapping[N, float], pick: float) -> N | None:
    """The name whose share of the rates contains `pick`, from 0 to 1; None beyond their sum."""
    for name, rate in rates.items():
        pick -= rate
        if pick < 0:
            return name
    return None
