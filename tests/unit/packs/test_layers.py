"""Does a pack that extends another one have the files of both, its own first?"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from cli.linting import lint
from engines import packs
from engines.packs.layers import DEEPEST, file_in, files_in, layers


@dataclass(frozen=True)
class Rules:
    days: int


def pack(places: Path, name: str, extends: str | None = None, **files: str) -> Path:
    folder = places / name
    folder.mkdir(parents=True)
    stated = f"name: {name}\ntitle: {name}\nthesis: none\n" + (f"extends: {extends}\n" if extends else "")
    (folder / "pack.yaml").write_text(stated)
    for file, content in files.items():
        path = folder / f"{file.replace('__', '/')}.yaml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(content)
    return folder


def test_a_file_of_a_pack_replaces_that_of_its_base_as_a_whole(tmp_path: Path) -> None:
    base = pack(tmp_path, "base", rules="days: 1", hours="days: 8")
    own = pack(tmp_path, "own", "base", rules="days: 2")

    assert layers(own) == (own, base)
    assert packs.section_of(own, "rules", Rules) == Rules(2)
    assert packs.section_of(own, "hours", Rules) == Rules(8)
    assert file_in(own, "hours") == base / "hours.yaml"
    assert file_in(own, "moods") is None


def test_folders_of_a_pack_and_its_base_are_joined(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    base = pack(tmp_path, "base", letters__first="days: 1", letters__second="days: 2")
    own = pack(tmp_path, "own", "base", letters__second="days: 3", letters__third="days: 4")
    monkeypatch.setenv("PIPELINE_PACKS_DIR", str(tmp_path))
    monkeypatch.setenv("PIPELINE_PACK", "own")

    files = files_in(own, "letters")
    assert list(files) == ["first", "second", "third"]
    assert files["first"].parent == base / "letters"
    assert packs.sections("letters", Rules) == {"first": Rules(1), "second": Rules(3), "third": Rules(4)}


def test_the_hash_changes_with_what_is_in_force_and_not_with_what_is_replaced(tmp_path: Path) -> None:
    base = pack(tmp_path, "base", rules="days: 1", hours="days: 8")
    own = pack(tmp_path, "own", "base", rules="days: 2")
    before = packs.hash_of.__wrapped__(own)

    (base / "rules.yaml").write_text("days: 7")
    replaced = packs.hash_of.__wrapped__(own)
    (base / "hours.yaml").write_text("days: 9")

    assert replaced == before
    assert packs.hash_of.__wrapped__(own) != before


def test_a_base_is_looked_for_beside_the_pack_then_in_the_deployment_then_among_the_bundled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIPELINE_PACKS_DIR", str(tmp_path / "deployment"))
    own = pack(tmp_path / "home", "own", "basic")
    [_, bundled] = layers(own)

    deployed = pack(tmp_path / "deployment", "basic")
    [_, in_deployment] = layers(own)
    beside = pack(tmp_path / "home", "basic")

    assert bundled.parent.name == "packs"
    assert in_deployment == deployed
    assert layers(own)[1] == beside


def test_a_base_that_is_missing_circular_or_too_deep_is_reported_and_nothing_else(tmp_path: Path) -> None:
    pack(tmp_path, "one", "two")
    pack(tmp_path, "two", "one")
    for number in range(DEEPEST):
        pack(tmp_path, f"deep{number}", f"deep{number + 1}")
    pack(tmp_path, f"deep{DEEPEST}")
    wrong = {
        "one": "pack.yaml:4: extends: one extends two extends one; extend another pack",
        "deep0": "pack.yaml:4: extends: deep5 would be number 6 of packs that extend one another; at most 5 may",
        pack(tmp_path, "lost", "nowhere").name: "there is no pack 'nowhere' in",
        pack(tmp_path, "outside", "../one").name: "extends: '../one' is not the name of a pack; name one",
        pack(tmp_path, "listing", "[one]").name: "is not the name of a pack",
        pack(tmp_path, "broken", "[").name: "pack.yaml: is not YAML",
    }

    for name, problem in wrong.items():
        [fault] = lint(tmp_path / name).faults
        assert problem in str(fault)
        with pytest.raises(packs.PackInvalid, match=r"pack\.yaml:(4: extends| is not YAML)"):
            packs.section_of(tmp_path / name, "rules", Rules)


def test_an_error_in_a_file_of_the_base_names_the_base(tmp_path: Path) -> None:
    pack(tmp_path, "base", rules="days: soon")
    own = pack(tmp_path, "own", "base")

    with pytest.raises(packs.PackInvalid, match=r"^base/rules\.yaml:1: days: must be a whole number"):
        packs.section_of(own, "rules", Rules)
