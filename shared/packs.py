"""What does the configuration pack in force say?

A pack is a folder of YAML (and templates). Each section is validated into the frozen dataclass of the service that
uses it, so a mistake is found when a service starts and named by file and field.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

if TYPE_CHECKING:
    from engines.datasets.account_key import AccountKey
    from engines.datasets.facts import Headings

T = TypeVar("T")

OURS = str(Path(__file__).parent.parent / "packs")


class PackInvalid(Exception):
    """A pack does not say what it must; the message names file and field."""


@dataclass(frozen=True, slots=True)
class About:
    """What a pack is for, in the words of those who keep it."""

    __pydantic_config__ = {"extra": "forbid"}  # noqa: RUF012  read by pydantic, not a field

    name: str
    title: str
    thesis: str


@dataclass(frozen=True, slots=True)
class Calendar:
    """Where and how the deployment counts its days."""

    __pydantic_config__ = {"extra": "forbid"}  # noqa: RUF012  read by pydantic, not a field

    timezone: str
    country: str
    subdivision: str | None = None


def pack_folder() -> Path:
    """The folder of the pack in force; raises `PackInvalid`."""
    return _existing(_packs_dir(), os.environ.get("PIPELINE_PACK", "snf"))


def _packs_dir() -> str:
    return os.environ.get("PIPELINE_PACKS_DIR", OURS)


@cache  # because a transaction asks each time
def _existing(packs_dir: str, pack: str) -> Path:
    folder = Path(packs_dir, pack)
    if not folder.is_dir():
        raise PackInvalid(f"There is no pack {pack!r} in {packs_dir}. Set PIPELINE_PACK to one of its folders.")
    return folder


def section(name: str, kind: type[T]) -> T:
    """A section of the pack (`roles` for `roles.yaml`), validated; raises `PackInvalid`."""
    content: T = _section(pack_folder(), name, cast(Any, kind))
    return content


def section_of(folder: Path, name: str, kind: type[T]) -> T:
    """A section of the pack in any folder, for those who compare packs; raises `PackInvalid`."""
    content: T = _section(folder, name, cast(Any, kind))
    return content


def hash_of(folder: Path) -> str:
    """The content hash of the pack in any folder."""
    return _hash(folder)


def folder_of(pack: str) -> Path:
    """The folder of a pack, given its path or its name among those of the deployment; raises `PackInvalid`."""
    path = Path(pack)
    if path.is_file():
        raise PackInvalid(f"{path} is a file; a pack is a folder of YAML files: give {path.resolve().parent.name}.")
    return path if path.is_dir() else _existing(_packs_dir(), pack)


def sections(folder_name: str, kind: type[T]) -> dict[str, T]:
    """All sections in a folder of the pack, by file name: `sections("sequences", Sequence)`."""
    folder = pack_folder()
    return {
        path.stem: _section(folder, f"{folder_name}/{path.stem}", cast(Any, kind))
        for path in sorted((folder / folder_name).glob("*.yaml"))
    }


def calendar() -> Calendar:
    return section("calendar", Calendar)


def account_key() -> AccountKey:
    """What identifies an account, and how people write it."""
    return headings().key


def headings() -> Headings:
    """Under which headings files say what."""
    from engines.datasets.facts import Headings

    return section("fields", Headings)


def pack_hash() -> str:
    """Content hash of the whole pack: 12 hex digits over names and bytes of its files."""
    return _hash(pack_folder())


@cache
def _hash(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        digest.update(os.fsencode(path.relative_to(folder).as_posix()) + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:12]


@cache
def _section(folder: Path, name: str, kind: Any) -> Any:
    # Here, because every command imports this module, and most read no pack.
    from shared.packfiles import read

    if not (folder / f"{name}.yaml").is_file():
        raise PackInvalid(f"Pack {folder.name!r} lacks {name}.yaml.")
    content, faults = read(folder, name, kind)
    if faults:
        raise PackInvalid(f"{folder.name}/" + "; ".join(map(str, faults)))
    return content
