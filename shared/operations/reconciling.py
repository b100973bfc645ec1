"""Was every published event processed, and how are events republished?

Each service reports its own side: the producer the events that it published on a subject, the consumer those that it
never processed. Republishing is harmless, because inboxes contain the processed events.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from shared.contracts.envelope import Envelope
from shared.contracts.kernel import (
    NO_ID,
    History,
    OutboxWindow,
    PastEvent,
    PublishedIds,
    PublishedSubject,
    Republish,
    Republished,
    RepublishEvents,
    Unprocessed,
    UnprocessedEvents,
)
from shared.contracts.refusals import Refused
from shared.messaging.broker import Broker
from shared.service import Router
from shared.storage import published, retention
from shared.storage.database import Begin, Tx


def router(service: str, durables: Collection[str], broker: Broker, begin_internal: Begin, outbox_days: int) -> Router:
    """What every service replies about its outbox and inbox."""
    router = Router()

    def first_of(since: datetime | None) -> UUID:
        # The outbox may still contain older events than the settings guarantee, but inboxes may have forgotten them.
        oldest = retention.earliest_id_within(timedelta(days=outbox_days))
        return max(retention.earliest_id(since), oldest) if since else oldest

    @router.question
    async def outbox_window(request: OutboxWindow, tx: Tx) -> list[PublishedSubject]:
        return await published.window(tx, first_of(request.since))

    @router.question
    async def published_ids(request: PublishedIds, tx: Tx) -> list[UUID]:
        return await published.ids(tx, request.subject, first_of(request.since), request.after, request.limit)

    @router.question
    async def history(request: History, tx: Tx) -> list[PastEvent]:
        first = retention.earliest_id(request.since) if request.since else NO_ID
        page = await published.page(tx, first, request.after, request.limit, request.subjects, request.key)
        return [PastEvent.model_validate(event) for event in page]

    @router.question
    async def unprocessed(request: Unprocessed, tx: Tx) -> UnprocessedEvents:
        if request.durable not in durables:
            raise Refused(f"{service} has no consumer {request.durable!r}.", 404)
        return await published.unprocessed(tx, request.event_ids, request.durable)

    # Publishing waits for NATS, which no transaction should.
    @router.command
    async def republish(request: Republish) -> Republished:
        async with begin_internal() as tx:
            page = await published.page(tx, first_of(request.since), request.after, request.limit)
        return await _publish(broker, page)

    @router.command
    async def republish_events(request: RepublishEvents) -> Republished:
        async with begin_internal() as tx:
            events = await published.by_ids(tx, request.event_ids)
        return await _publish(broker, events)

    return router


async def _publish(broker: Broker, events: list[Envelope]) -> Republished:
    stored = await broker.publish(events)
    return Republished(events=len(events), published=len(stored), last=events[-1].event_id if events else None)
