"""Which questions and commands about engagement does the sequencer handle?

Engagement is what a prospect does by itself, or with us: a meeting, a visit of the website, a download.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import AwareDatetime, Field, model_validator

from shared.contracts.keys import Holder, KeyHolder, NewKey
from shared.contracts.limits import FacilityId, LongText, ShortText
from shared.contracts.requests import ById, Command, Question, Reply, Request

Kind = Literal["meeting", "demo", "visit", "download", "open", "click"]
"""`open` and `click` are of an e-mail, and refused unless the deployment turns them on."""

MOST = 1_000
"""The maximum number of engagements in one request."""


class Engagement(Request):
    """What a facility, or a person there, did; at least one of facility and address is given."""

    kind: Kind
    facility_id: FacilityId | None = None
    email: ShortText | None = None
    """The address of the person; without a facility, the one that names the address as a contact."""
    on: date | None = None
    """The day; by default that of `at`, or today."""
    at: AwareDatetime | None = None
    what: ShortText | None = None
    """The page, the document, the subject."""
    url: LongText | None = None
    source_id: Annotated[ShortText, Field(min_length=1)] | None = None
    """Its id in the source: reported again, it is the same one. By default it is the same on one day."""

    @model_validator(mode="after")
    def _of_a_facility(self) -> Self:
        if self.facility_id is None and self.email is None:
            raise ValueError("give a facility_id, or the email of a contact")
        return self


class RecordedEngagement(Reply):
    engagement_id: UUID
    facility_id: str
    kind: Kind
    engaged_on: date
    changed: bool
    """False if it was recorded before; the first report counts."""


class RecordEngagement(Engagement, Command[RecordedEngagement]):
    """Record that a facility, or a person there, met us, visited a page or downloaded something."""

    source: Annotated[ShortText, Field(min_length=1)] = "a representative"
    """What reports it."""


class EngagementRow(Reply):
    """An engagement with its provenance: what reported it, under which id, when, and who recorded it."""

    engagement_id: UUID
    facility_id: str
    kind: Kind
    engaged_on: date
    engaged_at: datetime | None
    email: str | None
    what: str | None
    url: str | None
    source: str
    source_id: str
    recorded_by: str
    recorded_at: datetime


class Engagements(ById, Question[list[EngagementRow]]):
    """Engagements by id; optionally of a facility."""

    facility_id: FacilityId | None = None


class AddReporter(NewKey, Command[None]):
    """Allow a program to report engagement over HTTP. A new key replaces the old one."""


class RemoveReporter(Holder, Command[None]):
    """Revoke a program's key to report engagement."""


class Reporters(Question[list[KeyHolder]]):
    """The programs that report engagement over HTTP."""
