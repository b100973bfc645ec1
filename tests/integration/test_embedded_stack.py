"""Does the embedded stack come up, stay up, keep its data and leave nothing behind?"""

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
    # Not pytest's own folder: that one is closed to the user who runs PostgreSQL where the tests run as root.
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
    """Progress that a test does not look at."""


def start(plan: Plan) -> Stack:
    return lifecycle.start(plan.set_name, ignore, plan=plan)


def starts(stack: Stack) -> int:
    assert stack.target.database_url
    with psycopg.connect(stack.target.database_url) as connection:
        [count] = connection.execute("SELECT count(*) FROM starts").fetchone() or [0]
    return int(count)


def told(stack: Stack, service: str) -> dict[str, str]:
    with urllib.request.urlopen(f"http://127.0.0.1:{stack.children[service].http_port}/readyz") as answer:
        environment: dict[str, str] = json.load(answer)
    return environment


def until(holds: Callable[[], bool], seconds: float = 15.0) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.03)


def test_data_and_passwords_last_and_nothing_runs_after_stop(plan: Plan) -> None:
    first = start(plan)

    assert lifecycle.stop(Path(plan.home), ignore)
    assert not any(alive(child.identity) for child in first.children.values())
    assert stackfile.read(Path(plan.home)) is None
    second = start(plan)

    assert starts(second) == 2
    assert second.nats_urls["cli"].split("@")[0] == first.nats_urls["cli"].split("@")[0]
    assert [lifecycle.stop(Path(plan.home), ignore) for _ in range(2)] == [True, False]


def test_each_service_is_told_its_own_secrets_only(plan: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIPELINE_PACK", "snf")
    monkeypatch.setenv("PIPELINE_INGEST_API_KEY", "for ingest")

    stack = lifecycle.start("data", ignore, plan=replace(plan, simulation=True))

    matcher = told(stack, "matcher")
    assert set(matcher) == {
        "PIPELINE_PACK",
        "PIPELINE_SIMULATION",
        "PIPELINE_NATS_URL",
        "PIPELINE_MATCHER_DATABASE_URL",
        "PIPELINE_HTTP_PORT",
    }
    assert "PIPELINE_INGEST_API_KEY" in told(stack, "ingest")
    assert matcher["PIPELINE_NATS_URL"].startswith("nats://matcher:")
    secret = [Path(plan.home) / "stack.json", plan.folder / "secrets.json"]
    assert [path.stat().st_mode & 0o777 for path in secret] == [0o600, 0o600]


def test_whatever_dies_is_started_again_where_its_clients_look_for_it(plan: Plan) -> None:
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


def test_left_overs_of_a_killed_supervisor_are_ended_and_strangers_are_not(plan: Plan) -> None:
    stack = start(plan)
    home = Path(plan.home)
    os.kill(stack.supervisor.pid, signal.SIGKILL)
    until(lambda: stackfile.read(home) is None)
    assert all(alive(child.identity) for child in stack.children.values())
    # Of one child the file is wrong: the number is that of this test, as if it had been given away again.
    stranger = replace(stack.children["ingest"], identity=Identity(os.getpid(), 1.0))
    stackfile.write(home, stack.with_child(stranger))

    again = start(plan)

    assert starts(again) == 2
    left = {name for name, child in stack.children.items() if alive(child.identity)}
    assert left == {"ingest"}, "it is no longer known, and this process is still here"
    psutil.Process(stack.children["ingest"].pid).kill()


def test_servers_are_found_by_their_pid_files_when_the_stack_file_is_lost(plan: Plan) -> None:
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


def test_a_stale_pid_file_with_the_number_of_a_stranger_does_not_hinder_the_start(plan: Plan) -> None:
    start(plan)
    lifecycle.stop(Path(plan.home), ignore)
    pid_file = plan.folder / "postgres" / "postmaster.pid"
    pid_file.write_text(f"{os.getpid()}\n{plan.folder / 'postgres'}\n")
    (plan.folder / "nats" / "nats.pid").write_text(str(os.getpid()))

    assert starts(start(plan)) == 2


def test_a_second_stack_is_refused_while_one_is_up(plan: Plan) -> None:
    start(plan)

    with pytest.raises(StackError, match=r"Another stack is running \(data, since .*`pipeline down` stops it"):
        lifecycle.start("demo", ignore, plan=replace(plan, set_name="demo"))


def test_the_demo_starts_empty_and_leaves_other_data_alone(plan: Plan) -> None:
    other = plan.folder / "postgres" / "PG_VERSION"
    other.parent.mkdir(parents=True)
    other.write_text("18")
    demo = replace(plan, set_name="demo")
    start(demo)
    lifecycle.stop(Path(plan.home), ignore)

    assert starts(start(demo)) == 1
    assert other.read_text() == "18"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_in_the_middle_of_the_start_ends_all_in_order(plan: Plan, number: signal.Signals) -> None:
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


def test_a_service_that_cannot_start_is_named_with_the_end_of_its_log(plan: Plan) -> None:
    broken = [sys.executable, "-c", "raise SystemExit('the pack is missing')"]

    with pytest.raises(StackError, match=r"matcher dies as soon as it is started.*(?s:.*)the pack is missing"):
        start(replace(plan, services={**plan.services, "matcher": broken}))

    assert stackfile.read(Path(plan.home)) is None


def test_a_failed_set_up_says_so_and_leaves_nothing_running(plan: Plan) -> None:
    lines: list[str] = []

    with pytest.raises(StackError, match="no table wants to be made today"):
        lifecycle.start("data", lines.append, plan=replace(plan, set_up=f"{plan.set_up}_in_vain"))

    assert "NATS is up" in lines
    assert stackfile.recorded(Path(plan.home)) is None


def test_existing_servers_are_used_instead_of_own_ones(plan: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    with servers(nats_config=Path(plan.nats_config)) as existing:
        monkeypatch.setenv("PIPELINE_NATS_URL", existing.nats_url())
        monkeypatch.setenv("PIPELINE_DATABASE_URL", existing.database_url)

        stack = start(plan)

        assert set(stack.children) == {"ingest", "matcher"}
        assert stack.target.database_url == existing.database_url
        assert told(stack, "matcher")["PIPELINE_NATS_URL"] == existing.nats_url()
        assert starts(stack) == 1
        lifecycle.stop(Path(plan.home), ignore)
        assert urllib.request.urlopen(nats_health_url(existing.monitor_port)).status == 200


def test_a_tied_stack_ends_with_whoever_started_it(plan: Plan) -> None:
    stack = start(plan)

    lifecycle._tied[-1].stdin.close()  # type: ignore[union-attr]

    until(lambda: stackfile.recorded(Path(plan.home)) is None)
    assert not any(alive(child.identity) for child in stack.children.values())


def test_wiping_removes_what_is_stored_and_nothing_that_somebody_put_beside_it(plan: Plan) -> None:
    start(plan)
    own = Path(plan.home) / "notes.txt"
    own.write_text("not yours")

    lifecycle.wipe(Path(plan.home), ignore)

    assert list(Path(plan.home).iterdir()) == [own]


def test_a_port_found_free_can_be_listened_on() -> None:
    assert free_port() in range(20_000, 30_000)
