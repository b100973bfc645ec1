"""Is it known of every digest whether it was accepted, or at least that this is not known?"""

from __future__ import annotations

import pytest

from engines.mail.servers import server_of
from services.courier import smtp
from tests.support.smtp_server import scripted_server

CONTENT = b"From: notices@seller.example\r\nSubject: A test\r\n\r\n.a line\r\n"


async def sent(url: str) -> list[str]:
    """Send a digest; returns whether its text was begun."""
    begun: list[str] = []

    async def begin_effect() -> None:
        begun.append("begun")

    try:
        await smtp.send(server_of(url), None, "notices@seller.example", "jo@seller.example", CONTENT, begin_effect)
    except smtp.NotSent as error:
        return [*begun, f"not sent{' for good' if error.for_good else ''}: {error}"]
    except Exception:
        return [*begun, "the line broke"]
    return [*begun, "sent"]


async def test_a_digest_is_accepted_as_it_was_written() -> None:
    async with scripted_server() as server:
        assert await sent(server.url) == ["begun", "sent"]

    [letter] = server.letters()
    assert (letter["Subject"], letter.get_content()) == ("A test", ".a line\r\n")


@pytest.mark.parametrize(
    "command, reply, outcome",
    [
        ("RCPT", "550 no such person", ["not sent for good: 550 no such person"]),
        ("RCPT", "450 later", ["not sent: 450 later"]),
        ("MAIL", "421 busy", ["not sent: 421 busy"]),
        ("end", "554 looks like spam", ["begun", "not sent for good: 554 looks like spam"]),
    ],
)
async def test_a_refusal_is_certain(command: str, reply: str, outcome: list[str]) -> None:
    async with scripted_server() as server:
        server.replies[command] = reply
        assert await sent(server.url) == outcome


@pytest.mark.parametrize(
    "step, outcome",
    [
        ("MAIL", ["the line broke"]),
        ("RCPT", ["the line broke"]),
        ("text", ["begun", "the line broke"]),
        ("end", ["begun", "the line broke"]),
    ],
)
async def test_only_a_line_that_breaks_after_the_text_was_begun_leaves_a_doubt(step: str, outcome: list[str]) -> None:
    async with scripted_server() as server:
        server.cut = step
        assert await sent(server.url) == outcome


async def test_a_server_that_is_not_there_is_tried_again() -> None:
    [found] = await sent("smtp://127.0.0.1:1")
    assert found.startswith("not sent: The mail server cannot be reached")
