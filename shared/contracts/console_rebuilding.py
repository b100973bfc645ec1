"""What can the console be asked about the rebuilding of its read models?"""

from __future__ import annotations

from datetime import datetime

from shared.contracts.requests import Command, Question, Reply


class RebuildProgress(Reply):
    """The last rebuild; all of it is None if there was none."""

    began_at: datetime | None = None
    ended_at: datetime | None = None
    """None while it runs; pages are readable meanwhile."""
    steps: int = 0
    done: int = 0
    events: int = 0
    """The states and events that were read so far."""


class Rebuild(Command[RebuildProgress]):
    """Build the read models anew, from the snapshots of all services and their history, beside those in use."""


class Rebuilding(Question[RebuildProgress]):
    """How far is the rebuild?"""
