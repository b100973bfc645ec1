"""What is running in a stack, and how is each part restarted and ended?"""

import asyncio
import signal
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from cli.stack import embedded, mail, stackfile
from cli.stack.children import Program, keep, spawn_watched, tail
from cli.stack.leftovers import SERVICE_STOP
from cli.stack.plan import Existing, Plan, Secrets, database_urls, nats_urls
from cli.stack.processes import end, free_port, identify, is_free
from cli.stack.stackfile import Child, Stack
from cli.stack.target import StackError, Target

READY_SECONDS = 60.0
DEATHS_BEFORE_GIVING_UP = 3

Progress = Callable[[str], None]


@dataclass
class Running:
    """The mutable state of a supervisor: ports, children, and whether it is stopping."""

    plan: Plan
    existing: Existing
    secrets: Secrets
    progress: Progress
    stack: Stack
    stopping: asyncio.Event = field(default_factory=asyncio.Event)
    ports: dict[str, int] = field(default_factory=dict)
    keepers: dict[str, asyncio.Task[None]] = field(default_factory=dict)
    fixed: set[str] = field(default_factory=set)


def keep_up(running: Running, name: str, program: Callable[[], Program], ports: tuple[str, ...]) -> None:
    async def start(deaths: int) -> asyncio.subprocess.Process:
        if deaths:
            running.progress(f"{name} died and is restarted")
        _move_taken_ports(running, ports)
        process = await spawn_watched(program())
        _record(running, name, process.pid, deaths)
        return process

    running.keepers[name] = asyncio.create_task(keep(start, running.stopping))


def _move_taken_ports(running: Running, names: tuple[str, ...]) -> None:
    """Replace ports that another process has bound. A server whose port clients use keeps it, and waits for it."""
    for name in names:
        if name not in running.fixed and not is_free(running.ports[name]):
            running.ports[name] = free_port()


def _record(running: Running, name: str, pid: int, deaths: int) -> None:
    """Record a child at once: a later clean-up finds only what is in the stack file."""
    if identity := identify(pid):
        port = running.ports[name] if name in running.plan.services else None
        child = Child(name, identity, now(), port, deaths, str(running.plan.log(name)))
        update(running, running.stack.with_child(child))


def update(running: Running, stack: Stack) -> None:
    plan, existing, secrets, ports = running.plan, running.existing, running.secrets, running.ports
    users = nats_urls(plan, existing, secrets, ports["nats"])
    services = database_urls(plan, existing, secrets, ports["postgres"])
    server = existing.database_url or embedded.postgres_url(ports["postgres"], secrets.postgres)
    target = Target(
        existing.nats_url or users["setup"],
        server if existing.database_url or not existing.has_all_databases(plan.services) else None,
        services,
    )
    monitor = None if existing.nats_url else f"http://127.0.0.1:{ports['monitor']}"
    mail_urls = mail_addresses(running).variables() if plan.has_mail else {}
    running.stack = replace(stack, target=target, nats_urls=users, nats_monitor_url=monitor, mail_urls=mail_urls)
    try:
        stackfile.write(Path(plan.home), running.stack)
    except OSError as error:
        # A full disk must not prevent restarting a child or stopping the stack.
        running.progress(f"The stack file cannot be written: {error}")


def mail_addresses(running: Running) -> mail.MailAddresses:
    ports = running.ports
    return mail.mail_addresses(running.existing.mail_urls, ports["smtp"], ports["imap"], running.secrets.mail)


async def until(running: Running, name: str, ready: Callable[[], bool], every: float = 0.03) -> None:
    deadline = asyncio.get_running_loop().time() + READY_SECONDS
    while not await asyncio.to_thread(ready):
        child, keeper = running.stack.children.get(name), running.keepers[name]
        late = asyncio.get_running_loop().time() > deadline
        if keeper.done() and not running.stopping.is_set():
            raise StackError(f"{name} cannot be started: {keeper.exception()}")
        if late or (child and child.restarts >= DEATHS_BEFORE_GIVING_UP):
            what = f"is not ready after {READY_SECONDS:.0f} s" if late else "dies as soon as it is started"
            log = running.plan.log(name)
            raise StackError(f"{name} {what}. The end of {log}:\n{tail(log)}")
        await asyncio.sleep(every)


async def stop(running: Running) -> None:
    """Stop the services, then the servers; nothing is restarted any more."""
    running.stopping.set()
    update(running, replace(running.stack, state="stopping"))
    await _end(running, tuple(running.plan.services), SERVICE_STOP)
    await _end(running, ("mail", "fakes"), SERVICE_STOP)
    await _end(running, ("nats",), embedded.NATS_STOP)
    await _end(running, ("postgres",), embedded.POSTGRES_STOP)
    stackfile.remove(Path(running.plan.home))


async def _end(running: Running, names: tuple[str, ...], steps: tuple[tuple[signal.Signals, float], ...]) -> None:
    keepers = [running.keepers[name] for name in names if name in running.keepers]
    while keepers:
        # Repeatedly, because a child may have been starting when the stop began.
        children = [running.stack.children[name].identity for name in names if name in running.stack.children]
        await asyncio.to_thread(end, children, steps)
        _, pending = await asyncio.wait(keepers, timeout=0.2)
        keepers = list(pending)


def now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
