"""What keeps a stack running? It starts servers and services in order, restarts what dies, and stops all in order."""

import argparse
import asyncio
import contextlib
import fcntl
import importlib
import json
import os
import signal
import sys
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Coroutine, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from cli.stack import embedded, fakes, mail, stackfile
from cli.stack.accounts import pack_of_the_environment, refuse_other_accounts
from cli.stack.children import Program
from cli.stack.leftovers import SERVICE_STOP, end_left_overs, wipe_set
from cli.stack.plan import (
    DEMO,
    SETS,
    Plan,
    existing_servers,
    ignored_variables,
    keys_of,
    load_secrets,
    service_environment,
)
from cli.stack.processes import free_port, identify, is_free
from cli.stack.running import Progress, Running, keep_up, now, stop, until, update
from cli.stack.stackfile import Stack
from cli.stack.target import StackError, Target
from shared.contracts.services import port_of

LAST_PORT = 65_535
PAGE = "console"
"""The service whose address people keep."""


async def supervise(plan: Plan, progress: Progress, on_ready: Callable[[Stack], None]) -> None:
    """Run the stack until a signal; raises `StackError` if it does not start, with nothing left running."""
    home = Path(plan.home)
    with _only_one(home):
        await asyncio.to_thread(end_left_overs, home, progress)
        running = await asyncio.to_thread(_prepare, plan, progress)
        async with _signals(running):
            try:
                await _unless_stopping(running, _start(running))
                if not running.stopping.is_set():
                    update(running, replace(running.stack, state="running"))
                    on_ready(running.stack)
                await running.stopping.wait()
            finally:
                await stop(running)


def _prepare(plan: Plan, progress: Progress) -> Running:
    if plan.set_name == DEMO:
        wipe_set(Path(plan.home), DEMO)
    if ignored := ignored_variables(plan, os.environ):
        progress(f"The demo has servers of its own and does not use {', '.join(ignored)}")
    existing = existing_servers(plan, os.environ)
    me = identify(os.getpid())
    assert me is not None, "this process runs"  # noqa: S101
    stack = Stack(plan.set_name, me, now(), Target("", None, {}), {}, str(plan.folder / "logs"))
    stack = replace(stack, simulation=plan.simulation, pack=pack_of_the_environment())
    known = embedded.data_exists(Path(plan.home), plan.set_name)
    refuse_other_accounts(plan.folder, data_exists=known)
    secrets = load_secrets(plan, data_exists=known and not existing.has_all_databases(plan.services))
    running = Running(plan, existing, secrets, progress, stack)
    for name in ("nats", "monitor", "postgres", "smtp", "imap", "fakes", *plan.services):
        running.ports[name] = _port(name, running.ports.values())
    update(running, running.stack)
    return running


async def _start(running: Running) -> None:
    """Start the servers in parallel while the code of set-up is loaded, then run set-up, then start all services."""
    loading = asyncio.create_task(asyncio.to_thread(_load, running.plan.set_up))
    await _together(_start_nats(running), _start_postgres(running), _start_mail(running), _start_fakes(running))
    running.progress("Preparing databases and streams")
    set_up = await loading
    await set_up(running.stack.target, running.progress)
    running.progress("Starting the services")
    await _together(*(_start_service(running, name) for name in running.plan.services))


async def _start_nats(running: Running) -> None:
    if running.existing.nats_url:
        running.progress("Using the NATS of PIPELINE_NATS_URL")
        return

    def program() -> Program:
        plan, ports = running.plan, running.ports
        store, log = plan.folder / "nats", plan.log("nats")
        config = Path(plan.nats_config)
        return embedded.nats_program(store, ports["nats"], ports["monitor"], running.secrets.nats, log, config)

    keep_up(running, "nats", program, ("nats", "monitor"))
    await until(running, "nats", lambda: embedded.answers(embedded.nats_health_url(running.ports["monitor"])))
    running.fixed |= {"nats", "monitor"}
    running.progress("NATS is up")


async def _start_postgres(running: Running) -> None:
    plan = running.plan
    if running.existing.has_all_databases(plan.services):
        running.progress("Using the PostgreSQL of the environment")
        return
    postgres = await asyncio.to_thread(embedded.prepare_postgres, Path(plan.home), plan.set_name)
    if not postgres.data.exists():
        running.progress("Creating the PostgreSQL data folder")
    await asyncio.to_thread(embedded.initialize, postgres, running.secrets.postgres, durable=plan.durable)

    def program() -> Program:
        return embedded.postgres_program(
            postgres, running.ports["postgres"], plan.log("postgres"), durable=plan.durable
        )

    def up() -> bool:
        return embedded.postgres_answers(embedded.postgres_url(running.ports["postgres"], running.secrets.postgres))

    keep_up(running, "postgres", program, ("postgres",))
    await until(running, "postgres", up)
    running.fixed.add("postgres")
    running.progress("PostgreSQL is up")


async def _start_mail(running: Running) -> None:
    """The embedded server runs unless the environment names both real ones."""
    plan, ports = running.plan, running.ports
    if not plan.has_mail or len(running.existing.mail_urls) == len(mail.URLS):
        return

    def program() -> Program:
        return mail.mail_program(
            plan.folder / "mail", ports["smtp"], ports["imap"], running.secrets.mail, plan.log("mail")
        )

    keep_up(running, "mail", program, ("smtp", "imap"))
    await until(running, "mail", lambda: mail.listens(ports["smtp"]) and mail.listens(ports["imap"]))
    running.fixed |= {"smtp", "imap"}
    running.progress("The mail server is up; it keeps every letter and sends none on")


async def _start_fakes(running: Running) -> None:
    """Fakes of outside systems run in a simulation whose postings are fetched."""
    plan, ports = running.plan, running.ports
    if not plan.listed:
        return

    def program() -> Program:
        return fakes.fakes_program(Path(plan.listed), plan.folder / "fakes.day", ports["fakes"], plan.log("fakes"))

    keep_up(running, "fakes", program, ("fakes",))
    await until(running, "fakes", lambda: mail.listens(ports["fakes"]))
    running.fixed.add("fakes")
    update(running, replace(running.stack, fakes_url=f"http://{fakes.HOST}:{ports['fakes']}"))
    running.progress("The fakes of job boards and career sites are up")


def _port(name: str, taken: Collection[int]) -> int:
    """The port that `PIPELINE_<SERVICE>_HTTP_PORT` states, or a free one if it is 0 or in use.

    By default, the page that people bookmark has the one where containers publish it. Raises `StackError`.
    """
    variable = f"PIPELINE_{name.upper()}_HTTP_PORT"
    own = port_of(name) if name == PAGE else None
    stated = os.environ.get(variable, str(own or 0))
    if not stated.isdecimal() or int(stated) > LAST_PORT:
        raise StackError(f"{variable} is {stated!r}; set it to a port, or to 0 for any.")
    wanted = int(stated)
    return wanted if wanted and wanted not in taken and is_free(wanted) else free_port(taken)


async def _start_service(running: Running, name: str) -> None:
    plan = running.plan

    def program() -> Program:
        addresses = running.stack.nats_urls[name], running.stack.target.service_urls[name]
        environment = service_environment(plan, os.environ, name, *addresses, running.ports[name])
        if name == mail.OWNER:
            environment |= running.stack.mail_urls | _settings_to_send(running, running.ports[name])
        if name == mail.DIGESTS_OWNER:
            real, used = running.existing.mail_urls, running.stack.mail_urls
            environment |= mail.settings_of_digests(os.environ, real, used, simulation=plan.simulation)
        if name == fakes.OWNER and plan.listed:
            environment |= fakes.settings_to_fetch(os.environ, running.ports["fakes"], plan.licensed)
        if name == fakes.SENDER and plan.listed:
            environment |= fakes.settings_to_send(os.environ, running.ports["fakes"])
        environment |= keys_of(name, os.environ, running.secrets)
        return Program(name, tuple(plan.services[name]), plan.log(name), environment, stop=SERVICE_STOP)

    keep_up(running, name, program, (name,))
    # Less often than for a server: each check makes the service query its database and its broker.
    await until(running, name, lambda: embedded.answers(f"http://127.0.0.1:{running.ports[name]}/readyz"), 0.1)
    running.progress(f"{name} is ready")


def _settings_to_send(running: Running, http_port: int) -> dict[str, str]:
    real, key = running.existing.mail_urls, running.secrets.links
    return mail.settings_to_send(os.environ, real, http_port, key, simulation=running.plan.simulation)


async def _together(*parts: Coroutine[Any, Any, None]) -> None:
    """Run in parallel; the first failure ends the others."""
    try:
        async with asyncio.TaskGroup() as group:
            for part in parts:
                group.create_task(part)
    except BaseExceptionGroup as failures:
        raise failures.exceptions[0] from failures


async def _unless_stopping(running: Running, start: Coroutine[Any, Any, None]) -> None:
    starting, end_announced = asyncio.create_task(start), asyncio.create_task(running.stopping.wait())
    try:
        await asyncio.wait({starting, end_announced}, return_when=asyncio.FIRST_COMPLETED)
        if starting.done():
            starting.result()
    finally:
        for task in (starting, end_announced):
            task.cancel()
        await asyncio.gather(starting, end_announced, return_exceptions=True)


@contextlib.asynccontextmanager
async def _signals(running: Running) -> AsyncIterator[None]:
    """Stop on a signal and, for a tied stack, when its starter ends."""
    loop, numbers = asyncio.get_running_loop(), (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
    for number in numbers:
        loop.add_signal_handler(number, running.stopping.set)
    if running.plan.tied:
        loop.add_reader(sys.stdin.fileno(), running.stopping.set)
    try:
        yield
    finally:
        for number in numbers:
            loop.remove_signal_handler(number)
        if running.plan.tied:
            loop.remove_reader(sys.stdin.fileno())


@contextlib.contextmanager
def _only_one(home: Path) -> Iterator[None]:
    home.mkdir(parents=True, exist_ok=True, mode=0o711 if os.geteuid() == 0 else 0o700)
    with (home / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise StackError("Another stack is just starting or stopping; try again in a moment.") from None
        yield


def _load(name: str) -> Callable[[Target, Progress], Awaitable[None]]:
    module, _, function = name.partition(":")
    loaded: Callable[[Target, Progress], Awaitable[None]] = getattr(importlib.import_module(module), function)
    return loaded


def _report(kind: str, text: str) -> None:
    """Send one JSON line to the process that started this one; it may have ended."""
    with contextlib.suppress(BrokenPipeError):
        os.write(1, (json.dumps({kind: text}) + "\n").encode())


def main() -> None:
    options = argparse.ArgumentParser(prog="python -m cli.stack.supervisor", description=__doc__)
    options.add_argument("--set", choices=SETS, default="data")
    options.add_argument("--simulation", action="store_true", help="the clocks of the services can be set")
    options.add_argument("--plan", help="a complete plan as JSON, instead of the options")
    given = options.parse_args()
    own = Plan(str(stackfile.home()), given.set, given.simulation)
    plan = Plan(**json.loads(given.plan)) if given.plan else own
    try:
        asyncio.run(
            supervise(plan, lambda text: _report("progress", text), lambda stack: _report("ready", stack.set_name))
        )
    except StackError as error:
        _report("error", str(error))
        sys.exit(1)
    except Exception as error:
        traceback.print_exc()
        _report("error", f"{type(error).__name__}: {error} (more in {Path(plan.home) / 'supervisor.log'})")
        sys.exit(1)


if __name__ == "__main__":
    main()
