"""What can be asked of the courier about notices to our own people? They are no outreach."""

from __future__ import annotations

from datetime import datetime, time
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from shared.contracts.limits import Name, Prose, ShortText, Zone
from shared.contracts.requests import Command, Question, Reply, Request

RecipientName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")]
"""Lower case, digits and hyphens."""
Email = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$", max_length=254)
]
NoticeKind = Literal["hot", "sla", "tier", "worklist"]
"""An account entered tier 1, waits too long, or changed tier; what is due today, each morning."""


class OfRecipient(Request):
    """A request about a recipient of notices."""

    name: RecipientName


class Notice(Reply):
    """A notice, and what became of it."""

    notice_id: UUID
    kind: str
    made_at: datetime
    title: str
    lines: list[str]
    more: int
    """Lines that it only counts."""
    state: str
    """`waiting`, `sent`, `failed` or, if it may have arrived, `unsure`."""
    ended_at: datetime | None = None
    error: str | None = None


class Recipient(Reply):
    """One of our own people, or a channel of ours, and which notices it gets."""

    name: str
    rep: str | None = None
    """Whose accounts and tasks they are about; None: the whole team's."""
    slack: str | None = None
    """The name of a channel; its address is a secret, which no reply has."""
    email: str | None = None
    kinds: list[str]
    quiet_from: time | None = None
    quiet_to: time | None = None
    morning_at: time
    timezone: str
    added_by: str
    added_at: datetime
    paused_at: datetime | None = None
    paused_by: str | None = None
    paused_why: str | None = None
    last: Notice | None = None


class Recipients(Question[list[Recipient]]):
    """Who gets notices?"""


class NoticeDetails(OfRecipient, Question[Recipient]):
    """Which notices does one recipient get, and what became of the last one?"""


class Preview(Reply):
    """What a notice would state now."""

    kind: str
    title: str
    lines: list[str]
    more: int
    not_before: datetime | None = None


class NoticePreview(OfRecipient, Question[list[Preview]]):
    """What does a recipient get next?"""


class NoticeWays(Reply):
    """How notices can leave this deployment."""

    channels: list[str]
    """The names of channels; their addresses are secrets, which no reply has."""
    mail_domain: str | None
    """Reps, and addresses in this domain, get digests by mail; None: no mail server is set."""


class HowNoticesLeave(Question[NoticeWays]):
    """Which channels are there, and does mail leave?"""


class AddRecipient(OfRecipient, Command[Recipient]):
    """Let one of our own people get notices from now on; a recipient of that name is changed."""

    slack: ShortText | None = None
    email: Email | None = None
    """Of the team: that of a rep, or in the domain from which digests are sent."""
    kinds: list[NoticeKind] = Field(min_length=1, max_length=10)
    rep: Name | None = None
    quiet_from: time | None = None
    quiet_to: time | None = None
    morning_at: time = time(8)
    timezone: Zone | None = None
    """None: that of the deployment."""


class PauseRecipient(OfRecipient, Command[Recipient]):
    """Send nothing more; what waits is dropped."""

    reason: Prose = ""


class ResumeRecipient(OfRecipient, Command[Recipient]):
    """Send what happens from now on."""


class RemoveRecipient(OfRecipient, Command[None]):
    """Remove a recipient with its notices."""


class SendTestNotice(OfRecipient, Command[Notice]):
    """Send a notice now, also in quiet hours."""
