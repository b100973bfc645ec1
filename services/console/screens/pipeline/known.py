"""What is known for the pages of the pipeline?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from services.console.screens.pipeline.queries import Enrolled, Lead, Touch


@dataclass(frozen=True, slots=True)
class Known:
    """What is known for a page."""

    leads: Sequence[Lead]
    """All, by score."""
    ordered: Sequence[Lead]
    """Those that the filters leave, in the order of the page."""
    touches: Mapping[str, Touch]
    enrollments: Mapping[str, Enrolled]
    scores: Mapping[str, Mapping[str, Any]]
    reps: Mapping[str, str]
    today: date
    account: str
    """What the pack calls an account."""
