"""What does the configuration pack in force contain?

A pack is a folder of YAML files and templates, and may extend another one. Each section is validated into the frozen
dataclass of the service that uses it, so a mistake is reported when a service starts, with its file and field.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

from engines.datasets.account_key import AccountKey
from engines.datasets.facts import Headings
from engines.packs.layers import PackInvalid as PackInvalid
from engines.packs.layers import default_pack, file_in, files_in, in_force, packs_dir

if TYPE_CHECKING:
    from engines.packs.files import Fault

T = TypeVar("T")

LONGEST_WORD = 40


@dataclass(frozen=True, slots=True)
class About:
    """What a pack is for, in the words of its authors."""

    __pydantic_config__ = {"extra": "forbid"}  # noqa: RUF012  read by pydantic, not a field

    name: str
    title: str
    thesis: str
    extends: str | None = None
    """The pack whose files count where this one has none."""
    account: str = "facility"
    """What people call an account ..."""
    accounts: str = "facilities"
    """... and several of them."""

    def __post_init__(self) -> None:
        for name, word in (("account", self.account), ("accounts", self.accounts)):
            if not 0 < len(word.strip()) <= LONGEST_WORD:
                raise ValueError(f"{name} is a word of 1 to {LONGEST_WORD} characters, as in workshop and workshops")


@dataclass(frozen=True, slots=True)
class Calendar:
    """The deployment's time zone and holidays."""

    __pydantic_config__ = {"extra": "forbid"}  # noqa: RUF012  read by pydantic, not a field

    timezone: str
    country: str
    subdivision: str | None = None
    zones: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The states of accounts that have another time zone, by zone."""

    def zone_of(self, state: str | None) -> str:
        """The time zone of an account, by its state."""
        return next((zone for zone, states in self.zones.items() if state in states), self.timezone)


def pack_folder() -> Path:
    """The folder of the pack in force; raises `PackInvalid`."""
    return _existing(packs_dir(), os.environ.get("PIPELINE_PACK") or default_pack())


@cache  # called in every transaction
def _existing(place: str, pack: str) -> Path:
    folder = Path(place, pack)
    if not folder.is_dir():
        raise PackInvalid(f"There is no pack {pack!r} in {place}. Set PIPELINE_PACK to one of its folders.")
    return folder


def section(name: str, kind: type[T]) -> T:
    """A section of the pack (`roles` for `roles.yaml`), validated; raises `PackInvalid`."""
    return section_of(pack_folder(), name, kind)


def section_of(folder: Path, name: str, kind: type[T]) -> T:
    """A section of the pack in any folder, for comparing packs; raises `PackInvalid`."""
    return cast("T", _section(folder, name, cast("Any", kind)))


def folder_of(pack: str) -> Path:
    """The folder of a pack, given its path or its name in the deployment; raises `PackInvalid`."""
    path = Path(pack)
    if path.is_file():
        raise PackInvalid(f"{path} is a file; a pack is a folder of YAML files: use {path.resolve().parent.name}.")
    return path if path.is_dir() else _existing(packs_dir(), pack)


def sections(folder_name: str, kind: type[T]) -> dict[str, T]:
    """All sections in a folder of the pack, by file name: `sections("sequences", Sequence)`."""
    folder = pack_folder()
    return {name: section_of(folder, f"{folder_name}/{name}", kind) for name in files_in(folder, folder_name)}


def about() -> About:
    return section("pack", About)


def calendar() -> Calendar:
    return section("calendar", Calendar)


def account_key() -> AccountKey:
    """What identifies an account, and how people write it."""
    return headings().key


def headings() -> Headings:
    """Under which headings files state what."""
    return section("fields", Headings)


def pack_hash() -> str:
    """The content hash of the pack in force."""
    return hash_of(pack_folder())


@cache
def hash_of(folder: Path) -> str:
    """The content hash of the pack in a folder: 12 hex digits over the names and bytes of all files in force."""
    digest = hashlib.sha256()
    for name, path in in_force(folder).items():
        digest.update(os.fsencode(name.as_posix()) + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:12]


@cache
def _section(folder: Path, name: str, kind: Any) -> Any:
    # Imported here because every command imports this module, and most read no pack.
    from engines.packs.files import read

    file = file_in(folder, name)
    if file is None:
        raise PackInvalid(f"Pack {folder.name!r} has no {name}.yaml.")
    content, faults = read(folder, name, kind)
    if faults:
        raise invalid(folder, *faults)
    return content


def invalid(folder: Path, *faults: Fault) -> PackInvalid:
    """What is wrong in a pack, each with its file and line."""
    from engines.packs.lines import located

    found = [located(folder, fault) for fault in faults]
    owners = [f"{folder.name}/" if (folder / fault.file).is_file() else "" for fault in found]
    return PackInvalid("; ".join(f"{owner}{fault}" for owner, fault in zip(owners, found, strict=True)))
