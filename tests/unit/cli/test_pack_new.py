"""Does a new pack run as it is, and does every file of it explain itself to an editor?"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from cli.demo.invented import write_invented
from cli.files.new_pack import SCHEMAS
from cli.linting import lint
from cli.main import app


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, [str(each) for each in arguments])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    assert run("pack", "new", "dental-labs", "--in", tmp_path).exit_code == 0
    return tmp_path / "dental-labs"


def test_a_new_pack_has_its_name_and_is_sound_without_a_warning(folder: Path) -> None:
    verdict = lint(folder)

    assert (verdict.faults, verdict.warnings) == ((), ())
    assert "name: dental-labs\n" in (folder / "pack.yaml").read_text(encoding="utf-8")
    assert not [file for file in folder.rglob("*.*") if "my-pack" in file.read_text(encoding="utf-8")]


def test_each_file_names_its_schema_for_editors(folder: Path) -> None:
    for file in folder.rglob("*.yaml"):
        found = re.match(r"# yaml-language-server: \$schema=(.+)\n", file.read_text(encoding="utf-8"))
        assert found, file
        assert SCHEMAS in (file.parent / found[1]).resolve().parents, file
        assert (file.parent / found[1]).is_file(), file


def test_it_scores_and_lists_its_sample_without_a_server(folder: Path, tmp_path: Path) -> None:
    listed = run("report", "list", folder / "sample/accounts.csv", "--pack", folder, "--out", tmp_path)

    assert listed.exit_code == 0, listed.output
    rows = (tmp_path / "bakeries.csv").read_text(encoding="utf-8").splitlines()
    assert rows[1].startswith("Copper Oven Bakery,Albany,NY,7,60,Tier 1 - Call soon,shops: 7,")


def test_its_demo_has_accounts_people_and_postings(folder: Path, tmp_path: Path) -> None:
    made = write_invented(folder, tmp_path / "invented", seed=1)

    assert len(made.facilities.read_text(encoding="utf-8").splitlines()) == 61
    assert made.contacts
    assert ",baker,account\n" in made.truth.read_text(encoding="utf-8")


def test_a_folder_that_exists_is_left_alone(folder: Path) -> None:
    (folder / "pack.yaml").write_text("mine", encoding="utf-8")

    refused = run("pack", "new", "dental-labs", "--in", folder.parent)

    assert refused.exit_code == 2
    assert "exists already, and nothing was changed" in " ".join(refused.output.split())
    assert (folder / "pack.yaml").read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("name", ["Dental", "../up", "a b", "-x", "a" * 41, ""])
def test_a_name_that_is_no_plain_word_is_refused(tmp_path: Path, name: str) -> None:
    refused = run("pack", "new", "--in", tmp_path, "--", name)

    assert refused.exit_code == 2
    assert "cannot be the name of a pack" in " ".join(refused.output.replace("│", "").split())
    assert list(tmp_path.iterdir()) == []


def test_a_pack_of_another_folder_is_listed_although_none_there_is_in_force(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIPELINE_PACKS_DIR", str(tmp_path))
    monkeypatch.delenv("PIPELINE_PACK", raising=False)

    listed = run("report", "list", folder / "sample/accounts.csv", "--pack", "dental-labs", "--out", tmp_path)

    assert listed.exit_code == 0, listed.output
    assert run("score", "--help").exit_code == 0


@pytest.mark.parametrize("evidence", ["{amount} shops", "{value shops", "{} shops", "{value:zz} shops", "{value!r}"])
def test_evidence_with_a_place_that_nothing_fills_is_a_fault_by_line(folder: Path, evidence: str) -> None:
    scoring = folder / "scoring.yaml"
    text = scoring.read_text(encoding="utf-8")
    scoring.write_text(text.replace("shops: {value}", evidence), encoding="utf-8")

    (fault,) = lint(folder).faults

    assert fault.file.startswith("scoring.yaml")
    assert "size: evidence can have {value}, and not" in str(fault)
