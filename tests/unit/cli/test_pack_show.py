"""Does a pack explain itself completely, to a person who has never seen its files?"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.linting.sections import read_pack
from cli.main import app
from cli.printing.packs import document

REPOSITORY = Path(__file__).parents[3]
PACKS = ("packs/clinic", "packs/referral-partner", "packs/snf", "tests/fixtures/packs/toy", "cli/files/skeleton")


@pytest.mark.parametrize("pack", PACKS)
def test_every_factor_tier_step_playbook_report_and_assumption_is_explained(pack: str) -> None:
    read, _ = read_pack(REPOSITORY / pack)
    text = document(read).replace("\\", "")

    model, tiers = read.get("scoring"), read.get("tiers")
    assert all(factor.label in text for factor in model.factors)
    assert all(factor.assumed in text for factor in model.parts if factor.assumed)
    assert all(label in text for label in tiers.labels.values())
    for folder in ("sequences", "playbooks", "reports"):
        assert all(each.title in text for each in read.folders[folder].values())
    for sequence in read.folders["sequences"].values():
        assert f"\n{len(sequence.steps)}. " in text


def test_points_tiers_and_estimates_are_stated_as_the_pack_counts_them() -> None:
    read, _ = read_pack(REPOSITORY / "packs/clinic")
    text = document(read)

    assert "Model icf_v1.0: at most 100 points." in text
    assert "- 200 or more reviews: 10\n" in text
    assert "- Posting for a coder, at most 5: an open posting, Medical coder: 2.5 to 5 by urgency" in text
    assert "`4 + 5 * coding_complexity + 3 * denial_pressure`, from 0 to 15" in text
    assert "- **Tier 1 - High fit**: from 75 points; sequence Outbound." in text
    assert "- case_study: none yet, so sentences with it are left out" in text


def test_a_pack_that_cannot_be_read_is_refused_with_its_fault(tmp_path: Path) -> None:
    (tmp_path / "pack.yaml").write_text("name: empty\ntitle: Empty\nthesis: None.\nextends: basic\n", encoding="utf-8")

    refused = CliRunner().invoke(app, ["pack", "show", str(tmp_path)])

    assert refused.exit_code != 0
    assert "scoring.yaml: there is no such file; add it" in f"{refused.output}{refused.exception}"


def test_a_fault_has_its_line(tmp_path: Path) -> None:
    folder = tmp_path / "clinic"
    shutil.copytree(REPOSITORY / "packs/clinic", folder)
    with (folder / "tiers.yaml").open("a", encoding="utf-8") as file:
        file.write("\nunheard_of: 1\n")
    line = len((folder / "tiers.yaml").read_text(encoding="utf-8").splitlines())

    refused = CliRunner().invoke(app, ["pack", "show", str(folder)])

    assert refused.exit_code != 0
    assert f"tiers.yaml:{line}: unheard_of" in f"{refused.output}{refused.exception}"
