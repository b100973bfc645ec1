"""Is a path from the command line what it should be: a file to read, a file to write, a folder of files?"""

from __future__ import annotations

import os
from argparse import ArgumentTypeError
from collections.abc import Callable
from pathlib import Path


class Unusable(ArgumentTypeError, ValueError):
    """A path is not what it should be. The message states what it is, and what is required."""


def file_to_read(given: str | Path) -> Path:
    """Raises `Unusable`. Pipes and devices are allowed."""
    path = _named(given, "a file")
    if path.is_dir():
        raise Unusable(f"{path} is a folder; give a file.")
    if not path.exists():
        raise Unusable(f"There is no file {path}.")
    if not os.access(path, os.R_OK):
        raise Unusable(f"{path} cannot be read: permission denied.")
    return path


def file_to_write(given: str | Path) -> Path:
    """Raises `Unusable`."""
    path = _named(given, "a file")
    if path.is_dir():
        raise Unusable(f"{path} is a folder; give the name of a file to write.")
    if not path.parent.is_dir():
        raise Unusable(f"There is no folder {path.parent} in which to write {path.name}.")
    if not os.access(path if path.exists() else path.parent, os.W_OK):
        raise Unusable(f"{path} cannot be written: permission denied.")
    return path


def folder_to_use(given: str | Path) -> Path:
    """A folder that exists, to write files into; raises `Unusable`."""
    path = _named(given, "a folder")
    if not path.exists():
        raise Unusable(f"There is no folder {path}.")
    if not path.is_dir():
        raise Unusable(f"{path} is a file; give a folder.")
    if not os.access(path, os.W_OK):
        raise Unusable(f"{path} cannot be written to: permission denied.")
    return path


def folder_to_make(given: str | Path) -> Path:
    """A folder to write files into, which is made unless it exists; raises `Unusable`."""
    path = _named(given, "a folder")
    if path.exists():
        return folder_to_use(path)
    if not path.parent.is_dir():
        raise Unusable(f"There is no folder {path.parent} in which to make {path.name}.")
    try:
        path.mkdir(exist_ok=True)
    except OSError as error:
        raise Unusable(f"{path} cannot be made: {error.strerror}.") from None
    return path


def folder_of(*names: str) -> Callable[[str | Path], Path]:
    """A parser for the path of a folder that contains these files; it raises `Unusable`."""

    def folder(given: str | Path) -> Path:
        path, wanted = _named(given, "a folder"), " and ".join(names)
        if path.exists() and not path.is_dir():
            raise Unusable(f"{path} is a file; give the folder of {wanted}.")
        if not path.exists():
            raise Unusable(f"There is no folder {path}.")
        missing = [name for name in names if not (path / name).is_file()]
        if missing:
            raise Unusable(f"{path} has no file {missing[0]}; give the folder of {wanted}.")
        return path

    return folder


def _named(given: str | Path, what: str) -> Path:
    if not str(given).strip():
        raise Unusable(f"No path is given; give the path of {what}.")
    if "\0" in str(given) or len(os.fsencode(Path(given).name)) > 255:
        raise Unusable(f"{str(given)[:60]!r} is not a path.")
    return Path(given)
