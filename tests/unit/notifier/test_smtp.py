"""Is a connection that was kept, and has ended meanwhile, replaced at once?"""

from __future__ import annotations

import pytest

from engines.mail.servers import server_of
from services.notifier.smtp import Connections
from tests.support.smtp_server import Scripted, scripted_server

LETTER = b"Subject: a\r\n\r\nb\r\n"


async def send(connections: Connections) -> None:
    async def begin_effect() -> None:
        pass

    await connections.send("ann@seller.example", "ada@home.example", LETTER, begin_effect)


def end_by(smtp: Scripted, reply: str, command: str) -> None:
    if reply:
        smtp.replies[command] = reply
    else:
        smtp.cut = command


@pytest.mark.parametrize("reply", ["", "421 idle for too long"])
@pytest.mark.parametrize("command", ["MAIL", "RCPT", "DATA"])
async def test_a_letter_leaves_once_although_the_kept_connection_ends(command: str, reply: str) -> None:
    async with scripted_server() as smtp:
        connections = Connections(server_of(smtp.url))
        await send(connections)
        end_by(smtp, reply, command)
        await send(connections)
        await connections.close()

    assert (len(smtp.accepted), smtp.connections) == (2, 2)


async def test_a_new_connection_that_the_server_ends_is_an_error_which_is_no_refusal() -> None:
    async with scripted_server() as smtp:
        smtp.replies["MAIL"] = "421 come back later"
        connections = Connections(server_of(smtp.url))
        with pytest.raises(ConnectionError, match="ends the connection: come back later"):
            await send(connections)

    assert smtp.accepted == []
