"""How is a request sent, followed and limited?"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Self
from urllib.parse import urljoin

import httpcore

from shared.outbound.bodies import ACCEPTED, Body
from shared.outbound.connecting import CheckedNetwork, Connections, Resolve, resolve
from shared.outbound.failures import NoAnswer, Refused, TooLarge, Unreachable
from shared.outbound.messages import Answer, Asking, Limits, Request
from shared.outbound.targets import Pair, Target, pairs, target

LOCAL_AGENT = "FacilityPipeline"
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_WITHOUT_BODY = frozenset({"GET", "HEAD"})
_FOR_ANY_HOST = frozenset({"accept", "accept-language", "if-modified-since", "if-none-match"})
"""Headers that a redirect to another host may take along; the others may contain a secret."""

Denied = Callable[[str], str | None]
"""Why a URL is refused, whatever else allows it."""
Permitted = Callable[[str], Awaitable[str | None]]
"""Why a URL must not be asked at the moment, such as by robots.txt."""


@dataclass(frozen=True, slots=True)
class _Taking:
    """How much of an answer is taken, and by when."""

    limits: Limits
    sink: Callable[[bytes], object] | None
    deadline: asyncio.Timeout


def nothing_denied(_: str) -> str | None:
    return None


class Outbound:
    """Asks outside hosts. One of a process; safe for any number of requests at a time."""

    def __init__(
        self,
        allow: Iterable[str] = (),
        agent: str | None = None,
        *,
        resolve: Resolve = resolve,
        denied: Denied = nothing_denied,
        denied_names: Collection[str] = (),
        limits: Limits = Limits(),  # noqa: B008  it is frozen
        per_host: int = 8,
        most_hosts: int = 256,
        tls: ssl.SSLContext | None = None,
        network: httpcore.AsyncNetworkBackend | None = None,
    ) -> None:
        """`allow`: pairs of a host and a port that may be private. `agent`: the `User-Agent`; without it, only these
        pairs are asked. `denied_names`: hosts whose addresses are refused under other names as well. `per_host`: the
        maximum number of connections of a host. `most_hosts`: those whose connections stay open after an answer.
        `network`: connects to addresses that were checked.
        """
        self._allowed = pairs(allow)
        self._agent = agent
        self._denied = denied
        self._limits = limits
        checked = CheckedNetwork(self._allowed, resolve, denied_names, limits.connect_seconds, network)
        self._connections = Connections(checked, per_host, most_hosts, tls)

    async def send(
        self,
        request: Asking,
        *,
        hosts: Collection[str] | None = None,
        permitted: Permitted | None = None,
        limits: Limits | None = None,
        sink: Callable[[bytes], object] | None = None,
    ) -> Answer:
        """The answer after redirects, whatever its status; raises `Refused`, `TooLarge` or `Unreachable`.

        `hosts`: where the request and its redirects may lead, as `HOST`, `HOST:PORT` or `.DOMAIN` for all hosts of a
        domain; anywhere, if it is `None`.
        `permitted` is asked about the URL of the request and of every redirect. `sink` gets the body of the answer as
        it arrives, for bodies that memory should not contain; if `send` raises, what it got is incomplete.
        """
        limits = limits or self._limits
        try:
            async with asyncio.timeout(limits.seconds) as deadline:
                return await self._followed(request, hosts, permitted, _Taking(limits, sink, deadline))
        except TimeoutError:
            raise Unreachable(f"there was no complete answer within {limits.seconds:g} seconds") from None

    @property
    def open_hosts(self) -> int:
        """The number of hosts that have connections, or are asked now."""
        return len(self._connections)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close the open connections; the next request opens new ones."""
        await self._connections.close()

    async def _followed(
        self,
        request: Asking,
        hosts: Collection[str] | None,
        permitted: Permitted | None,
        taking: _Taking,
    ) -> Answer:
        asked = Request(request.url, request.method, tuple(request.headers), request.body)
        at = self._checked(asked.url, hosts)
        seen = {at.url}
        while True:
            if permitted and (why := await permitted(at.url)):
                raise Refused(why)
            answer = await self._exchanged(asked, at, taking)
            if not _leads_on(answer.status, answer.headers, taking.limits):
                return answer
            to = self._next(at, answer, hosts)
            if to.url in seen or len(seen) > taking.limits.redirects:
                raise Refused(f"{at.pair.host} redirects in a circle or more than {taking.limits.redirects} times")
            seen.add(to.url)
            asked, at = _redirected(asked, answer.status, at, to), to

    def _checked(self, url: str, hosts: Collection[str] | None) -> Target:
        if why := self._denied(url):
            raise Refused(why)
        at = target(url, self._allowed)
        if hosts is not None and not _is_one_of(hosts, at.pair):
            raise Refused(f"{at.pair} is not a host of this source or subscription")
        if self._agent is None and at.pair not in self._allowed:
            raise Refused("no one to contact is named: set PIPELINE_OUTBOUND_CONTACT to an e-mail address or a page")
        return at

    def _next(self, at: Target, answer: Answer, hosts: Collection[str] | None) -> Target:
        """Where a redirect leads; raises `Refused` with the fact that it was one."""
        try:
            to = self._checked(urljoin(at.url, answer.headers["location"].strip()), hosts)
            if at.scheme == "https" and to.scheme == "http":
                raise Refused(f"{to.pair.host} would be asked without encryption")
        except (Refused, ValueError) as error:
            raise Refused(f"redirected by {at.pair.host}: {error}") from None
        return to

    async def _exchanged(self, asked: Request, at: Target, taking: _Taking) -> Answer:
        try:
            request = _request(asked, at, self._agent or LOCAL_AGENT)
            async with self._connections.to(at.scheme, at.pair) as connection:
                return await _answered(connection, request, at, taking)
        except (httpcore.LocalProtocolError, UnicodeEncodeError) as error:
            raise Refused(f"the request is not valid: {error}") from None
        except (httpcore.NetworkError, httpcore.TimeoutException, httpcore.RemoteProtocolError, OSError) as error:
            raise Unreachable(
                f"{at.pair.host} did not answer completely: {str(error) or type(error).__name__}"
            ) from None


async def _answered(
    connection: httpcore.AsyncHTTPConnection, request: httpcore.Request, at: Target, taking: _Taking
) -> Answer:
    limits = taking.limits
    response = await connection.handle_async_request(request)
    try:
        headers = _headers(response.headers, limits)
        chunks: list[bytes] = []
        body = Body(headers.get("content-encoding", ""), limits.body, taking.sink or chunks.append)
        if _leads_on(response.status, headers, limits):
            body = Body("", limits.body, len)  # read, so that its connection can be used again, and forgotten
        if limits.beginning_seconds is None:
            await _read(response, body)
        else:
            taking.deadline.reschedule(None)
            with suppress(NoAnswer, TimeoutError, httpcore.NetworkError, httpcore.RemoteProtocolError, OSError):
                async with asyncio.timeout(limits.beginning_seconds):
                    await _read(response, body)
    finally:
        await response.aclose()
    return Answer(response.status, at.url, headers, b"".join(chunks))


async def _read(response: httpcore.Response, body: Body) -> None:
    async for chunk in response.aiter_stream():
        body.take(chunk)
    body.end()


def _request(asked: Request, at: Target, agent: str) -> httpcore.Request:
    own = {
        b"host": at.authority,
        b"user-agent": agent,
        b"accept": "*/*",
        b"accept-encoding": ACCEPTED,
    }
    headers = {name: value.encode("ascii") for name, value in own.items()}
    headers |= {name.lower().encode("ascii"): value.encode("ascii") for name, value in asked.headers}
    headers[b"host"] = own[b"host"].encode()
    if asked.body is not None:
        headers[b"content-length"] = str(len(asked.body)).encode()
    host, port = at.pair
    url = httpcore.URL(scheme=at.scheme.encode(), host=host.encode(), port=port, target=at.path.encode())
    return httpcore.Request(asked.method, url, headers=list(headers.items()), content=asked.body)


def _is_one_of(hosts: Collection[str], pair: Pair) -> bool:
    return (
        pair.host in hosts
        or str(pair) in hosts
        or any(each.startswith(".") and pair.host.endswith(each) for each in hosts)
    )


def _leads_on(status: int, headers: Mapping[str, str], limits: Limits) -> bool:
    return status in _REDIRECTS and "location" in headers and limits.redirects > 0


def _headers(sent: Sequence[tuple[bytes, bytes]], limits: Limits) -> dict[str, str]:
    if sum(len(name) + len(value) + 4 for name, value in sent) > limits.headers:
        raise TooLarge(f"the headers are larger than {limits.headers:,} bytes")
    found: dict[str, str] = {}
    for raw_name, raw_value in sent:
        name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1")
        found[name] = f"{found[name]}, {value}" if name in found else value
    return found


def _redirected(asked: Request, status: int, at: Target, to: Target) -> Request:
    """The request of the next hop, without headers that are not for another host."""
    if asked.method not in _WITHOUT_BODY and status not in (307, 308):
        raise Refused(f"{at.pair.host} redirects a {asked.method}, and only 307 and 308 keep its body")
    same = (at.scheme, at.pair) == (to.scheme, to.pair)
    headers = tuple((name, value) for name, value in asked.headers if same or name.lower() in _FOR_ANY_HOST)
    if asked.body is not None and not same:
        raise Refused(f"{at.pair.host} redirects a {asked.method} to another host")
    return Request(to.url, asked.method, headers, asked.body)
