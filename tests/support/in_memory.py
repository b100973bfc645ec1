"""How does a test send events and questions to a service without a NATS server?

FastStream's `TestNatsBroker` is not JetStream: nothing is redelivered, acknowledged or published. It shows how
a service processes one event or question: refusal, mapping, order.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any, NamedTuple, TypeVar

from faststream.nats import TestNatsBroker
from pydantic import SecretStr
from pydantic_core import from_json, to_json

from shared.application import Application
from shared.contracts import topology
from shared.contracts.envelope import seal, unseal
from shared.contracts.events import Event
from shared.messaging.broker import ERROR_CODE
from shared.service import Service
from shared.settings import Settings

E = TypeVar("E", bound=Event)

NOON = datetime(2026, 7, 1, 16, tzinfo=UTC)


class Answer(NamedTuple):
    code: int | None
    """None unless it is an error."""
    content: Any


class InMemory:
    """A service that receives requests through FastStream only."""

    def __init__(self, application: Application, broker: Any) -> None:
        self.application = application
        self._broker = broker

    async def ask(self, subject: str, payload: Any = None) -> Answer:
        body = payload if isinstance(payload, bytes) else to_json(payload or {})
        reply = await self._broker.request(body, subject, timeout=10)
        code = reply.headers.get(ERROR_CODE)
        return Answer(int(code) if code else None, from_json(reply.body) if reply.body else None)

    async def receive(self, *events: Event) -> None:
        """Send each event as its own batch, as its owner would."""
        for event in events:
            sealed = seal(event, topology.owner_of(type(event)), NOON)
            await self.send(sealed.subject, sealed.headers, sealed.body.encode())

    async def send(self, subject: str, headers: dict[str, str], body: bytes) -> None:
        await self._broker.publish(body, subject, headers=headers)

    async def emitted(self, kind: type[E]) -> list[E]:
        """The events of a kind in the outbox, in order."""
        async with self.application.runtime.begin() as tx:
            rows = await tx.dicts(
                "SELECT headers, body FROM outbox WHERE subject = %(subject)s ORDER BY event_id", subject=kind.SUBJECT
            )
        return [unseal(row["headers"], row["body"].encode(), kind) for row in rows]


@asynccontextmanager
async def in_memory(service: Service, url: str = "") -> AsyncIterator[InMemory]:
    """Without a URL there is no database: opening a transaction fails."""
    application = Application(service, Settings(database_url=SecretStr(url), simulation=True))
    runtime = application.runtime
    async with TestNatsBroker(application.service_broker, connect_only=False) as broker:
        if url:
            await runtime.database.open()
            await runtime.maintain_partitions()
            await runtime.starting.set_time(NOON)
        yield InMemory(application, broker)
        if url:
            await runtime.database.close()
