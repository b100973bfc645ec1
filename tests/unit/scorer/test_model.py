"""Is an inconsistent scoring model or tier policy refused with file and field?"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from engines.packs import PackInvalid
from services.scorer import settings
from tests.unit.scorer.building import MODEL, SNF


@pytest.fixture
def pack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, Callable[[Any], None]], None]:
    """Changes a section in a copy of the pack, which is then in force."""
    shutil.copytree(SNF, tmp_path / "snf")
    monkeypatch.setenv("PIPELINE_PACKS_DIR", str(tmp_path))

    def change(name: str, how: Callable[[Any], None]) -> None:
        path = tmp_path / "snf" / name
        content = yaml.safe_load(path.read_text())
        how(content)
        path.write_text(yaml.safe_dump(content))

    return change


def _set(*path: str | int, to: object) -> Callable[[Any], None]:
    def how(content: Any) -> None:
        for key in path[:-1]:
            content = content[key]
        content[path[-1]] = to

    return how


@pytest.mark.parametrize(
    "how,message",
    [
        (_set("factors", 0, "weight", to=0.35), "weights must not be negative and sum to 1, they sum to 0.99"),
        (_set("factors", 1, "field", to="overall_rating"), "overall_rating already contains staffing_rating"),
        (_set("factors", 1, "values", "1", to=1.2), "qm_rating: every value must be between 0 and 1"),
        (_set("factors", 0, "lift", to=[0.5, 1]), "lift needs 5 values"),
        (_set("factors", 2, "steps", 0, "under_days", to=400), "survey_penalty: there must be steps"),
        (_set("factors", 2, "dates", 0, "contact", to="don"), "exactly one source"),
        (_set("factors", 5, "at_least", to=1), "mds_volume: a deviation needs"),
        (_set("factors", 5, "full_z", to=1), "from_z must be below full_z"),
        (_set("factors", 3, "factor", to="qm_rating"), "must be unique"),
        (_set("factors", 1, "feild", to="x"), r"factors\.1\.feild: is not a known key; did you mean field"),
        (_set("factors", 1, "kind", to="guess"), r"factors\.1: names an unknown kind"),
    ],
)
def test_an_inconsistent_model_is_refused(pack: Any, how: Callable[[Any], None], message: str) -> None:
    pack("scoring.yaml", how)

    with pytest.raises(PackInvalid, match=rf"snf/scoring\.yaml:(\d+:)? .*{message}"):
        settings.scheme()


@pytest.mark.parametrize(
    "how,message",
    [
        (_set("targets", to={1: 15, 3: 60}), "targets must name the tiers"),
        (_set("min_score", to={1: 25}), "min_score must name the same tiers"),
        (_set("min_score", to={1: 10, 2: 25}), "fall from tier to tier"),
        (_set("tie_break", to=["urgency_desc"]), "by facility_id"),
        (_set("calibrate", "weekday", to="someday"), r"calibrate\.weekday"),
    ],
)
def test_an_inconsistent_tier_policy_is_refused(pack: Any, how: Callable[[Any], None], message: str) -> None:
    pack("tiers.yaml", how)

    with pytest.raises(PackInvalid, match=rf"snf/tiers\.yaml:(\d+:)? .*{message}"):
        settings.scheme()


def test_the_overall_star_rating_is_not_a_factor_r30() -> None:
    assert "overall_rating" not in MODEL.fields


def test_the_weights_are_those_of_the_source_r24_to_r29() -> None:
    assert [str(factor.weight) for factor in MODEL.factors] == ["0.36", "0.2", "0.18", "0.12", "0.08", "0.06"]
