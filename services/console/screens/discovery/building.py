"""Why is an account worth a look, and what would lift it into the next tier?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from services.console import settings
from services.console.rendering.filters import day
from services.console.screens.discovery.queries import Row as Found
from services.console.screens.discovery.view import Row, Way
from services.console.usecases.scores import score_of
from services.console.usecases.texts import place, plain
from shared.contracts.sequencer_touches import BookmarkRow

REASONS = 4
WAYS = 3


@dataclass(frozen=True, slots=True)
class Known:
    """What the rows of the page are built from."""

    scores: Mapping[str, Mapping[str, Any]]
    cuts: Mapping[int, float]
    bookmarks: Mapping[str, BookmarkRow]
    reps: Mapping[str, str]
    own: str
    """The person who looks, as services record them."""


def row(each: Found, known: Known, *, markable: bool) -> Row:
    state = known.scores.get(each.facility_id, {})
    missing = missing_points(each.tier, float(each.score), known.cuts)
    return Row(
        id=each.facility_id,
        href=f"/facilities/{each.facility_id}",
        name=settings.usual_name(each.name or each.facility_id),
        place=place(each.city, each.state),
        score=score_of(None, each.tier, state),
        reasons=reasons(state),
        ways=ways(state, missing),
        short_of=missing,
        bookmarked=_bookmarked(known.bookmarks.get(each.facility_id), known),
        owner=known.reps.get(each.owner or "", each.owner or ""),
        markable=markable,
    )


def missing_points(tier: int, score: float, cuts: Mapping[int, float]) -> float:
    """The points to the next tier; 0 in the first one."""
    return max(0.0, round(cuts.get(tier - 1, score) - score, 4))


def reasons(state: Mapping[str, Any]) -> tuple[str, ...]:
    """The evidence of what gives points, the most points first."""
    factors = [each for each in state.get("breakdown", ()) if Decimal(each["points"]) > 0]
    return tuple(
        plain(each["evidence"]) for each in sorted(factors, key=lambda each: -Decimal(each["points"]))[:REASONS]
    )


def ways(state: Mapping[str, Any], missing: float) -> tuple[Way, ...]:
    """Each factor whose most points would be enough by itself, the smallest first."""
    multiplier = Decimal(state.get("multiplier") or 1)
    gains = [
        (each["label"], float((Decimal(each["weight"]) * 100 - Decimal(each["points"])) * multiplier))
        for each in state.get("breakdown", ())
    ]
    enough = sorted(((gain, label) for label, gain in gains if missing and gain >= missing))
    return tuple(Way(label, gain) for gain, label in enough[:WAYS])


def _bookmarked(bookmark: BookmarkRow | None, known: Known) -> str:
    if bookmark is None:
        return ""
    by = "you" if bookmark.marked_by == known.own else known.reps.get(bookmark.marked_by, bookmark.marked_by)
    return f"by {by}, {day(bookmark.marked_on)}"
