"""Do the console's read models hold what events state, whatever their order, and who may see it?"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from psycopg import AsyncConnection
from psycopg.rows import dict_row

from services.console.store.counting import navigation
from shared.contracts.envelope import new_event_id, seal
from shared.contracts.events import EmailDiscarded, EmailDrafted, Person, TaskChanged, TaskDone, TaskDue, TouchLogged
from shared.contracts.refusals import AskFailed
from shared.contracts.requests import Question
from tests.support.console import Console, Services
from tests.support.running import Running
from tests.support.sequencing import listed, scored

TASK = UUID("12345678-9abc-4def-8123-456789abcdef")


def a_task(kind: type[TaskDue] = TaskDue, version: int = 1, **changes: Any) -> TaskDue:
    fields: dict[str, Any] = {
        "task_id": TASK,
        "step_no": 1,
        "facility_id": "335001",
        "facility_name": "WILLOW BEND NURSING HOME",
        "city": "ALBANY",
        "state": "NY",
        "tier": 1,
        "score": "58.0",
        "rep": "rep-1",
        "channel": "call",
        "persona": "don",
        "person": Person(role="don", name="Ada Moss", direct_phone="518-555-0142"),
        "due_on": date(2026, 7, 1),
        "reason": "QM rating 1 of 5",
        "pack": "test",
        "version": version,
        "marks": ("facility:335001", "name:335001/ada moss"),
    }
    return kind(**(fields | changes))


def done(version: int) -> TaskDone:
    return TaskDone(
        task_id=TASK,
        step_no=1,
        facility_id="335001",
        status="done",
        outcome="voicemail",
        done_by="rep-1",
        done_on=date(2026, 7, 1),
        version=version,
    )


async def seen_as(console: Running, role: str | None) -> list[dict[str, Any]]:
    """The personal data that a session with a role can read."""
    connection = await AsyncConnection.connect(console.url, row_factory=dict_row)
    async with connection:
        if role:
            await connection.execute("SELECT set_config('app.role', %s, true)", [role])
        return await (await connection.execute("SELECT kind, id, data FROM personal ORDER BY kind")).fetchall()


async def test_a_facility_has_one_row_whichever_event_mentions_it_first(console: Running) -> None:
    await console.receive(scored("335001", 1, "58.0"))
    await console.receive(listed("335001", name="WILLOW BEND NURSING HOME"))
    await console.receive(scored("335001", 2, "31.0", version=3), scored("335001", 3, "9.0", version=2))

    [row] = await console.sql("SELECT name, city, tier, score, score_version, listed FROM facilities")

    assert (row["name"], row["city"], row["listed"]) == ("Willow Bend Nursing Home", "Albany", True)
    assert (row["tier"], float(row["score"]), row["score_version"]) == (2, 31.0, 3)


async def test_a_task_is_open_unless_its_end_is_newer_in_any_order(console: Running) -> None:
    await console.receive(done(3))
    await console.receive(a_task(TaskChanged, version=2, rep="rep-2"), a_task(version=1))

    rows = await console.sql("SELECT kind, version, status, rep, data ->> 'facility_name' AS name FROM states")

    assert {row["kind"]: (row["version"], row["rep"]) for row in rows} == {
        "task": (2, "rep-2"),
        "task_end": (3, "rep-1"),
    }
    assert {row["name"] for row in rows} == {"WILLOW BEND NURSING HOME", None}
    status = "SELECT status FROM states WHERE kind = 'task'"
    assert await console.sql(status) == [{"status": "ended"}]
    await console.receive(a_task(TaskChanged, version=4))
    assert await console.sql(status) == [{"status": "open"}]
    await console.receive(done(4))
    await console.receive(a_task(TaskChanged, version=4), a_task(TaskChanged, version=3))
    assert await console.sql(status) == [{"status": "ended"}]


async def test_a_discarded_draft_waits_no_more_until_a_later_state_of_its_task_is_drafted(console: Running) -> None:
    async def waiting() -> int:
        async with console.app.begin() as tx:
            counts, _ = await navigation(tx, "rep-1")
        return counts["drafts"]

    about: dict[str, Any] = {"draft_id": UUID(int=7), "task_id": TASK, "facility_id": "335001"}
    await console.receive(EmailDrafted(**about, rep="rep-1", template="t", drafted_on=date(2026, 7, 1)))
    await console.receive(a_task(channel="email"))
    assert await waiting() == 1
    await console.receive(EmailDiscarded(**about, version=1, discarded_by="rep-1", discarded_on=date(2026, 7, 1)))
    assert await waiting() == 0
    await console.receive(a_task(TaskChanged, version=2, channel="email"))
    assert await waiting() == 1


async def test_repeated_events_are_logged_once(console: Running) -> None:
    envelope = seal(a_task(), "sequencer", console.app.clock.now())
    await console.publish("sequencer", [envelope])
    await console.idle()
    await console.publish("sequencer", [envelope])
    await console.idle()

    [row] = await console.sql("SELECT subject, facility_id, rep, day, data ? 'person' AS personal FROM log")

    assert row == {
        "subject": "task.due",
        "facility_id": "335001",
        "rep": "rep-1",
        "day": date(2026, 7, 1),
        "personal": False,
    }


async def test_a_touch_of_a_chain_is_the_last_touch_of_each_facility_that_it_reached(console: Running) -> None:
    def touched(number: int, days: int) -> TouchLogged:
        return TouchLogged(
            activity_id=UUID(int=number),
            facility_id="335001",
            task_id=None,
            channel="call",
            persona="regional",
            outcome="voicemail",
            rep="rep-1",
            touched_on=date(2026, 7, 1) - timedelta(days=days),
            reached=("335001", "335002"),
        )

    await console.receive(touched(1, 0), touched(2, 5))

    rows = await console.sql("SELECT facility_id, touched_on FROM facilities ORDER BY 1")
    assert [(row["facility_id"], row["touched_on"]) for row in rows] == [
        ("335001", date(2026, 7, 1)),
        ("335002", date(2026, 7, 1)),
    ]


@pytest.mark.parametrize("role", [None, "operations", "reader", "auditor"])
async def test_only_reps_and_managers_can_read_personal_data(console: Running, role: str | None) -> None:  # R7
    await console.receive(a_task())

    assert await seen_as(console, role) == []
    seen = await seen_as(console, "rep")
    assert {row["kind"] for row in seen} == {"log", "task"}
    assert all(row["data"]["person"]["direct_phone"] == "518-555-0142" for row in seen)
    public = await console.sql("SELECT data::text AS data FROM states UNION ALL SELECT data::text FROM log")
    assert not any("Ada" in row["data"] or "0142" in row["data"] for row in public)


async def test_the_audit_log_refuses_changes(console: Running) -> None:
    with pytest.raises(Exception, match="append-only"):
        await console.sql("UPDATE audit SET name = 'someone else'")


async def test_an_event_that_happens_while_a_page_is_made_is_a_change_for_it(console: Running) -> None:
    await console.receive(a_task())
    [before] = await console.sql("SELECT event_id FROM log ORDER BY event_id DESC LIMIT 1")

    async def reply(request: Question[Any], service: str) -> Any:
        await console.sql(
            """
            INSERT INTO log (event_id, subject, at, trace, data)
            VALUES (%(id)s, 'task.moved', current_timestamp, '', '{}')
            """,
            id=new_event_id(),
        )
        raise AskFailed("no reply", 503)

    pages = Console(console, Services(reply))
    async with pages.browser() as browser:
        await pages.enter(browser, "meg", "manager")
        page = await browser.get("/capacity")

    assert f"seen={before['event_id']}" in page.text
