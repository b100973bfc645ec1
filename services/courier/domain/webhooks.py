"""What is a webhook, what does it get, and with which secrets is it signed?"""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from services.courier.domain.attempts import Health


class Webhook(NamedTuple):
    """A webhook, as it is stored."""

    name: str
    url: str
    types: list[str]
    patterns: list[str]
    tiers: list[int] | None
    states: list[str] | None
    owners: list[str] | None
    ordered: bool
    personal: bool
    added_by: str
    added_at: datetime
    position: int
    nonce: UUID
    secret_version: int
    both_until: datetime | None
    failures: int
    rests: int
    failing_since: datetime | None
    rest_until: datetime | None
    paused_at: datetime | None
    paused_by: str | None
    paused_why: str | None

    @property
    def health(self) -> Health:
        return Health(self.failures, self.rests, self.failing_since, self.rest_until)

    def keys(self, deployment: str, now: datetime) -> list[bytes]:
        """The keys that sign for it: the current one and, while receivers change theirs, the one before."""
        both = self.both_until is not None and now < self.both_until
        versions = [self.secret_version, *([self.secret_version - 1] if both else [])]
        return [key_of(deployment, self.nonce, version) for version in versions]


class Due(NamedTuple):
    """An event that a webhook is to get now."""

    webhook: str
    position: int
    """In the log; below 0 for a test."""
    attempts: int
    """How often it was tried before; -1: it was read from the log, and is not in the ledger yet."""
    event_id: UUID
    type: str
    source: str
    key: str
    at: datetime
    trace: str
    data: Any

    @property
    def is_new(self) -> bool:
        return self.attempts < 0


def key_of(deployment: str, nonce: UUID, version: int) -> bytes:
    """The key of a webhook's secret of a version, which follows from that of the deployment."""
    return hmac.digest(deployment.encode(), f"webhook {nonce} {version}".encode(), "sha256")


def patterns_of(types: Sequence[str]) -> list[str]:
    """Types as patterns of LIKE: `lead.*` is all of leads, `*` every event."""
    escaped = (each.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_") for each in types)
    return [each.replace("*", "%") for each in escaped]
