"""Is the playbook read from the pack and the environment?"""

import shutil
from pathlib import Path

import pytest

from engines.packs import PackInvalid, pack_folder, section
from services.sequencer.settings import first_reps, playbook


@pytest.fixture
def packs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the pack that a test may change."""
    shutil.copytree(pack_folder(), tmp_path / "snf")
    monkeypatch.setenv("PIPELINE_PACKS_DIR", str(tmp_path))
    return tmp_path / "snf"


def test_the_caps_are_those_of_the_pack() -> None:  # R40 to R43
    book = playbook()

    assert (book.rule(1).per_rep, book.rule(1).new_per_rep_and_week, book.rule(2).new_per_day) == (8, 2, 3)
    assert (book.sequence(1).name, book.sequence(2).name) == ("ny-snf-21-day", "tier-2-nurture")
    assert (book.capacity.touches_per_day.scope, book.capacity.touches_per_day.max) == ("team", 15)
    assert (book.rule(1).gate, book.rule(1).blocked_per_rep) == ("call", 8)
    assert (book.rule(2).gate, book.rule(2).slip_days, book.rule(1).slip_days) == ("any", 5, 3)


def test_the_factor_that_reasons_cite_first_is_one_of_the_scoring_model() -> None:
    factors = section("scoring", dict)["factors"]

    assert playbook().capacity.signal_factor in {factor["factor"] for factor in factors}


def test_the_first_reps_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PIPELINE_SEQUENCER_REPS", raising=False)
    assert first_reps() == ("rep-1", "rep-2")
    monkeypatch.setenv("PIPELINE_SEQUENCER_REPS", "ann, bob ,")
    assert first_reps() == ("ann", "bob")


def test_a_tier_without_its_sequence_is_refused_by_file_and_field(packs: Path) -> None:
    (packs / "sequences" / "tier-2-nurture.yaml").unlink()

    with pytest.raises(PackInvalid, match=r"snf/capacity\.yaml:\d+: tiers\.2\.sequence"):
        playbook()


def test_an_unknown_key_is_refused_by_file_and_field(packs: Path) -> None:
    path = packs / "capacity.yaml"
    path.write_text(path.read_text() + "\nbudget: 3\n")

    with pytest.raises(PackInvalid, match=r"capacity\.yaml:29: budget"):
        playbook()


def test_a_sequence_out_of_order_is_refused(packs: Path) -> None:
    path = packs / "sequences" / "tier-2-nurture.yaml"
    path.write_text(path.read_text().replace("n: 3", "n: 4"))

    with pytest.raises(PackInvalid, match=r"tier-2-nurture\.yaml:7: .*numbered"):
        playbook()
