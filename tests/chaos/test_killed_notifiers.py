"""Does every letter arrive exactly once, however notifiers are killed while they send?"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, Process
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from uuid import UUID

import psycopg
import pytest

from services.notifier.domain.correlating import letters_in
from tests.support.running import a_database, drop_database, streams_for
from tests.support.sending import approve_letters, pack_without_limits, settings
from tests.support.servers import TestServers
from tests.support.smtp_server import STEPS as SMTP_STEPS
from tests.support.smtp_server import scripted_server

LETTERS = 40
LONG = os.environ.get("LONG") == "1"
STEPS = (*SMTP_STEPS, "recorded") if LONG else ("DATA", "recorded")
"""With LONG=1, every step; otherwise, those immediately before and after a letter may have arrived."""
HEIRS = 2 if LONG else 1
"""The notifiers that go on. Two share work without a crash in `tests/integration/test_sending.py` as well."""
SUPPRESSED = "ada@home-1.example"
PATIENCE = 60.0


@pytest.fixture(scope="module")
def packs() -> Iterator[Path]:
    with pack_without_limits() as folder:
        yield folder


class Killing:
    """Kills a notifier when a step is reached for the n-th time."""

    def __init__(self, step: str, at: int) -> None:
        self.step, self.left = step, at
        self.victim: Process | None = None

    def __call__(self, step: str) -> None:
        self.left -= step == self.step
        if self.left == 0 and self.victim and self.victim.returncode is None:
            self.victim.kill()
            self.left = -1


async def start(url: str, servers: TestServers, given: Mapping[str, str]) -> Process:
    variables = {
        **os.environ,
        **given,
        "PIPELINE_NATS_URL": servers.user_urls["notifier"],
        "PIPELINE_DATABASE_URL": url,
        "PIPELINE_LOG_LEVEL": "ERROR",
    }
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "services.notifier", env=variables, stdout=DEVNULL
    )


async def states(connection: psycopg.AsyncConnection) -> dict[UUID, tuple[str, str]]:
    rows = await (await connection.execute("SELECT message_id, to_email, state FROM messages")).fetchall()
    return {message_id: (email, state) for message_id, email, state in rows}


async def settled(connection: psycopg.AsyncConnection) -> dict[UUID, tuple[str, str]]:
    """The states once no letter is under way; a letter is tried again at once."""
    async with asyncio.timeout(PATIENCE):
        while True:
            found = await states(connection)
            if not {"approved", "sending"} & {state for _, state in found.values()}:
                return found
            await connection.execute("UPDATE work SET due_at = least(due_at, now()) WHERE claimed_by IS NULL")
            await asyncio.sleep(0.1)


async def end_of(connection: psycopg.AsyncConnection, victim: Process) -> None:
    """Wait until it is dead; then, as after five minutes, its leases have run out."""
    async with asyncio.timeout(PATIENCE):
        await victim.wait()
    await connection.execute("UPDATE work SET leased_until = clock_timestamp() WHERE claimed_by IS NOT NULL")


@pytest.mark.chaos
@pytest.mark.parametrize("step", STEPS)
async def test_every_letter_arrives_once_although_a_notifier_is_killed(
    servers: TestServers, packs: Path, step: str
) -> None:
    url = await asyncio.to_thread(a_database, servers, "notifier")
    await approve_letters(url, LETTERS)
    async with (
        streams_for(servers, "notifier"),
        scripted_server() as smtp,
        await psycopg.AsyncConnection.connect(url, autocommit=True) as connection,
    ):
        await suppress(connection)
        killing = Killing(step, at=5)
        smtp.at_step = killing
        killing.victim = await start(url, servers, settings(smtp.url, packs))
        await end_of(connection, killing.victim)
        heirs = [await start(url, servers, settings(smtp.url, packs)) for _ in range(HEIRS)]
        try:
            found = await settled(connection)
        finally:
            for heir in heirs:
                heir.send_signal(signal.SIGTERM)
            await asyncio.gather(*(heir.wait() for heir in heirs))

    arrived = Counter(letters_in(letter["Message-ID"])[0] for letter in smtp.letters())
    by_state = {state: {key for key, (_, its) in found.items() if its == state} for _, state in found.values()}
    assert killing.victim.returncode == -signal.SIGKILL
    assert set(arrived.values()) == {1}
    assert by_state.get("sent", set()) <= set(arrived)
    assert by_state.get("unsure", set()) <= smtp.transferring
    assert set(arrived) <= by_state.get("sent", set()) | by_state.get("unsure", set())
    assert {found[key][0] for key in by_state.get("failed", set())} == {SUPPRESSED}
    assert SUPPRESSED not in {found[key][0] for key in arrived}
    await asyncio.to_thread(drop_database, servers, url)


async def suppress(connection: psycopg.AsyncConnection) -> None:
    """One of the recipients is suppressed before any letter is claimed."""
    mark = f"address:{SUPPRESSED}"
    await connection.execute("UPDATE drafts SET marks = ARRAY[%s] WHERE to_email = %s", [mark, SUPPRESSED])
    await connection.execute(
        "INSERT INTO suppressions (suppression_id, scope, target, version, channels, marks, label, reason, source,"
        " stated_by, stated_on, why) VALUES (gen_random_uuid(), 'address', 'ada@home-1.example', 1, '{email}',"
        " ARRAY[%s], 'Ada', 'asked', 'command', 'ada', '2026-07-01', 'Do not write.')",
        [mark],
    )
