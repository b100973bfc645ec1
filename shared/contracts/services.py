"""Which services exist, and what does each need? Read from the manifest, services.toml."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FILE = Path(__file__).parents[2] / "services.toml"
NAME = re.compile(r"[a-z]+")
"""A name is also that of a database, a role, a stream and a NATS user, and part of environment variables."""


@dataclass(frozen=True)
class ServiceEntry:
    """A table of the manifest; services.toml explains each key."""

    name: str
    question: str
    port: int | None = None
    engines: tuple[str, ...] = ()
    packages: tuple[str, ...] = ()
    secrets: tuple[str, ...] = ()
    given: tuple[str, ...] = ()
    passed: tuple[str, ...] = ()
    outside: tuple[int, ...] = ()
    memory: int = 256

    @property
    def files(self) -> tuple[str, ...]:
        """The settings of its own that its container reads from files."""
        return (*self.secrets, *self.given)


def entries(tables: dict[str, Any]) -> tuple[ServiceEntry, ...]:
    """Every service, in the order of the manifest; raises `ValueError` if a table is invalid."""
    return tuple(_entry(name, table) for name, table in tables.items())


def _entry(name: str, table: dict[str, Any]) -> ServiceEntry:
    if not NAME.fullmatch(name):
        raise ValueError(f"services.toml: {name!r} cannot be the name of a service; write lower-case letters only.")
    values: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in table.items()}
    try:
        return ServiceEntry(name, **values)
    except TypeError as error:
        raise ValueError(f"services.toml, [{name}]: {error}.") from error


MANIFEST = entries(tomllib.loads(FILE.read_text(encoding="utf-8")))
SERVICES = tuple(entry.name for entry in MANIFEST)


def port_of(name: str) -> int | None:
    """Where containers publish the HTTP surface of a service on this machine; None if they do not."""
    return next((entry.port for entry in MANIFEST if entry.name == name), None)
