"""How does a service answer questions and commands?

Request/reply on `<service>.ask.<name>`, subjects that no stream captures; one replica answers.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import psycopg
import structlog
from pydantic import ValidationError
from pydantic_core import to_json

from shared.contracts.envelope import HEADER_BYTES, TooLong
from shared.contracts.refusals import Refused
from shared.messaging.broker import AWAY, ERROR, ERROR_CODE, Broker, one_line
from shared.problems import problems
from shared.service import Ask
from shared.storage.database import UNSTORABLE, DatabaseAway, unstorable
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

    async def reply(self, ask: Ask, data: bytes) -> Reply:
        """The reply to a request; an error carries the headers of the NATS services framework.

        An answer that is too large to be sent becomes an error.
        """
        content, code = await self.answered(ask, data)
        body, most = to_json(content), self._broker.most_bytes - HEADER_BYTES
        if len(body) > most:
            too_large = f"The answer has {len(body):,} bytes, and NATS takes {most:,}: ask for less at a time"
            content, code = {"message": f"{too_large}, or raise NATS's max_payload."}, 413
            body = to_json(content)
        if code is None:
            return Reply(body, {})
        return Reply(body, {ERROR_CODE: str(code), ERROR: one_line(content["message"])})

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
