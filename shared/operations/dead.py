"""What was buried, and what does a person decide on it?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic import Field

from shared.contracts.limits import Count
from shared.contracts.refusals import Refused
from shared.contracts.requests import Request
from shared.messaging.consumer import Consumer
from shared.service import Ask
from shared.storage import deadletters
from shared.storage.database import Tx, is_transient
from shared.storage.deadletters import DeadLetter


class DeadPage(Request):
    """Dead letters beyond a number."""

    after: Count | None = None
    limit: int = Field(default=200, ge=1, le=2_000)


class PickDead(Request):
    """A dead letter, by its number."""

    dead_no: Count


def asks(service: str, consumers: Sequence[Consumer]) -> Sequence[Ask]:
    async def dead(request: DeadPage, tx: Tx) -> list[DeadLetter]:
        return await deadletters.waiting(tx, request.after or 0, request.limit)

    async def dead_retry(request: PickDead, tx: Tx) -> dict[str, Any]:
        letter = await _undecided(request.dead_no, tx)
        consumer = next((c for c in consumers if c.durable == letter.consumer), None)
        if consumer is None:
            raise Refused(f"{service} no longer consumes {letter.subject}; discard it instead.", 409)
        try:
            await consumer.redeliver(letter, tx)
        except Exception as error:
            if is_transient(error):
                raise
            raise Refused(f"It failed again: {type(error).__name__}: {error}. Nothing was changed.", 409) from error
        await deadletters.resolve(tx, letter.dead_no, "retried")
        return {"dead_no": letter.dead_no, "resolution": "retried"}

    async def dead_discard(request: PickDead, tx: Tx) -> dict[str, Any]:
        letter = await _undecided(request.dead_no, tx)
        await deadletters.resolve(tx, letter.dead_no, "discarded")
        return {"dead_no": letter.dead_no, "resolution": "discarded"}

    return [
        Ask("dead", None, DeadPage, dead),
        Ask("dead_retry", None, PickDead, dead_retry),
        Ask("dead_discard", None, PickDead, dead_discard),
    ]


async def _undecided(dead_no: int, tx: Tx) -> DeadLetter:
    letter = await deadletters.find(tx, dead_no)
    if letter is None:
        raise Refused(f"There is no such dead letter (number {dead_no}); `pipeline dead list` shows them.", 404)
    if letter.resolution:
        raise Refused(f"This dead letter (number {dead_no}) was {letter.resolution} already.", 409)
    return letter
