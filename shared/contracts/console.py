"""Which questions and commands about users and the audit log does the console handle?"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from shared.contracts.limits import Count, ShortText
from shared.contracts.requests import Command, Question, Reply, Versioned

Role = Literal["rep", "manager", "operations", "reader", "auditor"]
UserName = Annotated[ShortText, Field(pattern=r"^[a-z0-9][a-z0-9._-]{0,39}$")]
Purpose = Literal["begin", "password", "sign_in"]
"""What a one-time link is for: to begin with a password and a second factor, another password, or to sign in."""


class NewLinkHash(BaseModel):
    """The part of a command that stores a one-time link. Its sender makes the token, and shows it once."""

    link_hash: str = Field(pattern=r"^[0-9a-f]{64}$")
    """See `keys.hash_of`."""


class UserRow(Reply):
    """A user; `ready` once a password is chosen, and a second factor set up if the role needs one."""

    name: str
    role: Role
    rep: str | None
    full_name: str
    email: str | None
    ready: bool
    second_factor: bool
    reviewed_on: date | None
    review_due_on: date
    """When a person confirms again that the user still needs this access."""
    version: int
    added_at: datetime


class StoredLink(Reply):
    """A one-time link of a user."""

    user: UserRow
    purpose: Purpose
    expires_at: datetime
    public_url: str | None
    """Where people reach the console, if that is set."""


class AddUser(NewLinkHash, Command[StoredLink]):
    """Add a user, with a one-time link by which the person begins; there is no default password.

    In a simulation, the link can be one that signs in directly.
    """

    name: UserName
    role: Role
    rep: ShortText | None = None
    """The rep whose tasks and accounts are the user's own; needed for the role `rep`."""
    full_name: ShortText | None = None
    email: ShortText | None = Field(default=None, pattern=r"^[^\s@,;<>]+@[^\s@,;<>]+$")
    """By which the user can sign in as well."""
    purpose: Literal["begin", "sign_in"] = "begin"


class NewLink(NewLinkHash, Command[StoredLink]):
    """Store a new one-time link of a user; the earlier one for this purpose ends."""

    name: UserName
    purpose: Purpose = "password"
    reset_code: bool = False
    """The person sets up the second factor anew, because it was lost."""


class ChangeRole(Versioned[UserRow]):
    """Give a user another role; all sessions of the user end."""

    name: UserName
    role: Role
    rep: ShortText | None = None


class ReviewUser(Command[UserRow]):
    """Confirm that a user still needs access in this role; that is due every 90 days."""

    name: UserName


class RemoveUser(Command[None]):
    """Remove a user; all sessions of the user end, and the audit log keeps the name."""

    name: UserName


class Users(Question[list[UserRow]]):
    """All users, by name."""


class AuditRow(Reply):
    """What a person did. Texts that may contain personal data are recorded only by their length."""

    audit_no: int
    command_id: UUID
    at: datetime
    name: str
    role: str
    action: str
    target: str
    details: dict[str, Any]
    before_hash: str
    hash: str
    outcome: str | None
    """What came of a command: `done`, `refused` or `unconfirmed`."""
    message: str | None


class AuditLog(Question[list[AuditRow]]):
    """What people did, the latest first; perhaps of one user, and before a number."""

    name: ShortText | None = None
    before: Count | None = None
    limit: int = Field(default=50, ge=1, le=2_000)


class AuditVerdict(Reply):
    """Whether each row of the audit log follows from the one before."""

    rows: int
    broken_at: int | None
    """The number of the first row that does not; None if all do."""
    head: str
    """The hash of the last row that does. Noted elsewhere, it shows later whether rows at the end were removed."""
    contains: bool | None
    """Whether the hash that was asked about is in the audit log."""


class VerifyAudit(Question[AuditVerdict]):
    """Is the audit log complete and unchanged?"""

    head: str | None = Field(default=None, pattern=r"^[0-9a-f]{64}$")
    """A hash that was noted earlier."""
