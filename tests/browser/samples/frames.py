"""Which invented people see the samples, and when?"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from services.console.domain.saving import LISTS
from services.console.rendering.frame import (
    Frame,
    Freshness,
    SavedView,
    SavedViews,
    Status,
    Undo,
    Viewer,
    Words,
    navigation,
    tabs,
)

TODAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 14, 42, 7, tzinfo=UTC)
WORDS = Words(account="facility", accounts="facilities", number="CCN")
REP = Viewer("Dana Whitfield", "Representative", "America/New_York")
MANAGER = Viewer("Helen Ostrowski", "Manager", "America/New_York")
OPERATIONS = Viewer("Priya Nair", "Operations", "America/New_York")
COUNTS = {"worklist": 9, "inbox": 7, "drafts": 3}
VIEWS = (
    SavedView("v1", "My Tier 1 without a touch", "/facilities?tier=1"),
    SavedView("v2", "New York", "/facilities?q=ny"),
)
GROUPS = navigation(WORDS, COUNTS, frozenset({"inbox"}))


@dataclass(frozen=True, slots=True)
class Sample:
    """A template and what it shows."""

    template: str
    context: dict[str, Any] = field(default_factory=dict)


def frame(title: str, here: str, path: str = "", *, status: Status | None = None, viewer: Viewer = REP) -> Frame:
    """What a page of a rep has around it."""
    address = path or f"/{here}"
    return Frame(
        title=title,
        here=here,
        path=address,
        csrf="b7e2",
        words=WORDS,
        viewer=viewer,
        groups=GROUPS,
        fresh=Freshness(NOW),
        status=status,
        saved=SavedViews(address, VIEWS) if address in LISTS else None,
    )


def page(template: str, around: Frame, view: object | None = None, **more: object) -> Sample:
    """A page inside the frame."""
    return Sample(template, {"frame": around, "tabs": tabs(around.groups), "view": view, **more})


def behind(around: Frame, warning: str) -> Frame:
    """The same page, while a service is behind."""
    fresh = Freshness(NOW, "stale", "6 min behind (matcher)", warning)
    return dataclasses.replace(around, fresh=fresh)


UNDO = Undo("undo_task", "0198f3a2c4d07e11b3a55c9e00d1f200", 4)
