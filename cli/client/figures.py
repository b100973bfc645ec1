"""Which events do figures follow from, and what are the figures of the running stack?"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from pydantic_core import from_json

from cli.client.recalling import stored_events
from cli.client.settling import wait_until_listed
from engines import packs
from engines.figures.computing import Figure, Span, figures_of, subjects_needed
from engines.figures.pack import Kpi, kpis_in
from engines.figures.tables import Event
from shared.clock import instant_at, local_date
from shared.contracts import topology
from shared.contracts.kernel import History, PastEvent, ServiceStatus, Status
from shared.messaging.broker import Broker

EARLIER_DAYS = 180
"""Events are read from so long before the first day that counts, because an occurrence may refer to an earlier one."""


async def figures(broker: Broker, kpis: Sequence[Kpi], days: dict[str, Any]) -> list[Figure]:
    """The figures as of today; `days` are `since` and `until`, if they are given."""
    status = await broker.ask(Status(), service="sequencer")
    span = Span(today=status.today, now=status.now, **days)
    events = await _events(broker, kpis, span, status)
    return figures_of(kpis, events, topology.PUBLISHERS, span)


async def figures_of_groups(broker: Broker, groups: Collection[str], days: dict[str, Any]) -> list[Figure]:
    """The figures of these groups, once every published event is listed."""
    await wait_until_listed(broker)
    return await figures(broker, [kpi for kpi in kpis_in(packs.pack_folder()) if kpi.group in groups], days)


async def _events(broker: Broker, kpis: Sequence[Kpi], span: Span, status: ServiceStatus) -> list[Event]:
    requests: defaultdict[tuple[str, datetime | None], list[str]] = defaultdict(list)
    for subject, first in sorted(subjects_needed(kpis, span).items()):
        if subject in topology.PUBLISHERS:
            requests[topology.PUBLISHERS[subject], _since(first, status)].append(subject)
    reading = [
        _read(broker, service, History(subjects=names, since=since)) for (service, since), names in requests.items()
    ]
    return [_event(each, status.timezone) for events in await asyncio.gather(*reading) for each in events]


def _since(first: date, status: ServiceStatus) -> datetime | None:
    """The instant after which events are read; None for all.

    In a simulation all are read, because services find events by real time.
    """
    if status.simulation or first == date.min:
        return None
    return instant_at(first - timedelta(EARLIER_DAYS), time(), status.timezone)


async def _read(broker: Broker, service: str, request: History) -> list[PastEvent]:
    return [event async for event in stored_events(broker, service, request)]


def _event(past: PastEvent, timezone: str) -> Event:
    at = datetime.fromisoformat(past.headers["ce-time"])
    return Event(str(past.event_id), past.subject, at, local_date(at, timezone), from_json(past.body))
