"""Which stack is running, and what are the addresses of its parts?"""

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from cli.stack.processes import Identity, alive
from cli.stack.target import REPOSITORY, StackError, Target, write_private

HOME_NAME = ".pipeline"

State = Literal["starting", "running", "stopping"]


@dataclass(frozen=True)
class Child:
    """One process of the stack; `http_port` is its health port, `started_at` the ISO time of its latest start."""

    name: str
    identity: Identity
    started_at: str
    http_port: int | None = None
    restarts: int = 0
    log: str = ""

    @property
    def pid(self) -> int:
        return self.identity.pid


@dataclass(frozen=True)
class Stack:
    """Everything that a client of the stack needs, stored in `stack.json`, which only its owner can read."""

    set_name: str
    supervisor: Identity
    started_at: str
    target: Target
    nats_urls: dict[str, str]
    logs: str
    state: State = "starting"
    simulation: bool = False
    nats_monitor_url: str | None = None
    mail_urls: dict[str, str] = field(default_factory=dict)
    """The variables of the mail servers in use; empty if no service sends mail."""
    fakes_url: str | None = None
    """Where the fakes of outside systems answer, whose postings a simulation fetches."""
    pack: dict[str, str] = field(default_factory=dict)
    """The variables that name the pack with which its services started; empty for the pack by default."""
    children: dict[str, Child] = field(default_factory=dict)

    def with_child(self, child: Child) -> "Stack":
        return replace(self, children={**self.children, child.name: child})

    def services(self) -> dict[str, Child]:
        return {name: child for name, child in self.children.items() if child.http_port}


def home() -> Path:
    """`PIPELINE_HOME`, or `.pipeline` in the repository."""
    return Path(os.environ.get("PIPELINE_HOME") or REPOSITORY / HOME_NAME).expanduser().absolute()


def read(home: Path) -> Stack | None:
    """The running, starting or stopping stack; None if its supervisor is dead."""
    stack = recorded(home)
    return stack if stack and alive(stack.supervisor) else None


def http_port(service: str) -> int | None:
    """The HTTP port of a service of the stack that commands use; None if it is not on this machine."""
    stack = None if os.environ.get("PIPELINE_NATS_URL") else read(home())
    child = stack.children.get(service) if stack else None
    return child.http_port if child else None


def base_url(service: str) -> str | None:
    """The address of a service of the stack that commands use; None if it is not on this machine."""
    port = http_port(service)
    return f"http://127.0.0.1:{port}" if port else None


def use_its_pack() -> None:
    """Speak of the pack with which the running stack started, unless the environment names another stack or pack."""
    if any(os.environ.get(name) for name in ("PIPELINE_NATS_URL", "PIPELINE_PACK", "PIPELINE_PACKS_DIR")):
        return
    with suppress(StackError):  # a command that needs the stack says what is wrong with its file
        if stack := read(home()):
            os.environ.update(stack.pack)


def recorded(home: Path) -> Stack | None:
    """The content of the stack file, even if its supervisor is dead and its children are left over."""
    try:
        return _from_json(json.loads((home / "stack.json").read_text()))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except PermissionError as error:
        raise StackError(f"{home / 'stack.json'} belongs to another user; run this command as that user.") from error
    except (ValueError, KeyError, TypeError) as error:
        raise StackError(f"{home / 'stack.json'} cannot be read ({error}); remove it once nothing runs.") from error


def write(home: Path, stack: Stack) -> None:
    write_private(home / "stack.json", json.dumps(asdict(stack), indent=2))


def remove(home: Path) -> None:
    (home / "stack.json").unlink(missing_ok=True)


def _from_json(data: Mapping[str, Any]) -> Stack:
    children = {
        name: Child(**{**child, "identity": Identity(**child["identity"])}) for name, child in data["children"].items()
    }
    parts = {"supervisor": Identity(**data["supervisor"]), "target": Target(**data["target"]), "children": children}
    return Stack(**{**data, **parts})
