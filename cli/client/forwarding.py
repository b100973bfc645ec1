"""How is an event sent to a receiver that someone develops, exactly as a webhook sends it?"""

from __future__ import annotations

from dataclasses import dataclass
from time import monotonic
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

from shared.clock import real_time
from shared.contracts.cloudevents import STRUCTURED, body_of
from shared.outbound import NoAnswer, Outbound, Refused, Request
from shared.outbound.targets import PORTS, pairs, target
from shared.outbound.webhooks import LIMITS, headers, key_of

SHOWN = 120
"""Characters of an answer that are shown."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """What came of sending an event."""

    status: int | None
    """None: there was no answer."""
    millis: int
    text: str
    """The start of the answer, or why there was none."""

    @property
    def accepted(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


class Receiver:
    """Sends events to one address, which may be private, since a person gave it; never twice."""

    def __init__(self, url: str, secret: str) -> None:
        """Raises `ValueError` if the address or the secret is none."""
        key_of(secret)
        self._url, self._secret = url, secret
        self._outbound = Outbound(_allowed(url), limits=LIMITS)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        await self._outbound.aclose()

    async def send(self, event: dict[str, Any]) -> Delivery:
        """Sign a structured event and post it."""
        body = body_of(event, "")
        signed = headers(event["id"], real_time(), body, self._secret)
        request = Request(self._url, "POST", (("content-type", STRUCTURED), *signed), body)
        began = monotonic()
        try:
            answer = await self._outbound.send(request)
        except NoAnswer as error:
            return Delivery(None, _millis(began), str(error))
        return Delivery(answer.status, _millis(began), answer.body.decode(errors="replace")[:SHOWN])


def _allowed(url: str) -> list[str]:
    """The pair of host and port in the address; raises `ValueError`."""
    try:
        parts = urlsplit(url)
        host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
        allowed = [f"{host}:{parts.port or PORTS.get(parts.scheme, 0)}"] if host else []
        target(url, pairs(allowed))
    except (Refused, ValueError) as error:
        raise ValueError(f"--forward {url!r}: {error}.") from None
    return allowed


def _millis(began: float) -> int:
    return round(1000 * (monotonic() - began))
