"""Does a webhook get everything once and in order, also if its receiver fails or an operator changes it meanwhile?"""

from __future__ import annotations

import asyncio
from datetime import timedelta
from uuid import uuid4

import pytest

from services.courier.domain.attempts import DEAD, DELAYS
from services.courier.store import log, webhooks
from services.courier.usecases.delivering import wake
from services.courier.usecases.logging import LOCK
from services.courier.workers.webhooks import MOST
from shared.contracts.courier import Deliveries, PauseWebhook, Replay, ResumeWebhook
from shared.contracts.envelope import seal
from shared.contracts.refusals import AskFailed
from tests.integration import test_webhooks
from tests.integration.test_webhooks import BROKEN, NAME, add, details, later, scores
from tests.support.outside import answer
from tests.support.receiving import Receiver
from tests.support.running import Running
from tests.support.sequencing import scored

there, courier = test_webhooks.there, test_webhooks.courier


async def test_a_new_event_is_not_sent_before_those_that_wait_behind_a_failure(
    courier: Running, there: Receiver
) -> None:
    there.answer = lambda got: BROKEN if got.event["subject"] == "335001" else answer(status=200)
    await add(courier, there, ordered=True)
    await courier.receive(*(scored("335001", 1, "58.0", version=v) for v in (1, 2)))
    # The first one is due again, but the webhook rests until the third one is there.
    await courier.sql("UPDATE webhooks SET rest_until = %(at)s", at=courier.app.clock.now() + timedelta(minutes=1))
    await courier.receive(scored("335001", 1, "58.0", version=3))
    there.answer = lambda _: answer(status=200)
    await later(courier, timedelta(minutes=2))

    assert scores(there.accepted) == ["335001 1", "335001 2", "335001 3"]


async def test_what_a_full_slice_leaves_is_not_sent_before_what_failed(courier: Running, there: Receiver) -> None:
    await add(courier, there, ordered=True)
    await courier.receive(*(scored("335001", 1, "58.0", version=v) for v in range(1, MOST + 10)))
    there.accepted.clear()
    refused = there.got[MOST - 1].id
    there.answer = lambda got: BROKEN if got.id == refused else answer(status=200)
    await courier.ask(Replay(name=NAME, after="0", actor="ann"))
    await courier.idle()

    assert len(there.accepted) == MOST - 1
    there.answer = lambda _: answer(status=200)
    await later(courier, 1.3 * DELAYS[0])

    assert scores(there.accepted) == [f"335001 {v}" for v in range(1, MOST + 10)]


async def test_a_webhook_may_begin_again_before_what_it_is_still_to_get(courier: Running, there: Receiver) -> None:
    there.answer = lambda _: BROKEN
    await add(courier, there)
    await courier.receive(*(scored(f"33500{n}", 1, "58.0") for n in (1, 2)))
    there.answer = lambda _: answer(status=200)
    await courier.set_clock(courier.app.clock.now() + timedelta(seconds=1))
    await courier.sql("UPDATE deliveries SET next_at = %(now)s", now=courier.app.clock.now())
    await add(courier, there, after="0")
    await courier.idle()

    assert sorted(scores(there.accepted)) == ["335001 1", "335002 1"]
    assert (await details(courier)).behind == 0


async def test_where_an_operator_lets_it_begin_counts_although_a_slice_is_being_sent(
    courier: Running, there: Receiver
) -> None:
    await add(courier, there)
    await courier.receive(scored("335001", 1, "58.0"))
    there.seconds = 0.5
    await courier.publish("scorer", [seal(scored("335002", 1, "58.0"), "scorer", courier.app.clock.now())])
    async with asyncio.timeout(10):
        while len(there.got) < 2:  # noqa: ASYNC110 - the receiver is in this process
            await asyncio.sleep(0.01)
    await add(courier, there, after="0")
    await courier.idle()

    assert scores(there.accepted) == ["335001 1", "335002 1", "335001 1", "335002 1"]


async def test_a_dead_receiver_passes_many_events_that_it_does_not_get(courier: Running, there: Receiver) -> None:
    there.answer = lambda _: BROKEN
    await add(courier, there)
    await courier.receive(*(scored(f"3350{n}", 1, "58.0") for n in range(10, 10 + DEAD)))
    await courier.sql("UPDATE deliveries SET next_at = next_at + interval '2 days'")
    await courier.sql(
        "INSERT INTO log (event_id, type, source, key, at, trace, data)"
        " SELECT gen_random_uuid(), 'facility.listed', 'matcher', 'f', now(), '', '{}' FROM generate_series(1, 25000)"
    )
    there.answer = lambda _: answer(status=200)
    await courier.receive(scored("335001", 1, "58.0"))
    await later(courier, timedelta(seconds=10))

    assert scores(there.accepted) == ["335001 1"]


async def test_a_webhook_that_is_not_marked_any_more_gets_no_contact_data_again(
    courier: Running, there: Receiver
) -> None:
    there.answer = lambda _: BROKEN
    await courier.sql(
        "INSERT INTO log (event_id, type, source, key, at, trace, data)"
        " SELECT gen_random_uuid(), 'task.due', 'sequencer', 't', now(), '', '{}'"
    )
    await add(courier, there, "task.due", personal=True, after="0")
    await courier.idle()
    assert len(there.got) == 1
    await add(courier, there, "task.due", personal=True, after="0")
    await courier.idle()
    [delivery] = await courier.ask(Deliveries(name=NAME))
    await add(courier, there, "task.due")
    await later(courier, timedelta(days=1))
    assert len(there.got) == 2

    with pytest.raises(AskFailed, match="no delivery"):
        await courier.ask(Replay(name=NAME, deliveries=[delivery.delivery], actor="ann"))
    await courier.idle()
    assert len(there.got) == 2


async def test_an_event_that_is_being_added_while_a_webhook_is_resumed_is_sent(
    courier: Running, there: Receiver
) -> None:
    await add(courier, there)
    await courier.ask(PauseWebhook(name=NAME, actor="ann"))
    now = courier.app.clock.now()
    async with courier.app.begin() as tx:
        await tx.lock(*LOCK)
        await log.append(tx, [log.Entry(uuid4(), "score.changed", "scorer", "335001", "335001", now, "", "{}")])
        waiting = await webhooks.waiting_for(tx, ["score.changed"])
        resuming = asyncio.create_task(courier.ask(ResumeWebhook(name=NAME, actor="ann")))
        await asyncio.sleep(0.5)
        await wake(tx, waiting)
    await resuming
    await courier.idle()

    assert [each.event["type"] for each in there.got] == ["score.changed"]
