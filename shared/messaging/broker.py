"""How does a service speak to NATS?"""

from __future__ import annotations

import asyncio
import itertools
import ssl
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from functools import cache
from typing import Any, TypeVar, overload
from urllib.parse import urlsplit

import nats.errors
import nats.js.errors
import structlog
from nats.aio.client import Client
from nats.js import JetStreamContext
from pydantic import TypeAdapter, ValidationError
from pydantic_core import from_json, to_json

from shared.contracts.envelope import Envelope, too_large
from shared.contracts.refusals import AskFailed as AskFailed
from shared.contracts.requests import Question
from shared.messaging import wire
from shared.messaging.denials import Denials, Denied
from shared.messaging.wire import Arrival
from shared.problems import sentence

R = TypeVar("R")

log = structlog.get_logger()

PUBLISH_TIMEOUT = 5.0
IN_FLIGHT = 1_000
"""Publications awaiting the server's acknowledgement at once."""
BATCH_PUBLISH_SINCE = (2, 14)
BATCH_PUBLISH_DISABLED = 10205
START, APPEND, COMMIT = 0, 1, 2
"""What a message of a batch does (ADR-50, fast ingest)."""

ERROR_CODE, ERROR = "Nats-Service-Error-Code", "Nats-Service-Error"
"""Headers of a reply that is an error, by the NATS services framework."""

UNAVAILABLE = (nats.errors.Error, nats.js.errors.Error, OSError, TimeoutError)


class Broker:
    """One connection to NATS, which is kept up for ever once it has been made.

    It connects as the user in the URL, to any of its servers; replies come to an inbox prefix of that user's own.
    """

    def __init__(
        self,
        url: str,
        name: str,
        on_reconnect: Callable[[], Awaitable[None]] | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.denials = Denials()
        self._url = url
        self._name = name
        self._on_reconnect = on_reconnect
        self._tls = tls
        self.client = wire.new_client()
        self.stream = _stream_of(self.client)
        self._in_batches = False
        self._inbox = ""
        self._batch_numbers = itertools.count(1)
        self._awaited: dict[str, asyncio.Future[dict[str, Any]]] = {}

    @property
    def connected(self) -> bool:
        return self.client.is_connected

    @property
    def max_bytes(self) -> int:
        """Of a message with its headers, that the server takes (its `max_payload`)."""
        return self.client.max_payload

    @property
    def connections(self) -> int:
        """How often the connection was lost and found again: behind each one may be another store."""
        return int(self.client.stats["reconnects"])

    async def publish(self, envelopes: Sequence[Envelope]) -> list[Envelope]:
        """Publish in order, into one stream; returns what it has stored. The rest is the sweeper's."""
        stored: list[Envelope] = []
        envelopes = self._those_that_fit(envelopes)
        for start in range(0, len(envelopes), IN_FLIGHT):
            chunk = envelopes[start : start + IN_FLIGHT]
            try:
                stored += await (self._publish_batch(chunk) if self._in_batches else self._publish_each(chunk))
            except Denied as error:
                log.error("publish.denied", events=len(chunk), error=str(error))
                break
            except UNAVAILABLE as error:
                log.warning("publish.failed", events=len(chunk), error=str(error) or type(error).__name__)
                break
        return stored

    def _those_that_fit(self, envelopes: Sequence[Envelope]) -> Sequence[Envelope]:
        """A server ends the connection of who sends it more than it takes, and so would end all publication."""
        most = self.max_bytes
        refused = too_large(envelopes, most)
        if not refused:
            return envelopes
        first = refused[0]
        log.error(
            "publish.too_large",
            events=len(refused),
            subject=first.subject,
            event_id=str(first.event_id),
            hint=f"NATS takes {most:,} bytes, less than when these were stored; raise its max_payload",
        )
        return [envelope for envelope in envelopes if envelope not in refused]

    async def _publish_batch(self, chunk: Sequence[Envelope]) -> Sequence[Envelope]:
        """One batch, each message stored as it arrives and known by its own id; one acknowledgement for all.

        With gap mode `fail` the server stops at the first message that it cannot store, so that what it counts is
        always the beginning of the batch.
        """
        number, last = str(next(self._batch_numbers)), len(chunk)
        prefix = f"{await self._batch_inbox()}.{number}.{last}.fail"
        outcome = self._awaited[number] = asyncio.get_running_loop().create_future()
        try:
            wire.send(
                self.client,
                (
                    wire.publication(e.subject, f"{prefix}.{n}.{_place(n, last)}.$FI", e.headers, e.body.encode())
                    for n, e in enumerate(chunk, 1)
                ),
            )
            ack = await self.denials.answer(outcome, {e.subject for e in chunk}, PUBLISH_TIMEOUT)
        finally:
            del self._awaited[number]
        if "batch" in ack:
            return chunk[: ack["count"]]
        return await self._refused(ack["error"], chunk)

    async def _refused(self, error: dict[str, Any], chunk: Sequence[Envelope]) -> Sequence[Envelope]:
        if error.get("err_code") == BATCH_PUBLISH_DISABLED:
            log.warning("publish.one_by_one", hint="`pipeline setup` lets the stream take batches")
            self._in_batches = False
            return await self._publish_each(chunk)
        log.warning("publish.refused", events=len(chunk), error=error.get("description"))
        return []

    async def _publish_each(self, chunk: Sequence[Envelope]) -> list[Envelope]:
        """Where the server or the stream takes no batches."""
        acks = [await self.stream.publish_async(e.subject, e.body.encode(), headers=e.headers) for e in chunk]
        answers = asyncio.gather(*acks, return_exceptions=True)
        outcomes = await self.denials.answer(answers, {e.subject for e in chunk}, PUBLISH_TIMEOUT)
        return [e for e, outcome in zip(chunk, outcomes, strict=True) if not isinstance(outcome, BaseException)]

    async def _batch_inbox(self) -> str:
        if not self._inbox:
            inbox = self.client.new_inbox()
            await wire.subscribe(self.client, f"{inbox}.>", self._receive_ack)
            self._inbox = inbox
        return self._inbox

    def _receive_ack(self, arrival: Arrival) -> None:
        """The first answer that ends a batch counts; those that only tell its progress do not."""
        ack = from_json(arrival.data) if arrival.data else {"error": {"description": "no stream takes this subject"}}
        outcome = self._awaited.get(arrival.subject[len(self._inbox) + 1 :].split(".", 1)[0])
        if "type" not in ack and outcome is not None and not outcome.done():
            outcome.set_result(ack)

    @overload
    async def ask(self, request: Question[R], *, patience: float = 30.0, service: str = "") -> R: ...

    @overload
    async def ask(self, request: str, payload: Any, patience: float = 30.0) -> Any: ...

    async def ask(
        self, request: str | Question[Any], payload: Any = None, patience: float = 30.0, *, service: str = ""
    ) -> Any:
        """Put a question or command to a service and wait `patience` seconds for its reply; raises `AskFailed`.

        `service` says whom to ask what every service answers.
        """
        if isinstance(request, str):
            reply = await self._ask(request, to_json(payload), patience)
            return from_json(reply) if reply else None
        subject = request.subject_at(service)
        reply = await self._ask(subject, to_json(request), patience)
        try:
            return _reply_of(type(request)).validate_json(reply)
        except ValidationError as invalid:
            raise AskFailed(
                f"{subject} was answered otherwise than agreed: {sentence(invalid, 'reply')}", 500
            ) from None

    async def _ask(self, subject: str, data: bytes, patience: float) -> bytes:
        if len(data) > self.max_bytes:
            message = f"This request has {len(data):,} bytes, and NATS takes {self.max_bytes:,} (its max_payload)"
            raise AskFailed(f"{message}: {subject} was not asked. Send less at a time.", 413)
        try:
            reply = await self.denials.reply(self.client.request(subject, data, timeout=patience), subject, patience)
        except nats.errors.NoRespondersError:
            raise AskFailed(f"Nobody answers {subject}: is the service up? `pipeline status` tells.", 503) from None
        except Denied as error:
            raise AskFailed(f"{subject} cannot be asked: {error}", 403) from error
        except UNAVAILABLE as error:
            raise AskFailed(f"No answer on {subject}: {str(error) or type(error).__name__}", 504) from error
        if code := (reply.headers or {}).get(ERROR_CODE):
            content = from_json(reply.data)
            raise AskFailed(content["message"], int(code), content.get("fields"))
        return reply.data

    async def connect(self) -> None:
        """Raises one of `UNAVAILABLE` while no server can be had; then it may be tried again."""
        client = wire.new_client()  # a try that failed leaves a client that is of no more use

        async def lost() -> None:
            if not (client.is_draining or client.is_closed):
                log.warning("nats.disconnected")

        await client.connect(
            servers_of(self._url),
            name=self._name,
            inbox_prefix=f"_INBOX_{urlsplit(self._url).username or self._name}",
            max_reconnect_attempts=-1,
            reconnect_time_wait=1,
            ping_interval=5,
            connect_timeout=3,
            allow_reconnect=True,
            error_cb=self._complain,
            disconnected_cb=lost,
            reconnected_cb=self._on_reconnect,
            **encrypted(self._tls),
        )
        self.client, self.stream = client, _stream_of(client)
        self._in_batches = takes_batches(client)

    async def _complain(self, error: Exception) -> None:
        self.denials.heard(error)
        log.warning("nats.error", error=str(error) or type(error).__name__)

    async def close(self) -> None:
        """Send what is still buffered, then leave."""
        with suppress(*UNAVAILABLE):
            await self.client.flush(timeout=2)
        with suppress(*UNAVAILABLE):
            await self.client.close()


@cache
def _reply_of(request: type[Question[Any]]) -> TypeAdapter[Any]:
    return TypeAdapter(request.REPLY)


async def connect(url: str, name: str, tls: ssl.SSLContext | None = None) -> Broker:
    """A connection that is there; raises one of `UNAVAILABLE`."""
    broker = Broker(url, name, tls=tls)
    await broker.connect()
    return broker


def takes_batches(client: Client) -> bool:
    """Whether a stream on this server can take many messages for one acknowledgement."""
    version = client.connected_server_version
    return (version.major, version.minor) >= BATCH_PUBLISH_SINCE


def _stream_of(client: Client) -> JetStreamContext:
    return client.jetstream(publish_async_max_pending=IN_FLIGHT)


def servers_of(url: str) -> list[str]:
    """The servers of `nats://user:password@h1:4222,h2:4222`: who connects is said once, or for each."""
    first, *more = [part.strip() for part in url.split(",") if part.strip()] or [url]
    scheme, _, address = first.rpartition("://")
    who = address.rpartition("@")[0]
    prefix = f"{scheme or 'nats'}://" + (f"{who}@" if who else "")
    return [first, *(part if "@" in part else prefix + part.rpartition("://")[2] for part in more)]


def encrypted(tls: ssl.SSLContext | None) -> dict[str, Any]:
    """Options of a client. TLS comes before the first word, so that nobody on the way can talk it away."""
    return {"tls": tls, "tls_handshake_first": True} if tls else {}


def _place(number: int, last: int) -> int:
    if number == last:
        return COMMIT
    return START if number == 1 else APPEND


def one_line(text: str) -> str:
    """A text as a header takes it."""
    return " ".join(text.split()).encode("ascii", "replace").decode()[:200]
