"""`pipeline reconcile`: events that were published but not processed."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from cli.client.actor import OPERATOR, who
from cli.client.connection import talk
from cli.client.since import Since, instant
from cli.commands.options import Json
from cli.printing import show
from cli.printing.progress import counted
from shared.contracts.kernel import NO_ID, OutboxWindow, PublishedIds, RepublishEvents, Status, Unprocessed
from shared.contracts.services import SERVICES

if TYPE_CHECKING:
    from uuid import UUID

    from rich.progress import Progress, TaskID

    from shared.messaging.broker import Broker

PAGE = 2_000


@dataclass
class Edge:
    """One kind of event, from its producer to one of its consumers."""

    producer: str
    subject: str
    consumer: str
    durable: str
    published: int = 0
    dead: int = 0
    missing: list[UUID] = field(default_factory=list)
    waiting: int = 0
    """Events that the stream still has for the consumer, which it will deliver."""

    @property
    def lost(self) -> bool:
        return len(self.missing) > self.waiting


def reconcile(
    since: Since = None,
    apply: Annotated[bool, typer.Option("--apply", help="Publish again what is missing.")] = False,
    as_json: Json = False,
) -> None:
    """Compare what each producer published with what each consumer processed.

    Exits with 1 if events are missing that no stream has for their consumer any more; `--apply` republishes them, and
    changes nothing else.
    """
    start = instant(since)
    edges = talk(lambda broker: compared(broker, start))
    lost = [edge for edge in edges if edge.lost]
    if as_json:
        show.as_json([asdict(edge) for edge in edges])
    else:
        _show(edges)
    if apply and lost:
        for producer in dict.fromkeys(edge.producer for edge in lost):
            ids = sorted({one for edge in lost if edge.producer == producer for one in edge.missing})
            done = talk(lambda broker, producer=producer, ids=ids: _again(broker, producer, ids))  # type: ignore[misc]
            show.errors.print(f"{producer} published {done} of {len(ids)} missing events again.", markup=False)
    elif lost:
        show.errors.print("Events are missing; `pipeline reconcile --apply` publishes them again.", markup=False)
        raise typer.Exit(1)


def edges_of_all() -> list[Edge]:
    from shared.contracts import topology

    return [
        Edge(topology.owner_of(event), event.SUBJECT, consumer, topology.durable_of(consumer, event))
        for consumer, events in topology.CONSUMES.items()
        for event in events
    ]


async def compared(broker: Broker, since: datetime | None) -> list[Edge]:
    edges = edges_of_all()
    events = await _counts(broker, since)
    with counted("comparing", sum(events.get(edge.subject, 0) for edge in edges)) as (bar, task):
        for edge in edges:
            await _compare(broker, edge, since, bar, task)
    # In this order: an event that is missing at the second check but on its way was counted as waiting in between.
    await _see_what_waits(broker, edges)
    for edge in edges:
        missing, edge.missing = edge.missing, []
        for start in range(0, len(missing), PAGE):
            await _look(broker, edge, missing[start : start + PAGE])
    return edges


async def _counts(broker: Broker, since: datetime | None) -> dict[str, int]:
    windows = [await broker.ask(OutboxWindow(since=since), service=service) for service in SERVICES]
    return {row.subject: row.events for window in windows for row in window}


async def _see_what_waits(broker: Broker, edges: list[Edge]) -> None:
    for service in SERVICES:
        lags = {one.durable: one.lag for one in (await broker.ask(Status(), service=service)).consumers}
        for edge in edges:
            edge.waiting = lags.get(edge.durable, edge.waiting)


async def _look(broker: Broker, edge: Edge, event_ids: list[UUID]) -> None:
    answer = await broker.ask(Unprocessed(durable=edge.durable, event_ids=event_ids), service=edge.consumer)
    edge.dead += len(answer.dead)
    edge.missing += answer.missing


async def _compare(broker: Broker, edge: Edge, since: datetime | None, bar: Progress, task: TaskID) -> None:
    after = NO_ID
    while True:
        page = PublishedIds(subject=edge.subject, since=since, after=after, limit=PAGE)
        ids = await broker.ask(page, service=edge.producer)
        if not ids:
            return
        await _look(broker, edge, ids)
        edge.published += len(ids)
        bar.advance(task, len(ids))
        after = ids[-1]


async def _again(broker: Broker, producer: str, ids: list[UUID]) -> int:
    done = 0
    with counted(f"publishing {producer}'s events again", len(ids)) as (bar, task):
        for start in range(0, len(ids), PAGE):
            page = RepublishEvents(event_ids=ids[start : start + PAGE], actor=who(unknown=OPERATOR))
            answer = await broker.ask(page, service=producer)
            done += answer.published
            bar.advance(task, answer.published)
    return done


def _show(edges: list[Edge]) -> None:
    rows = [
        (
            f"{edge.producer} → {edge.consumer}",
            edge.subject,
            edge.published,
            edge.published - edge.dead - len(edge.missing),
            edge.dead,
            edge.waiting,
            len(edge.missing),
        )
        for edge in edges
    ]
    columns = ["edge", "event", "published", "processed", "dead", "waiting", "missing"]
    show.table("Published and processed", columns, rows, columns[2:])
