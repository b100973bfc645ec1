"""What happens to an event whose handler failed?

It is retried after growing delays; after the last try it becomes a dead letter, which is announced as an event.
"""

from __future__ import annotations

import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import structlog

from shared.contracts.events import DeadLettered
from shared.messaging.wire import Arrival
from shared.metrics import FAILED
from shared.storage import deadletters, outbox
from shared.storage.database import Begin, Tx
from shared.storage.deadletters import Failure

log = structlog.get_logger()

LONGEST_ERROR = 2_000


@dataclass(frozen=True, slots=True)
class Failures:
    """The failures of one consumer."""

    service: str
    durable: str
    stream: str
    begin: Begin
    retry_delays: Sequence[float]

    async def note(self, msg: Arrival, error: Exception) -> float | None:
        """Count a failed try; returns the seconds until the next one, None if the event is now a dead letter.

        Raises `DatabaseUnavailable`.
        """
        FAILED.labels(self.durable).inc()
        failure = self._failure(msg, error)
        async with self.begin() as tx:
            tries = await deadletters.count_try(tx, failure)
            last = tries > len(self.retry_delays)
            if last:
                await dead_letter(tx, self.service, failure, tries)
                await outbox.accept_unseen(tx, _uuids(failure.event_id), self.durable)
        context = {"durable": self.durable, "event_id": failure.event_id, "tries": tries, "error": failure.error}
        if last:
            log.error("event.dead_lettered", **context)
            return None
        log.warning("event.failed", **context)
        return self.retry_delays[tries - 1]

    def _failure(self, msg: Arrival, error: Exception) -> Failure:
        return Failure(
            self._id_of(msg),
            self.durable,
            msg.subject,
            msg.headers or {},
            _storable(msg.data.decode("utf-8", "replace")),
            text_of(error),
        )

    def _id_of(self, msg: Arrival) -> str:
        found = _uuids((msg.headers or {}).get("ce-id", ""))
        return str(found[0]) if found else f"{self.stream}:{msg.sequence}"


async def dead_letter(tx: Tx, service: str, failure: Failure, tries: int) -> None:
    """Make an event or an item of work a dead letter, announced and counted once the transaction has committed."""
    await deadletters.add(tx, failure, tries)
    announcement = DeadLettered(
        service=service,
        consumer=failure.consumer,
        failed_event_id=failure.event_id,
        subject=failure.subject,
        error=failure.error,
        tries=tries,
    )
    tx.emit(announcement, subject=f"dead.{service}")
    tx.dead_lettered.append(failure.consumer)


def text_of(error: Exception) -> str:
    """The error and where it was raised, shortened, as PostgreSQL can store it."""
    where = traceback.extract_tb(error.__traceback__)[-1:]
    text = f"{type(error).__name__}: {error}" + "".join(f" ({frame.name}, line {frame.lineno})" for frame in where)
    short = text if len(text) <= LONGEST_ERROR else f"{text[: LONGEST_ERROR - 3]}..."
    return _storable(short.encode("utf-8", "replace").decode())


def _storable(text: str) -> str:
    """PostgreSQL stores no NUL, and a failure that cannot be stored would end the service."""
    return text.replace("\0", "\ufffd")


def _uuids(text: str) -> list[UUID]:
    try:
        return [UUID(text)]
    except ValueError:
        return []
