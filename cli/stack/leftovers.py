"""Which processes are left of a stack whose supervisor was killed, and how are they ended before the next start?"""

import shutil
from collections.abc import Callable
from pathlib import Path

from cli.stack import stackfile
from cli.stack.binaries import known_place, remove_outside
from cli.stack.embedded import NATS_STOP, POSTGRES_STOP, end_unrecorded
from cli.stack.plan import SETS
from cli.stack.processes import alive, end

SERVICE_STOP = NATS_STOP

OUR_FOLDERS = (*SETS, "invented")
OUR_FILES = ("stack.json", "outside.txt", "supervisor.log", "lock", "worklist.json", "worklist.lock")


def end_left_overs(home: Path, on_progress: Callable[[str], None]) -> None:
    """End the children of a dead supervisor: services first, because they still write, then the servers."""
    stack = stackfile.recorded(home)
    children = dict(stack.children) if stack else {}
    left = [name for name, child in children.items() if alive(child.identity)]
    if left:
        on_progress(f"Ending what an earlier stack left running: {', '.join(sorted(left))}")
    servers = {name: children.pop(name).identity for name in ("mail", "nats", "postgres") if name in children}
    end((child.identity for child in children.values()), SERVICE_STOP)
    end((identity for name, identity in servers.items() if name in ("mail", "nats")), NATS_STOP)
    end((identity for name, identity in servers.items() if name == "postgres"), POSTGRES_STOP)
    for set_name in SETS:
        end_unrecorded(known_place(home) / set_name, home / set_name / "nats")
    stackfile.remove(home)


def wipe_set(home: Path, set_name: str) -> None:
    for folder in {home / set_name, known_place(home) / set_name}:
        shutil.rmtree(folder, ignore_errors=True)


def wipe(home: Path) -> None:
    """Remove all data sets, including folders outside the home. Nothing must be running. A home that an operator chose
    may contain other files, which are left there."""
    remove_outside(home)
    if home.name == stackfile.HOME_NAME:
        shutil.rmtree(home, ignore_errors=True)
    for folder in OUR_FOLDERS:
        shutil.rmtree(home / folder, ignore_errors=True)
    for file in OUR_FILES:
        (home / file).unlink(missing_ok=True)
    if home.exists() and not any(home.iterdir()):
        home.rmdir()
