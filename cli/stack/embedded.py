"""How do a real nats-server and a real PostgreSQL run as child processes?"""

import contextlib
import os
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from http.client import HTTPException
from pathlib import Path

import psycopg

from cli.stack.binaries import (
    Account,
    account_for,
    known_place,
    nats_server,
    place_for,
    postgres_installation,
    reachable_installation,
)
from cli.stack.children import Program, spawn, tail
from cli.stack.processes import Identity, end, free_port, identify, runs
from cli.stack.target import REPOSITORY, StackError
from shared.contracts.services import SERVICES

NATS_CONFIG = REPOSITORY / "deploy" / "nats" / "nats.conf"
NATS_USERS = ("setup", "cli", "subscriber", *SERVICES)
SUPERUSER = "setup"
# Only set-up can connect to the server's own databases; the privileges of the others protect those.
_CONNECTION_RULES = f"""\
host all {SUPERUSER} 127.0.0.1/32 scram-sha-256
host postgres,template0,template1 all 127.0.0.1/32 reject
host all all 127.0.0.1/32 scram-sha-256
"""

# A fast shutdown first; if that hangs, an immediate one, from which the next start recovers.
POSTGRES_STOP = ((signal.SIGINT, 30.0), (signal.SIGQUIT, 5.0))
NATS_STOP = ((signal.SIGTERM, 10.0),)

SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "120",
    "shared_buffers": "128MB",
    "max_wal_size": "2GB",
    "max_parallel_workers_per_gather": "0",  # containers often have too little shared memory for parallel queries
    "jit": "off",
    "log_line_prefix": "%m [%p] %u@%d ",
    "log_checkpoints": "off",
}
DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
# For tests: nothing committed is lost when processes are killed, only when the machine is. Their roles' passwords are
# checked as always, but hashed once: every test connects many times.
NOT_DURABLE = {**DURABLE, "fsync": "off", "full_page_writes": "off", "scram_iterations": "1"}

# Requests to this machine must not use a proxy from the environment.
_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


@dataclass(frozen=True)
class Postgres:
    """The folders of a PostgreSQL server; `account` runs it if this process is root."""

    data: Path
    installation: Path
    account: Account | None

    def binary(self, name: str) -> str:
        return str(self.installation / "bin" / name)


@dataclass(frozen=True)
class Servers:
    """Addresses and passwords of both running servers; each NATS user has a password of its own."""

    nats_port: int
    monitor_port: int
    nats_passwords: Mapping[str, str]
    postgres_port: int
    postgres_password: str

    def nats_url(self, user: str = "setup") -> str:
        return f"nats://{user}:{self.nats_passwords[user]}@127.0.0.1:{self.nats_port}"

    @property
    def database_url(self) -> str:
        return postgres_url(self.postgres_port, self.postgres_password)


def data_exists(home: Path, set_name: str) -> bool:
    return (known_place(home) / set_name / "postgres").exists()


def prepare_postgres(home: Path, set_name: str) -> Postgres:
    """Find a folder for data and binaries that the user that runs PostgreSQL can reach."""
    place = place_for(home)
    data = place / set_name / "postgres"
    data.parent.mkdir(parents=True, exist_ok=True, mode=0o711 if os.geteuid() == 0 else 0o700)
    account = account_for(data)
    return Postgres(data, reachable_installation(place, account), account)


def initialize(postgres: Postgres, password: str, *, durable: bool = True) -> None:
    """Create the cluster unless it exists, atomically: an interrupted attempt has no effect."""
    if postgres.data.exists():
        _check_version(postgres)
        return
    draft = _empty_folder(postgres.data.with_name("postgres.new"), postgres.account)
    password_file = _empty_folder(postgres.data.with_name("postgres.password"), postgres.account) / "password"
    password_file.write_text(password)
    password_file.chmod(0o600)
    if postgres.account:
        os.chown(password_file, postgres.account.uid, postgres.account.gid)
    try:
        _run_initdb(postgres, draft, password_file, durable)
    finally:
        shutil.rmtree(password_file.parent)
    (draft / "pg_hba.conf").write_text(_CONNECTION_RULES)
    draft.replace(postgres.data)


def postgres_program(postgres: Postgres, port: int, log: Path, *, durable: bool = True) -> Program:
    settings = {**SETTINGS, **(DURABLE if durable else NOT_DURABLE), "port": str(port)}
    options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
    command = (postgres.binary("postgres"), "-D", str(postgres.data), *options)
    return Program("postgres", command, log, _bare_environment(), Path("/"), postgres.account, POSTGRES_STOP)


def nats_program(
    store: Path, port: int, monitor: int, passwords: Mapping[str, str], log: Path, config: Path = NATS_CONFIG
) -> Program:
    """The configuration gets its passwords from the environment, so that process lists do not show them."""
    store.mkdir(parents=True, exist_ok=True, mode=0o700)
    listen = ("-a", "127.0.0.1", "-p", str(port), "-m", str(monitor))
    files = ("-sd", str(store), "-P", str(store / "nats.pid"), "-c", str(config))
    secret = {f"PIPELINE_NATS_{user.upper()}_PASSWORD": password for user, password in passwords.items()}
    environment = {**_bare_environment(), **secret}
    return Program("nats", (str(nats_server()), *listen, *files), log, environment, stop=NATS_STOP)


def new_password() -> str:
    """Begins with a letter, because the NATS configuration would read digits only as a number."""
    return "s" + secrets.token_hex(16)


def postgres_url(port: int, password: str, role: str = SUPERUSER, database: str = "postgres") -> str:
    return f"postgresql://{role}:{password}@127.0.0.1:{port}/{database}"


def postgres_answers(url: str) -> bool:
    """Whether PostgreSQL accepts connections; raises `StackError` if the password does not belong to this data."""
    try:
        psycopg.connect(url, connect_timeout=2).close()
    except psycopg.OperationalError as error:
        if "password authentication failed" in str(error):
            raise StackError(
                "PostgreSQL refuses the password in secrets.json: it belongs to other data. "
                "`pipeline down --wipe` deletes all stored data, so that a new start is possible."
            ) from error
        return False
    return True


def answers(url: str) -> bool:
    """Whether a GET returns 200; not if a server of another protocol replies."""
    try:
        with _opener.open(url, timeout=2) as response:
            return bool(response.status == 200)
    except (OSError, ValueError, HTTPException):
        return False


def nats_health_url(monitor: int) -> str:
    return f"http://127.0.0.1:{monitor}/healthz?js-enabled-only=true"


def end_unrecorded(place: Path, store: Path) -> None:
    """End servers that still use this data but are in no stack file; remove pid files of unrelated processes."""
    data = place / "postgres"
    if postgres := _holder(data / "postmaster.pid", "postgres", str(data)):
        end([postgres], POSTGRES_STOP)
    elif (data / "postmaster.pid").exists():
        # PostgreSQL refuses to start while the number in it belongs to any process of the same user.
        (data / "postmaster.pid").unlink()
    if nats := _holder(store / "nats.pid", "nats-server", str(store)):
        end([nats], NATS_STOP)


@contextlib.contextmanager
def servers(*, durable: bool = False, nats_config: Path = NATS_CONFIG) -> Iterator[Servers]:
    """Both servers with an empty temporary store, for tests."""
    home = Path(tempfile.mkdtemp(prefix="facility-pipeline-"))
    home.chmod(0o711)
    try:
        with contextlib.ExitStack() as stack, ThreadPoolExecutor(1) as pool:
            running = Servers(free_port(), free_port(), {u: new_password() for u in NATS_USERS}, 0, new_password())
            initialized = pool.submit(_initialized, home, running.postgres_password, durable)
            logs = home / "logs"
            nats = nats_program(
                home / "nats", running.nats_port, running.monitor_port, running.nats_passwords, logs / "n", nats_config
            )
            stack.enter_context(_running(nats))
            running = replace(running, postgres_port=free_port())
            postgres = postgres_program(initialized.result(), running.postgres_port, logs / "p", durable=durable)
            stack.enter_context(_running(postgres))
            _await(lambda: answers(nats_health_url(running.monitor_port)), logs / "n")
            _await(lambda: postgres_answers(running.database_url), logs / "p")
            yield running
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _initialized(home: Path, password: str, durable: bool) -> Postgres:
    postgres = prepare_postgres(home, "test")
    initialize(postgres, password, durable=durable)
    return postgres


@contextlib.contextmanager
def _running(program: Program) -> Iterator[None]:
    with spawn(program) as process:
        identity = identify(process.pid)
        try:
            yield
        finally:
            process.send_signal(program.stop[0][0])
            try:
                process.wait(program.stop[0][1])
            except subprocess.TimeoutExpired:
                end([identity] if identity else [], ())


def _await(check: Callable[[], bool], log: Path) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if check():
            return
        time.sleep(0.02)
    raise StackError(f"A server did not respond within 60 s; its log ends with:\n{tail(log)}")


def _run_initdb(postgres: Postgres, draft: Path, password_file: Path, durable: bool) -> None:
    locale = ("--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8")
    access = ("--auth=scram-sha-256", f"--username={SUPERUSER}", f"--pwfile={password_file}")
    command = (postgres.binary("initdb"), f"--pgdata={draft}", *access, *locale, *(() if durable else ("--no-sync",)))
    program = Program("initdb", command, draft, _bare_environment(), Path("/"), postgres.account)
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False, **program.options())
    if done.returncode:
        raise StackError(f"initdb failed and left no data behind; its output:\n{done.stdout}")


def _check_version(postgres: Postgres) -> None:
    ours = postgres_installation()
    found = (postgres.data / "PG_VERSION").read_text().strip()
    version = (ours / "bin" / "postgres", "--version")
    if f" {found}." not in subprocess.run(version, capture_output=True, text=True, check=True).stdout:
        raise StackError(f"{postgres.data} was written by PostgreSQL {found}, which is not the one installed.")


def _empty_folder(folder: Path, account: Account | None) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    if account:
        os.chown(folder, account.uid, account.gid)
    return folder


def _holder(pid_file: Path, program: str, argument: str) -> Identity | None:
    try:
        pid = int(pid_file.read_text().split()[0])
    except (OSError, ValueError, IndexError):
        return None
    return runs(pid, program, argument)


def _bare_environment() -> dict[str, str]:
    """Servers get none of this process's secrets, and no PG* variable that would override their options."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}
