"""Does a webhook get every event that it wants, signed, in order where asked for, and nothing while it is paused?"""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
import pytest_asyncio
from cloudevents.core.bindings.http import HTTPMessage, from_structured_event
from cloudevents.core.formats.json import JSONFormat

from services.courier.app import service_of
from services.courier.domain.attempts import DEAD, DELAYS
from shared.contracts.courier import (
    AddWebhook,
    Deliveries,
    PauseWebhook,
    RemoveWebhook,
    Replay,
    ResumeWebhook,
    RotateSecret,
    SendTest,
    Webhook,
    WebhookDetails,
    WebhookSecret,
)
from shared.contracts.events import DeliveryFailed, OtherName
from shared.contracts.kernel import Status
from shared.contracts.refusals import AskFailed
from tests.support.outside import answer
from tests.support.receiving import Got, Receiver, receiver
from tests.support.running import Running, run_service
from tests.support.sequencing import listed, scored
from tests.support.servers import TestServers

BROKEN = answer(b"out of order", 500)
NAME = "crm"


@pytest_asyncio.fixture
async def there(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Receiver]:
    async with receiver() as found:
        monkeypatch.setenv("PIPELINE_OUTBOUND_ALLOW", found.address)
        monkeypatch.setenv("PIPELINE_SIMULATION", "1")
        yield found


@pytest_asyncio.fixture
async def courier(servers: TestServers, there: Receiver) -> AsyncIterator[Running]:
    async with run_service("courier", servers, service_of()) as running:
        yield running


async def add(courier: Running, there: Receiver, *types: str, **options: Any) -> Webhook:
    command = AddWebhook(name=NAME, url=there.url, types=list(types) or ["score.changed"], actor="ann", **options)
    return await courier.ask(command)


async def details(courier: Running) -> Webhook:
    return await courier.ask(WebhookDetails(name=NAME))


async def later(courier: Running, by: timedelta) -> None:
    await courier.set_clock(courier.app.clock.now() + by)
    await courier.idle()


def scores(there: list[Got], facility: str | None = None) -> list[str]:
    """Facility and version of the scores among these requests."""
    found = [each.event["data"] for each in there if each.event["type"] == "score.changed"]
    return [f"{x['facility_id']} {x['score_version']}" for x in found if facility in (None, x["facility_id"])]


async def test_an_event_arrives_signed_as_a_cloudevent(courier: Running, there: Receiver) -> None:
    await add(courier, there, "score.*")
    await courier.receive(scored("335001", 1, "58.0"), listed("335001"))

    [got] = there.got
    got.verify((await courier.ask(WebhookSecret(name=NAME))).secret)
    read = from_structured_event(HTTPMessage(got.headers, got.body), JSONFormat())
    assert (read.get_type(), read.get_subject(), str(read.get_id())) == ("score.changed", "335001", got.id)
    assert got.event["data"]["score"] == "58.0"
    [delivery] = await courier.ask(Deliveries(name=NAME))
    assert (delivery.state, delivery.status, delivery.attempts) == ("delivered", 204, 1)


async def test_the_secret_before_signs_as_well_until_the_rotation_ends(courier: Running, there: Receiver) -> None:
    await add(courier, there)
    old = (await courier.ask(WebhookSecret(name=NAME))).secret
    await courier.ask(RotateSecret(name=NAME, hours=2, actor="ann"))
    await courier.receive(scored("335001", 1, "58.0"))
    now = await courier.ask(WebhookSecret(name=NAME))
    assert now.previous == old != now.secret
    for secret in (old, now.secret):
        there.got[0].verify(secret)

    await later(courier, timedelta(hours=3))
    await courier.receive(scored("335001", 1, "59.0", version=2))

    there.got[1].verify(now.secret)
    with pytest.raises(Exception, match="No matching signature"):
        there.got[1].verify(old)


async def test_one_event_that_is_refused_holds_back_no_other(courier: Running, there: Receiver) -> None:
    there.answer = lambda got: BROKEN if got.event["subject"] == "335001" else answer(status=200)
    await add(courier, there)
    await courier.receive(*(scored(f"33500{n}", 1, "58.0") for n in range(1, 5)))

    assert len(there.accepted) == 3
    there.answer = lambda _: answer(status=200)
    await later(courier, 1.3 * DELAYS[0])

    ids = [each.id for each in there.got if each.event["subject"] == "335001"]
    assert len(ids) == 2
    assert len(set(ids)) == 1, "an event is sent again under its id"
    assert len(there.accepted) == 4


async def test_an_event_is_given_up_after_its_last_attempt_and_that_is_published(
    courier: Running, there: Receiver
) -> None:
    there.answer = lambda got: BROKEN if got.event["subject"] == "335001" else answer(status=200)
    await add(courier, there)
    await courier.receive(scored("335001", 1, "58.0"))
    for delay in DELAYS:
        await courier.receive(scored("335002", 1, "58.0", version=len(there.got) + 1))  # it accepts others
        await later(courier, 1.3 * delay)

    assert [each.event["subject"] for each in there.got].count("335001") == 1 + len(DELAYS)
    [failed] = await courier.published(DeliveryFailed)
    assert (failed.webhook, failed.paused, failed.error) == (NAME, False, "It answered 500.")
    assert (await details(courier)).failed == 1


async def test_the_order_of_a_facility_is_kept_where_asked_for(courier: Running, there: Receiver) -> None:
    there.answer = lambda got: BROKEN if got.event["subject"] == "335001" else answer(status=200)
    await add(courier, there, ordered=True)
    await courier.receive(*(scored(f"33500{n}", 1, "58.0", version=v) for v in range(1, 4) for n in (1, 2)))
    await courier.receive(scored("335001", 1, "58.0", version=4))

    assert scores(there.accepted) == ["335002 1", "335002 2", "335002 3"]
    there.answer = lambda _: answer(status=200)
    await later(courier, 1.3 * DELAYS[0])

    assert scores(there.accepted, "335001") == ["335001 1", "335001 2", "335001 3", "335001 4"]


async def test_a_dead_receiver_rests_while_its_events_wait_in_the_log(courier: Running, there: Receiver) -> None:
    there.answer = lambda _: BROKEN
    await add(courier, there)
    await courier.receive(*(scored(f"3350{n}", 1, "58.0") for n in range(10, 60)))

    tried = len(there.got)
    assert DEAD <= tried <= DEAD + 10
    found = await details(courier)
    assert (found.state, found.error) == ("failing", "It answered 500.")
    assert found.behind >= 50 - tried
    await later(courier, timedelta(seconds=10))
    assert len(there.got) == tried + 1, "one request shows whether it is alive again"

    there.answer = lambda _: answer(status=200)
    for _ in range(3):
        await later(courier, timedelta(hours=1))

    assert len({each.id for each in there.accepted}) == len(there.accepted) == 50
    assert (await details(courier)).state == "working"


async def test_nothing_is_sent_while_it_is_paused_and_everything_afterwards(courier: Running, there: Receiver) -> None:
    await add(courier, there)
    assert not (await courier.ask(PauseWebhook(name=NAME, reason="moving house", actor="ann"))).sending
    await courier.receive(*(scored(f"33500{n}", 1, "58.0") for n in range(1, 5)))
    await later(courier, timedelta(days=1))
    assert not there.got
    with pytest.raises(AskFailed, match="is paused"):
        await courier.ask(SendTest(name=NAME, actor="ann"))

    await courier.ask(ResumeWebhook(name=NAME, actor="ann"))
    await courier.idle()

    assert len(there.accepted) == 4


async def test_410_pauses_it_and_that_is_published(courier: Running, there: Receiver) -> None:
    there.answer = lambda _: answer(status=410)
    await add(courier, there)
    await courier.receive(scored("335001", 1, "58.0"))

    found = await details(courier)
    assert (found.state, found.paused_by) == ("paused", "courier")
    [failed] = await courier.published(DeliveryFailed)
    assert failed.paused
    [warning] = (await courier.ask(Status())).warnings
    assert "webhook crm: paused since" in warning
    assert warning.endswith("it does not want this webhook any more; `pipeline webhook resume crm`")


async def test_a_receiver_that_accepts_nothing_for_days_is_paused(courier: Running, there: Receiver) -> None:
    there.answer = lambda _: BROKEN
    await add(courier, there)
    await courier.receive(*(scored(f"3350{n}", 1, "58.0") for n in range(10, 20)))
    for _ in range(4):
        await later(courier, timedelta(days=1))

    assert (await details(courier)).paused_why == "The receiver accepted nothing for three days."
    assert [each.paused for each in await courier.published(DeliveryFailed)] == [True]
    there.answer = lambda _: answer(status=200)
    await courier.ask(ResumeWebhook(name=NAME, actor="ann"))
    await courier.idle()
    assert len({each.id for each in there.accepted}) == 10


async def test_a_receiver_that_asks_to_wait_is_left_alone(courier: Running, there: Receiver) -> None:
    there.answer = lambda _: answer(b"", 429, {"retry-after": "600"})
    await add(courier, there)
    await courier.receive(scored("335001", 1, "58.0"))
    await courier.receive(scored("335002", 1, "58.0"))
    await later(courier, timedelta(minutes=9))
    assert len(there.got) == 1

    there.answer = lambda _: answer(status=200)
    await later(courier, timedelta(minutes=2))

    assert sorted(scores(there.accepted)) == ["335001 1", "335002 1"]


async def test_filters_ask_what_is_known_of_the_facility(courier: Running, there: Receiver) -> None:
    await courier.receive(listed("335001"), listed("335002"), scored("335001", 1, "58.0"), scored("335002", 2, "31.0"))
    await add(courier, there, "*", tiers=[1], states=["ny"])
    await courier.receive(scored("335001", 1, "59.0", version=2), scored("335002", 2, "32.0", version=2))

    assert scores(there.accepted) == ["335001 2"]


async def test_events_with_contact_data_go_to_marked_webhooks_only(courier: Running, there: Receiver) -> None:
    personal = ["task.due", "email.sent"]
    await add(courier, there, *personal)
    await courier.sql(
        "INSERT INTO log (event_id, type, source, key, at, trace, data)"
        " SELECT gen_random_uuid(), 'task.due', 'sequencer', 't', now(), '', '{}'"
    )
    await courier.receive(scored("335001", 1, "58.0"))
    assert not there.got

    await add(courier, there, *personal, personal=True, after="0")
    await courier.idle()

    assert [each.event["type"] for each in there.got] == ["task.due"]


async def test_events_are_replayed_under_their_ids(courier: Running, there: Receiver) -> None:
    await add(courier, there)
    await courier.receive(*(scored(f"33500{n}", 1, "58.0") for n in range(1, 4)))
    first = {each.id for each in there.got}
    [newest, *_] = await courier.ask(Deliveries(name=NAME))

    assert (await courier.ask(Replay(name=NAME, deliveries=[newest.delivery], actor="ann"))).events == 1
    await courier.idle()
    assert len(there.got) == 4
    assert (await courier.ask(Replay(name=NAME, after="0", actor="ann"))).events == 3
    await courier.idle()

    assert len(there.got) == 7
    assert {each.id for each in there.got} == first


async def test_a_test_is_sent_once_and_its_answer_is_shown(courier: Running, there: Receiver) -> None:
    await add(courier, there)
    there.answer = lambda _: answer(b"no such path\x1b[2J", 404)
    asked = await courier.ask(SendTest(name=NAME, actor="ann"))
    await courier.idle()

    [delivery] = await courier.ask(Deliveries(name=NAME))
    assert (delivery.delivery, delivery.state, delivery.status) == (asked.delivery, "failed", 404)
    assert delivery.answer == "no such path [2J"
    assert there.got[0].event["type"] == "webhook.test"


async def test_an_event_that_is_too_large_refers_to_the_feed(courier: Running, there: Receiver) -> None:
    await add(courier, there, "facility.listed")
    others = tuple(OtherName(name=f"{n} {'W' * 200}", kind="dba") for n in range(100))
    await courier.receive(listed("335001").model_copy(update={"other_names": others}))

    [got] = there.got
    assert "data" not in got.event
    assert got.event["dataref"].endswith(f"/events/{got.id}")


@pytest.mark.parametrize(
    "url, why",
    [
        ("http://crm.example/events", "must begin with https"),
        ("https://169.254.169.254/latest", "address instead of a name"),
        ("https://ann:secret@crm.example/", "user or a password"),
        ("https://localhost/", "private network"),
        ("ftp://crm.example/", "not like https"),
    ],
)
async def test_an_address_that_must_not_be_called_is_refused(
    courier: Running, there: Receiver, url: str, why: str
) -> None:
    with pytest.raises(AskFailed, match=why):
        await courier.ask(AddWebhook(name=NAME, url=url, types=["*"], actor="ann"))
    with pytest.raises(AskFailed, match="No event has the type score"):
        await add(courier, there, "score.moved")


async def test_a_webhook_that_is_removed_gets_nothing(courier: Running, there: Receiver) -> None:
    await add(courier, there)
    await courier.ask(RemoveWebhook(name=NAME, actor="ann"))
    await courier.receive(scored("335001", 1, "58.0"))

    assert not there.got
    with pytest.raises(AskFailed, match="There is no webhook crm"):
        await details(courier)
    assert not await courier.sql("SELECT FROM work")
