"""Does a courier stay signed in to a CRM, and does it send a token nowhere else?"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from datetime import UTC, datetime

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import SecretStr

from cli.fakes.asking import TOKEN
from engines.crm.drift import drift
from engines.crm.exchange import Failed, Request
from engines.crm.salesforce import Salesforce
from services.courier.domain.crm import Lane
from services.courier.domain.wanted import Wanted
from services.courier.settings import CourierSettings
from services.courier.usecases.agreeing import agreed_of, stored
from services.courier.usecases.asking import Access, Asking, access_of, run
from services.courier.usecases.exchanging import Slice, exchange
from shared import outbound
from tests.support.crm import Driven
from tests.unit.crm.test_salesforce import CRM, company

LOGIN = "http://localhost/login.salesforce.com"
CREDENTIALS = {"grant_type": "client_credentials", "client_id": TOKEN, "client_secret": TOKEN}
NOW = datetime(2026, 9, 21, tzinfo=UTC)
LANE = Lane("salesforce", "companies", None, [], {}, None, None, None, None, 0, None, None, None)
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


FAULTS = st.lists(st.sampled_from(["none", "lost", "expired", "later", "used up", "html"]), min_size=1, max_size=12)
BROKEN = {
    "later": outbound.Answer(503, "", {}, b'[{"errorCode": "SERVER_UNAVAILABLE", "message": "later"}]'),
    "used up": outbound.Answer(403, "", {}, b'[{"errorCode": "REQUEST_LIMIT_EXCEEDED", "message": "used up"}]'),
    "html": outbound.Answer(200, "", {}, b"<h1>Maintenance</h1>"),
}


class Faulty(Client):
    """The same, with a fault for each request as long as there is one."""

    def __init__(self, driven: Driven, faults: list[str]) -> None:
        super().__init__(driven)
        self.faults = faults

    async def send(self, request: outbound.messages.Asking, **more: object) -> outbound.Answer:
        fault = self.faults.pop(0) if self.faults else "none"
        if fault == "expired":
            self.driven.clock.now += 10_000
        if fault in BROKEN:
            return BROKEN[fault]
        answer = await super().send(request, **more)
        if fault == "lost":
            raise outbound.Unreachable("it was lost")
        return answer


@settings(deadline=None, max_examples=60)
@given(FAULTS)
def test_after_any_faults_and_expired_tokens_a_slice_states_why_it_ended_and_the_next_one_agrees(
    faults: list[str],
) -> None:
    asyncio.run(_agrees(faults))


async def _agrees(faults: list[str]) -> None:
    client = Faulty(Driven("login.salesforce.com"), list(faults))
    ask = asking(client)
    ours = {number: Wanted(f"33500{number}", 1, {"name": "Birch", "tier": "1", "status": "new"},
                           dict.fromkeys(("name", "tier", "status"), "2026-09-20T00:00:00+00:00"), False, None, {}, 0)
            for number in range(3)}  # fmt: skip
    lane = LANE
    for _ in range(20):
        done = await exchange(Slice(lane, CRM, list(ours.values()), True, NOW), ask)
        if done.owners is not None and done.set_up and not done.set_up.wrong:
            lane = lane._replace(owners=done.owners, owners_at=NOW, set_up_at=NOW)
        for number, each in ours.items():
            _, merged, outcome = done.merged.get(each.id, (None, None, None))
            if merged and outcome and not outcome.failure:
                ours[number] = each._replace(their_id=outcome.their_id, agreed=stored(merged.agreed))
        if done.failure is None and not client.faults and all(each.their_id for each in ours.values()):
            break
    else:
        raise AssertionError(f"it never ended: {done.failure}")
    theirs = (await run(Salesforce(CRM, lane.owners).all("companies"), ask)).records
    agreed = {each.id: agreed_of(each.agreed) for each in ours.values()}
    records = [each.record("companies") for each in ours.values()]
    assert drift(records, theirs, agreed, CRM.rules("companies")) == []
