"""The bare chain: services on our kernel that only pass an event on. `CHAIN_SERVICE` selects one of four."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any
from uuid import UUID

from shared.application import Application
from shared.contracts.events import EmailDrafted, Event, FacilityMatched, PostingSeen, ScoreChanged, TaskDue
from shared.service import Router, Service
from shared.storage.database import Tx
from tests.benchmarks import feed

router = Router()

SERVICES = ("matcher", "scorer", "sequencer", "notifier")
SERVICE = os.environ["CHAIN_SERVICE"]


def _score(event: FacilityMatched) -> ScoreChanged:
    return feed.scored(event.facility_id, event.version)


def _task(event: ScoreChanged) -> TaskDue:
    return feed.task(event.facility_id, event.event_id or UUID(int=0))


def _draft(event: TaskDue) -> EmailDrafted:
    return feed.draft(event.task_id, event.facility_id)


LINKS: dict[str, tuple[type[Event], Callable[[Any], Event]]] = {
    "matcher": (PostingSeen, feed.matched),
    "scorer": (FacilityMatched, _score),
    "sequencer": (ScoreChanged, _task),
    "notifier": (TaskDue, _draft),
}
taken, passed_on_as = LINKS[SERVICE]


@router.events(taken)
async def pass_on(events: list[Event], tx: Tx) -> None:
    for event in events:
        tx.emit(passed_on_as(event), cause=event)


service = Service.of(SERVICE, router)

if __name__ == "__main__":
    Application(service).main()
