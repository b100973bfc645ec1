"""How does a service answer questions and commands?

Request/reply on `<service>.ask.<name>`, subjects that no stream captures; one replica answers. The answer to a command
is stored by its id with its effects, so that a command asked twice is answered as before; a refusal is not stored.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import psycopg
import structlog
from pydantic import BaseModel, ValidationError
from pydantic_core import from_json, to_json

from shared.contracts.envelope import HEADER_BYTES, TooLong
from shared.contracts.refusals import Refused
from shared.contracts.requests import Command
from shared.messaging.broker import ERROR, ERROR_CODE, UNAVAILABLE, Broker, one_line
from shared.problems import problems
from shared.service import RequestHandler
from shared.storage import commands
from shared.storage.database import UNSTORABLE, DatabaseUnavailable, Tx, unstorable
from shared.storage.transactions import Begin

log = structlog.get_logger()


class Reply(NamedTuple):
    body: bytes
    headers: dict[str, str]


class Answering:
    """Answers what a service is asked."""

    def __init__(self, service: str, broker: Broker, begin: Begin) -> None:
        self._service = service
        self._broker = broker
        self._begin = begin

    async def reply(self, handler: RequestHandler, data: bytes) -> Reply:
        """The reply to a request; an error carries the headers of the NATS services framework.

        An answer that is too large to be sent becomes an error.
        """
        content, code = await self.answered(handler, data)
        body, most = to_json(content), self._broker.max_bytes - HEADER_BYTES
        if len(body) > most:
            too_large = f"The answer has {len(body):,} bytes, and NATS takes {most:,}: ask for less at a time"
            content, code = {"message": f"{too_large}, or raise NATS's max_payload."}, 413
            body = to_json(content)
        if code is None:
            return Reply(body, {})
        return Reply(body, {ERROR_CODE: str(code), ERROR: one_line(content["message"])})

    async def answered(self, handler: RequestHandler, data: bytes) -> tuple[Any, int | None]:
        """The content of the reply, and the error code if it is a refusal."""
        try:
            request = handler.request.model_validate_json(data or b"{}")
            return await self._answer(handler, request), None
        except ValidationError as error:
            fields = problems(error, "request")
            return {"message": "; ".join(f"{k}: {v}" for k, v in fields.items()), "fields": fields}, 400
        except Refused as refused:
            return {"message": str(refused), "fields": refused.fields}, refused.code
        except TooLong as error:
            return {"message": str(error), "fields": {}}, 413
        except UNSTORABLE as error:
            return {"message": unstorable(error), "fields": {}}, 422
        except DatabaseUnavailable as error:
            log.warning("ask.postponed", ask=handler.name, error=str(error))
            return {"message": f"The database of {self._service} is away or read-only; try again in a moment."}, 503
        except UNAVAILABLE as error:
            log.warning("ask.postponed", ask=handler.name, error=str(error) or type(error).__name__)
            return {
                "message": f"{self._service} waits for NATS or for its consumers there; try again in a moment."
            }, 503
        except psycopg.DataError as error:
            # The last net, under the limits of each field: what an object of somebody's own making holds.
            log.warning("ask.unstorable", ask=handler.name, error=str(error))
            return {
                "message": f"{handler.name} holds a character or a number that cannot be stored; nothing was changed."
            }, 422
        except Exception as error:
            log.exception("ask.failed", ask=handler.name)
            return {
                "message": f"{self._service} failed on {handler.name}: {type(error).__name__}; its log says more."
            }, 500

    async def _answer(self, handler: RequestHandler, request: BaseModel) -> Any:
        if not handler.in_transaction:
            return await handler.answer(request)
        async with self._begin() as tx:
            if isinstance(request, Command):
                return await _once(handler, request, tx)
            return await handler.answer(request, tx)


async def _once(handler: RequestHandler, command: Command[Any], tx: Tx) -> Any:
    """Carry a command out, or answer as before."""
    tx.actor = command.actor
    answered = await commands.begin(tx, command.command_id, command.NAME)
    if answered is not None:
        return from_json(answered)
    content = await handler.answer(command, tx)
    await commands.keep(tx, command.command_id, to_json(content).decode())
    return content
