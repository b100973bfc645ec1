"""How does a service recover its stream after the store of NATS was wiped or rolled back, or the stream was deleted?

The owner of a stream records in its own database when the stream was created, its last sequence and the event there. A
stream that is missing, younger, shorter or different from that record has lost events: its owner declares it again and
republishes the outbox. Consumers recognize by their inbox the events that they have processed.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from datetime import timedelta

import structlog
from nats.js.errors import NotFoundError

from shared.contracts import topology
from shared.messaging import streams
from shared.messaging.broker import Broker
from shared.storage import outbox, retention, streams_seen
from shared.storage.database import Begin
from shared.storage.streams_seen import StreamState

log = structlog.get_logger()

VERIFY_SECONDS = 5.0


def diagnose(recorded: StreamState | None, current: StreamState | None, event: str | None) -> str | None:
    """Why a stream must have lost events; None if there is no sign of it.

    `event` is the one at `recorded.last_seq` now; None if the stream no longer has it. A store that was rolled back may
    have grown past the record since; then that event is a different one.
    """
    if current is None:
        return "gone"
    if recorded is None:
        return None
    if current.created_at != recorded.created_at:
        return "younger"
    if current.last_seq < recorded.last_seq:
        return "shorter"
    if recorded.last_event and event and event != recorded.last_event:
        return "other"
    return None


@dataclass(eq=False)
class Healing:
    """Detects events that one service's stream has lost, and has them republished."""

    service: str
    broker: Broker
    begin_internal: Begin
    outbox_days: int
    replicas: int = 1
    _verified_at: float = 0.0

    @property
    def stream(self) -> str:
        return topology.stream_of(self.service)

    @property
    def due(self) -> bool:
        """The stream has not been verified for a while, or not yet over this connection."""
        return time.monotonic() - self._verified_at >= VERIFY_SECONDS

    @property
    def unverified(self) -> bool:
        """The store may have changed, and the events that it lost are not in flight yet."""
        return self._verified_at == 0.0

    def invalidate(self) -> None:
        """Verify again soon: the server was disconnected, and may have come back with another store."""
        self._verified_at = 0.0

    async def verify(self) -> StreamState | None:
        """The current state of the stream; None if it had lost events, which are now to be republished."""
        async with self.begin_internal() as tx:
            recorded = await streams_seen.find(tx, self.stream)
        healed = recorded.healed if recorded else 0
        current = await self._look(healed)
        event = await self._event_at(recorded.last_seq) if recorded and current else None
        loss = diagnose(recorded, current, event)
        if current is None:
            await streams.declare_stream(self.broker.stream, self.service, self.replicas)
            current = await self._look(healed)
        if loss and current:
            await self._replay(recorded, current, loss)
            return None
        self._verified_at = time.monotonic()
        return current

    async def _look(self, healed: int) -> StreamState | None:
        try:
            info = await self.broker.stream.stream_info(self.stream)
        except NotFoundError:
            return None
        assert info.created is not None  # noqa: S101 - every server reports it
        return StreamState(info.created, info.state.last_seq, await self._event_at(info.state.last_seq), healed)

    async def _event_at(self, sequence: int) -> str | None:
        if not sequence:
            return None
        try:
            message = await self.broker.stream.get_msg(self.stream, sequence)
        except NotFoundError:
            return None
        # The time tells copies of one event apart: another copy at the same sequence is also a sign of a loss.
        return f"{(message.headers or {}).get('Nats-Msg-Id', '')}@{message.time}"

    async def _replay(self, recorded: StreamState | None, current: StreamState, loss: str) -> None:
        """Mark all events as unpublished, once for all replicas: the first one changes the record."""
        async with self.begin_internal() as tx:
            if await streams_seen.find(tx, self.stream, for_update=True) != recorded:
                return
            events = await outbox.unmark(tx, retention.earliest_id_within(timedelta(days=self.outbox_days)))
            await streams_seen.delete(tx, self.stream)
            await streams_seen.record(tx, self.stream, replace(current, healed=current.healed + 1))
        log.error("stream.lost", stream=self.stream, loss=loss, recorded=recorded and recorded.last_seq, events=events)
