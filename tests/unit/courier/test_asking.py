"""Does a courier stay signed in to a CRM, and does it send a token nowhere else?"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable

import httpx
import pytest
from pydantic import SecretStr

from cli.fakes.asking import TOKEN
from engines.crm.exchange import Failed, Request
from engines.crm.salesforce import Salesforce
from services.courier.settings import CourierSettings
from services.courier.usecases.asking import Access, Asking, access_of, run
from shared import outbound
from tests.support.crm import Driven
from tests.unit.crm.test_salesforce import CRM, company

LOGIN = "http://localhost/login.salesforce.com"
CREDENTIALS = {"grant_type": "client_credentials", "client_id": TOKEN, "client_secret": TOKEN}
QUESTION = Request("GET", "/services/data/v65.0/")


class Client(outbound.Outbound):
    """Asks the fakes in this process; every other host as a courier does."""

    def __init__(self, driven: Driven) -> None:
        super().__init__(agent="Test")
        self.driven = driven
        self.asked: list[str] = []
        self.instead: Callable[[str], bytes | None] = lambda path: None
        """What is answered instead, by the path."""

    async def send(self, request: outbound.messages.Asking, **_: object) -> outbound.Answer:
        if not request.url.startswith((LOGIN, "https://login.")):
            return await super().send(request)
        path = request.url.partition(".com")[2].partition("?")[0]
        self.asked.append(path)
        other = self.instead(path)
        if other is not None:
            return outbound.Answer(200, request.url, {}, other)
        async with httpx.AsyncClient(transport=httpx.ASGITransport(self.driven.app)) as client:
            got = await client.request(request.method, request.url, content=request.body, headers=dict(request.headers))
        return outbound.Answer(got.status_code, request.url, dict(got.headers), got.content)

    @property
    def tokens(self) -> int:
        return sum(path.endswith("/token") for path in self.asked)


@pytest.fixture
def client() -> Client:
    return Client(Driven("login.salesforce.com"))


def asking(client: Client, **credentials: str) -> Asking:
    return Asking(client, Access(LOGIN, credentials={**CREDENTIALS, **credentials}))


async def test_a_token_that_expires_in_the_middle_of_a_slice_is_replaced_once(client: Client) -> None:
    ask, crm = asking(client), Salesforce(CRM, {})
    await run(crm.set_up("companies"), ask)
    assert client.tokens == 1
    client.driven.clock.now += 10_000
    outcomes = await run(crm.upsert("companies", [company(number) for number in range(250)]), ask)

    assert [each.failure for each in outcomes] == [None] * 250
    assert client.tokens == 2


async def test_several_lanes_whose_token_has_expired_ask_for_one_new_token(client: Client) -> None:
    ask = asking(client)
    await ask(QUESTION)
    client.driven.clock.now += 10_000
    answers = await asyncio.gather(*(ask(QUESTION) for _ in range(4)))

    assert [each.status for each in answers] == [200] * 4
    assert client.tokens == 2


async def test_a_token_that_is_refused_though_it_is_new_is_not_asked_for_again(client: Client) -> None:
    await _lasting(client, 0)
    answer = await asking(client)(QUESTION)

    assert answer.status == 401
    assert client.tokens == 2


async def _lasting(client: Client, seconds: float) -> None:
    await asyncio.to_thread(client.driven.control, "PUT", "salesforce/settings", {"lasts": seconds})


@pytest.mark.parametrize(
    "credentials, code",
    [
        ({"grant_type": "refresh_token", "refresh_token": "old"}, "invalid_grant"),
        ({"client_secret": "another"}, "invalid_client"),
    ],
)
async def test_credentials_that_are_refused_are_an_error_that_an_operator_mends(
    client: Client, credentials: dict[str, str], code: str
) -> None:
    with pytest.raises(Failed, match=code) as failed:
        await asking(client, **credentials)(QUESTION)

    assert failed.value.failure.cause == "credentials"
    assert client.asked == ["/services/oauth2/token"]


@pytest.mark.parametrize(
    "instance",
    [
        "http://seller.my.salesforce.com",
        "https://10.0.0.1",
        "https://127.0.0.1",
        "https://[::1]",
        "https://2130706433",
        "https://169.254.169.254/latest",
        "https://localhost",
        "https://salesforce.internal",
        "https://user@seller.my.salesforce.com",
        "https://seller.my.salesforce.com:8443",
        "file:///etc/passwd",
        "//seller.my.salesforce.com",
    ],
)
async def test_a_token_is_sent_to_no_address_that_is_private_or_not_encrypted(client: Client, instance: str) -> None:
    client.instead = lambda path: json.dumps({"access_token": "x", "instance_url": instance}).encode()
    ask = Asking(client, Access("https://login.salesforce.com", credentials=CREDENTIALS))
    with pytest.raises(Failed) as failed:
        await ask(QUESTION)

    assert (failed.value.failure.cause, failed.value.failure.code) == ("setup", "REFUSED")


def test_what_signs_in_is_complete_only_with_its_secret_and_shows_none() -> None:
    first, second = SecretStr("secret-1"), SecretStr("secret-2")
    hubspot = CourierSettings(crm="hubspot", hubspot_token=first)
    salesforce = CourierSettings(crm="salesforce", salesforce_client_id="app", salesforce_client_secret=first)
    renewed = salesforce.model_copy(update={"salesforce_refresh_token": second})
    for deployed in (hubspot, salesforce, renewed):
        assert access_of(deployed).is_complete
        assert "secret" not in repr(access_of(deployed)).replace("client_secret", "")
    assert [access_of(each).credentials["grant_type"] for each in (salesforce, renewed)] == [
        "client_credentials",
        "refresh_token",
    ]
    assert not access_of(CourierSettings(crm="hubspot")).is_complete
    assert not access_of(CourierSettings(crm="salesforce", salesforce_client_id="app")).is_complete
