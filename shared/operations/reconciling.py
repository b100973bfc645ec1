"""Did everything that was published arrive, and how is it published once more?

Every service answers for its own side: the producer which events of a subject it published, the consumer which of them
it never took. Publishing again is harmless, because every inbox knows what it has taken.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from pydantic import AwareDatetime, Field

from shared.contracts.limits import ShortText
from shared.contracts.refusals import Refused
from shared.contracts.requests import Request
from shared.messaging.broker import Broker
from shared.service import Ask
from shared.storage import outbox, published, retention
from shared.storage.database import Tx
from shared.storage.outbox import NO_ID, Stored
from shared.storage.transactions import Begin

MOST_EVENTS = 2_000
"""Of one page: ids for the inbox to compare, or events to publish."""


class Window(Request):
    """What was published since an instant of real time; without one, all that the outbox is sure to hold."""

    since: AwareDatetime | None = None


class PublishedPage(Window):
    """A page of the ids published on a subject, in their order."""

    subject: ShortText
    after: UUID = NO_ID
    limit: int = Field(default=MOST_EVENTS, ge=1, le=MOST_EVENTS)


class Compare(Request):
    """Which of these did a consumer take?"""

    durable: ShortText
    event_ids: list[UUID] = Field(max_length=MOST_EVENTS)


class RepublishPage(Window):
    """A page of the window to publish again."""

    after: UUID = NO_ID
    limit: int = Field(default=MOST_EVENTS, ge=1, le=MOST_EVENTS)


class RepublishThese(Request):
    """Single events to publish again."""

    event_ids: list[UUID] = Field(max_length=MOST_EVENTS)


def asks(service: str, durables: Collection[str], broker: Broker, begin: Begin, outbox_days: int) -> Sequence[Ask]:
    """What every service answers about its own outbox and inbox."""

    def first_of(request: Window) -> UUID:
        # Older events than the settings promise may lie in the outbox still, but inboxes need not know them any more.
        kept = retention.kept_since(outbox_days)
        return max(retention.earliest_id(request.since), kept) if request.since else kept

    async def outbox_window(request: Window, tx: Tx) -> list[dict[str, Any]]:
        return await published.window(tx, first_of(request))

    async def published_page(request: PublishedPage, tx: Tx) -> list[UUID]:
        return await published.ids(tx, request.subject, first_of(request), request.after, request.limit)

    async def untaken(request: Compare, tx: Tx) -> dict[str, list[UUID]]:
        if request.durable not in durables:
            raise Refused(f"{service} has no consumer {request.durable!r}.", 404)
        return await published.untaken(tx, request.event_ids, request.durable)

    async def republish(request: RepublishPage) -> dict[str, Any]:
        async with begin() as tx:
            page = await published.page(tx, first_of(request), request.after, request.limit)
        return await _publish(broker, page)

    async def republish_these(request: RepublishThese) -> dict[str, Any]:
        async with begin() as tx:
            these = await published.these(tx, request.event_ids)
        return await _publish(broker, these)

    return [
        Ask("outbox_window", None, Window, outbox_window),
        Ask("published", None, PublishedPage, published_page),
        Ask("untaken", None, Compare, untaken),
        Ask("republish", None, RepublishPage, republish, in_transaction=False),
        Ask("republish_these", None, RepublishThese, republish_these, in_transaction=False),
    ]


async def _publish(broker: Broker, page: list[Stored]) -> dict[str, Any]:
    stored = await broker.publish([outbox.sealed(row) for row in page])
    return {"events": len(page), "published": len(stored), "last": page[-1].event_id if page else None}
