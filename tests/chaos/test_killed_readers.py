"""Is every message stored once, with its event, however a notifier is killed while it reads the mailbox?"""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from urllib.parse import urlsplit
from uuid import UUID

import nats
import psycopg
import pytest

from services.notifier.domain.correlating import header_id
from shared.contracts import topology
from shared.contracts.events import EmailReplied
from tests.chaos.test_killed_notifiers import HEIRS, LONG, PATIENCE, Killing, end_of, start
from tests.integration.test_incoming_mail import until
from tests.support.mail import MailServer
from tests.support.running import a_database, drop_database, streams_for
from tests.support.sending import approve_letters
from tests.support.servers import TestServers
from tests.unit.mail.test_kinds import message

MESSAGES = 20
RECORDING = "recording"
STEPS = ("FETCH", RECORDING, "STORE") if LONG else ("STORE",)
"""While messages are fetched, in the transaction that stores them, and when they are stored and not marked as read.
The last one only, unless LONG=1.
"""


@asynccontextmanager
async def watched(url: str, at_command: Callable[[str], None]) -> AsyncIterator[str]:
    """A way to a mailbox on which each command is seen before it arrives; yields its URL."""
    parts = urlsplit(url)

    async def pass_on(
        source: asyncio.StreamReader, to: asyncio.StreamWriter, see: Callable[[str], None] | None = None
    ) -> None:
        with suppress(ConnectionError):
            while line := await source.readline():
                if see:
                    for command in STEPS:
                        if command.encode() in line:
                            see(command)
                to.write(line)
        to.close()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        replies, commands = await asyncio.open_connection(parts.hostname, parts.port)
        await asyncio.gather(pass_on(reader, commands, at_command), pass_on(replies, writer))

    listening = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield parts._replace(
            netloc=f"{parts.username}:{parts.password}@127.0.0.1:{listening.sockets[0].getsockname()[1]}"
        ).geturl()
    finally:
        listening.close()


async def letters_that_left(connection: psycopg.AsyncConnection, url: str) -> list[UUID]:
    await approve_letters(url, MESSAGES)
    await connection.execute("DELETE FROM work")
    rows = await connection.execute("UPDATE messages SET state = 'sent', sent_at = now() RETURNING message_id")
    return [message_id for (message_id,) in await rows.fetchall()]


async def events(servers: TestServers) -> int:
    """How many replies the stream has."""
    client = await nats.connect(servers.user_urls["setup"], inbox_prefix="_INBOX_setup")
    name = topology.stream_of("notifier")
    info = await client.jetstream().stream_info(name, subjects_filter=EmailReplied.SUBJECT)
    await client.close()
    return sum((info.state.subjects or {}).values())


@pytest.mark.chaos
@pytest.mark.parametrize("step", STEPS)
async def test_every_message_is_stored_and_published_once_although_a_notifier_is_killed(
    servers: TestServers, mail_box: MailServer, step: str
) -> None:
    url = await asyncio.to_thread(a_database, servers, "notifier")
    killing = Killing(step, at=MESSAGES // 2 if step == "FETCH" else 1)

    def cut(command: str) -> None:
        """The command with which the notifier is killed never arrives."""
        left = killing.left
        killing(command)
        if left > 0 > killing.left:
            raise ConnectionAbortedError

    async with (
        streams_for(servers, "notifier"),
        watched(mail_box.addresses.imap_url, cut) as imap_url,
        await psycopg.AsyncConnection.connect(url, autocommit=True) as connection,
        await psycopg.AsyncConnection.connect(url) as blocking,
    ):

        async def count(query: str) -> int:
            (found,) = await (await connection.execute(query)).fetchone() or (0,)
            return int(found)

        async def is_recording() -> bool:
            return (
                await count("SELECT count(*) FROM pg_locks WHERE relation = 'originals'::regclass AND NOT granted") > 0
            )

        async def is_read() -> bool:
            everything = await count("SELECT count(*) FROM incoming") >= MESSAGES
            return everything and not await asyncio.to_thread(mail_box.unread)

        for number, letter in enumerate(await letters_that_left(connection, url)):
            reply = message("Re: A question", f"Yes, {number}.", In_Reply_To=header_id(letter, "ann@seller.example"))
            await asyncio.to_thread(mail_box.deliver, reply)
        if step == RECORDING:
            await blocking.execute("LOCK TABLE originals")
        settings = {"PIPELINE_IMAP_URL": imap_url}
        killing.victim = await start(url, servers, settings)
        if step == RECORDING:
            await until(is_recording, PATIENCE)
            killing(RECORDING)
        await asyncio.wait_for(killing.victim.wait(), PATIENCE)
        await blocking.rollback()
        await end_of(connection, killing.victim)
        stored = await count("SELECT count(*) FROM incoming")
        unread = len(await asyncio.to_thread(mail_box.unread))
        heirs = [await start(url, servers, settings) for _ in range(HEIRS)]
        try:
            await until(is_read, PATIENCE)
        finally:
            for heir in heirs:
                heir.send_signal(signal.SIGTERM)
            await asyncio.gather(*(heir.wait() for heir in heirs))

        assert killing.victim.returncode == -signal.SIGKILL
        assert (stored, unread) == (MESSAGES if step == "STORE" else 0, MESSAGES)
        assert await count("SELECT count(*) FROM incoming") == MESSAGES
        assert await count("SELECT count(DISTINCT message_id) FROM incoming WHERE state = 'done'") == MESSAGES
        assert await count(f"SELECT count(*) FROM outbox WHERE subject = '{EmailReplied.SUBJECT}'") == MESSAGES
        assert await events(servers) == MESSAGES
    await asyncio.to_thread(drop_database, servers, url)
