"""What has every question and command in common?"""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Request(BaseModel):
    """A question or command: unknown fields are mistakes."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Nothing(Request):
    """A question that needs no details."""
