"""To which address does a connection go, and which connections stay open for the next request?"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterable, Sequence
from contextlib import asynccontextmanager
from time import monotonic

import certifi
import httpcore

from shared.outbound.addresses import why_refused
from shared.outbound.failures import NotConnected, Refused
from shared.outbound.targets import Pair

Resolve = Callable[[str], Awaitable[Sequence[str]]]
"""The addresses of a name; raises `OSError` if there are none."""

IDLE_SECONDS = 4.0
"""Less than the 5 seconds after which common servers close a connection, so that none closes just as it is used."""
_MOST_ADDRESSES = 4
"""Addresses of one host that are tried, one after the other."""
_REMEMBERED_SECONDS = 3_600.0


async def resolve(host: str) -> Sequence[str]:
    """The addresses of a name as the system knows them."""
    found = await asyncio.get_running_loop().getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


class CheckedNetwork(httpcore.AsyncNetworkBackend):
    """Connects to an address that it has checked itself: between the check and the connection, no name is resolved."""

    def __init__(
        self,
        allowed: frozenset[Pair],
        names: Resolve,
        denied_names: Collection[str],
        seconds: float,
        network: httpcore.AsyncNetworkBackend | None = None,
    ) -> None:
        self._allowed = allowed
        self._resolve = names
        self._denied_names = denied_names
        self._denied: frozenset[str] = frozenset()
        self._denied_until = 0.0
        self._seconds = seconds
        self._network = network or httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109  the signature of httpcore
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        failed: Exception | None = None
        for address in await self._checked(Pair(host, port)):
            try:
                return await self._network.connect_tcp(address, port, self._seconds, None, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failed = error
        raise NotConnected(f"{host} does not accept a connection ({failed or 'no address'})")

    async def _checked(self, pair: Pair) -> Sequence[str]:
        """The addresses of a host; raises `Refused` if any of them is one to which no request goes."""
        try:
            addresses = await self._resolve(pair.host)
        except (OSError, UnicodeError):
            raise NotConnected(f"the name {pair.host} has no address") from None
        if pair not in self._allowed:
            for address in addresses:
                if why := why_refused(address):
                    raise Refused(f"{pair.host} leads to an address that is not public: {why}")
            if not (await self._of_denied_names()).isdisjoint(addresses):
                raise Refused(f"{pair.host} leads to an address of a denied host")
        return addresses[:_MOST_ADDRESSES]

    async def _of_denied_names(self) -> frozenset[str]:
        if self._denied_names and monotonic() >= self._denied_until:
            self._denied_until = monotonic() + _REMEMBERED_SECONDS
            found = await asyncio.gather(*map(self._resolve, self._denied_names), return_exceptions=True)
            self._denied = frozenset(
                address for each in found if not isinstance(each, BaseException) for address in each
            )
        return self._denied

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


class _Host:
    """The connections to one host."""

    def __init__(self, most: int) -> None:
        self.slots = asyncio.Semaphore(most)
        self.users = 0
        self.idle: list[httpcore.AsyncHTTPConnection] = []

    async def reused(self) -> httpcore.AsyncHTTPConnection | None:
        """The connection that was used last, unless it was closed since."""
        while self.idle:
            connection = self.idle.pop()
            if connection.is_available() and not connection.has_expired():
                return connection
            await connection.aclose()
        return None

    async def close(self) -> None:
        while self.idle:
            await self.idle.pop().aclose()


class Connections:
    """Those that are open, of a limited number of hosts.

    The pool of httpcore looks at all of its connections, with a system call each, at every request; here a request
    looks at one.
    """

    def __init__(self, network: CheckedNetwork, per_host: int, most_hosts: int, tls: ssl.SSLContext | None) -> None:
        self._network = network
        self._per_host = per_host
        self._most_hosts = most_hosts
        self._tls = tls
        self._hosts: OrderedDict[tuple[str, Pair], _Host] = OrderedDict()

    @asynccontextmanager
    async def to(self, scheme: str, pair: Pair) -> AsyncIterator[httpcore.AsyncHTTPConnection]:
        """A connection that no other request uses; it stays open if its last answer was read to the end."""
        host = self._of(scheme, pair)
        host.users += 1
        try:
            async with host.slots:
                connection = await host.reused() or self._new(scheme, pair)
                try:
                    yield connection
                finally:
                    if connection.is_idle():
                        host.idle.append(connection)
                    else:
                        await connection.aclose()
        finally:
            host.users -= 1
            if len(self._hosts) > self._most_hosts:
                await self._close_oldest()

    def __len__(self) -> int:
        return len(self._hosts)

    async def close(self) -> None:
        while self._hosts:
            await self._hosts.popitem()[1].close()

    def _of(self, scheme: str, pair: Pair) -> _Host:
        host = self._hosts.get((scheme, pair))
        if host is None:
            host = self._hosts[scheme, pair] = _Host(self._per_host)
        self._hosts.move_to_end((scheme, pair))
        return host

    def _new(self, scheme: str, pair: Pair) -> httpcore.AsyncHTTPConnection:
        if scheme == "https" and self._tls is None:
            self._tls = ssl.create_default_context(cafile=certifi.where())
        return httpcore.AsyncHTTPConnection(
            httpcore.Origin(scheme.encode(), pair.host.encode(), pair.port),
            ssl_context=self._tls,
            keepalive_expiry=IDLE_SECONDS,
            network_backend=self._network,
        )

    async def _close_oldest(self) -> None:
        """Close hosts beyond the limit, those first that were not used for longest; hosts in use stay."""
        surplus = len(self._hosts) - self._most_hosts
        unused = [key for key, host in self._hosts.items() if not host.users][:surplus]
        for host in [self._hosts.pop(key) for key in unused]:
            await host.close()
