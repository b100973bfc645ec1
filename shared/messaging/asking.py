"""How does a service answer questions and commands?

Request/reply on `<service>.ask.<name>`, subjects that no stream captures; one replica answers.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

import psycopg
import structlog
from nats.aio.msg import Msg
from nats.aio.subscription import Subscription
from pydantic import ValidationError

from shared.contracts.envelope import TooLong
from shared.contracts.refusals import Refused
from shared.messaging.broker import AWAY, Broker, respond
from shared.problems import problems
from shared.service import Ask
from shared.storage.database import UNSTORABLE, DatabaseAway, unstorable
from shared.storage.transactions import Begin

log = structlog.get_logger()

DRAIN_SECONDS = 2.0


class Answering:
    """Answers what a service is asked."""

    def __init__(self, service: str, asks: Iterable[Ask], broker: Broker, begin: Begin) -> None:
        self._service = service
        self._asks = list(asks)
        self._broker = broker
        self._begin = begin
        self._subscriptions: list[Subscription] = []

    async def start(self) -> None:
        """Subscribe to everything that can be asked."""
        client = self._broker.client
        self._subscriptions = [
            await client.subscribe(ask.subject_at(self._service), queue=self._service, cb=self._answering(ask))
            for ask in self._asks
        ]
        # Who asks right after the start finds somebody: the server has taken in every subscription. Twice, because the
        # first ping of the client overtakes subscriptions that it still buffers; the second one follows them.
        await client.flush()
        await client.flush()

    async def drain(self) -> None:
        """Answer what was asked already and have other replicas asked from now on, so that no question is lost."""
        draining, self._subscriptions = self._subscriptions, []
        with suppress(*AWAY):
            async with asyncio.timeout(DRAIN_SECONDS):
                await asyncio.gather(*(subscription.drain() for subscription in draining))  # type: ignore[no-untyped-call]

    def _answering(self, ask: Ask) -> Any:
        async def answer(msg: Msg) -> None:
            try:
                content, code = await self.answered(ask, msg.data)
                await respond(msg, content, code)
            except AWAY as error:
                log.warning("reply.lost", ask=ask.name, error=str(error))

        return answer

    async def answered(self, ask: Ask, data: bytes) -> tuple[Any, int | None]:
        """The content of the reply, and the error code if it is a refusal."""
        try:
            request = ask.request.model_validate_json(data or b"{}")
            if not ask.in_transaction:
                return await ask.answer(request), None
            async with self._begin() as tx:
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
            return {"message": f"The database of {self._service} is away or read-only; try again in a moment."}, 503
        except AWAY as error:
            log.warning("ask.postponed", ask=ask.name, error=str(error) or type(error).__name__)
            return {
                "message": f"{self._service} waits for NATS or for its consumers there; try again in a moment."
            }, 503
        except psycopg.DataError as error:
            # The last net, under the limits of each field: what an object of somebody's own making holds.
            log.warning("ask.unstorable", ask=ask.name, error=str(error))
            return {
                "message": f"{ask.name} holds a character or a number that cannot be stored; nothing was changed."
            }, 422
        except Exception as error:
            log.exception("ask.failed", ask=ask.name)
            return {"message": f"{self._service} failed on {ask.name}: {type(error).__name__}; its log says more."}, 500
