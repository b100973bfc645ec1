"""What does a fake of a CRM keep of a record, and how does it refuse a request?"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any


class Refused(Exception):
    """A request, or an item of it, that is answered with an error."""

    def __init__(self, status: int, category: str, message: str, **more: Any) -> None:
        super().__init__(message)
        self.status = status
        self.stated = {"status": "error", "message": message, "category": category, "correlationId": "of-the-fakes"}
        self.stated |= more


@dataclass(slots=True)
class Thing:
    """A record with the history of its properties, the last value first."""

    id: str
    created: float
    modified: float
    history: dict[str, list[dict[str, str]]] = field(default_factory=dict)

    @property
    def values(self) -> dict[str, str]:
        return {name: each[0]["value"] for name, each in self.history.items()}


def when(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class Wrong(Exception):
    """The same of Salesforce."""

    def __init__(self, status: int, code: str, message: str, *names: str) -> None:
        super().__init__(message)
        self.status, self.code, self.names = status, code, names

    @property
    def of_record(self) -> dict[str, Any]:
        return {"statusCode": self.code, "message": str(self), "fields": list(self.names)}
