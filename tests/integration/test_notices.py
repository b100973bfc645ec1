"""Do our own people get notices once, at most one of a kind an hour, never in quiet hours, and no one else any?"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio
from imap_tools.message import MailMessage

from services.courier.app import service_of
from shared.contracts.courier_notices import (
    AddRecipient,
    HowNoticesLeave,
    NoticeDetails,
    NoticePreview,
    PauseRecipient,
    Recipient,
    RemoveRecipient,
    ResumeRecipient,
    SendTestNotice,
)
from shared.contracts.events import Person, RepChanged, Sender, SlaBreached, TaskDue
from shared.contracts.kernel import Status
from shared.contracts.refusals import AskFailed
from tests.support.mail import MailServer, mail_server
from tests.support.outside import Asked, answer, site
from tests.support.running import Running, run_on, run_service
from tests.support.sequencing import listed, scored
from tests.support.servers import TestServers

OK = answer(b"ok")
REP = RepChanged(
    rep="rep-1",
    version=1,
    name="Jo Lane",
    email="Jo@freelance.example",
    from_hour=time(9),
    to_hour=time(17),
    timezone="America/New_York",
)
HOSTILE = "<!channel> <https://evil.example|Sign in>"


class Chat:
    """An incoming webhook, which answers as a test wants."""

    def __init__(self) -> None:
        self.got: list[dict[str, Any]] = []
        self.answer = OK
        self.address = ""

    async def respond(self, asked: Asked, writer: asyncio.StreamWriter) -> None:
        self.got.append(json.loads(asked.body))
        writer.write(self.answer)
        if not self.answer:
            writer.close()

    @property
    def texts(self) -> list[str]:
        return ["\n".join(part["text"]["text"] for part in each["blocks"]) for each in self.got]


@pytest.fixture(scope="module")
def server() -> Iterator[MailServer]:
    with mail_server() as running:
        yield running


@pytest_asyncio.fixture
async def chat(monkeypatch: pytest.MonkeyPatch, server: MailServer) -> AsyncIterator[Chat]:
    found = Chat()
    server.empty()
    async with site(found.respond) as running:
        found.address = f"127.0.0.1:{running.port}"
        urls = {"sales": f"http://{found.address}/services/SECRET", "within": "http://10.0.0.1/services/SECRET"}
        monkeypatch.setenv("PIPELINE_COURIER_SLACK_URLS", json.dumps(urls))
        monkeypatch.setenv("PIPELINE_COURIER_SMTP_URL", server.addresses.smtp_url)
        monkeypatch.setenv("PIPELINE_COURIER_MAIL_FROM", "notices@seller.example")
        monkeypatch.setenv("PIPELINE_COURIER_CONSOLE_URL", "https://console.seller.example")
        monkeypatch.setenv("PIPELINE_OUTBOUND_ALLOW", found.address)
        monkeypatch.setenv("PIPELINE_SIMULATION", "1")
        yield found


async def prepare(running: Running) -> None:
    await running.receive(
        REP,
        listed("335001", name=HOSTILE),
        listed("335002"),
    )


@pytest_asyncio.fixture
async def courier(servers: TestServers, chat: Chat) -> AsyncIterator[Running]:
    async with run_service("courier", servers, service_of()) as running:
        await prepare(running)
        yield running


async def add(courier: Running, *kinds: str, name: str = "sales", **options: Any) -> Recipient:
    options |= {} if "email" in options else {"slack": "sales"}
    return await courier.ask(AddRecipient(name=name, kinds=list(kinds), actor="ann", **options))  # type: ignore[arg-type]


async def details(courier: Running, name: str = "sales") -> Recipient:
    return await courier.ask(NoticeDetails(name=name))


def task(n: int = 1, rep: str = "rep-1", **changes: Any) -> TaskDue:
    values: dict[str, Any] = {
        "task_id": UUID(int=n),
        "step_no": 1,
        "facility_id": "335001",
        "facility_name": f"HOME {n}",
        "facility_display_name": f"Home {n}",
        "city": "Albany",
        "state": "NY",
        "tier": 1,
        "score": "58.0",
        "rep": rep,
        "channel": "call",
        "persona": "don",
        "sender": Sender(name="Jo Lane", email="Jo@freelance.example"),
        "person": Person(role="don", name="Ada Moss", email="ada.moss@seller.example"),
        "due_on": date(2026, 7, 2),
        "reason": "QM rating 1 of 5",
        "pack": "test",
    }
    return TaskDue(**(values | changes))


def breach() -> SlaBreached:
    days: dict[str, Any] = {"started_on": date(2026, 6, 28), "breached_on": date(2026, 7, 1), "hours": 24}
    return SlaBreached(facility_id="335002", tier=1, owner="rep-1", label="Hot", action="Call today.", **days)


async def test_a_chat_gets_one_notice_of_a_kind_an_hour_with_all_that_happened(courier: Running, chat: Chat) -> None:
    await courier.receive(scored("335002", 1, "70.0"))  # before it was added
    await add(courier, "hot", "sla")
    await courier.receive(scored("335001", 1, "58.0"), breach())
    assert chat.got == [], "what follows at once is gathered"

    await courier.at("2026-07-01T08:03")
    assert sorted(each["text"] for each in chat.got) == [
        "1 account entered tier 1",
        "1 account has waited too long for a touch",
    ]
    [hot] = [text for text in chat.texts if "entered" in text]
    assert "&lt;!channel&gt; &lt;https://evil.example|Sign in&gt; (" in hot
    assert hot.endswith("<https://console.seller.example/|Open the console>")

    for n in range(12):
        await courier.receive(scored(f"3350{n + 10}", 1, "58.0"))
    await courier.at("2026-07-01T08:50")
    assert len(chat.got) == 2
    [preview] = await courier.ask(NoticePreview(name="sales"))
    assert preview.title == "12 accounts entered tier 1"
    await courier.at("2026-07-01T09:03")
    assert len(chat.got) == 3
    assert "... and 2 more" in chat.texts[2]
    await courier.at("2026-07-01T12:00")
    assert len(chat.got) == 3, "nothing happened"


async def test_a_worklist_arrives_once_each_morning_also_if_the_service_starts_again(
    servers: TestServers, chat: Chat, server: MailServer
) -> None:
    async with run_service("courier", servers, service_of()) as first:
        await prepare(first)
        await first.receive(*map(task, range(1, 13)), task(20, rep="rep-2"), task(21, due_on=date(2026, 7, 6)))
        await add(first, "worklist", name="jo", email="jo@freelance.example", rep="rep-1")
        await first.at("2026-07-02T07:59")
        assert server.left() == []
        await first.at("2026-07-02T08:00")
        [digest] = server.left()
        async with run_on(first.url, "courier", servers, service_of()) as second:
            await second.set_clock(datetime(2026, 7, 2, 15, tzinfo=UTC))
            await second.idle()
            await first.idle()

            assert len(server.left()) == 1
            await second.at("2026-07-06T08:00")
            assert len(server.left()) == 2, "3 July is a holiday, and a weekend follows"
    check_digest(digest)


def check_digest(digest: MailMessage) -> None:
    assert (digest.from_, digest.to) == ("notices@seller.example", ("jo@freelance.example",))
    assert digest.subject == "Worklist of Thursday, 2026-07-02: 12 tasks"
    assert digest.headers["auto-submitted"] == ("auto-generated",)
    assert digest.text.count("- Call: Home") == 10
    assert "... and 2 more" in digest.text
    assert "Moss" not in digest.text, "a digest names no one at an account"


async def test_quiet_hours_and_days_off_postpone_a_notice(courier: Running, chat: Chat) -> None:
    await add(courier, "hot", quiet_from=time(18), quiet_to=time(8))
    await courier.at("2026-07-02T18:30")
    await courier.receive(scored("335001", 1, "58.0"))
    for at in ("2026-07-02T18:40", "2026-07-03T12:00", "2026-07-05T12:00", "2026-07-06T07:59"):
        await courier.at(at)
        assert chat.got == [], at

    await courier.at("2026-07-06T08:00")

    assert len(chat.got) == 1


async def test_a_notice_that_waits_for_its_chat_is_not_sent_in_quiet_hours(courier: Running, chat: Chat) -> None:
    chat.answer = answer(b"rate_limited", 429, {"retry-after": "1200"})
    await add(courier, "hot", quiet_from=time(18), quiet_to=time(8))
    await courier.at("2026-07-01T17:50")
    await courier.receive(scored("335001", 1, "58.0"))
    await courier.at("2026-07-01T17:55")
    assert len(chat.got) == 1
    last = (await details(courier)).last
    assert last
    assert (last.state, last.error) == ("waiting", "The chat answered 429 rate_limited")

    chat.answer = OK
    await courier.at("2026-07-01T18:30")
    assert len(chat.got) == 1
    await courier.at("2026-07-02T08:00")
    assert len(chat.got) == 2
    assert (last := (await details(courier)).last)
    assert (last.state, last.error) == ("sent", None)


async def test_a_chat_that_is_gone_pauses_its_recipient_and_that_is_shown(courier: Running, chat: Chat) -> None:
    chat.answer = answer(b"no_service", 404)
    await add(courier, "hot")
    await courier.receive(scored("335001", 1, "58.0"))
    await courier.at("2026-07-01T08:03")
    found = await details(courier)
    assert found.paused_by == "courier"
    assert "404 no_service" in (found.paused_why or "")
    [warning] = (await courier.app.health.status()).warnings
    assert warning.startswith("notices to sales: The chat answered 404")
    with pytest.raises(AskFailed, match="is paused"):
        await courier.ask(SendTestNotice(name="sales", actor="ann"))

    chat.answer = OK
    await courier.receive(scored("335002", 1, "58.0"))
    await courier.at("2026-07-01T11:00")
    await courier.ask(ResumeRecipient(name="sales", actor="ann"))
    await courier.at("2026-07-01T14:00")
    assert len(chat.got) == 1, "what happened while it was paused is not sent"
    await courier.ask(SendTestNotice(name="sales", actor="ann"))
    await courier.idle()
    assert chat.got[-1]["text"] == "A test for sales"


async def test_a_notice_that_may_have_arrived_is_not_sent_again(courier: Running, chat: Chat) -> None:
    chat.answer = b""  # it ends the connection
    await add(courier, "hot")
    await courier.receive(scored("335001", 1, "58.0"))
    await courier.at("2026-07-01T08:03")
    chat.answer = OK
    await courier.at("2026-07-01T12:00")

    assert len(chat.got) == 1
    assert (last := (await details(courier)).last)
    assert last.state == "unsure"


async def test_a_paused_or_removed_recipient_gets_nothing(courier: Running, chat: Chat) -> None:
    for version, end in enumerate((PauseRecipient, RemoveRecipient), 1):
        await add(courier, "hot")
        await courier.ask(ResumeRecipient(name="sales", actor="ann"))
        await courier.receive(scored("335001", 1, "58.0", version=version))
        await courier.ask(end(name="sales", actor="ann"))
        await courier.at(f"2026-07-0{version}T12:00")
    assert chat.got == []
    assert await courier.sql("SELECT FROM followed") == []
    assert await courier.sql("SELECT FROM work WHERE kind IN ('recipient', 'notice')") == []


@pytest.mark.parametrize("became", ["a contact's", "no rep's"])
async def test_an_address_that_is_not_of_the_team_any_more_gets_nothing(
    courier: Running, server: MailServer, became: str
) -> None:
    address = "ada.moss@seller.example" if became == "a contact's" else "Jo@freelance.example"
    await add(courier, "hot", name="x", email=address)
    await courier.receive(task() if became == "a contact's" else REP.model_copy(update={"version": 2, "email": None}))
    await courier.ask(SendTestNotice(name="x", actor="ann"))
    await courier.idle()

    found = await details(courier, "x")
    why = "a person at an account" if became == "a contact's" else "is not of the team"
    assert (found.paused_by, why in str(found.paused_why)) == ("courier", True)
    assert found.last is not None
    assert (found.last.state, found.last.error) == ("failed", found.paused_why)
    assert f"notices to x: {found.paused_why}" in (await courier.ask(Status())).warnings
    assert server.left() == []


async def test_no_address_outside_the_team_gets_notices(courier: Running, server: MailServer) -> None:
    await courier.receive(task())
    for address, why in {
        "jo@elsewhere.example": "is not of the team",
        "ada.moss@seller.example": "a person at an account",
        "ann@freelance.example": "is not of the team",
    }.items():
        with pytest.raises(AskFailed, match=why):
            await add(courier, "hot", name="x", email=address)
    assert (await add(courier, "hot", name="x", email="Ann@Seller.example")).email == "ann@seller.example"
    assert server.left() == []


async def test_the_address_of_a_chat_is_nowhere_in_the_database_or_in_replies(courier: Running, chat: Chat) -> None:
    found = await add(courier, "hot")
    await courier.ask(SendTestNotice(name="sales", actor="ann"))
    await courier.idle()
    assert len(chat.got) == 1
    assert "SECRET" not in found.model_dump_json()
    ways = await courier.ask(HowNoticesLeave())
    assert (ways.channels, ways.mail_domain) == (["sales", "within"], "seller.example")
    for table in ("recipients", "notices", "work", "commands"):
        rows = await courier.sql(f"SELECT to_jsonb({table}) AS row FROM {table}")
        assert "SECRET" not in json.dumps(rows, default=str)


@pytest.mark.parametrize("slack, why", [("other", "there are: sales, within"), ("within", "cannot be called")])
async def test_only_a_channel_with_an_address_that_may_be_called_is_added(
    courier: Running, slack: str, why: str
) -> None:
    with pytest.raises(AskFailed, match=why) as refused:
        await courier.ask(AddRecipient(name="x", slack=slack, kinds=["hot"], actor="ann"))
    assert "SECRET" not in str(refused.value)
