"""What is an engagement, and under which id is it recorded once?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import NAMESPACE_URL, UUID, uuid5

_ENGAGEMENTS = uuid5(NAMESPACE_URL, "urn:facility-pipeline:engagement")

TRACKED = ("open", "click")
"""Kinds that tell what a person does with an e-mail; recorded only if the deployment turns them on."""


@dataclass(frozen=True, slots=True)
class Engagement:
    """What a facility, or a person there, did, with its provenance."""

    engagement_id: UUID
    facility_id: str
    kind: str
    engaged_on: date
    engaged_at: datetime | None
    email: str | None
    what: str | None
    url: str | None
    source: str
    source_id: str
    recorded_by: str
    recorded_at: datetime

    def __str__(self) -> str:
        whom = f" by {self.email}" if self.email else ""
        what = f": {self.what}" if self.what else ""
        return f"{self.kind.capitalize()}{whom}{what} ({self.source})"


def engagement_id(source: str, source_id: str) -> UUID:
    """The id of what a source reports under an id of its own."""
    return uuid5(_ENGAGEMENTS, f"{source}|{source_id}")


def usual_source_id(facility_id: str, kind: str, on: date, email: str | None, what: str | None) -> str:
    """The id of what is reported without one: the same on the same day is the same."""
    return "|".join((facility_id, kind, str(on), email or "", what or ""))
