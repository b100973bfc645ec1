"""Is the name of the actor prompted for once, remembered, and never guessed?"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cli.client import actor as me
from cli.main import main


@pytest.fixture(autouse=True)
def no_name_stored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.delenv(me.VARIABLE, raising=False)
    monkeypatch.setenv("COLUMNS", "160")


def at_a_terminal(monkeypatch: pytest.MonkeyPatch, *answers: str) -> None:
    waiting = list(answers)
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    monkeypatch.setattr("typer.prompt", lambda *_, **__: waiting.pop(0))


def test_the_name_is_prompted_for_once_and_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    at_a_terminal(monkeypatch, " ann ")

    assert (me.who(), me.who()) == ("ann", "ann")


def test_without_a_terminal_the_error_explains_how_to_give_a_name() -> None:
    with pytest.raises(ValueError, match=r"`pipeline me NAME` stores yours; PIPELINE_ME=NAME or --by NAME"):
        me.who()


def test_the_option_precedes_the_variable_and_the_variable_precedes_the_remembered_name(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    me.remember("ann")
    assert me.who() == "ann"

    monkeypatch.setenv(me.VARIABLE, "bob")
    assert (me.who(), me.who("cleo")) == ("bob", "cleo")


@pytest.mark.parametrize("name", ["", "  ", "a\nb", "\x1b[31mann", "x" * 101])
def test_an_invalid_name_is_refused_and_not_remembered(name: str) -> None:
    with pytest.raises(ValueError, match="is not a name"):
        me.remember(name)

    assert me.remembered() is None


def test_the_command_remembers_and_prints_the_name(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for words in (["me", "ann"], ["me"]):
        monkeypatch.setattr("sys.argv", ["pipeline", *words])
        with pytest.raises(SystemExit):
            main()

    assert capsys.readouterr().out.splitlines() == ["From now on you are ann.", "ann"]


def test_no_command_uses_the_name_of_the_account_it_runs_under() -> None:
    sources = [path.read_text("utf-8") for path in (Path(__file__).parents[3] / "cli").rglob("*.py")]

    assert not [source for source in sources if re.search(r"getpass|getlogin|LOGNAME", source)]
