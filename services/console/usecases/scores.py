"""How are a score and an urgency shown?"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from services.console.rendering.shapes import URGENCIES, Score, Urgency


def score_of(value: Decimal | None, tier: int | None, state: Mapping[str, Any]) -> Score:
    """A score with the points of its factors, and the gain by the multiplier last."""
    points = sorted((float(each["points"]) for each in state.get("breakdown", ())), reverse=True)
    total = float(state.get("score") or value or 0)
    gain = round(total - sum(points), 4)
    return Score(
        float(value or total), tier or 0, (*(each for each in points if each > 0), *((gain,) if gain > 0 else ()))
    )


def urgency_of(state: Mapping[str, Any]) -> Urgency | None:
    level = state.get("urgency")
    return None if level is None else Urgency(level, URGENCIES[level])
