"""What does each file of a pack contain, read as the services read it, and which files are never read?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any

from engines.figures import pack as figures
from engines.matching.pack import FITTED, REPORT
from engines.packs import About, Calendar
from engines.packs.files import Fault, read, suggestion
from engines.packs.layers import BaseInvalid, file_in, files_in, layers
from engines.packs.sample import Sample
from shared.contracts.services import SERVICES


def settings_of_services() -> dict[str, ModuleType]:
    """The module `settings` of each service that has one."""
    modules = {service: f"services.{service}.settings" for service in SERVICES}
    return {service: import_module(name) for service, name in modules.items() if find_spec(name)}


def _of_services(attribute: str) -> dict[str, Any]:
    """The sections of a pack that the settings of all services read."""
    settings = settings_of_services().values()
    return {name: kind for one in settings for name, kind in getattr(one, attribute, {}).items()}


SECTIONS = {"pack": About, "calendar": Calendar, "sample": Sample, **figures.SECTIONS, **_of_services("SECTIONS")}
FOLDERS = _of_services("FOLDERS")
OPTIONAL = ("sample", "crm", *FITTED)
"""Sections without which services run."""
UNREAD = ("README.md", "LICENSE", REPORT, "behavior.yaml", "one-pager.typ")
"""Files that no service reads: those for people, and those of demos and of the one-pager."""
UNREAD_FOLDERS = {"playbooks": ".yaml", "reports": ".yaml", "sample": ".csv"}
"""Their folders, with the ending of their files."""


@dataclass(frozen=True, slots=True)
class Pack:
    """A pack, to the extent that it is readable: sections by name, and those of a folder by file name."""

    folder: Path
    sections: dict[str, Any]
    """None for a section that is missing or invalid, which is reported once."""
    folders: dict[str, dict[str, Any]]

    def get(self, section: str) -> Any:
        return self.sections[section]


def read_pack(folder: Path) -> tuple[Pack, list[Fault]]:
    """A pack with what it extends, and the faults of its files."""
    sections, folders, faults = dict.fromkeys(SECTIONS), {name: dict[str, Any]() for name in FOLDERS}, list[Fault]()
    try:
        layers(folder)
    except BaseInvalid as invalid:
        return Pack(folder, sections, folders), [Fault("pack.yaml", invalid.key, invalid.problem, invalid.remedy)]
    for name, kind in SECTIONS.items():
        if name not in OPTIONAL or file_in(folder, name):
            sections[name], found = read(folder, name, kind)
            faults += found
    for name, kind in FOLDERS.items():
        for stem in files_in(folder, name):
            folders[name][stem], found = read(folder, f"{name}/{stem}", kind)
            faults += found or _misnamed(f"{name}/{stem}.yaml", folders[name][stem].name, stem)
    return Pack(folder, sections, folders), [*faults, *_unread(folder)]


def _misnamed(file: str, name: str, stem: str) -> list[Fault]:
    return [] if name == stem else [Fault(file, "name", f"is {name!r}, not that of the file", f"make both {stem!r}")]


def _unread(folder: Path) -> Iterator[Fault]:
    known = [f"{name}.yaml" for name in SECTIONS]
    endings = {**UNREAD_FOLDERS, **dict.fromkeys(FOLDERS, ".yaml")}
    for path in sorted(folder.rglob("*")):
        file = path.relative_to(folder)
        read_by_some = str(file) in (*known, *UNREAD) or (
            len(file.parts) == 2 and endings.get(file.parts[0]) == file.suffix
        )
        if path.is_file() and not read_by_some:
            guess = suggestion(file, known)
            remedy = f"{guess} Else remove it" if guess.startswith("did you mean") else "remove it"
            yield Fault(str(file), "", "nothing reads this file", remedy)
