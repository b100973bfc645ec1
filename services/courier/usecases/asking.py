"""How is a CRM asked: signed in, at a pace that it allows, and nowhere else?

An adapter states the requests; this asks them.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from time import monotonic
from typing import Final, TypeVar

from engines.crm import signing_in
from engines.crm.exchange import Answer, Failed, Failure, Request, Steps
from engines.crm.records import System
from engines.crm.signing_in import Token
from services.courier import settings
from services.courier.settings import CourierSettings
from shared import outbound

T = TypeVar("T")
Ask = Callable[[Request], Awaitable[Answer]]
PER_TEN_SECONDS: Final = 100
"""HubSpot allows at least these to each app."""
SALESFORCE: Final = "https://login.salesforce.com"
REMEDIES: Final[Mapping[System, str]] = {
    "hubspot": "PIPELINE_COURIER_HUBSPOT_TOKEN has to be the access token of a private app",
    "salesforce": "PIPELINE_COURIER_SALESFORCE_CLIENT_ID, _CLIENT_SECRET and, if you use one, _REFRESH_TOKEN have to be"
    " those of an app that may sign in",
}
"""What an operator has to mend if a CRM refuses the credentials."""


@dataclass(frozen=True, slots=True)
class Access:
    """How we sign in: with a token that lasts, or with credentials, for which there is a token for a while."""

    url: str
    token: str = field(default="", repr=False)
    credentials: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def is_complete(self) -> bool:
        return bool(self.token) or all(self.credentials.get(name) for name in ("client_id", "client_secret"))


def access_of(deployed: CourierSettings) -> Access:
    """How the courier signs in to the CRM of its settings."""
    if deployed.crm == "hubspot":
        return Access(deployed.hubspot_url, deployed.hubspot_token.get_secret_value())
    refresh_token = deployed.salesforce_refresh_token.get_secret_value()
    credentials = {
        "grant_type": "refresh_token" if refresh_token else "client_credentials",
        "client_id": deployed.salesforce_client_id,
        "client_secret": deployed.salesforce_client_secret.get_secret_value(),
    }
    return Access(
        deployed.salesforce_url or SALESFORCE,
        credentials=credentials | ({"refresh_token": refresh_token} if refresh_token else {}),
    )


def lacking() -> list[str]:
    """What an operator has to set before records can be exchanged."""
    deployed, missing = settings.deployed(), list[str]()
    if not deployed.crm:
        missing.append("PIPELINE_COURIER_CRM is not set, so there is no CRM; set it to hubspot or salesforce.")
    elif not access_of(deployed).is_complete:
        missing.append(f"The credentials are missing: {REMEDIES[deployed.crm]}.")
    if settings.crm_map() is None:
        missing.append("The pack has no crm.yaml, which states what is exchanged.")
    return missing


async def run(steps: Steps[T], ask: Ask) -> T:
    """What an adapter returns, whose requests are asked one after the other."""
    try:
        request = next(steps)
        while True:
            request = steps.send(await ask(request))
    except StopIteration as done:
        return done.value  # type: ignore[no-any-return]


class Asking:
    """Asks one CRM. A token that has expired is replaced once, and the request asked again."""

    def __init__(self, client: outbound.Outbound, access: Access) -> None:
        self._client = client
        self._access = access
        self._token = Token(access.token, access.url) if access.token else None
        self._signing_in = asyncio.Lock()
        self._times: deque[float] = deque(maxlen=PER_TEN_SECONDS)

    async def __call__(self, request: Request) -> Answer:
        if not request.is_signed_in:
            return await self._send(request, Token("", self._access.url))
        token = await self._signed_in()
        answer = await self._send(request, token)
        if self._access.credentials and signing_in.has_expired(answer):
            answer = await self._send(request, await self._signed_in(expired=token))
        return answer

    async def close(self) -> None:
        await self._client.aclose()

    async def _signed_in(self, expired: Token | None = None) -> Token:
        """The token of now; if it is the one that has expired, another one."""
        async with self._signing_in:
            if self._token is None or self._token is expired:
                self._token = None
                self._token = self._checked(await run(signing_in.token(self._access.credentials), self))
            return self._token

    def _checked(self, token: Token) -> Token:
        """With the address of the organization, which must not be asked with less care than the one to sign in."""
        url = token.instance_url or self._access.url
        if self._access.url.startswith("https://") and not url.startswith("https://"):
            raise Failed(Failure("setup", "REFUSED", f"{url[:100]} would be asked without encryption"))
        return replace(token, instance_url=url)

    async def _send(self, request: Request, token: Token) -> Answer:
        if len(self._times) == PER_TEN_SECONDS:
            await asyncio.sleep(max(0.0, self._times[0] + 10 - monotonic()))
        self._times.append(monotonic())
        headers = [("authorization", f"Bearer {token.access_token}")] if request.is_signed_in else []
        headers += [("content-type", request.content_type)] if request.content_type else []
        url = f"{token.instance_url.rstrip('/')}{request.path}"
        try:
            got = await self._client.send(outbound.Request(url, request.method, tuple(headers), request.body or None))
        except outbound.Refused as refused:
            raise Failed(Failure("setup", "REFUSED", f"{refused}")) from None
        except (outbound.TooLarge, outbound.Unreachable):
            return Answer(0)
        return Answer(got.status, got.body, got.headers)
