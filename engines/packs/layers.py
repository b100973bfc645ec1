"""Which packs does a pack extend, and where is each of its files?

A file that a pack has replaces the file of the same path in what it extends. Nothing is merged inside a file, so what
is in force is always one file that a person can open.
"""

from __future__ import annotations

import os
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

BUNDLED_PACKS = str(Path(__file__).parents[2] / "packs")
DEEPEST = 5
"""So many packs may extend one another."""


class PackInvalid(Exception):
    """A pack is missing or invalid; the message names the file and the field."""


class BaseInvalid(PackInvalid):
    """`pack.yaml` does not state what the pack extends, or states it wrongly."""

    def __init__(self, folder: Path, key: str, problem: str, remedy: str) -> None:
        at = f"pack.yaml{_line_of(folder, key)}: {key}" if key else "pack.yaml"
        super().__init__(f"{folder.name}/{at}: {problem}; {remedy}")
        self.key, self.problem, self.remedy = key, problem, remedy


def _line_of(folder: Path, key: str) -> str:
    lines = (folder / "pack.yaml").read_text(encoding="utf-8").splitlines()
    return next((f":{number}" for number, line in enumerate(lines, start=1) if line.startswith(key)), "")


def packs_dir() -> str:
    """The folder with the packs of this deployment."""
    return os.environ.get("PIPELINE_PACKS_DIR", BUNDLED_PACKS)


@cache
def default_pack() -> str:
    """The pack in force where `PIPELINE_PACK` names none: the one that packs/default states."""
    return Path(BUNDLED_PACKS, "default").read_text(encoding="utf-8").strip()


def layers(folder: Path) -> tuple[Path, ...]:
    """The folders of a pack, of the pack that it extends, and so on; raises `BaseInvalid`."""
    found = [folder]
    while name := _extends(found[-1]):
        base = _base(found[-1], name)
        if base.resolve() in [each.resolve() for each in found]:
            chain = " extends ".join(each.name for each in (*found, base))
            raise BaseInvalid(found[-1], "extends", f"{chain}", "extend another pack")
        if len(found) == DEEPEST:
            problem = f"{name} would be number {DEEPEST + 1} of packs that extend one another"
            raise BaseInvalid(found[-1], "extends", problem, f"at most {DEEPEST} may")
        found.append(base)
    return tuple(found)


def file_in(folder: Path, name: str) -> Path | None:
    """The file of a section that is in force: `scoring`, `templates/intro`."""
    files = (layer / f"{name}.yaml" for layer in layers(folder))
    return next((file for file in files if file.is_file()), None)


def files_in(folder: Path, subfolder: str) -> dict[str, Path]:
    """The files of a subfolder that are in force, by name without ending."""
    found = {file.stem: file for layer in reversed(layers(folder)) for file in (layer / subfolder).glob("*.yaml")}
    return dict(sorted(found.items()))


def in_force(folder: Path) -> dict[Path, Path]:
    """Every file that is in force, by its path in the pack."""
    found = {
        file.relative_to(layer): file
        for layer in reversed(layers(folder))
        for file in layer.rglob("*")
        if file.is_file()
    }
    return dict(sorted(found.items()))


def _extends(folder: Path) -> str | None:
    try:
        name = _stated_base((folder / "pack.yaml").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        problem = f"is not YAML: {' '.join(str(error).split())}"
        raise BaseInvalid(folder, "", problem, "correct its syntax") from None
    if name is None:
        return None
    if not isinstance(name, str) or not name or Path(name).name != name or name == "..":
        raise BaseInvalid(folder, "extends", f"{str(name)[:60]!r} is not the name of a pack", "name one")
    return name


@lru_cache(maxsize=200)
def _stated_base(text: str) -> Any:
    """What a `pack.yaml` states that it extends, parsed once for all files of its pack; raises `ValueError`."""
    import yaml  # most commands read no pack

    try:
        content = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise ValueError(str(error)) from None
    return content.get("extends") if isinstance(content, dict) else None


def _base(folder: Path, name: str) -> Path:
    """A base is looked for beside the pack, then among the packs of the deployment, then among the bundled ones."""
    places = (folder.resolve().parent, Path(packs_dir()), Path(BUNDLED_PACKS))
    base = next((place / name for place in places if (place / name).is_dir()), None)
    if base is None:
        places_tried = ", ".join(dict.fromkeys(map(str, places)))
        raise BaseInvalid(folder, "extends", f"there is no pack {name!r} in {places_tried}", "correct its name")
    return base
