"""How are answers of a catalogue and its files downloaded? From the host of the catalogue only, also by redirect."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Protocol

from services.ingest import settings
from shared.outbound import Answer, Limits, NoAnswer, Refused, Request
from shared.outbound.targets import pairs, target

USABLE = (HTTPStatus.OK, HTTPStatus.NOT_MODIFIED, HTTPStatus.NOT_FOUND, HTTPStatus.GONE)
LONGEST_WAIT = 86_400


class Unavailable(Exception):
    """There is no answer that can be used; the message states why. Asking again later may help."""

    def __init__(self, reason: str, retry_after: float = 0.0) -> None:
        super().__init__(reason)
        self.retry_after = retry_after
        """The seconds after which the host wants to be asked again; 0 if it did not say."""


class Client(Protocol):
    """Sends requests outside, as `Outbound` does."""

    async def send(
        self,
        request: Request,
        *,
        hosts: list[str] | None = None,
        limits: Limits | None = None,
        sink: Callable[[bytes], object] | None = None,
    ) -> Answer: ...


def may_ask(url: str) -> bool:
    """Whether the host of a URL may be asked: it is allowed, or someone to contact is named."""
    allowed = pairs(settings.deployed().outbound_allow)
    try:
        return target(url, allowed).pair in allowed or settings.agent() is not None
    except Refused:
        return False


async def get(
    client: Client, base: str, url: str, sink: Callable[[bytes], object], headers: Mapping[str, str], limits: Limits
) -> Answer:
    """An answer that is usable, from the host of `base`; its body goes to the sink. Raises `Unavailable`."""
    try:
        at = target(base, pairs(settings.deployed().outbound_allow))
        request = Request(url, headers=tuple(headers.items()))
        answer = await client.send(request, hosts=[str(at.pair)], limits=limits, sink=sink)
    except NoAnswer as error:
        raise Unavailable(error.reason) from None
    if answer.status not in USABLE:
        raise Unavailable(f"{at.pair.host} answers {answer.status}", _seconds(answer.headers.get("retry-after", "")))
    return answer


def _seconds(retry_after: str) -> float:
    """Up to a day; 0 for what is not a number of seconds."""
    return float(min(int(retry_after), LONGEST_WAIT)) if retry_after.isascii() and retry_after.isdigit() else 0.0
