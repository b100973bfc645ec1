"""Is a process still the one that was started, and how is it ended?"""

import os
import random
import signal
import socket
import time
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

import psutil

# Below the range of ports for outgoing connections. A client that keeps trying to reach a restarting server on a port
# of that range can connect to itself, and then the server cannot bind.
PORTS = range(20_000, 30_000)

# Start times are relative to the boot time, which can change by a second when the clock is corrected.
SAME_START_SECONDS = 2.0


@dataclass(frozen=True)
class Identity:
    """A process, distinguished from later ones with the same pid by `created`, in seconds since the epoch."""

    pid: int
    created: float


def identify(pid: int) -> Identity | None:
    try:
        return Identity(pid, psutil.Process(pid).create_time())
    except psutil.NoSuchProcess:
        return None


def alive(identity: Identity) -> bool:
    """Whether a process runs. A zombie does not: in a container it may never be reaped."""
    try:
        process = psutil.Process(identity.pid)
        same = abs(process.create_time() - identity.created) < SAME_START_SECONDS
        return bool(same and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def runs(pid: int, program: str, argument: str) -> Identity | None:
    """The process with this pid, if it is `program` with exactly this argument."""
    try:
        process = psutil.Process(pid)
        command = process.cmdline()
        ours = os.path.basename(process.exe() or command[0]) == program and argument in command
        return Identity(pid, process.create_time()) if ours else None
    except (psutil.NoSuchProcess, psutil.AccessDenied, IndexError):
        return None


def end(identities: Iterable[Identity], steps: Sequence[tuple[signal.Signals, float]]) -> None:
    """End processes together: each step is a signal and the seconds to wait for its effect; the last is SIGKILL."""
    left = list(identities)
    for number, seconds in (*steps, (signal.SIGKILL, 5.0)):
        left = [identity for identity in left if alive(identity)]
        for identity in left:
            _send(identity, number)
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and any(map(alive, left)):
            time.sleep(0.02)


def free_port(taken: Collection[int] = ()) -> int:
    """A port of 127.0.0.1 that is unused and not `taken`; others can bind it at any moment, so callers try again."""
    for port in random.sample(PORTS, len(PORTS)):
        if port not in taken and is_free(port):
            return port
    raise OSError(f"no free port between {PORTS.start} and {PORTS.stop} on 127.0.0.1")


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def _send(identity: Identity, number: signal.Signals) -> None:
    try:
        os.kill(identity.pid, number)
    except ProcessLookupError:
        return
