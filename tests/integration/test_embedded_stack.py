"""Does the embedded stack start, keep running, keep its data and leave nothing behind?"""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import psutil
import psycopg
import pytest

from cli.stack import lifecycle, stackfile
from cli.stack.embedded import nats_health_url, servers
from cli.stack.plan import Plan
from cli.stack.processes import Identity, alive, free_port
from cli.stack.stackfile import Stack
from cli.stack.target import REPOSITORY, StackError

SUPPORT = Path(__file__).resolve().parents[1] / "support"
STAND_IN = [sys.executable, str(SUPPORT / "stand_in_service.py")]


@pytest.fixture
def plan(monkeypatch: pytest.MonkeyPatch) -> Iterator[Plan]:
    paths = [str(REPOSITORY), *filter(None, [os.environ.get("PYTHONPATH")])]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(paths))
    for name in [name for name in os.environ if name.startswith("PIPELINE_")]:
        monkeypatch.delenv(name)
    # Not pytest's own folder: if the tests run as root, the user that runs PostgreSQL cannot enter it.
    home = Path(tempfile.mkdtemp(prefix="pipeline-test-"))
    home.chmod(0o711)
    yield Plan(
        str(home),
        "data",
        services={"ingest": STAND_IN, "matcher": STAND_IN},
        set_up="tests.support.stand_in_service:set_up",
        nats_config=str(SUPPORT / "stand_in_nats.conf"),
        durable=False,
        tied=True,
    )
    lifecycle.wipe(home, ignore)
    shutil.rmtree(home, ignore_errors=True)


def ignore(line: str) -> None:
    """Discards progress messages."""


def start(plan: Plan) -> Stack:
    return lifecycle.start(plan.set_name, ignore, plan=plan)


def starts(stack: Stack) -> int:
    assert stack.target.database_url
    with psycopg.connect(stack.target.database_url) as connection:
        [count] = connection.execute("SELECT count(*) FROM starts").fetchone() or [0]
    return int(count)


def environment_of(stack: Stack, service: str) -> dict[str, str]:
    with urllib.request.urlopen(f"http://127.0.0.1:{stack.children[service].http_port}/readyz") as answer:
        environment: dict[str, str] = json.load(answer)
    return environment


def until(condition: Callable[[], bool], seconds: float = 15.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "the condition was not met in time"
        time.sleep(0.03)


def test_data_and_passwords_are_kept_and_no_process_runs_after_stop(plan: Plan) -> None:
    first = start(plan)

    assert lifecycle.stop(Path(plan.home), ignore)
    assert not any(alive(child.identity) for child in first.children.values())
    assert stackfile.read(Path(plan.home)) is None
    second = start(plan)

    assert starts(second) == 2
    assert second.nats_urls["cli"].split("@")[0] == first.nats_urls["cli"].split("@")[0]
    assert [lifecycle.stop(Path(plan.home), ignore) for _ in range(2)] == [True, False]


def test_each_service_gets_only_its_own_secrets(plan: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIPELINE_PACK", "snf")
    monkeypatch.setenv("PIPELINE_INGEST_API_KEY", "for ingest")

    stack = lifecycle.start("data", ignore, plan=replace(plan, simulation=True))

    matcher = environment_of(stack, "matcher")
    assert set(matcher) == {
        "PIPELINE_PACK",
        "PIPELINE_SIMULATION",
        "PIPELINE_NATS_URL",
        "PIPELINE_MATCHER_DATABASE_URL",
        "PIPELINE_HTTP_PORT",
    }
    assert "PIPELINE_INGEST_API_KEY" in environment_of(stack, "ingest")
    assert matcher["PIPELINE_NATS_URL"].startswith("nats://matcher:")
    secret = [Path(plan.home) / "stack.json", plan.folder / "secrets.json"]
    assert [path.stat().st_mode & 0o777 for path in secret] == [0o600, 0o600]


def test_a_killed_process_is_restarted_at_the_same_address(plan: Plan) -> None:
    before = start(plan)

    for child in before.children.values():
        os.kill(child.pid, signal.SIGKILL)

    def all_back() -> bool:
        now = stackfile.read(Path(plan.home))
        return now is not None and all(c.restarts == 1 and alive(c.identity) for c in now.children.values())

    until(all_back)
    until(lambda: starts_or_none(before) == 1)
    after = stackfile.read(Path(plan.home))
    assert after
    assert after.target == before.target


def starts_or_none(stack: Stack) -> int | None:
    try:
        return starts(stack)
    except psycopg.OperationalError:
        return None


def test_processes_of_a_killed_supervisor_are_ended_and_no_others(plan: Plan) -> None:
    stack = start(plan)
    home = Path(plan.home)
    os.kill(stack.supervisor.pid, signal.SIGKILL)
    until(lambda: stackfile.read(home) is None)
    assert all(alive(child.identity) for child in stack.children.values())
    # For one child the file has the pid of this test, as if the pid had been reused.
    other = replace(stack.children["ingest"], identity=Identity(os.getpid(), 1.0))
    stackfile.write(home, stack.with_child(other))

    again = start(plan)

    assert starts(again) == 2
    left = {name for name, child in stack.children.items() if alive(child.identity)}
    assert left == {"ingest"}, "its pid is no longer recorded, and this process is alive"
    psutil.Process(stack.children["ingest"].pid).kill()


def test_servers_are_found_by_their_pid_files_without_the_stack_file(plan: Plan) -> None:
    stack = start(plan)
    home = Path(plan.home)
    os.kill(stack.supervisor.pid, signal.SIGKILL)
    until(lambda: stackfile.read(home) is None)
    (home / "stack.json").unlink()

    again = start(plan)

    assert starts(again) == 2
    assert not any(alive(stack.children[name].identity) for name in ("nats", "postgres"))
    for name in plan.services:
        psutil.Process(stack.children[name].pid).kill()


def test_a_stale_pid_file_with_a_reused_pid_does_not_prevent_the_start(plan: Plan) -> None:
    start(plan)
    lifecycle.stop(Path(plan.home), ignore)
    pid_file = plan.folder / "postgres" / "postmaster.pid"
    pid_file.write_text(f"{os.getpid()}\n{plan.folder / 'postgres'}\n")
    (plan.folder / "nats" / "nats.pid").write_text(str(os.getpid()))

    assert starts(start(plan)) == 2


def test_a_second_stack_is_refused_while_one_is_running(plan: Plan) -> None:
    start(plan)

    with pytest.raises(StackError, match=r"Another stack is running \(data, since .*`pipeline down` stops it"):
        lifecycle.start("demo", ignore, plan=replace(plan, set_name="demo"))


def test_the_demo_starts_empty_and_keeps_other_data(plan: Plan) -> None:
    other = plan.folder / "postgres" / "PG_VERSION"
    other.parent.mkdir(parents=True)
    other.write_text("18")
    demo = replace(plan, set_name="demo")
    start(demo)
    lifecycle.stop(Path(plan.home), ignore)

    assert starts(start(demo)) == 1
    assert other.read_text() == "18"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_during_the_start_stops_all_processes(plan: Plan, number: signal.Signals) -> None:
    command = [sys.executable, "-m", "cli.stack.supervisor", "--plan", replace(plan, tied=False).to_json()]
    with subprocess.Popen(command, cwd=REPOSITORY, stdout=subprocess.PIPE, text=True) as supervisor:
        assert supervisor.stdout
        while "Starting the services" not in supervisor.stdout.readline():
            assert supervisor.poll() is None
        begun = stackfile.read(Path(plan.home))
        supervisor.send_signal(number)

        assert supervisor.wait(20) == 0

    assert begun
    assert begun.state == "starting"
    assert not any(alive(child.identity) for child in begun.children.values())
    assert not (plan.folder / "postgres" / "postmaster.pid").exists()
    assert stackfile.recorded(Path(plan.home)) is None


def test_a_service_that_cannot_start_is_reported_with_the_end_of_its_log(plan: Plan) -> None:
    broken = [sys.executable, "-c", "raise SystemExit('the pack is missing')"]

    with pytest.raises(StackError, match=r"matcher dies as soon as it is started.*(?s:.*)the pack is missing"):
        start(replace(plan, services={**plan.services, "matcher": broken}))

    assert stackfile.read(Path(plan.home)) is None


def test_a_failed_setup_is_reported_and_no_process_is_left(plan: Plan) -> None:
    lines: list[str] = []

    with pytest.raises(StackError, match="the tables cannot be created today"):
        lifecycle.start("data", lines.append, plan=replace(plan, set_up=f"{plan.set_up}_in_vain"))

    assert "NATS is up" in lines
    assert stackfile.recorded(Path(plan.home)) is None


def test_existing_servers_are_used_instead_of_embedded_ones(plan: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    with servers(nats_config=Path(plan.nats_config)) as existing:
        monkeypatch.setenv("PIPELINE_NATS_URL", existing.nats_url())
        monkeypatch.setenv("PIPELINE_DATABASE_URL", existing.database_url)

        stack = start(plan)

        assert set(stack.children) == {"ingest", "matcher"}
        assert stack.target.database_url == existing.database_url
        assert environment_of(stack, "matcher")["PIPELINE_NATS_URL"] == existing.nats_url()
        assert starts(stack) == 1
        lifecycle.stop(Path(plan.home), ignore)
        assert urllib.request.urlopen(nats_health_url(existing.monitor_port)).status == 200


def test_a_tied_stack_ends_with_its_parent_process(plan: Plan) -> None:
    stack = start(plan)

    lifecycle._tied[-1].stdin.close()  # type: ignore[union-attr]

    until(lambda: stackfile.recorded(Path(plan.home)) is None)
    assert not any(alive(child.identity) for child in stack.children.values())


def test_wiping_removes_stored_data_and_no_other_files(plan: Plan) -> None:
    start(plan)
    own = Path(plan.home) / "notes.txt"
    own.write_text("not yours")

    lifecycle.wipe(Path(plan.home), ignore)

    assert list(Path(plan.home).iterdir()) == [own]


def test_a_free_port_is_in_the_expected_range() -> None:
    assert free_port() in range(20_000, 30_000)
