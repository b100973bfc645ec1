"""How does a new pack begin?"""

from __future__ import annotations

import os
import re
from pathlib import Path

from cli.stack.target import REPOSITORY

SKELETON = Path(__file__).parent / "skeleton"
SCHEMAS = REPOSITORY / "docs" / "packs"
NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
LONGEST = 40
PLACEHOLDER = "my-pack"
"""The name of the pack in the skeleton."""


def create(name: str, place: Path) -> Path:
    """Write a small, complete pack into a new folder; raises `ValueError` with what to do instead."""
    if not NAME.fullmatch(name) or len(name) > LONGEST:
        limit = f"at most {LONGEST} small letters, digits and hyphens"
        raise ValueError(f"{name[:60]!r} cannot be the name of a pack: write {limit}, as in dental-labs.")
    if not place.is_dir():
        raise ValueError(f"There is no folder {place}; create it, or name another one with --in.")
    folder = place / name
    if folder.exists():
        raise ValueError(f"{folder} exists already, and nothing was changed; choose another name.")
    for source in sorted(path for path in SKELETON.rglob("*") if path.is_file()):
        file = source.relative_to(SKELETON)
        target = folder / file
        target.parent.mkdir(parents=True, exist_ok=True)
        text = source.read_text(encoding="utf-8").replace(PLACEHOLDER, name)
        target.write_text(_head(file, target) + text, encoding="utf-8")
    return folder


def _head(file: Path, target: Path) -> str:
    """The line by which editors find the schema of a file."""
    section = file.with_suffix("") if len(file.parts) == 1 else Path(file.parts[0])
    schema = SCHEMAS / f"{section}.json"
    if file.suffix != ".yaml" or not schema.is_file():
        return ""
    return f"# yaml-language-server: $schema={os.path.relpath(schema, target.parent.resolve())}\n"
