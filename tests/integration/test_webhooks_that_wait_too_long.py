"""Is what a webhook did not get before the log lost it given up, with a reason, and never sent without its content?"""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from services.courier.usecases.logging import LOCK
from services.courier.usecases.shortening import shorten
from shared.contracts.courier import Deliveries, Delivery, DeliveryState, PauseWebhook, Replay, ResumeWebhook
from shared.contracts.events import DeliveryFailed
from shared.contracts.refusals import AskFailed
from shared.storage.retention import earliest_id_within
from tests.integration import test_webhooks
from tests.integration.test_webhooks import BROKEN, NAME, add, details, scores
from tests.support.outside import answer
from tests.support.receiving import Receiver
from tests.support.running import Running
from tests.support.sequencing import listed, scored

there, courier = test_webhooks.there, test_webhooks.courier

WHY = "It was not accepted before it was removed from the log, which keeps 90 days."


async def lose_log(courier: Running) -> int:
    """Shorten the log as if all of it were old; returns how many events it lost."""
    async with courier.app.begin() as tx:
        await tx.lock(*LOCK)
        return await shorten(tx, earliest_id_within(timedelta(days=-1)))


async def deliveries(courier: Running, *states: DeliveryState) -> list[Delivery]:
    return await courier.ask(Deliveries(name=NAME, states=list(states) or None))


async def test_a_webhook_that_was_paused_for_longer_than_the_log_states_what_it_missed(
    courier: Running, there: Receiver
) -> None:
    await add(courier, there)
    await courier.receive(scored("335001", 1, "58.0"))
    await courier.ask(PauseWebhook(name=NAME, actor="ann"))
    await courier.receive(*(scored(f"33500{n}", 1, "58.0") for n in (2, 3)), listed("335004"))
    await lose_log(courier)
    await courier.receive(scored("335005", 1, "58.0"))

    missed = await deliveries(courier, "failed")
    assert [(each.key, each.attempts, each.error) for each in missed] == [("335003", 0, WHY), ("335002", 0, WHY)]
    assert (await details(courier)).failed == 2
    [failed] = await courier.published(DeliveryFailed)
    assert failed.error == "2 events were removed from the log, which keeps 90 days, before they were accepted."
    assert not failed.paused

    await courier.ask(ResumeWebhook(name=NAME, actor="ann"))
    await courier.idle()

    assert scores(there.accepted) == ["335001 1", "335005 1"]
    assert (await details(courier)).behind == 0


async def test_a_delivery_that_waits_for_its_next_attempt_fails_when_the_log_loses_its_event(
    courier: Running, there: Receiver
) -> None:
    there.answer = lambda got: BROKEN if got.event["subject"] == "335001" else answer(status=200)
    await add(courier, there, ordered=True)
    await courier.receive(*(scored("335001", 1, "58.0", version=v) for v in (1, 2)), scored("335002", 1, "58.0"))
    await lose_log(courier)
    await courier.receive(scored("335001", 1, "58.0", version=3))
    there.answer = lambda _: answer(status=200)
    await courier.ask(ResumeWebhook(name=NAME, actor="ann"))
    await courier.idle()

    assert [(each.attempts, each.error) for each in await deliveries(courier, "failed")] == [(0, WHY), (1, WHY)]
    assert scores(there.accepted) == ["335002 1", "335001 3"]
    assert all(each.event["data"] for each in there.got)
    assert await deliveries(courier, "waiting", "blocked") == []


async def test_an_event_that_is_removed_while_it_is_on_its_way_is_sent_completely_or_fails(
    courier: Running, there: Receiver
) -> None:
    await add(courier, there)
    there.answer, there.seconds = lambda _: BROKEN, 0.5
    arriving = asyncio.create_task(courier.receive(scored("335001", 1, "58.0")))
    while not there.got:  # noqa: ASYNC110 - it is asked
        await asyncio.sleep(0.01)
    await lose_log(courier)
    await arriving

    [delivery] = await deliveries(courier)
    assert (delivery.state, delivery.attempts, delivery.status, delivery.error) == ("failed", 1, 500, WHY)


async def test_what_the_log_lost_cannot_be_replayed(courier: Running, there: Receiver) -> None:
    await add(courier, there)
    await courier.receive(scored("335001", 1, "58.0"))
    [delivery] = await deliveries(courier)
    await lose_log(courier)

    with pytest.raises(AskFailed, match=f"The log has no event {delivery.delivery} any more") as refused:
        await courier.ask(Replay(name=NAME, deliveries=[delivery.delivery], actor="ann"))
    await courier.idle()

    assert refused.value.code == 410
    assert len(there.got) == 1
