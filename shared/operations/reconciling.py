"""Did everything that was published arrive, and how is it published once more?

Every service answers for its own side: the producer which events of a subject it published, the consumer which of them
it never took. Publishing again is harmless, because every inbox knows what it has taken.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from pydantic import AwareDatetime, Field

from shared.contracts.limits import ShortText
from shared.contracts.refusals import Refused
from shared.contracts.requests import Request
from shared.service import Ask
from shared.storage import outbox, retention
from shared.storage.database import Tx
from shared.storage.outbox import NO_ID, Stored

if TYPE_CHECKING:
    from shared.runtime import App

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


def asks(app: App) -> list[Ask]:
    """What every service answers about its own outbox and inbox."""

    async def outbox_window(request: Window, tx: Tx) -> list[dict[str, Any]]:
        return await tx.dicts(
            "SELECT subject, count(*) AS events, min(stored_at) AS oldest, max(stored_at) AS newest FROM outbox"
            " WHERE event_id >= %(first)s"
            " AND NOT EXISTS (SELECT FROM unpublished WHERE unpublished.event_id = outbox.event_id)"
            " GROUP BY subject ORDER BY subject",
            first=_first(app, request),
        )

    async def published(request: PublishedPage, tx: Tx) -> list[UUID]:
        found = await tx.dicts(
            "SELECT event_id FROM outbox WHERE event_id >= %(first)s AND event_id > %(after)s"
            " AND NOT EXISTS (SELECT FROM unpublished WHERE unpublished.event_id = outbox.event_id)"
            " AND subject = %(subject)s ORDER BY event_id LIMIT %(limit)s",
            first=_first(app, request),
            after=request.after,
            subject=request.subject,
            limit=request.limit,
        )
        return [row["event_id"] for row in found]

    async def untaken(request: Compare, tx: Tx) -> dict[str, list[UUID]]:
        if request.durable not in {consumer.durable for consumer in app.consumers}:
            raise Refused(f"{app.name} has no consumer {request.durable!r}.", 404)
        return await _untaken(tx, request)

    async def republish(request: RepublishPage) -> dict[str, Any]:
        async with app.transaction() as tx:
            page = await _page(tx, _first(app, request), request)
        return await _publish(app, page)

    async def republish_these(request: RepublishThese) -> dict[str, Any]:
        async with app.transaction() as tx:
            these = await _these(tx, request.event_ids)
        return await _publish(app, these)

    return [
        Ask("outbox_window", None, Window, outbox_window),
        Ask("published", None, PublishedPage, published),
        Ask("untaken", None, Compare, untaken),
        Ask("republish", None, RepublishPage, republish, in_transaction=False),
        Ask("republish_these", None, RepublishThese, republish_these, in_transaction=False),
    ]


def _first(app: App, window: Window) -> UUID:
    """Older events than the settings promise may lie in the outbox still, but inboxes need not know them any more."""
    kept = retention.kept_since(app)
    return max(retention.earliest_id(window.since), kept) if window.since else kept


async def _untaken(tx: Tx, request: Compare) -> dict[str, list[UUID]]:
    """Ids that had no effect: those that wait for a person or were given up by one, and those that never came."""
    found = await tx.dicts(
        "SELECT id, dead_no IS NOT NULL AS dead FROM unnest(%(ids)s::uuid[]) AS id"
        " LEFT JOIN dead_letters ON dead_letters.event_id = id::text AND dead_letters.consumer = %(durable)s"
        " AND resolution IS DISTINCT FROM 'retried'"
        " WHERE dead_no IS NOT NULL OR NOT EXISTS (SELECT 1 FROM inbox WHERE inbox.event_id = id) ORDER BY id",
        ids=request.event_ids,
        durable=request.durable,
    )
    return {
        "dead": [row["id"] for row in found if row["dead"]],
        "missing": [row["id"] for row in found if not row["dead"]],
    }


async def _page(tx: Tx, first: UUID, request: RepublishPage) -> list[Stored]:
    return await tx.all(
        Stored,
        "SELECT event_id, subject, headers::text, body FROM outbox"
        " WHERE event_id >= %(first)s AND event_id > %(after)s"
        " AND NOT EXISTS (SELECT FROM unpublished WHERE unpublished.event_id = outbox.event_id)"
        " ORDER BY event_id LIMIT %(limit)s",
        first=first,
        after=request.after,
        limit=request.limit,
    )


async def _these(tx: Tx, event_ids: list[UUID]) -> list[Stored]:
    return await tx.all(
        Stored,
        "SELECT event_id, subject, headers::text, body FROM outbox WHERE event_id = ANY(%(ids)s) ORDER BY event_id",
        ids=event_ids,
    )


async def _publish(app: App, page: list[Stored]) -> dict[str, Any]:
    stored = await app.broker.publish([outbox.sealed(row) for row in page])
    return {"events": len(page), "published": len(stored), "last": page[-1].event_id if page else None}
