"""What if the store of NATS was wiped or rolled back, or somebody deleted a stream or a consumer?

The owner of a stream remembers in its own database when the stream was created, how far it had come and which event
stood there. A stream that is gone, younger, shorter or other than that has lost events: its owner declares it anew
and publishes again all that the outbox holds. Consumers drop by their inbox what they have taken before.
"""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

import structlog
from nats.js.errors import NotFoundError

from shared.contracts import topology
from shared.messaging import streams
from shared.messaging.broker import AWAY
from shared.storage import outbox, retention
from shared.storage.database import Tx

if TYPE_CHECKING:
    from shared.messaging.consumer import Consumer
    from shared.runtime import App

log = structlog.get_logger()

VERIFY_SECONDS = 5.0
DECLARE_SECONDS = 3.0
"""Between two tries to bring a silent consumer back."""
GIVE_UP_SECONDS = 20.0
"""A consumer that stays silent this long after it was noticed ends the process, whose supervisor starts it again."""


class ConsumerSilent(Exception):
    """The server is connected, but a consumer's pulls stay unanswered whatever is tried."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A stream as it was at one moment; `last_event` is None where the last message is no longer kept."""

    created_at: datetime
    last_seq: int
    last_event: str | None
    healed: int = 0
    """How often its events had been published again by then."""


def what_is_wrong(then: Seen | None, now: Seen | None, there_now: str | None) -> str | None:
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
    """Keeps one service's stream and consumers whole."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.stream = topology.stream_of(app.name)
        self._verified_at = 0.0
        self._silent_since: dict[str, float] = {}
        self._tried_at: dict[str, float] = {}

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
        async with self.app.transaction() as tx:
            then = await tx.one(Seen, f"{_REMEMBERED} WHERE stream = %(stream)s", stream=self.stream)
        now = await self._look(then.healed if then else 0)
        there = await self._event_at(then.last_seq) if then and now else None
        wrong = what_is_wrong(then, now, there)
        if now is None:
            broker = self.app.broker
            await streams.declare_stream(broker.stream, self.app.name, streams.takes_batches(broker.client))
            now = await self._look(then.healed if then else 0)
        if wrong and now:
            await self._replay(then, now, wrong)
            return None
        self._verified_at = time.monotonic()
        return now

    async def remember(self, tx: Tx, seen: Seen) -> bool:
        """In the transaction that marks events as published: what is marked can then be missed.

        False where what was seen is of another store than what is remembered, or of before another replica had the
        events published again. A replica that looked earlier never lowers what another one remembers.
        """
        held = await tx.run(
            "INSERT INTO streams_seen AS held (stream, created_at, last_seq, last_event, healed)"
            " VALUES (%(stream)s, %(created_at)s, %(last_seq)s, %(last_event)s, %(healed)s)"
            " ON CONFLICT (stream) DO UPDATE SET last_seq = greatest(held.last_seq, excluded.last_seq), last_event ="
            " CASE WHEN held.last_seq < excluded.last_seq THEN excluded.last_event ELSE held.last_event END"
            " WHERE (held.created_at, held.healed) = (excluded.created_at, excluded.healed)",
            stream=self.stream,
            **asdict(seen),
        )
        return held > 0

    async def declare(self, consumer: Consumer) -> bool:
        """Bring a missing consumer back; False while its stream is missing, which is for the stream's owner to heal."""
        try:
            await streams.declare_consumer(self.app.broker.stream, self.app.name, consumer.event)
        except NotFoundError:
            log.warning("consumer.waits", durable=consumer.durable, missing=consumer.stream)
            return False
        except AWAY as error:
            log.warning("consumer.not_declared", durable=consumer.durable, error=str(error) or type(error).__name__)
        else:
            log.warning("consumer.declared", durable=consumer.durable)
        return True

    async def watch(self) -> None:
        """Try to bring silent consumers back; raises `ConsumerSilent` when one stays silent."""
        for consumer in self.app.consumers:
            if consumer.alive or consumer.busy or not self.app.broker.connected:
                self._silent_since.pop(consumer.durable, None)
            elif await self._silent_for(consumer) > GIVE_UP_SECONDS:
                raise ConsumerSilent(f"{consumer.durable} is not answered, and declaring it again did not help")

    async def _silent_for(self, consumer: Consumer) -> float:
        now, name = time.monotonic(), consumer.durable
        since = self._silent_since.setdefault(name, now)
        if now - self._tried_at.get(name, 0.0) >= DECLARE_SECONDS:
            self._tried_at[name] = now
            if not await self.declare(consumer):
                self._silent_since[name] = now
            consumer.poke()
        return now - since

    async def _look(self, healed: int) -> Seen | None:
        try:
            info = await self.app.broker.stream.stream_info(self.stream)
        except NotFoundError:
            return None
        assert info.created is not None  # noqa: S101 - every server says it
        return Seen(info.created, info.state.last_seq, await self._event_at(info.state.last_seq), healed)

    async def _event_at(self, sequence: int) -> str | None:
        if not sequence:
            return None
        try:
            message = await self.app.broker.stream.get_msg(self.stream, sequence)
        except NotFoundError:
            return None
        # The number is of this copy: a second copy of an event at the same place would be another one, too.
        return f"{(message.headers or {}).get('Nats-Msg-Id', '')}@{message.time}"

    async def _replay(self, then: Seen | None, now: Seen, wrong: str) -> None:
        """Whoever is first among replicas has all events published again; the memory shows that it was done."""
        async with self.app.transaction() as tx:
            found = await tx.one(Seen, f"{_REMEMBERED} WHERE stream = %(stream)s FOR UPDATE", stream=self.stream)
            if found != then:
                return
            again = await outbox.unmark(tx, retention.kept_since(self.app))
            await tx.run("DELETE FROM streams_seen WHERE stream = %(stream)s", stream=self.stream)
            await self.remember(tx, replace(now, healed=now.healed + 1))
        log.error("stream.lost", stream=self.stream, wrong=wrong, remembered=then and then.last_seq, events=again)


_REMEMBERED = "SELECT created_at, last_seq, last_event, healed FROM streams_seen"
