"""Does the kernel keep its promises on a real NATS and a real PostgreSQL?"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from datetime import date
from urllib.error import HTTPError
from urllib.request import Request, urlopen
from uuid import UUID, uuid5

import pytest

from shared.application import Application
from shared.contracts.envelope import Envelope, seal
from shared.contracts.events import DeadLettered, FacilityMatched, PostingSeen
from shared.contracts.kernel import (
    ConsumerProgress,
    DeadLetter,
    DeadLetters,
    DiscardDeadLetter,
    RetryDeadLetter,
    RunJob,
    Status,
)
from shared.contracts.refusals import AskFailed
from shared.messaging.consumer import IN_PROGRESS_SECONDS
from shared.messaging.streams import ACK_WAIT_SECONDS
from shared.operations.dead_letters import redeliver
from shared.settings import Settings
from tests.support.probe import BAD_DAY, CURED, LOCKED, NAMES, free, probe
from tests.support.running import START, Running, run_service
from tests.support.servers import TestServers

NAMESPACE = UUID("6e0a6a2e-52a1-4d2c-9d2e-0d6f3d8f2f10")


def a_posting(number: int, title: str = "MDS Coordinator") -> PostingSeen:
    day = date(2026, 7, 1)
    return PostingSeen(
        posting_id=uuid5(NAMESPACE, str(number)),
        version=1,
        source="board",
        source_posting_id=str(number),
        title=title,
        employer_name="Invented Nursing Home",
        role_family="mds_coordinator",
        urgency=1,
        first_seen_on=day,
        last_seen_on=day,
        pack="test",
    )


def sealed(number: int, title: str = "MDS Coordinator") -> Envelope:
    return seal(a_posting(number, title), "ingest", START)


@pytest.fixture
async def service(servers: TestServers) -> AsyncIterator[Running]:
    async with run_service("matcher", servers, probe()) as running:
        yield running


async def noted(service: Running) -> list[str]:
    return sorted(row["posting_id"] for row in await service.sql("SELECT posting_id FROM noted"))


def ids(*numbers: int) -> list[str]:
    return sorted(str(uuid5(NAMESPACE, str(number))) for number in numbers)


async def http(service: Running, path: str, headers: dict[str, str] | None = None) -> tuple[int, str]:
    request = Request(f"http://127.0.0.1:{service.app.http_port}{path}", headers=headers or {})

    def get() -> tuple[int, str]:
        try:
            with urlopen(request, timeout=5) as response:
                return response.status, response.read().decode()
        except HTTPError as error:
            with error:
                return error.code, error.read().decode()

    return await asyncio.to_thread(get)


async def test_received_events_are_handled_and_emitted_ones_are_published(service: Running) -> None:
    await service.receive(*map(a_posting, range(3)))

    assert await noted(service) == ids(0, 1, 2)
    assert len(await service.published(FacilityMatched)) == 3


async def test_an_event_delivered_twice_has_one_effect(service: Running) -> None:
    envelope = sealed(1)
    again = Envelope(envelope.event_id, envelope.subject, {**envelope.headers, "Nats-Msg-Id": "new"}, envelope.body)

    await service.publish("ingest", [envelope, again])
    await service.idle()
    await service.publish("ingest", [Envelope(again.event_id, again.subject, dict(again.headers), again.body)])
    await service.idle()

    assert await noted(service) == ids(1)


async def test_a_handler_has_its_locks_while_it_works_and_releases_them_afterwards(service: Running) -> None:
    service.app.database.cache["url"] = service.url

    await service.receive(a_posting(1, title="look"))

    alone, shared, other = NAMES
    assert service.app.database.cache[LOCKED] == {alone: (False, False), shared: (False, True), other: (True, True)}
    assert await free(service.url) == dict.fromkeys(NAMES, (True, True))


async def test_a_handler_has_its_locks_while_a_dead_letter_is_retried(service: Running) -> None:
    service.app.database.cache["url"] = service.url
    (own,) = service.app.consumers
    event = sealed(1, "look")
    letter = DeadLetter(
        dead_no=1,
        event_id=str(event.event_id),
        consumer=own.durable,
        subject=event.subject,
        headers=event.headers,
        body=event.body,
        error="",
        tries=6,
        died_at=START,
        resolution=None,
    )

    async with service.app.begin() as tx:
        await redeliver(letter, own, tx)

    alone, shared, other = NAMES
    assert service.app.database.cache[LOCKED] == {alone: (False, False), shared: (False, True), other: (True, True)}


async def test_an_event_stays_in_the_trace_of_its_cause(service: Running) -> None:
    envelope = sealed(1)

    await service.publish("ingest", [envelope])
    await service.idle()

    (row,) = await service.sql("SELECT headers FROM outbox")
    assert row["headers"]["traceparent"].split("-")[1] == envelope.headers["traceparent"].split("-")[1]
    assert row["headers"]["ce-causationid"] == str(envelope.event_id)


async def test_a_structured_cloudevent_is_accepted_too(service: Running) -> None:
    envelope = sealed(1)
    attributes = {name.removeprefix("ce-"): v for name, v in envelope.headers.items() if name.startswith("ce-")}
    body = json.dumps({**attributes, "data": json.loads(envelope.body)})
    headers = {"Content-Type": "application/cloudevents+json"}

    await service.publish("ingest", [Envelope(envelope.event_id, envelope.subject, headers, body)])
    await service.idle()

    assert await noted(service) == ids(1)


async def test_a_poison_event_is_dead_lettered_and_the_rest_of_its_batch_is_processed(service: Running) -> None:
    await service.publish("ingest", [sealed(n, "poison" if n == 7 else "MDS Coordinator") for n in range(20)])
    await service.idle()

    (letter,) = await service.ask(DeadLetters())
    assert await noted(service) == ids(*(n for n in range(20) if n != 7))
    assert "ValueError: poison" in letter.error
    assert letter.tries == 3
    (announced,) = [
        json.loads(r["body"]) for r in await service.sql("SELECT body FROM outbox WHERE subject = 'dead.matcher'")
    ]
    assert DeadLettered.model_validate(announced).consumer == "matcher-posting-seen"


async def test_an_error_with_characters_that_cannot_be_stored_does_not_stop_a_consumer(service: Running) -> None:
    await service.receive(a_posting(7, "poison").model_copy(update={"employer_name": "Elm\x00"}), a_posting(8))

    (letter,) = await service.ask(DeadLetters())

    assert "poison of Elm\ufffd" in letter.error
    assert await noted(service) == ids(8)


async def test_a_dead_letter_can_be_retried_after_its_cause_is_gone(service: Running) -> None:
    await service.receive(a_posting(7, "poison"))
    (letter,) = await service.ask(DeadLetters())

    with pytest.raises(AskFailed, match="failed again: ValueError: poison"):
        await service.ask(RetryDeadLetter(dead_no=letter.dead_no, actor="ann"))
    service.app.database.cache[CURED] = True
    await service.ask(RetryDeadLetter(dead_no=letter.dead_no, actor="ann"))

    assert await noted(service) == ids(7)
    assert await service.ask(DeadLetters()) == []


async def test_a_discarded_dead_letter_is_never_handled(service: Running) -> None:
    await service.receive(a_posting(7, "poison"))
    (letter,) = await service.ask(DeadLetters())

    await service.ask(DiscardDeadLetter(dead_no=letter.dead_no, actor="ann"))

    assert await service.ask(DeadLetters()) == []
    with pytest.raises(AskFailed, match="has already been discarded"):
        await service.ask(RetryDeadLetter(dead_no=letter.dead_no, actor="ann"))
    assert await noted(service) == []


@pytest.mark.parametrize(
    "headers, body",
    [({}, "{}"), ({"ce-id": "no uuid"}, "{}"), (sealed(1).headers, "not json"), (sealed(1).headers, '{"title": 1}')],
)
async def test_a_malformed_message_becomes_a_dead_letter(service: Running, headers: dict[str, str], body: str) -> None:
    await service.publish("ingest", [Envelope(NAMESPACE, "posting.seen", headers, body)])
    await service.idle()

    (letter,) = await service.ask(DeadLetters())
    assert letter.error.startswith("Malformed")
    assert letter.body == body


async def test_an_unavailable_database_does_not_count_as_a_try(service: Running) -> None:
    await service.receive(a_posting(1, "database unavailable"))

    assert await noted(service) == ids(1)
    assert await service.sql("SELECT * FROM failures") == []


async def test_events_left_in_the_outbox_by_a_crash_are_published(service: Running) -> None:
    await service.sql(
        "WITH waiting AS (INSERT INTO unpublished VALUES (%(id)s))"
        " INSERT INTO outbox (event_id, subject, headers, body, stored_at)"
        " VALUES (%(id)s, 'facility.matched', '{}', '{}', now() - interval '1 minute') RETURNING 1",
        id=NAMESPACE,
    )

    await service.idle()

    info = await service.app.broker.stream.stream_info("MATCHER")
    assert info.state.messages == 1


async def test_a_job_runs_once_per_occurrence_and_once_for_missed_days(service: Running) -> None:
    assert await service.at("2026-07-02T05:59") == []
    assert await service.at("2026-07-02T06:00") == ["rise"]
    assert await service.at("2026-07-02T23:00") == []
    assert await service.at("2026-07-09T07:00") == ["rise"]

    assert await noted(service) == ["rose on 2026-07-02", "rose on 2026-07-09"]


async def test_a_job_recorded_in_the_future_is_a_problem_and_runs_anyway(service: Running) -> None:
    await service.at("2031-01-01T12:00")
    await service.at("2026-07-02T07:00")
    await service.sql("UPDATE jobs SET last_due = '2031-01-01T11:00Z' RETURNING 1")

    problems = (await service.ask(Status())).problems
    ran = await service.at("2026-07-02T07:01")

    assert [problem.partition(",")[0] for problem in problems if problem.startswith("job")] == [
        "job rise: its last run is recorded for 2031-01-01 06:00:00 EST"
    ]
    assert ran == ["rise"]
    assert await service.at("2026-07-02T07:02") == []
    assert not [problem for problem in (await service.ask(Status())).problems if problem.startswith("job")]
    assert await service.at("2026-07-03T06:00") == ["rise"]


async def test_replicas_with_clocks_minutes_apart_run_a_job_once(service: Running) -> None:
    await service.at("2026-07-02T05:59")
    assert await service.at("2026-07-03T06:01") == ["rise"]

    assert await service.at("2026-07-03T05:58") == []
    assert await service.at("2026-07-03T06:02") == []


async def test_an_overdue_job_makes_the_service_not_ready_and_its_delay_is_reported(service: Running) -> None:
    await service.at("2026-07-03T12:00")
    await service.sql("UPDATE jobs SET last_due = '2026-07-02T10:00Z' RETURNING 1")
    just_started = (await service.ask(Status())).problems
    service.app.ticker.started -= 3600

    status, body = await http(service, "/readyz")
    proxied = [
        await http(service, path, headers={"X-Forwarded-For": "203.0.113.7"}) for path in ("/readyz", "/metrics")
    ]

    assert "overdue" not in str(just_started)
    assert proxied[0] == (503, '{"ready":false}')
    assert proxied[1][0] == 404
    assert status == 503
    assert "job rise is overdue by 6:00:00" in json.loads(body)["problems"]


async def test_a_failing_job_is_a_problem_until_it_succeeds(service: Running) -> None:
    await service.at("2026-07-12T12:00")

    with pytest.raises(AskFailed, match="ValueError"):
        await service.at(f"{BAD_DAY}T12:00")
    failing = (await service.ask(Status())).problems
    service.app.database.cache[CURED] = True
    ran = await service.at(f"{BAD_DAY}T13:00")

    assert failing == ["job rise fails: ValueError: overslept"]
    assert ran == ["rise"]
    assert (await service.ask(Status())).problems == []


async def test_a_person_can_run_a_job_out_of_turn(service: Running) -> None:
    await service.ask(RunJob(job="rise", actor="ann"))

    assert await noted(service) == ["rose on 2026-07-01"]
    with pytest.raises(AskFailed, match="it has: rise"):
        await service.ask(RunJob(job="fall", actor="ann"))


async def test_a_simulated_time_survives_a_restart(service: Running) -> None:
    await service.at("2026-07-02T06:00")

    settings = service.app.settings
    async with Application(probe(), settings):
        (row,) = await service.sql("SELECT now FROM simulated_time")

    assert row["now"].isoformat().startswith("2026-07-02T")


async def test_the_clock_of_a_real_service_cannot_be_set(servers: TestServers) -> None:
    async with run_service("matcher", servers, probe(), simulation=False) as service:
        with pytest.raises(AskFailed, match="not a simulation"):
            await service.set_clock(START)


async def test_a_refused_request_has_a_reason_and_changes_nothing(service: Running) -> None:
    assert await service.ask("half", {"number": 8}) == 4

    with pytest.raises(AskFailed, match="3 is odd") as refused:
        await service.ask("half", {"number": 3})
    with pytest.raises(AskFailed, match="numbr: is not a field here") as malformed:
        await service.ask("half", {"numbr": 3})

    assert (refused.value.code, refused.value.fields) == (409, {"number": "odd"})
    assert malformed.value.code == 400
    assert await noted(service) == ["asked"]


async def test_two_replicas_share_the_work_and_process_each_event_once(service: Running) -> None:
    replica = Application(probe(), service.app.settings)
    async with replica:
        await service.publish("ingest", [sealed(n) for n in range(2_000)])
        await service.idle()

    assert await noted(service) == ids(*range(2_000))


async def test_metrics_count_what_was_handled(service: Running) -> None:
    def handled(text: str) -> float:
        lines = [line for line in text.splitlines() if line.startswith("pipeline_events_handled_total{")]
        return sum(float(line.rsplit(" ", 1)[1]) for line in lines if "matcher-posting-seen" in line)

    before = handled((await http(service, "/metrics"))[1])
    await service.receive(*map(a_posting, range(5)))

    assert handled((await http(service, "/metrics"))[1]) - before == 5


async def test_a_stopped_service_returns_unprocessed_events(service: Running) -> None:
    other = Application(probe(), Settings(**{**service.app.settings.model_dump(), "batch": 1}))
    async with other:
        await service.publish("ingest", [sealed(n) for n in range(300)])
    await service.idle()

    assert await noted(service) == ids(*range(300))


async def test_status_has_what_an_operator_needs(service: Running) -> None:
    await service.receive(a_posting(1))
    await service.app.relay.settle()

    status = await service.ask(Status())

    assert status.problems == []
    assert (status.outbox, status.dead, status.retrying) == (0, 0, 0)
    assert status.consumers == [ConsumerProgress(durable="matcher-posting-seen", lag=0, delivered=1)]
    assert [job.name for job in status.jobs] == ["rise"]


async def test_an_event_to_be_retried_is_not_reported_as_in_progress(servers: TestServers) -> None:
    delay = IN_PROGRESS_SECONDS + 0.5
    async with run_service("matcher", servers, probe(), retry_delays=(delay,)) as service:
        began = time.monotonic()
        await service.publish("ingest", [sealed(n, "poison" if n == 7 else "MDS Coordinator") for n in range(50)])
        await service.idle()

        assert len(await service.ask(DeadLetters())) == 1
        assert delay < time.monotonic() - began < IN_PROGRESS_SECONDS + ACK_WAIT_SECONDS
