"""Does the stack file record the running processes, and only those?"""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from cli.stack.binaries import is_open_to_all
from cli.stack.children import pause_before_restart
from cli.stack.processes import Identity, alive, end, identify, runs
from cli.stack.stackfile import Child, Stack, home, read, recorded, remove, write
from cli.stack.target import StackError, Target


def a_stack(supervisor: Identity) -> Stack:
    ingest = Child("ingest", Identity(4, 2.5), "2026-07-01T09:00:00+00:00", 20001, 2, "ingest.log")
    target = Target("nats://setup@here", None, {"ingest": "postgresql://ingest@here/ingest"})
    return Stack(
        "data", supervisor, "2026-07-01T09:00:00+00:00", target, {"cli": "nats://cli@here"}, "logs"
    ).with_child(ingest)


def this_process() -> Identity:
    identity = identify(os.getpid())
    assert identity
    return identity


def test_a_stack_is_read_as_it_was_written_and_only_its_owner_can_read_it(tmp_path: Path) -> None:
    stack = a_stack(this_process())

    write(tmp_path, stack)

    assert read(tmp_path) == stack
    assert (tmp_path / "stack.json").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["stack.json"]


def test_a_stack_without_its_supervisor_is_not_running_but_still_recorded(tmp_path: Path) -> None:
    stack = a_stack(replace(this_process(), created=1.0))

    write(tmp_path, stack)

    assert read(tmp_path) is None
    assert recorded(tmp_path) == stack


def test_without_a_stack_file_no_stack_is_running(tmp_path: Path) -> None:
    remove(tmp_path)

    assert read(tmp_path) is None


def test_a_damaged_stack_file_is_named_in_the_error(tmp_path: Path) -> None:
    (tmp_path / "stack.json").write_text("{")

    with pytest.raises(StackError, match=r"stack\.json cannot be read"):
        read(tmp_path)


def test_the_home_is_in_the_repository_unless_the_environment_sets_another(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("PIPELINE_HOME", raising=False)
    assert home().name == ".pipeline"

    monkeypatch.setenv("PIPELINE_HOME", str(tmp_path))
    assert home() == tmp_path


def test_an_ended_process_is_not_alive_even_before_its_parent_reaps_it() -> None:
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)", "an argument"]) as sleeper:
        identity = identify(sleeper.pid)
        assert identity
        assert alive(identity)

        end([identity], ())

        assert not alive(identity)


def test_a_reused_pid_is_not_the_recorded_process() -> None:
    assert not alive(replace(this_process(), created=this_process().created - 60))


def test_a_process_is_recognized_as_a_server_by_name_and_argument() -> None:
    program = Path(sys.executable).resolve().name
    argument = sys.orig_argv[-1]

    assert runs(os.getpid(), program, argument)
    assert runs(os.getpid(), "postgres", argument) is None
    assert runs(os.getpid(), program, "another folder") is None


@pytest.mark.parametrize("died_young, pause", [(0, 0), (1, 0), (2, 0.5), (3, 1), (4, 2), (7, 10), (50, 10)])
def test_the_first_restart_is_immediate_and_later_ones_wait_longer(died_young: int, pause: float) -> None:
    assert pause_before_restart(died_young) == pause


def test_a_folder_below_a_closed_one_cannot_be_entered_by_anyone(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    (closed / "open").mkdir(parents=True)
    closed.chmod(0o700)

    assert not is_open_to_all(closed / "open")
