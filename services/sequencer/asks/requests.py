"""What do requests look like that several answers share?"""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from shared.contracts.limits import FacilityId


class Strict(BaseModel):
    """A request that says nothing we would ignore."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class AccountRequest(Strict):
    facility_id: FacilityId


class Page(Strict):
    """A part of a list in the order of its ids: what comes after the last id of the part before."""

    after: UUID | None = None
    limit: int = Field(default=500, ge=1, le=5_000)


class EnrollmentPage(Page):
    status: Literal["blocked", "active", "completed", "stopped"] | None = None
