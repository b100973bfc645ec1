"""How is a process of the stack started, and restarted when it dies?"""

import asyncio
import os
import signal
import subprocess
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cli.stack.binaries import Account
from cli.stack.target import REPOSITORY

DIED_YOUNG_SECONDS = 10.0
LONGEST_PAUSE = 10.0
LARGEST_LOG = 20 * 1024 * 1024


@dataclass(frozen=True)
class Program:
    """A command to run, and how to stop it: signals in order, each with the seconds to wait for its effect."""

    name: str
    command: tuple[str, ...]
    log: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    cwd: Path = REPOSITORY
    account: Account | None = None
    stop: tuple[tuple[signal.Signals, float], ...] = ((signal.SIGTERM, 10.0),)

    def options(self) -> dict[str, Any]:
        """Options for `subprocess.Popen`. In its own session, the process does not get the Ctrl-C of a terminal."""
        started_by: dict[str, Any] = {}
        if self.account:
            started_by = {"user": self.account.uid, "group": self.account.gid, "extra_groups": []}
        return {
            "env": dict(self.environment),
            "cwd": self.cwd,
            "stdin": subprocess.DEVNULL,
            "stderr": subprocess.STDOUT,
            "start_new_session": True,
            **started_by,
        }


def spawn(program: Program) -> subprocess.Popen[bytes]:
    with _opened_log(program.log) as log:
        return subprocess.Popen(program.command, stdout=log, **program.options())


async def spawn_watched(program: Program) -> asyncio.subprocess.Process:
    with _opened_log(program.log) as log:
        return await asyncio.create_subprocess_exec(*program.command, stdout=log, **program.options())


async def keep(start: Callable[[int], Awaitable[asyncio.subprocess.Process]], stopping: asyncio.Event) -> None:
    """Restart a process whenever it dies, until the stack stops; `start` is called with the number of deaths."""
    deaths = died_young = 0
    while not stopping.is_set():
        born = time.monotonic()
        try:
            await (await start(deaths)).wait()
        except OSError:
            # The first time, the command is wrong; later, the machine is temporarily out of a resource.
            if not deaths:
                raise
        deaths += 1
        died_young = died_young + 1 if time.monotonic() - born < DIED_YOUNG_SECONDS else 0
        await _pause(pause_before_restart(died_young), stopping)


def pause_before_restart(died_young: int) -> float:
    """Seconds. The first restart is immediate, because a kill does not predict another death; then delays increase."""
    return 0.0 if died_young < 2 else min(LONGEST_PAUSE, 0.25 * 2.0 ** min(died_young - 1, 9))


def tail(log: Path) -> str:
    try:
        return "\n".join(log.read_text(errors="replace").splitlines()[-15:])
    except OSError:
        return "(no log)"


async def _pause(seconds: float, stopping: asyncio.Event) -> None:
    if seconds and not stopping.is_set():
        try:
            await asyncio.wait_for(stopping.wait(), seconds)
        except TimeoutError:
            return


def _opened_log(path: Path) -> Any:
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists() and path.stat().st_size > LARGEST_LOG:
        path.replace(path.with_suffix(".log.1"))
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "ab")
