"""How does a service answer questions and commands?

Request/reply on `<service>.ask.<name>`, subjects that no stream captures; one replica answers. Every service also
answers the kernel's own questions: status, time, jobs and dead letters.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING, Any

import psycopg
import structlog
from nats.aio.msg import Msg
from nats.aio.subscription import Subscription
from pydantic import Field, ValidationError

from shared.clock import SimulatedClock, local_date
from shared.contracts.envelope import TooLong
from shared.contracts.limits import Count, ShortText
from shared.contracts.refusals import Refused
from shared.contracts.requests import Nothing, Request
from shared.messaging.broker import AWAY, respond
from shared.operations import watching
from shared.operations.ticking import run_now, tick
from shared.problems import problems
from shared.service import Ask
from shared.storage import deadletters
from shared.storage.database import UNSTORABLE, DatabaseAway, Tx, is_transient, unstorable

if TYPE_CHECKING:
    from shared.runtime import App

log = structlog.get_logger()

DRAIN_SECONDS = 2.0


class TellTime(Request):
    """What the driver of a simulation says the time is."""

    now: datetime


class RunJob(Request):
    job: ShortText


class DeadPage(Request):
    """Dead letters beyond a number."""

    after: Count | None = None
    limit: int = Field(default=200, ge=1, le=2_000)


class PickDead(Request):
    """A dead letter, by its number."""

    dead_no: Count


async def serve(app: App, more: list[Ask]) -> list[Subscription]:
    """Subscribe to everything that can be asked of a service."""
    subscriptions = []
    for ask in [*app.asks, *kernel_asks(app), *more]:
        subject = ask.subject or f"{app.name}.ask.{ask.name}"
        subscriptions.append(await app.broker.client.subscribe(subject, queue=app.name, cb=_answering(app, ask)))
    # Who asks right after the start finds somebody: the server has taken in every subscription. Twice, because the
    # first ping of the client overtakes subscriptions that it still buffers; the second one follows them.
    await app.broker.client.flush()
    await app.broker.client.flush()
    return subscriptions


async def fall_silent(subscriptions: list[Subscription]) -> None:
    """Answer what was asked already and have other replicas asked from now on, so that no question is lost."""
    with suppress(*AWAY):
        async with asyncio.timeout(DRAIN_SECONDS):
            await asyncio.gather(*(subscription.drain() for subscription in subscriptions))  # type: ignore[no-untyped-call]


def _answering(app: App, ask: Ask) -> Any:
    async def answer(msg: Msg) -> None:
        try:
            content, code = await answered(app, ask, msg.data)
            await respond(msg, content, code)
        except AWAY as error:
            log.warning("reply.lost", ask=ask.name, error=str(error))

    return answer


async def answered(app: App, ask: Ask, data: bytes) -> tuple[Any, int | None]:
    """The content of the reply, and the error code if it is a refusal."""
    try:
        request = ask.request.model_validate_json(data or b"{}")
        if not ask.in_transaction:
            return await ask.answer(request), None
        async with app.transaction() as tx:
            content = await ask.answer(request, tx)
        return content, None
    except ValidationError as error:
        fields = problems(error, "request")
        return {"message": "; ".join(f"{k}: {v}" for k, v in fields.items()), "fields": fields}, 400
    except Refused as refused:
        return {"message": str(refused), "fields": refused.fields}, refused.code
    except TooLong as error:
        return {"message": str(error), "fields": {}}, 413
    except UNSTORABLE as error:
        return {"message": unstorable(error), "fields": {}}, 422
    except DatabaseAway as error:
        log.warning("ask.postponed", ask=ask.name, error=str(error))
        return {"message": f"The database of {app.name} is away or read-only; try again in a moment."}, 503
    except AWAY as error:
        log.warning("ask.postponed", ask=ask.name, error=str(error) or type(error).__name__)
        return {"message": f"{app.name} waits for NATS or for its consumers there; try again in a moment."}, 503
    except psycopg.DataError as error:
        # The last net, under the limits of each field: what an object of somebody's own making holds.
        log.warning("ask.unstorable", ask=ask.name, error=str(error))
        return {"message": f"{ask.name} holds a character or a number that cannot be stored; nothing was changed."}, 422
    except Exception as error:
        log.exception("ask.failed", ask=ask.name)
        return {"message": f"{app.name} failed on {ask.name}: {type(error).__name__}; its log says more."}, 500


def kernel_asks(app: App) -> list[Ask]:
    """What every service answers."""
    return [*_running_asks(app), *_dead_letter_asks(app)]


def _running_asks(app: App) -> list[Ask]:
    """How it is, what time it is, and its jobs."""

    async def status(request: Nothing) -> dict[str, Any]:
        return await watching.status(app)

    async def quiet(request: Nothing) -> dict[str, Any]:
        return await watching.quiet(app)

    async def time(request: Nothing) -> dict[str, Any]:
        now = app.clock.now()
        return {"now": now, "today": local_date(now, app.timezone), "timezone": app.timezone}

    async def clock(request: TellTime) -> dict[str, Any]:
        if not isinstance(app.clock, SimulatedClock):
            raise Refused("This is no simulation: nobody tells a service the time.", 409)
        await app.tell(request.now)
        return {"ran": await tick(app)}

    async def run(request: RunJob) -> dict[str, Any]:
        if not await run_now(app, request.job):
            names = ", ".join(job.name for job in app.jobs) or "none"
            raise Refused(f"{app.name} has no job {request.job!r}; it has: {names}.", 404)
        return {"ran": [request.job]}

    return [
        Ask("status", None, Nothing, status, in_transaction=False),
        Ask("quiet", None, Nothing, quiet, in_transaction=False),
        Ask("time", None, Nothing, time, in_transaction=False),
        Ask("clock", None, TellTime, clock, in_transaction=False),
        Ask("run", None, RunJob, run, in_transaction=False),
    ]


def _dead_letter_asks(app: App) -> list[Ask]:
    """What was buried, and what a person decides on it."""

    async def dead(request: DeadPage, tx: Tx) -> list[deadletters.DeadLetter]:
        return await deadletters.waiting(tx, request.after or 0, request.limit)

    async def dead_retry(request: PickDead, tx: Tx) -> dict[str, Any]:
        letter = await _undecided(request.dead_no, tx)
        consumer = next((c for c in app.consumers if c.durable == letter.consumer), None)
        if consumer is None:
            raise Refused(f"{app.name} no longer consumes {letter.subject}; discard it instead.", 409)
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


async def _undecided(dead_no: int, tx: Tx) -> deadletters.DeadLetter:
    letter = await deadletters.find(tx, dead_no)
    if letter is None:
        raise Refused(f"There is no such dead letter (number {dead_no}); `pipeline dead list` shows them.", 404)
    if letter.resolution:
        raise Refused(f"This dead letter (number {dead_no}) was {letter.resolution} already.", 409)
    return letter
