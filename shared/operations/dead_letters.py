"""Which events and items of work became dead letters, and how does an operator resolve them?"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from shared.contracts.envelope import unseal
from shared.contracts.kernel import DeadLetter, DeadLetters, DiscardDeadLetter, ResolvedDeadLetter, RetryDeadLetter
from shared.contracts.refusals import Refused
from shared.messaging.consumer import Consumer
from shared.operations.outcomes import IRREVOCABLE
from shared.service import Router
from shared.storage import deadletters, outbox, work
from shared.storage.database import Tx, is_transient


def router(service: str, consumers: Sequence[Consumer], kinds: Collection[str]) -> Router:
    """What every service replies about its dead letters."""
    router = Router()

    @router.question
    async def dead_letters(request: DeadLetters, tx: Tx) -> list[DeadLetter]:
        return await deadletters.waiting(tx, request.after or 0, request.limit)

    @router.command
    async def retry_dead_letter(request: RetryDeadLetter, tx: Tx) -> ResolvedDeadLetter:
        letter = await _unresolved(request.dead_no, tx)
        if letter.consumer in kinds:
            irrevocable = IRREVOCABLE in letter.headers
            await work.restore(tx, letter.consumer, letter.event_id, letter.body, irrevocable=irrevocable)
            return await _resolve(letter, "retried", tx)
        consumer = next((c for c in consumers if c.durable == letter.consumer), None)
        if consumer is None:
            raise Refused(f"{service} no longer consumes {letter.subject}; discard it instead.", 409)
        try:
            await redeliver(letter, consumer, tx)
        except Exception as error:
            if is_transient(error):
                raise
            raise Refused(f"It failed again: {type(error).__name__}: {error}. Nothing was changed.", 409) from error
        return await _resolve(letter, "retried", tx)

    @router.command
    async def discard_dead_letter(request: DiscardDeadLetter, tx: Tx) -> ResolvedDeadLetter:
        return await _resolve(await _unresolved(request.dead_no, tx), "discarded", tx)

    return router


async def redeliver(letter: DeadLetter, consumer: Consumer, tx: Tx) -> None:
    """Handle a dead letter; raises what the handler raises.

    Its event has been in the inbox since it was dead-lettered; the lock on the letter excludes other replicas.
    """
    event = unseal(letter.headers, letter.body.encode(), consumer.event)
    event_ids = [event.event_id] if event.event_id else []
    await outbox.accept_unseen(tx, event_ids, consumer.durable, *consumer.handler.locks_for([event]))
    await consumer.handler.handle([event], tx)


async def _unresolved(dead_no: int, tx: Tx) -> DeadLetter:
    letter = await deadletters.find(tx, dead_no)
    if letter is None:
        raise Refused(f"There is no such dead letter (number {dead_no}); `pipeline dead list` lists them.", 404)
    if letter.resolution:
        raise Refused(f"This dead letter (number {dead_no}) has already been {letter.resolution}.", 409)
    return letter


async def _resolve(letter: DeadLetter, resolution: str, tx: Tx) -> ResolvedDeadLetter:
    await deadletters.resolve(tx, letter.dead_no, resolution)
    return ResolvedDeadLetter(dead_no=letter.dead_no, resolution=resolution)
