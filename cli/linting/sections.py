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
from engines.matching.pack import REPORT
from engines.packs import About, Calendar
from engines.packs.files import Fault, read, suggestion
from shared.contracts.services import SERVICES


def settings_of_services() -> dict[str, ModuleType]:
    """The module `settings` of each service that has one."""
    modules = {service: f"services.{service}.settings" for service in SERVICES}
    return {service: import_module(name) for service, name in modules.items() if find_spec(name)}


def _of_services(attribute: str) -> dict[str, Any]:
    """The sections of a pack that the settings of all services read."""
    settings = settings_of_services().values()
    return {name: kind for one in settings for name, kind in getattr(one, attribute, {}).items()}


SECTIONS = {"pack": About, "calendar": Calendar, **figures.SECTIONS, **_of_services("SECTIONS")}
FOLDERS = _of_services("FOLDERS")
FOR_PEOPLE = ("README.md", "LICENSE", REPORT)


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
    sections, folders, faults = dict[str, Any](), dict[str, dict[str, Any]](), list[Fault]()
    for name, kind in SECTIONS.items():
        sections[name], found = read(folder, name, kind)
        faults += found
    for name, kind in FOLDERS.items():
        folders[name] = {}
        for path in sorted((folder / name).glob("*.yaml")):
            folders[name][path.stem], found = read(folder, f"{name}/{path.stem}", kind)
            faults += found or _misnamed(f"{name}/{path.stem}.yaml", folders[name][path.stem].name, path.stem)
    return Pack(folder, sections, folders), [*faults, *_unread(folder)]


def _misnamed(file: str, name: str, stem: str) -> list[Fault]:
    return [] if name == stem else [Fault(file, "name", f"is {name!r}, not that of the file", f"make both {stem!r}")]


def _unread(folder: Path) -> Iterator[Fault]:
    known = [f"{name}.yaml" for name in SECTIONS]
    for path in sorted(folder.rglob("*")):
        file = path.relative_to(folder)
        read_by_some = str(file) in (*known, *FOR_PEOPLE) or (
            len(file.parts) == 2 and file.parts[0] in FOLDERS and file.suffix == ".yaml"
        )
        if path.is_file() and not read_by_some:
            guess = suggestion(file, known)
            remedy = f"{guess} Else remove it" if guess.startswith("did you mean") else "remove it"
            yield Fault(str(file), "", "nothing reads this file", remedy)
