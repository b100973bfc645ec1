"""What was published since an instant, and what is the current state that events carry?"""

from __future__ import annotations

import heapq
from collections.abc import AsyncIterator, Callable, Collection
from datetime import datetime
from typing import Any

from cli.client.connection import TOO_LARGE
from cli.client.following import content, is_about, readable
from shared.contracts import topology
from shared.contracts.kernel import History, PastEvent, Snapshot
from shared.contracts.refusals import AskFailed
from shared.messaging.broker import Broker


async def recall(
    broker: Broker,
    subjects: Collection[str],
    facility_id: str | None,
    since: datetime,
    show: Callable[[dict[str, Any]], None],
) -> None:
    """Show the events of all services, merged by their ids, which are in the order of time."""
    waiting: list[tuple[Any, int, PastEvent, AsyncIterator[PastEvent]]] = []
    for number, service in enumerate(topology.SERVICES):
        if wanted := [one for one in topology.subjects_of(service) if one in subjects]:
            events = stored_events(broker, service, History(subjects=wanted, since=since))
            if (event := await anext(events, None)) is not None:
                heapq.heappush(waiting, (event.event_id, number, event, events))
    while waiting:
        _, number, event, events = heapq.heappop(waiting)
        if facility_id is None or is_about(content(event.body), facility_id):
            show(readable(event.subject, event.headers, event.body.encode()))
        if (following := await anext(events, None)) is not None:
            heapq.heappush(waiting, (following.event_id, number, following, events))


async def stored_events(broker: Broker, service: str, request: History) -> AsyncIterator[PastEvent]:
    """All events that a service published, in the order of their ids; a page that is too large is halved."""
    while True:
        try:
            page = await broker.ask(request, service=service)
        except AskFailed as failed:
            if failed.code != TOO_LARGE or request.limit == 1:
                raise
            request = request.model_copy(update={"limit": request.limit // 2})
            continue
        if not page:
            return
        for event in page:
            yield event
        request = request.model_copy(update={"after": page[-1].event_id})


async def current(broker: Broker, service: str, subject: str, show: Callable[[dict[str, Any]], None]) -> None:
    """Show the current state that events of a subject carry; a page that exceeds the size of a message is halved."""
    request: Snapshot | None = Snapshot(subject=subject)
    while request:
        try:
            page = await broker.ask(request, service=service)
        except AskFailed as failed:
            if failed.code != TOO_LARGE or request.limit == 1:
                raise
            request = request.model_copy(update={"limit": request.limit // 2})
            continue
        for event in page.events:
            show(event)
        request = request.model_copy(update={"after": page.after}) if page.after else None
