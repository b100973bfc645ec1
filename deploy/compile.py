"""Compiles what every lookup of the matcher goes through, which then answers twice as fast and not otherwise.

Run by `make setup` and by the matcher's image. Where nothing can be compiled it says why, and all runs on the sources.
"""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from contextlib import contextmanager
from fcntl import LOCK_EX, flock
from pathlib import Path
from tempfile import TemporaryDirectory

from engines.matching import COMPILED, HERE

MODULES = """asking candidates directory engine facilities features index model names reasons signs suspects
    trade words""".split()
BUILD = """
import sys
from mypyc.build import mypycify
from setuptools import setup
built, *sources = sys.argv[1:]
# What the modules share is given a name inside the package, too.
modules = mypycify(
    ["--config-file=", f"--cache-dir={built}/mypy", *sources],
    group_name="engines.matching.compiled", target_dir=f"{built}/c", opt_level="2", debug_level="0",
)
arguments = ["--quiet", "build_ext", f"--build-lib={built}", f"--build-temp={built}/o"]
setup(name="engines", packages=[], ext_modules=modules, script_args=arguments)
"""
LONGEST = 300
"""Characters of a reason that is told."""
LOAD = "import sys, engines.matching as m; m.__path__.insert(0, sys.argv[1]); import engines.matching.directory"


def main() -> None:
    try:
        if COMPILED.exists():
            return
        with _alone():
            if COMPILED.exists():
                return
            reason = lacking() or failing()
    except (OSError, subprocess.SubprocessError) as error:
        reason = str(error)
    if reason:
        print(f"The matcher is not compiled ({reason}): its answers are the same, at half the speed.")
    else:
        print("Compiled the matcher.")


@contextmanager
def _alone() -> Iterator[None]:
    """Two at once would each take the other's half-made modules for old ones, and clear them away."""
    COMPILED.parent.parent.mkdir(exist_ok=True)
    with COMPILED.parent.with_suffix(".lock").open("w") as lock:
        flock(lock, LOCK_EX)
        yield


def lacking() -> str:
    """What it takes and is not there."""
    compiler = shlex.split(os.environ.get("CC") or sysconfig.get_config_var("CC") or "cc")[0]
    if not shutil.which(compiler):
        return f"there is no C compiler {compiler}"
    if not Path(sysconfig.get_path("include"), "Python.h").exists():
        return "the header files of this Python are not there"
    return ""


def failing() -> str:
    """Why it did not work, if it did not. Only what loads is kept, and nothing of what was made before."""
    shutil.rmtree(COMPILED.parent, ignore_errors=True)
    COMPILED.parent.mkdir(parents=True)
    with TemporaryDirectory(dir=COMPILED.parent) as built:
        modules = Path(built, "engines", "matching")
        why = _run(BUILD, built, *[f"engines/matching/{name}.py" for name in MODULES]) or _run(LOAD, str(modules))
        if not why:
            place = Path(built, "done")
            place.mkdir()
            modules.rename(place / "matching")
            place.rename(COMPILED)
    return why


def _run(program: str, *arguments: str) -> str:
    """The last line of what went wrong, which may be a compiler's whole command."""
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments], cwd=HERE.parents[1], capture_output=True, text=True, timeout=600
    )
    return (done.stderr.strip() or "it failed").splitlines()[-1][:LONGEST] if done.returncode else ""


if __name__ == "__main__":
    main()
