"""What if the store of NATS was wiped or rolled back, or somebody deleted a stream or a consumer?

The owner of a stream remembers in its own database when the stream was created, how far it had come and which event
stood there. A stream that is gone, younger, shorter or other than that has lost events: its owner declares it anew
and publishes again all that the outbox holds. Consumers drop by their inbox what they have taken before.
"""

from __future__ import annotations

import time
from dataclasses import replace

import structlog
from nats.js.errors import NotFoundError

from shared.contracts import topology
from shared.messaging import streams
from shared.messaging.broker import Broker, takes_batches
from shared.storage import outbox, retention, streams_seen
from shared.storage.database import Tx
from shared.storage.streams_seen import Seen
from shared.storage.transactions import Begin

log = structlog.get_logger()

VERIFY_SECONDS = 5.0


def diagnose(then: Seen | None, now: Seen | None, there_now: str | None) -> str | None:
    """Why a stream cannot hold all that it held; `there_now` is the event at `then.last_seq`, None where none is kept.

    A store that was rolled back may have grown beyond what is remembered; then another event stands there.
    """
    if now is None:
        return "gone"
    if then is None:
        return None
    if now.created_at != then.created_at:
        return "younger"
    if now.last_seq < then.last_seq:
        return "shorter"
    if then.last_event and there_now and there_now != then.last_event:
        return "other"
    return None


class Healing:
    """Keeps one service's stream whole."""

    def __init__(self, service: str, broker: Broker, begin: Begin, outbox_days: int) -> None:
        self.stream = topology.stream_of(service)
        self._service = service
        self._broker = broker
        self._begin = begin
        self._outbox_days = outbox_days
        self._verified_at = 0.0

    @property
    def due(self) -> bool:
        """Nobody has looked for a while, or not yet over this connection."""
        return time.monotonic() - self._verified_at >= VERIFY_SECONDS

    @property
    def in_doubt(self) -> bool:
        """The store may be another than before, and what it has lost is not in flight yet."""
        return self._verified_at == 0.0

    def distrust(self) -> None:
        """Look again soon: the server was away, and may have come back as another."""
        self._verified_at = 0.0

    async def verify(self) -> Seen | None:
        """The stream as it is; None when it had lost something and its outbox is about to be published again."""
        async with self._begin() as tx:
            then = await streams_seen.remembered(tx, self.stream)
        now = await self._look(then.healed if then else 0)
        there = await self._event_at(then.last_seq) if then and now else None
        wrong = diagnose(then, now, there)
        if now is None:
            await streams.declare_stream(self._broker.stream, self._service, takes_batches(self._broker.client))
            now = await self._look(then.healed if then else 0)
        if wrong and now:
            await self._replay(then, now, wrong)
            return None
        self._verified_at = time.monotonic()
        return now

    async def remember(self, tx: Tx, seen: Seen) -> bool:
        """In the transaction that marks events as published: what is marked can then be missed.

        False where what was seen is outdated by now (`streams_seen.remember`).
        """
        return await streams_seen.remember(tx, self.stream, seen)

    async def _look(self, healed: int) -> Seen | None:
        try:
            info = await self._broker.stream.stream_info(self.stream)
        except NotFoundError:
            return None
        assert info.created is not None  # noqa: S101 - every server says it
        return Seen(info.created, info.state.last_seq, await self._event_at(info.state.last_seq), healed)

    async def _event_at(self, sequence: int) -> str | None:
        if not sequence:
            return None
        try:
            message = await self._broker.stream.get_msg(self.stream, sequence)
        except NotFoundError:
            return None
        # The number is of this copy: a second copy of an event at the same place would be another one, too.
        return f"{(message.headers or {}).get('Nats-Msg-Id', '')}@{message.time}"

    async def _replay(self, then: Seen | None, now: Seen, wrong: str) -> None:
        """Whoever is first among replicas has all events published again; the memory shows that it was done."""
        async with self._begin() as tx:
            if await streams_seen.remembered_for_update(tx, self.stream) != then:
                return
            again = await outbox.unmark(tx, retention.kept_since(self._outbox_days))
            await streams_seen.forget(tx, self.stream)
            await self.remember(tx, replace(now, healed=now.healed + 1))
        log.error("stream.lost", stream=self.stream, wrong=wrong, remembered=then and then.last_seq, events=again)
