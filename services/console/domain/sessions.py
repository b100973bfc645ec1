"""Who sends a request?"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from services.console.domain.permissions import Role, can, can_see


@dataclass(frozen=True, slots=True)
class Session:
    """A person who has signed in."""

    session_id: UUID
    name: str
    role: Role
    rep: str | None
    """The rep whose tasks and accounts are the person's own."""
    full_name: str
    timezone: str = ""
    """Empty: that of the deployment."""
    theme: str = ""
    keys_off: bool = False
    csrf: str = ""
    """What the forms of the session send along."""
    status: dict[str, Any] | None = field(default=None)
    """What the last command did: the line at the foot of pages."""
    seen: UUID | None = None
    """The last event before the request: everything after it is a change for the page that was requested."""

    @property
    def actor(self) -> str:
        """The name that services record: that of the rep, if the person is one."""
        return self.rep or self.name

    def can(self, action: str, *, own: bool = True) -> bool:
        """Whether buttons and forms for this are shown, and accepted."""
        return can(self.role, action, own=own)

    def can_see(self, action: str) -> bool:
        return can_see(self.role, action)
