"""How is the stack started and stopped?"""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from cli.stack import leftovers, stackfile
from cli.stack.children import tail
from cli.stack.plan import Plan
from cli.stack.processes import end
from cli.stack.stackfile import Stack
from cli.stack.supervisor import supervise
from cli.stack.target import REPOSITORY, StackError

STOP_SECONDS = 75.0

# Supervisors that end with this process: each has the other end of a pipe that stays open until then.
_tied: list[subprocess.Popen[str]] = []


def start(
    set_name: str,
    on_progress: Callable[[str], None],
    *,
    simulation: bool = False,
    detach: bool = True,
    plan: Plan | None = None,
) -> Stack:
    """Start a stack; returns once every service is ready. A detached stack outlives this process; otherwise it ends
    with it. Raises `StackError` if another stack is running, or if this one does not start."""
    plan = plan or Plan(str(stackfile.home()), set_name, simulation, tied=not detach)
    _refuse_another(Path(plan.home))
    supervisor = _spawn(plan)
    try:
        _follow(supervisor, plan, on_progress)
    except BaseException:
        supervisor.terminate()
        supervisor.wait(STOP_SECONDS)
        _close(supervisor)
        raise
    _tied.append(supervisor)
    stack = stackfile.read(Path(plan.home))
    if stack is None:
        raise StackError(f"The stack ended just after its start. {_supervisor_log(plan)}")
    return stack


def stop(home: Path, on_progress: Callable[[str], None]) -> bool:
    """Stop the stack and what a killed one left running; returns whether there was a stack. Can be repeated."""
    stack = stackfile.read(home)
    if stack:
        on_progress(f"Stopping the {stack.set_name} stack")
        end([stack.supervisor], ((signal.SIGTERM, STOP_SECONDS),))
    if home.exists():
        leftovers.end_left_overs(home, on_progress)
    _forget_ended()
    return stack is not None


def wipe(home: Path, on_progress: Callable[[str], None]) -> None:
    """Stop the stack and remove all of its data."""
    stop(home, on_progress)
    leftovers.wipe(home)


def run_foreground(set_name: str, on_progress: Callable[[str], None], on_ready: Callable[[Stack], None]) -> None:
    """Run a stack in this process, until Ctrl-C or SIGTERM."""
    plan = Plan(str(stackfile.home()), set_name, simulation=False)
    _refuse_another(Path(plan.home))
    asyncio.run(supervise(plan, on_progress, on_ready))


def _refuse_another(home: Path) -> None:
    if other := stackfile.read(home):
        raise StackError(
            f"Another stack is running ({other.set_name}, since {other.started_at}); `pipeline down` stops it."
        )


def _spawn(plan: Plan) -> subprocess.Popen[str]:
    home = Path(plan.home)
    home.mkdir(parents=True, exist_ok=True, mode=0o711 if os.geteuid() == 0 else 0o700)
    with (home / "supervisor.log").open("w") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "cli.stack.supervisor", "--plan", plan.to_json()],
            cwd=REPOSITORY,
            stdin=subprocess.PIPE if plan.tied else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            start_new_session=True,
        )


def _follow(supervisor: subprocess.Popen[str], plan: Plan, on_progress: Callable[[str], None]) -> None:
    assert supervisor.stdout is not None, "it was given a pipe"  # noqa: S101
    for line in supervisor.stdout:
        message = json.loads(line)
        if "error" in message:
            raise StackError(message["error"])
        if "ready" in message:
            supervisor.stdout.close()
            return
        on_progress(message["progress"])
    raise StackError(f"The stack ended before it was ready. {_supervisor_log(plan)}")


def _supervisor_log(plan: Plan) -> str:
    log = Path(plan.home) / "supervisor.log"
    return f"The end of {log}:\n{tail(log)}"


def _forget_ended() -> None:
    for supervisor in [each for each in _tied if each.poll() is not None]:
        _close(supervisor)
        _tied.remove(supervisor)


def _close(supervisor: subprocess.Popen[str]) -> None:
    for pipe in (supervisor.stdin, supervisor.stdout):
        if pipe:
            pipe.close()
