"""How does a service publish events and send requests over NATS?"""

from __future__ import annotations

import asyncio
import itertools
import ssl
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from functools import cache
from typing import Any, TypeVar
from urllib.parse import urlsplit

import nats.errors
import nats.js.errors
import structlog
from pydantic import TypeAdapter, ValidationError
from pydantic_core import from_json, to_json

from engines.problems import sentence
from shared.addresses import credentials_of, servers_of
from shared.contracts.envelope import Envelope, too_large
from shared.contracts.refusals import AskFailed as AskFailed
from shared.contracts.requests import Question
from shared.messaging import wire
from shared.messaging.denials import Denials, Denied
from shared.messaging.wire import Arrival

R = TypeVar("R")

log = structlog.get_logger()

PUBLISH_AGAIN_SECONDS = 0.5
"""After this long without an acknowledgment, events are published a second time; the stream keeps each once."""
PUBLISH_TIMEOUT = 3.0
PING_SECONDS = 2
"""A server that answers three of these in a row with silence is given up, and the client connects to another one."""
CLOSE_SECONDS = 2
IN_FLIGHT = 1_000
"""Publications in a batch, which wait for its acknowledgment at the same time."""
START, APPEND, COMMIT = 0, 1, 2
"""What a message of a batch does (ADR-50, fast ingest)."""

ERROR_CODE, ERROR = "Nats-Service-Error-Code", "Nats-Service-Error"
"""Headers of a reply that is an error, by the NATS services framework."""

UNAVAILABLE = (nats.errors.Error, nats.js.errors.Error, OSError, TimeoutError)
"""What nats-py raises while NATS, or what is needed there, is unavailable."""


class ConnectionLost(nats.errors.Error):
    """The connection was lost before a publication was acknowledged, so whether it was stored is unknown."""

    def __init__(self) -> None:
        super().__init__("the connection was lost before NATS acknowledged it")


class Broker:
    """One connection to NATS, which reconnects forever once it has been made.

    It connects as the user in the URL, to any of its servers. Replies arrive under an inbox prefix of that user.
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
        self.stream = self.client.jetstream()
        self._inbox = ""
        self._batch_numbers = itertools.count(1)
        self._awaited: dict[str, asyncio.Future[dict[str, Any]]] = {}

    @property
    def connected(self) -> bool:
        return self.client.is_connected

    @property
    def max_bytes(self) -> int:
        """The largest message, headers included, that the server accepts (its `max_payload`)."""
        return self.client.max_payload

    @property
    def reconnects(self) -> int:
        """How often the connection was made again; each time, the server may have come back with another store."""
        return int(self.client.stats["reconnects"])

    async def publish(self, envelopes: Sequence[Envelope]) -> list[Envelope]:
        """Publish in order, to one stream; returns what it has stored. The sweeper publishes the rest."""
        stored: list[Envelope] = []
        envelopes = self._without_too_large(envelopes)
        for start in range(0, len(envelopes), IN_FLIGHT):
            chunk = envelopes[start : start + IN_FLIGHT]
            try:
                stored += await self._publish_batch(chunk)
            except Denied as error:
                log.error("publish.denied", events=len(chunk), error=str(error))
                break
            except UNAVAILABLE as error:
                log.warning("publish.failed", events=len(chunk), error=str(error) or type(error).__name__)
                break
        return stored

    def _without_too_large(self, envelopes: Sequence[Envelope]) -> Sequence[Envelope]:
        """A server closes the connection on a message that is too large, which would stop all publication."""
        excluded = too_large(envelopes, self.max_bytes)
        if not excluded:
            return envelopes
        first = excluded[0]
        log.error(
            "publish.too_large",
            events=len(excluded),
            subject=first.subject,
            event_id=str(first.event_id),
            hint=f"NATS accepts {self.max_bytes:,} bytes, less than when these were stored; raise its max_payload",
        )
        return [envelope for envelope in envelopes if envelope not in excluded]

    async def _publish_batch(self, chunk: Sequence[Envelope]) -> Sequence[Envelope]:
        """Publish again soon: a stream whose leader changes acknowledges nothing that was under way."""
        with suppress(TimeoutError):
            return await self._publish_once(chunk, PUBLISH_AGAIN_SECONDS)
        return await self._publish_once(chunk, PUBLISH_TIMEOUT)

    async def _publish_once(self, chunk: Sequence[Envelope], timeout_seconds: float) -> Sequence[Envelope]:
        """One batch with one acknowledgment; each message is stored as it arrives and deduplicated by its own id.

        In gap mode `fail` the server stops at the first message that it cannot store, so its count is always a prefix
        of the batch.
        """
        number, last = str(next(self._batch_numbers)), len(chunk)
        prefix = f"{await self._batch_inbox()}.{number}.{last}.fail"
        if not self.connected:
            raise ConnectionLost
        outcome = self._awaited[number] = asyncio.get_running_loop().create_future()
        try:
            wire.send(
                self.client,
                (
                    wire.publication(e.subject, f"{prefix}.{n}.{_operation(n, last)}.$FI", e.headers, e.body.encode())
                    for n, e in enumerate(chunk, 1)
                ),
            )
            ack = await self.denials.wait(outcome, {e.subject for e in chunk}, timeout_seconds)
        finally:
            del self._awaited[number]
        if "batch" in ack:
            return chunk[: ack["count"]]
        # Where the stream does not accept batches, `pipeline setup` corrects it.
        log.warning("publish.refused", events=len(chunk), error=ack["error"].get("description"))
        return []

    async def _batch_inbox(self) -> str:
        if not self._inbox:
            inbox = self.client.new_inbox()
            await wire.subscribe(self.client, f"{inbox}.>", self._receive_ack)
            self._inbox = inbox
        return self._inbox

    def _receive_ack(self, arrival: Arrival) -> None:
        """Resolve a batch by the first reply that ends it; replies about its progress have a `type`."""
        ack = from_json(arrival.data) if arrival.data else {"error": {"description": "no stream captures this subject"}}
        outcome = self._awaited.get(arrival.subject[len(self._inbox) + 1 :].split(".", 1)[0])
        if "type" not in ack and outcome is not None and not outcome.done():
            outcome.set_result(ack)

    async def ask(self, request: Question[R], *, timeout_seconds: float = 30.0, service: str = "") -> R:
        """Send a question or command to a service and return its reply; raises `AskFailed`.

        `service` is the service to ask where every service has a handler for the request.
        """
        subject = request.subject_at(service)
        content = await self.request(subject, to_json(request), timeout_seconds)
        try:
            reply: R = _reply_of(type(request)).validate_json(content)
        except ValidationError as invalid:
            raise AskFailed(
                f"The reply to {subject} does not match its contract: {sentence(invalid, 'reply')}", 500
            ) from None
        return reply

    async def request(self, subject: str, data: bytes, timeout_seconds: float) -> bytes:
        """Send bytes to a subject and return those of the reply; raises `AskFailed`."""
        if len(data) > self.max_bytes:
            message = f"This request has {len(data):,} bytes, and NATS accepts {self.max_bytes:,} (its max_payload)"
            raise AskFailed(f"{message}: it was not sent to {subject}. Send less at a time.", 413)
        try:
            request = self.client.request(subject, data, timeout=timeout_seconds)
            reply = await self.denials.wait(request, {subject}, timeout_seconds)
        except nats.errors.NoRespondersError:
            raise AskFailed(
                f"No service replies on {subject}; `pipeline status` shows which services are up.", 503
            ) from None
        except Denied as error:
            raise AskFailed(f"{subject} cannot be sent to: {error}", 403) from error
        except UNAVAILABLE as error:
            raise AskFailed(f"No reply on {subject}: {str(error) or type(error).__name__}", 504) from error
        if code := (reply.headers or {}).get(ERROR_CODE):
            content = from_json(reply.data)
            raise AskFailed(content["message"], int(code), content.get("fields"))
        return reply.data

    async def connect(self) -> None:
        """Raises one of `UNAVAILABLE` while no server can be reached; the caller may try again."""
        client = wire.new_client()  # a failed attempt leaves a client that cannot be used again

        async def on_disconnect() -> None:
            self._fail_awaited()
            if not (client.is_draining or client.is_closed):
                log.warning("nats.disconnected")

        await client.connect(
            servers_of(self._url),
            name=self._name,
            inbox_prefix=f"_INBOX_{urlsplit(self._url).username or self._name}",
            max_reconnect_attempts=-1,
            reconnect_time_wait=1,
            ping_interval=PING_SECONDS,
            connect_timeout=3,
            allow_reconnect=True,
            error_cb=self._on_error,
            disconnected_cb=on_disconnect,
            reconnected_cb=self._on_reconnect,
            **credentials_of(self._url),
            **tls_options(self._tls),
        )
        self.client, self.stream = client, client.jetstream()

    def _fail_awaited(self) -> None:
        """No acknowledgment arrives any more, so nothing waits for its timeout: the sweeper publishes again."""
        for outcome in self._awaited.values():
            if not outcome.done():
                outcome.set_exception(ConnectionLost())

    async def _on_error(self, error: Exception) -> None:
        self.denials.report(error)
        log.warning("nats.error", error=str(error) or type(error).__name__)

    async def close(self) -> None:
        """Send what is still buffered, then close the connection."""
        with suppress(*UNAVAILABLE):
            await self.client.flush(timeout=CLOSE_SECONDS)
        with suppress(*UNAVAILABLE):
            await asyncio.wait_for(self.client.close(), CLOSE_SECONDS)


@cache
def _reply_of(request: type[Question[Any]]) -> TypeAdapter[Any]:
    return TypeAdapter(request.REPLY)


async def connect(url: str, name: str, tls: ssl.SSLContext | None = None) -> Broker:
    """A connected broker; raises one of `UNAVAILABLE`."""
    broker = Broker(url, name, tls=tls)
    await broker.connect()
    return broker


def tls_options(tls: ssl.SSLContext | None) -> dict[str, Any]:
    """Options of a client. The TLS handshake comes first, so that an attacker on the path cannot strip it."""
    return {"tls": tls, "tls_handshake_first": True} if tls else {}


def _operation(number: int, last: int) -> int:
    if number == last:
        return COMMIT
    return START if number == 1 else APPEND


def one_line(text: str) -> str:
    """A text in the form of a header value: one line of ASCII, at most 200 characters."""
    return " ".join(text.split()).encode("ascii", "replace").decode()[:200]
