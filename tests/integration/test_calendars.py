"""Does a calendar program see the open tasks of a rep, and only with the secret address?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
import pytest_asyncio
from icalendar import Calendar

from shared.contracts.courier_calendars import AddCalendar, Calendars, RemoveCalendar
from shared.contracts.events import Event, Person, RepChanged, TaskChanged, TaskDone, TaskDue, TaskMoved
from shared.contracts.keys import hash_of, new_key
from shared.contracts.refusals import AskFailed
from tests.support.running import Running, run_service
from tests.support.servers import TestServers

TASK = UUID("12345678-9abc-4def-8123-456789abcdef")
DUE = date(2026, 7, 2)


def task(kind: type[TaskDue] = TaskDue, version: int = 1, **changes: Any) -> TaskDue:
    fields: dict[str, Any] = {
        "task_id": TASK,
        "step_no": 1,
        "facility_id": "335001",
        "facility_name": "WILLOW BEND, INC; NURSING",
        "facility_display_name": "Willow Bend, Inc; Nursing",
        "city": "Albany",
        "state": "NY",
        "main_phone": "518-555-0100",
        "tier": 1,
        "score": "58.0",
        "rep": "rep-1",
        "channel": "call",
        "persona": "don",
        "person": Person(role="don", name="MOSS, ADA", display_name="Ada Moss", direct_phone="518-555-0142"),
        "due_on": DUE,
        "reason": "QM rating 1 of 5\nBEGIN:VEVENT",
        "pack": "test",
        "version": version,
    }
    return kind(**(fields | changes))


def ended(version: int) -> TaskDone:
    return TaskDone(
        task_id=TASK, step_no=1, facility_id="335001", status="done", done_by="rep-1", done_on=DUE, version=version
    )


def moved(version: int) -> TaskMoved:
    return TaskMoved(
        task_id=TASK, step_no=1, facility_id="335001", rep="rep-1", due_on=DUE + timedelta(days=5), version=version
    )


@pytest_asyncio.fixture
async def courier(servers: TestServers) -> Any:
    async with run_service("courier", servers) as running:
        await running.receive(
            RepChanged(
                rep="rep-1", version=1, name="Jo Lane", from_hour=time(9), to_hour=time(17), timezone="America/New_York"
            )
        )
        yield running


async def read(courier: Running, token: str, **headers: str) -> httpx.Response:
    base = f"http://127.0.0.1:{courier.app.http_port}"
    async with httpx.AsyncClient(base_url=base, headers=headers, trust_env=False) as client:
        return await client.get(f"/calendar/{token}.ics")


async def entries(courier: Running, token: str) -> list[Any]:
    found = await read(courier, token)
    assert (found.status_code, found.headers["content-type"]) == (200, "text/calendar; charset=utf-8")
    return list(Calendar.from_ical(found.content).walk("VEVENT"))


async def add(courier: Running, **options: Any) -> str:
    token = new_key()
    await courier.ask(AddCalendar(rep="rep-1", token_hash=hash_of(token), actor="ann", **options))
    return token


async def test_an_open_task_is_an_entry_of_its_day(courier: Running) -> None:
    await courier.receive(task(), task(rep="rep-2", task_id=UUID(int=7)))
    token = await add(courier)

    [entry] = await entries(courier, token)

    assert str(entry["uid"]).startswith(str(TASK))
    assert (entry.decoded("dtstart"), entry["sequence"]) == (DUE, 1)
    assert str(entry["summary"]).startswith("Call: Willow Bend, Inc; Nursing (")
    assert "Main telephone: 518-555-0100" in str(entry["description"])
    assert "X-WR-CALNAME:Worklist of Jo Lane" in (await read(courier, token)).text
    assert "Moss" not in (await read(courier, token)).text, "people are named only where asked for"


async def test_people_are_named_where_asked_for(courier: Running) -> None:
    await courier.receive(task())
    [entry] = await entries(courier, await add(courier, personal=True))

    assert "Ada Moss" in str(entry["summary"])
    assert "Direct: 518-555-0142" in str(entry["description"])


@pytest.mark.parametrize("end", [ended, moved])
async def test_a_task_that_ended_or_waits_is_no_entry_in_whichever_order_that_arrives(
    courier: Running, end: Callable[[int], Event]
) -> None:
    await courier.receive(end(3))
    await courier.receive(task(TaskChanged, version=2), task())
    token = await add(courier)
    assert await entries(courier, token) == []

    await courier.receive(task(TaskChanged, version=4, due_on=DUE + timedelta(days=1)))

    [entry] = await entries(courier, token)
    assert (entry.decoded("dtstart"), entry["sequence"]) == (DUE + timedelta(days=1), 4)


async def test_a_program_asks_again_without_loading_what_it_has(courier: Running) -> None:
    await courier.receive(task())
    token = await add(courier)
    first = await read(courier, token)

    assert (await read(courier, token, **{"If-None-Match": first.headers["etag"]})).status_code == 304
    await courier.receive(ended(2))
    assert (await read(courier, token, **{"If-None-Match": first.headers["etag"]})).status_code == 200


async def test_an_address_stops_working_when_it_is_replaced_or_removed(courier: Running) -> None:
    await courier.receive(task())
    old = await add(courier)
    new = await add(courier)
    assert (await read(courier, old)).status_code == 404
    assert (await read(courier, new)).status_code == 200
    [calendar] = await courier.ask(Calendars())
    assert calendar.read_at

    await courier.ask(RemoveCalendar(rep="rep-1", actor="ann"))

    assert (await read(courier, new)).status_code == 404
    assert await courier.sql("SELECT FROM calendars WHERE token_hash = %(token)s", token=new) == []
    with pytest.raises(AskFailed, match="There is no rep rep-9"):
        await courier.ask(AddCalendar(rep="rep-9", token_hash=hash_of("x"), actor="ann"))
