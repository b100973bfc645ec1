"""Do commands speak of the pack with which the running stack started?"""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from cli.stack.accounts import pack_of_the_environment, refuse_other_accounts
from cli.stack.stackfile import use_its_pack, write
from cli.stack.target import StackError
from engines import packs
from tests.unit.cli.test_stack_file import a_stack, this_process


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("PIPELINE_PACK", "PIPELINE_PACKS_DIR", "PIPELINE_NATS_URL"):
        monkeypatch.setenv(name, "")  # so that what a test sets is taken back
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIPELINE_HOME", str(tmp_path))


def test_a_command_uses_the_pack_of_the_running_stack(tmp_path: Path) -> None:
    write(tmp_path, replace(a_stack(this_process()), pack={"PIPELINE_PACK": "clinic"}))

    use_its_pack()

    assert packs.about().accounts == "clinics"


def test_a_pack_that_the_environment_names_is_used_instead(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, replace(a_stack(this_process()), pack={"PIPELINE_PACK": "clinic"}))
    monkeypatch.setenv("PIPELINE_PACK", "referral-partner")

    use_its_pack()

    assert packs.about().accounts == "practices"


@pytest.mark.parametrize("content", [None, "{"])
def test_without_a_readable_stack_file_the_pack_is_that_of_the_environment(tmp_path: Path, content: str | None) -> None:
    if content:
        (tmp_path / "stack.json").write_text(content)

    use_its_pack()

    assert "PIPELINE_PACK" not in os.environ


def test_a_stack_that_has_ended_names_no_pack(tmp_path: Path) -> None:
    ended = replace(this_process(), created=1.0)
    write(tmp_path, replace(a_stack(ended), pack={"PIPELINE_PACK": "clinic"}))

    use_its_pack()

    assert "PIPELINE_PACK" not in os.environ


def test_the_pack_is_recorded_so_that_it_is_found_from_any_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIPELINE_PACK", "clinic")
    monkeypatch.setenv("PIPELINE_PACKS_DIR", "packs")

    assert pack_of_the_environment() == {
        "PIPELINE_PACK": "clinic",
        "PIPELINE_PACKS_DIR": str(Path("packs").absolute()),
    }


def test_data_of_other_accounts_are_refused_with_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIPELINE_PACK", "clinic")
    refuse_other_accounts(tmp_path / "data", data_exists=False)
    refuse_other_accounts(tmp_path / "data", data_exists=True)
    monkeypatch.setenv("PIPELINE_PACK", "referral-partner")

    with pytest.raises(StackError, match=r"pack clinic, .* clinic_id; .* practice_id\. Start with .*=clinic"):
        refuse_other_accounts(tmp_path / "data", data_exists=True)

    refuse_other_accounts(tmp_path / "data", data_exists=False)


def test_a_pack_that_does_not_exist_is_an_error_of_the_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIPELINE_PACK", "florist")

    with pytest.raises(StackError, match="There is no pack 'florist'"):
        refuse_other_accounts(tmp_path, data_exists=False)
