"""Does the linter find rules that no facility, posting or file can satisfy?"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from cli.linting import lint
from cli.linting.scheme import problems, scheme_of
from engines.scoring.pack import scheme_from, scheme_in

REPOSITORY = Path(__file__).parents[3]
SNF = REPOSITORY / "packs" / "snf"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(SNF, tmp_path / "snf")
    return tmp_path / "snf"


def change(folder: Path, section: str, how: Callable[[Any], None]) -> list[str]:
    path = folder / f"{section}.yaml"
    content = yaml.safe_load(path.read_text())
    how(content)
    path.write_text(yaml.safe_dump(content))
    return problems(folder)


@pytest.mark.parametrize("pack", [SNF, *sorted((REPOSITORY / "tests/fixtures/packs").iterdir())], ids=lambda p: p.name)
def test_the_packs_are_sound(pack: Path) -> None:
    assert problems(pack) == []


def test_a_tier_that_no_facility_can_reach_is_found(folder: Path) -> None:
    [found] = change(folder, "tiers", lambda tiers: tiers["min_score"].update({1: 101}))

    assert found == "tiers.yaml: Tier 1 begins at 101, and no facility can have more than 100"


def test_the_hot_tier_as_the_source_writes_it_is_out_of_reach_k14(tmp_path: Path) -> None:
    shutil.copytree(REPOSITORY / "tests/fixtures/packs/health-system", tmp_path / "hs")

    def as_written(model: Any) -> None:
        engagement = model["factors"][3]
        engagement.update(cap=24, weight=0.24, out_of=24)
        model["weights_sum"] = 0.74

    assert change(tmp_path / "hs", "scoring", as_written) == [
        "tiers.yaml: Tier 1 begins at 75, and no facility can have more than 74"
    ]


@pytest.mark.parametrize(
    "cuts,tier,begins", [({1: 50, 2: 50, 3: 10}, 2, "Tier 1 begins at 50"), ({1: 50, 2: 0}, 3, "Tier 2 begins at 0")]
)
def test_an_empty_tier_between_fixed_cuts_is_found(folder: Path, cuts: dict[int, int], tier: int, begins: str) -> None:
    def fix(tiers: Any) -> None:
        tiers.clear()
        tiers.update({"policy": "fixed", "cuts": cuts})

    [found] = change(folder, "tiers", fix)

    assert found == f"tiers.yaml: no facility can be in Tier {tier}, because {begins}"


def test_a_factor_whose_field_does_not_exist_is_found(folder: Path) -> None:
    [found] = change(folder, "scoring", lambda model: model["factors"][1].update(field="moon_phase"))

    assert found == "scoring.yaml: qm_rating reads moon_phase, which fields.yaml does not know"


def test_a_role_that_no_posting_can_have_is_found(folder: Path) -> None:
    [found] = change(
        folder, "scoring", lambda model: model["factors"][0]["roles"].update({"cook": {"label": "Cook", "weight": 1}})
    )

    assert found == "scoring.yaml: open_posting weighs cook, which roles.yaml never finds"


def test_weights_and_double_counts_are_found_r30(folder: Path) -> None:
    [weights] = change(folder, "scoring", lambda model: model["factors"][0].update(weight=0.5))

    assert "weights must not be negative and sum to 1, they sum to 1.14" in weights


def test_the_scheme_sent_to_the_scorer_is_that_of_the_folder() -> None:
    sent = scheme_of(SNF)

    assert scheme_from(sent.pack, sent.model, sent.policy) == scheme_in(SNF)


@pytest.mark.parametrize(
    "pack, text",
    [("snf", "evidence: fine}"), ("snf", "none_open: "), ("clinic", "evidence: API-first EMR}")],
)
def test_braces_where_nothing_is_filled_in_are_a_fault_by_line(tmp_path: Path, pack: str, text: str) -> None:
    shutil.copytree(REPOSITORY / "packs" / pack, tmp_path / pack)
    scoring = tmp_path / pack / "scoring.yaml"
    content = scoring.read_text()
    assert text in content
    braced = text.replace("fine}", '"fine {value}"}').replace("API-first EMR}", '"API {value}"}')
    scoring.write_text(content.replace(text, braced if braced != text else f'{text}"none {{n}}" # '))

    (fault,) = lint(tmp_path / pack).faults

    assert fault.key.startswith("factors.")
    assert content.splitlines()[(fault.line or 0) - 1].lstrip().startswith("- factor:")
    assert "cannot have braces" in str(fault)
