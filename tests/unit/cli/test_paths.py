"""Does every command report a missing path, or a file instead of a folder or the reverse, in a sentence?"""

from __future__ import annotations

import os
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from cli.main import app
from engines.datasets.paths import Unusable, file_to_read, file_to_write, folder_of
from engines.datasets.reading import Unreadable
from engines.packs import PackInvalid
from tests.support.commands import every_command

MATCHERS = "tests.benchmarks.matchers.run"
PATHS = [
    (tuple(words.split()), command, param)
    for words, command in every_command().items()
    for param in command.params
    # With several files, the reader checks each in turn, after the stack was found.
    if "Path" in str(param.type_descriptor.annotation) and words != "import quality"
]
WRITTEN = {"out", "json_file", "save_calibration"}
MESSAGES = ("is a folder", "is a file; give a folder", "There is no file", "There is no folder", "No path")
FOLDERS = {("report", "out"), ("crm files", "out"), ("pack new", "into")}


def test_every_command_with_a_path_is_checked() -> None:
    assert len(PATHS) >= 20


def given(command: Any, param: Any, value: str, good: str) -> list[str]:
    """The command's arguments: this value for one of them, and a valid file for those before it or required."""
    words: list[str] = []
    for each in command.params:
        option = each.opts[0].startswith("-")
        before = not option and command.params.index(each) < command.params.index(param)
        if each is param or each.required or before:
            argument = value if each is param else good
            words += [each.opts[0], argument] if option else [argument]
    return words


@pytest.mark.parametrize("names, command, param", PATHS, ids=lambda each: getattr(each, "name", None) or "")
def test_an_unusable_path_is_reported_in_a_sentence(
    names: tuple[str, ...], command: Any, param: Any, tmp_path: Path
) -> None:
    folder, good = tmp_path / "folder", tmp_path / "good.csv"
    folder.mkdir()
    good.write_text("ccn\n")
    missing = str(tmp_path / "none" / "file.csv")
    # An empty path is the current folder.
    wrong = [str(good), missing] if (" ".join(names), param.name) in FOLDERS else [str(folder), missing, ""]
    tried = str(good) if param.name not in WRITTEN and "export" not in names else "postings"

    for value in wrong:
        answer = CliRunner().invoke(app, [*names, *given(command, param, value, tried)])

        assert isinstance(answer.exception, Unusable | Unreadable | SystemExit), answer.exception
        printed = f"{answer.exception} {answer.output}"
        assert any(words in printed for words in MESSAGES)


@pytest.mark.parametrize(
    "words", [["pack", "lint"], ["pack", "publish"], ["pack", "diff", "snf"], ["what-if"], ["score", "--pack"]]
)
def test_a_file_instead_of_a_packs_folder_is_reported_in_a_sentence(words: list[str], tmp_path: Path) -> None:
    (tmp_path / "scoring.yaml").write_text("{}")
    (tmp_path / "good.csv").write_text("ccn\n")
    rest = ["--facilities", str(tmp_path / "good.csv"), "--as-of", "2026-07-01", "--out", str(tmp_path / "out.csv")]

    answer = CliRunner().invoke(app, [*words, str(tmp_path / "scoring.yaml"), *(rest if "score" in words else [])])

    assert isinstance(answer.exception, PackInvalid)
    assert "scoring.yaml is a file; a pack is a folder" in str(answer.exception)


@pytest.mark.parametrize(
    "program, options, message",
    [
        (
            MATCHERS,
            ["--registry", "{file}", "--labeled", "{file}"],
            "is a file; give the folder",
        ),
        (
            MATCHERS,
            ["--registry", "{folder}", "--labeled", "{folder}"],
            "is a folder; give a file",
        ),
        (
            MATCHERS,
            ["--registry", "{file}", "--labeled", "{folder}"],
            "has no file pairs_dev.csv",
        ),
        (MATCHERS, ["--registry", "{file}", "--labeled", "{rows}"], "no column"),
        (MATCHERS, ["--json", "{folder}"], "is a folder; give the name of a file"),
        (MATCHERS, ["--plot", "{folder}/none/x.svg"], "There is no folder"),
        ("tests.benchmarks.run", ["--json", "{folder}"], "is a folder; give the name of a file"),
    ],
)
def test_benchmarks_report_it_without_a_traceback(
    program: str,
    options: list[str],
    message: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "rows").mkdir()
    for name in ("file", "rows/pairs_dev.csv", "rows/not_snf_dev.csv"):
        (tmp_path / name).write_text("ccn,provider_name,city,state\n335001,Willow Bend,Albany,NY\n")
    words = [each.format(**{name: tmp_path / name for name in ("file", "folder", "rows")}) for each in options]
    monkeypatch.setattr("sys.argv", [program, *words])

    with pytest.raises(SystemExit) as ended:
        import_module(program).main()

    assert message in f"{ended.value.code} {capsys.readouterr().err}"


def test_every_path_is_usable_or_refused_with_a_sentence(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)

    assert file_to_read(str(pipe)) == pipe
    for given_ in ("", " ", "a\0b", "x" * 300, str(tmp_path), str(tmp_path / "none")):
        for check in (file_to_read, file_to_write, folder_of("a.csv")):
            if check is file_to_write and given_ == str(tmp_path / "none"):
                continue
            with pytest.raises(Unusable, match=r"\.$"):
                check(given_)
