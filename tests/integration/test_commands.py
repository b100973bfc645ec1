"""Does a command have one effect, however often it is sent, and is its actor recorded?"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from shared.contracts.events import FacilityMatched
from shared.contracts.kernel import RunJob
from shared.contracts.refusals import AskFailed
from tests.support.probe import Note, NotedCount, NoteElsewhere, Wrong, probe
from tests.support.running import Running, run_service
from tests.support.servers import TestServers


@pytest.fixture
async def service(servers: TestServers) -> AsyncIterator[Running]:
    async with run_service("matcher", servers, probe()) as running:
        yield running


async def test_a_command_sent_twice_gets_the_same_reply_and_has_one_effect(service: Running) -> None:
    command = Note(text="once", actor="ann")

    first = await service.ask(command)
    await service.ask(Note(text="between", actor="bob"))
    again = await service.ask(command)

    assert (first.text, first.actor, first.count) == ("once", "ann", 1)
    assert again == first
    assert await service.ask(NotedCount()) == 2
    assert len(await service.published(FacilityMatched)) == 2


async def test_of_two_equal_commands_at_the_same_time_one_waits_for_the_other(service: Running) -> None:
    command = Note(text="slow", actor="ann")

    first, second = await asyncio.gather(service.ask(command), service.ask(command))

    assert first == second
    assert await service.ask(NotedCount()) == 1


async def test_a_refusal_changes_nothing_and_is_not_remembered(service: Running) -> None:
    command = Note(text="refused", actor="ann")
    for _ in range(2):
        with pytest.raises(AskFailed, match=r"Not this one\.") as failed:
            await service.ask(command)
        assert failed.value.code == 409

    answer = await service.ask(command.model_copy(update={"text": "accepted"}))

    assert (answer.text, answer.count) == ("accepted", 1)


async def test_the_sender_of_an_outdated_command_gets_the_current_state(service: Running) -> None:
    with pytest.raises(AskFailed, match=r"changed since version 2 that you saw: ann noted more\.") as failed:
        await service.ask(Note(text="late", seen=2, actor="ann"))

    assert failed.value.code == 409
    assert (await service.ask(Note(text="in time", seen=3, actor="ann"))).count == 1


async def test_a_command_id_belongs_to_one_command(service: Running) -> None:
    command = Note(text="once", actor="ann")
    await service.ask(command)

    with pytest.raises(AskFailed, match=f"The command {command.command_id} was note; give this one an id of its own"):
        await service.ask(NoteElsewhere(command_id=command.command_id, actor="ann"))


async def test_an_empty_reply_is_remembered_too(service: Running) -> None:
    command = NoteElsewhere(actor="ann")

    await service.ask(command)
    await service.ask(command)

    assert await service.ask(NotedCount()) == 1


async def test_a_job_requested_twice_by_one_command_id_runs_once(service: Running) -> None:
    command = RunJob(job="rise", actor="ann")

    assert [(await service.ask(command)).ran for _ in range(2)] == [["rise"], ["rise"]]
    assert await service.ask(NotedCount()) == 1


async def test_old_commands_are_deleted_with_the_inbox(service: Running) -> None:
    await service.ask(Note(text="now", actor="ann"))
    old = datetime.now(UTC) - timedelta(days=service.app.settings.inbox_days, minutes=1)
    async with service.app.begin() as tx:
        await tx.run(
            "INSERT INTO commands (command_id, name, actor, reply, received_at)"
            " VALUES (%(id)s, 'note', 'ann', '1', %(at)s)",
            id=uuid4(),
            at=old,
        )

    await service.app.maintain_partitions()

    assert [row["name"] for row in await service.sql("SELECT name FROM commands")] == ["note"]


async def test_a_command_without_an_actor_is_refused(service: Running) -> None:
    with pytest.raises(AskFailed, match="actor: is missing"):
        await service.ask("note", {"text": "no actor"})


async def test_a_reply_that_violates_its_contract_is_an_error_of_the_client(service: Running) -> None:
    with pytest.raises(AskFailed, match=r"The reply to matcher\.ask\.wrong does not match its contract") as failed:
        await service.ask(Wrong())

    assert failed.value.code == 500


async def test_the_log_of_commands_names_who_sent_each(service: Running) -> None:
    await service.ask(Note(text="first", actor="ann"))
    await service.ask(Note(text="second", actor="bob"))

    rows = await service.sql("SELECT name, actor FROM commands ORDER BY received_at")
    assert [(row["name"], row["actor"]) for row in rows] == [("note", "ann"), ("note", "bob")]


async def test_no_log_quotes_a_request_that_is_refused(service: Running, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(AskFailed) as refused:
        await service.ask("note", {"text": {"name": "Ada Moss"}, "actor": "ann"})

    assert refused.value.code == 400
    assert "Ada Moss" not in "".join(capsys.readouterr())
