"""How does a service reply to questions and commands?

Request/reply on `<service>.ask.<name>`, subjects that no stream captures; one replica replies. The reply to a command
is stored under the command's id, in the transaction of its effects, so a repeated command gets the same reply. A
refusal is not stored.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, NamedTuple

import structlog
from pydantic_core import to_json

from shared.contracts.envelope import HEADER_BYTES
from shared.contracts.requests import Command, Question
from shared.messaging.broker import ERROR, ERROR_CODE, Broker, one_line
from shared.refusing import refusal_of
from shared.service import RequestHandler
from shared.storage import commands
from shared.storage.database import Begin

log = structlog.get_logger()


class Reply(NamedTuple):
    body: bytes
    headers: dict[str, str]


class Responder:
    """Runs request handlers and turns what they return or raise into replies."""

    def __init__(self, service: str, broker: Broker, begin: Begin) -> None:
        self._service = service
        self._broker = broker
        self._begin = begin

    async def reply(self, handler: RequestHandler, data: bytes) -> Reply:
        """The reply to a request; an error has the headers of the NATS services framework.

        A reply that is too large to send becomes an error.
        """
        reply, limit = await self._run(handler, data), self._broker.max_bytes - HEADER_BYTES
        if len(reply.body) > limit:
            too_large = f"The reply has {len(reply.body):,} bytes, and NATS accepts {limit:,}: request less at a time"
            return _error(413, message=f"{too_large}, or raise NATS's max_payload.")
        return reply

    async def _run(self, handler: RequestHandler, data: bytes) -> Reply:
        name = handler.request.NAME
        try:
            request = handler.request.model_validate_json(data or b"{}")
            return Reply(await self._handle(handler, request), {})
        except Exception as error:
            refusal = refusal_of(error, self._service)
            if refusal is None:
                log.exception("request.failed", request=name)
                message = f"{self._service} failed on {name}: {type(error).__name__}; see its log for details."
                return _error(500, message=message)
            # Other errors are not logged: their text may quote the request, with personal data.
            if refusal.code == HTTPStatus.SERVICE_UNAVAILABLE:
                log.warning("request.postponed", request=name, error=str(error) or type(error).__name__)
            return _error(refusal.code, message=str(refusal), fields=refusal.fields)

    async def _handle(self, handler: RequestHandler, request: Question[Any]) -> bytes:
        """The reply in JSON."""
        if not handler.in_transaction:
            if isinstance(request, Command):
                log.info("command.received", command=request.NAME, actor=request.actor, id=str(request.command_id))
            return to_json(await handler.handle(request))
        async with self._begin() as tx:
            if isinstance(request, Command):
                return await commands.once(tx, request, handler.handle)
            content = await handler.handle(request, tx)
        return to_json(content)


def _error(code: int, **content: Any) -> Reply:
    return Reply(to_json(content), {ERROR_CODE: str(code), ERROR: one_line(content["message"])})
