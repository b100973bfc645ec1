"""Does the compiled matcher match as its sources do, and is it never older than they are?"""

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


def output_of(*program: str, place: Path = HERE.parents[1], **settings: str) -> str:
    """The output of a separate process."""
    environment = {**os.environ, "PYTHONPATH": str(place), "PIPELINE_COMPILED": "1", **settings}
    done = subprocess.run(
        [sys.executable, *program], cwd=place, env=environment, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.fixture(scope="module")
def compiled() -> Path:
    """The compiled matcher of `make setup`, compiled here if it is missing."""
    reason = missing()
    if reason:
        pytest.skip(reason)
    output_of("-m", "deploy.compile")
    return COMPILED


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    for package in ("engines", "deploy"):
        shutil.copytree(HERE.parents[1] / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def test_the_compiled_matcher_gives_exactly_the_answers_of_the_sources(compiled: Path) -> None:
    fast, slow = (
        output_of("-m", "tests.support.matching_answers", PIPELINE_COMPILED=setting).splitlines() for setting in "10"
    )

    assert Path(fast[0]).parent == compiled / "matching"
    assert Path(slow[0]).parent == HERE
    assert len(fast) > 9_000
    assert [pair for pair in zip(fast[1:], slow[1:], strict=True) if pair[0] != pair[1]] == []


def test_every_module_of_a_lookup_is_compiled_except_the_vocabulary_of_packs(compiled: Path) -> None:
    sources = "[n for n, m in sys.modules.items() if n.startswith('engines.matching.') and m.__file__.endswith('.py')]"

    loaded = output_of("-c", f"import sys, engines.matching.directory, engines.matching.model; print({sources})")

    assert loaded == "['engines.matching.vocabulary']"


def test_a_changed_source_is_never_replaced_by_an_older_compiled_module(compiled: Path, copied: Path) -> None:
    there = copied / ".cache" / "compiled"
    shutil.copytree(compiled, there / compiled.name)
    before = output_of("-c", WHERE, place=copied)

    # Not even a source that is not compiled: compiled modules may depend on it.
    with (copied / "engines" / "matching" / "registry.py").open("a") as source:
        source.write("\n")

    assert Path(before).parent == there / compiled.name / "matching"
    assert Path(output_of("-c", WHERE, place=copied)) == copied / "engines" / "matching" / "engine.py"


def test_without_a_compiler_a_message_is_printed_and_the_sources_are_used(copied: Path) -> None:
    output = output_of("-m", "deploy.compile", place=copied, CC="no-such-compiler")

    assert output == (
        "The matcher is not compiled (there is no C compiler no-such-compiler): it runs from its sources, at half the"
        " speed."
    )
    assert Path(output_of("-c", WHERE, place=copied)) == copied / "engines" / "matching" / "engine.py"


def test_if_the_compiler_fails_the_sources_are_used(copied: Path) -> None:
    if missing():
        pytest.skip(missing())

    output = output_of("-m", "deploy.compile", place=copied, CC="false")

    assert output.startswith("The matcher is not compiled (")
    assert Path(output_of("-c", WHERE, place=copied)) == copied / "engines" / "matching" / "engine.py"
    assert list((copied / ".cache" / "compiled").iterdir()) == []


def test_a_second_compilation_waits_for_the_first_and_uses_its_result(compiled: Path, copied: Path) -> None:
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
    output, _ = waiting.communicate(timeout=60)

    assert output == ""
    assert [each.name for each in there.iterdir()] == [compiled.name]


def test_hidden_files_of_an_editor_are_not_sources(compiled: Path, copied: Path) -> None:
    shutil.copytree(compiled, copied / ".cache" / "compiled" / compiled.name)
    (copied / "engines" / "matching" / ".#engine.py").symlink_to("user@host")

    assert (
        Path(output_of("-c", WHERE, place=copied)).parent == copied / ".cache" / "compiled" / compiled.name / "matching"
    )
