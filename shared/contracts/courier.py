"""What can be asked of the courier? Webhooks, and what was delivered to them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from shared.contracts.limits import Count, Prose, ShortText
from shared.contracts.requests import PAGE, Command, Question, Reply, Request

WebhookName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")]
"""Lower case, digits and hyphens, as in an address."""
Cursor = Annotated[str, StringConstraints(pattern=r"^(0|[1-9][0-9]{0,17})$")]
"""A position in the log, as events and feeds state it; `0` is its start."""
EventType = Annotated[str, StringConstraints(pattern=r"^(\*|[a-z_]+\.(\*|[a-z_]+))$")]
"""A type such as `score.changed`, all of a kind such as `lead.*`, or `*`."""
MOST_REPLAYED = 500
DeliveryNo = Annotated[int, Field(ge=-(2**53), le=2**53)]
"""The cursor of the event; a test has a number below 0."""


class OfWebhook(Request):
    """A request about a webhook."""

    name: WebhookName


class Webhook(Reply):
    """A webhook, and how its receiver is doing."""

    name: str
    url: str
    types: list[str]
    tiers: list[int] | None = None
    states: list[str] | None = None
    owners: list[str] | None = None
    """Filters by what is known about an event's facility; None: any."""
    ordered: bool
    """Events of one facility arrive in their order."""
    personal: bool
    """It also gets events with contact data."""
    state: str
    """`working`, `failing` (of its last requests none was accepted), or `paused`."""
    cursor: str
    """It got the log until here, or has a delivery of each event before that is unfinished."""
    behind: int
    """How many events of the log are after that, of which it still gets some; 0 if it gets none of them."""
    waiting: int = 0
    """Deliveries that are to be tried again, or wait for an earlier one of their facility."""
    delivered: int = 0
    failed: int = 0
    """Those that were given up."""
    sending: bool = False
    """Requests may be on their way now."""
    failing_since: datetime | None = None
    next_at: datetime | None = None
    """When a receiver that fails is asked again."""
    error: str | None = None
    paused_at: datetime | None = None
    paused_by: str | None = None
    paused_why: str | None = None
    secret_version: int = 1
    both_until: datetime | None = None
    """Until then the secret before signs as well."""
    added_by: str = ""
    added_at: datetime | None = None


class Webhooks(Question[list[Webhook]]):
    """All webhooks."""


class WebhookDetails(OfWebhook, Question[Webhook]):
    """One webhook."""


class Secret(Reply):
    """The secret of a webhook, as its receiver stores it, and the one before while both sign."""

    name: str
    secret: str
    previous: str | None = None
    both_until: datetime | None = None


class WebhookSecret(OfWebhook, Question[Secret]):
    """With which secret are its requests signed? It is stored nowhere, so no reply to a command has it."""


class AddWebhook(OfWebhook, Command[Webhook]):
    """Call this address with events from now on, or from a cursor; a webhook of that name is changed."""

    url: ShortText
    types: list[EventType] = Field(min_length=1, max_length=50)
    tiers: list[Count] | None = Field(None, min_length=1, max_length=20)
    states: list[ShortText] | None = Field(None, min_length=1, max_length=60)
    owners: list[ShortText] | None = Field(None, min_length=1, max_length=100)
    ordered: bool = False
    personal: bool = False
    after: Cursor | None = None
    """The events of the log after this; None: those from now on or, if it exists, as before."""


class PauseWebhook(OfWebhook, Command[Webhook]):
    """Send it nothing more; `sending` of the reply states whether requests are on their way."""

    reason: Prose = ""


class ResumeWebhook(OfWebhook, Command[Webhook]):
    """Send it everything that it has not got, now."""


class RemoveWebhook(OfWebhook, Command[None]):
    """Remove it with its deliveries."""


class RotateSecret(OfWebhook, Command[Webhook]):
    """Sign with a new secret; for some hours also with the one before."""

    hours: float = Field(24.0, ge=0, le=720)


class TestSent(Reply):
    """A test that was asked for."""

    name: str
    delivery: int


class SendTest(OfWebhook, Command[TestSent]):
    """Send it an event of the type `webhook.test`, which has no data."""


class Delivery(Reply):
    """An event for a webhook, and what came of it."""

    delivery: int
    """The cursor of the event; a test has a number below 0."""
    event_id: UUID
    type: str
    key: str
    state: str
    """`waiting` for its next attempt, `blocked` by an earlier one of its facility, `delivered` or `failed`."""
    attempts: int
    next_at: datetime | None = None
    first_at: datetime | None = None
    last_at: datetime | None = None
    status: int | None = None
    millis: int | None = None
    answer: str | None = None
    error: str | None = None


DeliveryState = Literal["waiting", "blocked", "delivered", "failed"]


class Deliveries(OfWebhook, Question[list[Delivery]]):
    """What was delivered to a webhook, the newest events first."""

    states: list[DeliveryState] | None = Field(None, max_length=4)
    before: DeliveryNo | None = None
    """The number of the last delivery of the page before."""
    limit: int = Field(100, ge=1, le=PAGE)


class DeliveryDetails(OfWebhook, Question[Delivery]):
    """What came of one event?"""

    delivery: DeliveryNo


class Replayed(Reply):
    """How many events it gets anew."""

    name: str
    events: int


class Replay(OfWebhook, Command[Replayed]):
    """Let a webhook get events anew, under the same ids: some, or all that it wants in a part of the log."""

    deliveries: list[DeliveryNo] | None = Field(None, min_length=1, max_length=MOST_REPLAYED)
    after: Cursor | None = None
    until: Cursor | None = None
