"""Does the compiled matcher answer as its sources do, and is it never older than they are?"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from fcntl import LOCK_EX, flock
from pathlib import Path

import pytest

from deploy.compile import missing
from engines.matching import COMPILED, HERE

WHERE = "import engines.matching.engine; print(engines.matching.engine.__file__)"


def said_by(*program: str, place: Path = HERE.parents[1], **settings: str) -> str:
    """What a process of its own prints."""
    environment = {**os.environ, "PYTHONPATH": str(place), "PIPELINE_COMPILED": "1", **settings}
    done = subprocess.run(
        [sys.executable, *program], cwd=place, env=environment, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.fixture(scope="module")
def compiled() -> Path:
    """As `make setup` makes it, which is done already where that came first."""
    reason = missing()
    if reason:
        pytest.skip(reason)
    said_by("-m", "deploy.compile")
    return COMPILED


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    for package in ("engines", "deploy"):
        shutil.copytree(HERE.parents[1] / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def test_what_is_compiled_answers_to_the_last_bit_as_the_sources_do(compiled: Path) -> None:
    fast, slow = (
        said_by("-m", "tests.support.matching_answers", PIPELINE_COMPILED=setting).splitlines() for setting in "10"
    )

    assert Path(fast[0]).parent == compiled / "matching"
    assert Path(slow[0]).parent == HERE
    assert len(fast) > 9_000
    assert [pair for pair in zip(fast[1:], slow[1:], strict=True) if pair[0] != pair[1]] == []


def test_whatever_a_lookup_loads_is_compiled_but_for_what_a_pack_may_say(compiled: Path) -> None:
    sources = "[n for n, m in sys.modules.items() if n.startswith('engines.matching.') and m.__file__.endswith('.py')]"

    loaded = said_by("-c", f"import sys, engines.matching.directory, engines.matching.model; print({sources})")

    assert loaded == "['engines.matching.vocabulary']"


def test_a_source_that_changed_is_never_answered_for_by_what_was_compiled_before(compiled: Path, copied: Path) -> None:
    there = copied / ".cache" / "compiled"
    shutil.copytree(compiled, there / compiled.name)
    before = said_by("-c", WHERE, place=copied)

    # Not even one that is not compiled itself: what is compiled may depend on it.
    with (copied / "engines" / "matching" / "registry.py").open("a") as source:
        source.write("\n")

    assert Path(before).parent == there / compiled.name / "matching"
    assert Path(said_by("-c", WHERE, place=copied)) == copied / "engines" / "matching" / "engine.py"


def test_without_a_compiler_it_says_so_and_the_sources_answer(copied: Path) -> None:
    told = said_by("-m", "deploy.compile", place=copied, CC="no-such-compiler")

    assert told == (
        "The matcher is not compiled (there is no C compiler no-such-compiler): it runs from its sources, at half the"
        " speed."
    )
    assert Path(said_by("-c", WHERE, place=copied)) == copied / "engines" / "matching" / "engine.py"


def test_a_compiler_that_fails_leaves_the_sources_to_answer(copied: Path) -> None:
    if missing():
        pytest.skip(missing())

    told = said_by("-m", "deploy.compile", place=copied, CC="false")

    assert told.startswith("The matcher is not compiled (")
    assert Path(said_by("-c", WHERE, place=copied)) == copied / "engines" / "matching" / "engine.py"
    assert list((copied / ".cache" / "compiled").iterdir()) == []


def test_one_who_finds_another_compiling_waits_and_takes_what_that_one_made(compiled: Path, copied: Path) -> None:
    there = copied / ".cache" / "compiled"
    there.parent.mkdir()
    with there.with_suffix(".lock").open("w") as lock:
        flock(lock, LOCK_EX)
        waiting = subprocess.Popen(
            [sys.executable, "-m", "deploy.compile"], cwd=copied, env={**os.environ, "PYTHONPATH": str(copied)},
            stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        with pytest.raises(subprocess.TimeoutExpired):
            waiting.wait(1)
        shutil.copytree(compiled, there / compiled.name)
    told, _ = waiting.communicate(timeout=60)

    assert told == ""
    assert [each.name for each in there.iterdir()] == [compiled.name]


def test_what_an_editor_hides_beside_the_sources_is_no_source(compiled: Path, copied: Path) -> None:
    shutil.copytree(compiled, copied / ".cache" / "compiled" / compiled.name)
    (copied / "engines" / "matching" / ".#engine.py").symlink_to("nobody@nowhere")

    assert (
        Path(said_by("-c", WHERE, place=copied)).parent == copied / ".cache" / "compiled" / compiled.name / "matching"
    )
