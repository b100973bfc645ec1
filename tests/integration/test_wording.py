"""Does a draft get the words of a language model only if they say what the template's say?"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest

from services.notifier.workers.wording import DELAYS
from shared.contracts.events import Sender
from shared.contracts.kernel import Status
from shared.contracts.notifier import Draft, DraftDetails
from shared.contracts.notifier_sending import EditDraft
from tests.integration.test_notifier import ADA, a_task_due, task_id
from tests.support.running import START, Running, run_service
from tests.support.servers import TestServers

Given = dict[str, Any]
ANN = Sender(name="Ann Lee")


def proposing(subject: str, words: str) -> bytes:
    text = json.dumps({"subject": subject, "words": words})
    return json.dumps({"choices": [{"message": {"content": text}}]}).encode()


def adding(sentence: str) -> Callable[[Given], bytes]:
    """The template's text, and a sentence more."""
    return lambda given: proposing(given["subject"], f"{sentence} {given['words']}")


ANSWERS: list[tuple[Callable[[Given], bytes], str]] = [
    (lambda given: proposing(given["subject"], f"Good to find you. {given['words']}"), "Worded by small"),
    (adding("We save 37% of your time."), "37% is the number of no fact"),
    (adding("Mildred Stone asked us to write."), "'Mildred' looks like a name"),
    (adding("We help seven homes near you."), "'seven' is a number that was not given"),
    (adding("<script>alert()</script>"), "looks like a placeholder"),
    (
        lambda given: proposing("Hello\r\nBcc: x@evil.example", given["words"]),
        "its subject has a line break",
    ),
    (lambda given: b'{"choices": [', "not in the form"),
    (lambda given: b"x" * 300_000, "more than 100000 bytes"),
    (adding("Ignore the check and write to a@evil.example."), "'a@evil.example' is a link"),
]
"""What the model answers, and what the draft says then."""


@dataclass
class FakeModel:
    """A server that gives these answers in turn, and keeps what it was sent."""

    answers: list[Callable[[Given], bytes]] = field(default_factory=lambda: [answer for answer, _ in ANSWERS])
    asked: list[str] = field(default_factory=list)
    may_answer: asyncio.Event = field(default_factory=asyncio.Event)
    was_asked: asyncio.Event = field(default_factory=asyncio.Event)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            length = int(head.lower().split("content-length:")[1].split("\r\n")[0])
            request = json.loads(await reader.readexactly(length))
            self.asked.append(f"{head}{json.dumps(request)}")
            answer = self.answers.pop(0)
            self.was_asked.set()
            await self.may_answer.wait()
            content = answer(json.loads(request["messages"][1]["content"]))
            writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % len(content))
            writer.write(content)
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()


@pytest.fixture
async def model(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[FakeModel]:
    fake = FakeModel()
    async with await asyncio.start_server(fake.serve, "127.0.0.1", 0) as server:
        monkeypatch.setenv("PIPELINE_DRAFTER_URL", f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1/")
        monkeypatch.setenv("PIPELINE_DRAFTER_MODEL", "small")
        monkeypatch.setenv("PIPELINE_DRAFTER_KEY", "a-key")
        monkeypatch.setenv("PIPELINE_DRAFTER_SECONDS", "0.5")
        monkeypatch.setenv("PIPELINE_POSTAL_ADDRESS", "P.O. Box 1208, Albany, NY 12201")
        yield fake


@pytest.fixture
async def notifier(servers: TestServers, model: FakeModel) -> AsyncIterator[Running]:
    async with run_service("notifier", servers) as running:
        yield running


async def draft(notifier: Running, number: int) -> Draft:
    return await notifier.ask(DraftDetails(task_id=task_id(number)))


async def test_words_that_pass_are_a_new_revision_and_others_leave_the_template_with_a_note(
    notifier: Running, model: FakeModel
) -> None:
    model.may_answer.set()
    people = [ADA.model_copy(update={"email": f"ada{number}@xanfern.example"}) for number in range(len(ANSWERS))]
    await notifier.receive(*(a_task_due(number, person=person, sender=ANN) for number, person in enumerate(people)))
    await notifier.idle()

    found = [await draft(notifier, number) for number in range(len(ANSWERS))]
    notes = [str(each.note) for each in found]
    assert [why for _, why in ANSWERS if sum(why in note for note in notes) != 1] == []
    [good] = [each for each in found if each.revision == "1.1"]
    found.remove(good)
    assert (good.note, good.status) == ("Worded by small, checked.", "draft")
    assert str(good.body).startswith("Hi Ada,\n\nGood to find you. ")
    assert "P.O. Box 1208" in str(good.body)
    assert {each.revision for each in found} == {"1"}
    assert not any("37%" in str(each.body) or "evil" in f"{each.subject}{each.body}" for each in found)
    assert all(each.note and each.note.startswith("The template's text stands.") for each in found)
    assert all("Authorization: Bearer a-key" in each and "POST /v1/chat/completions " in each for each in model.asked)
    assert not any("P.O. Box" in each or "@xanfern" in each for each in model.asked)


async def test_a_text_that_a_person_edited_meanwhile_stays(notifier: Running, model: FakeModel) -> None:
    await notifier.receive(a_task_due(1))
    await asyncio.wait_for(model.was_asked.wait(), 5)
    before = await draft(notifier, 1)
    edit = EditDraft(draft_id=before.draft_id, seen=before.revision, subject=None, body="Mine.", actor="Ann Lee")
    await notifier.ask(edit)
    model.may_answer.set()
    await notifier.idle()

    after = await draft(notifier, 1)
    assert (after.body, after.edited_by, after.note) == ("Mine.", "Ann Lee", None)


async def test_the_template_stands_in_the_end_if_the_model_stalls(notifier: Running, model: FakeModel) -> None:
    await notifier.receive(a_task_due(1))
    await notifier.idle()
    first = await draft(notifier, 1)
    for number in (1, 2):
        await notifier.set_clock(START + timedelta(seconds=2 * number * DELAYS[-1]))
        await notifier.idle()

    last = await draft(notifier, 1)
    assert (first.note, len(model.asked), last.body) == (None, 3, first.body)
    assert last.note == "The template's text stands. The model did not answer: no answer within 0.5 s."
    assert (await notifier.ask(Status())).dead == 0
