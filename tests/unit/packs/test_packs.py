"""Is an error in a pack found and reported when a service starts?"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from engines import packs


@dataclass(frozen=True)
class Rules:
    __pydantic_config__ = {"extra": "forbid"}  # noqa: RUF012  read by pydantic

    days: int
    names: tuple[str, ...] = ()


@pytest.fixture
def pack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "packs" / "trial"
    folder.mkdir(parents=True)
    monkeypatch.setenv("PIPELINE_PACKS_DIR", str(folder.parent))
    monkeypatch.setenv("PIPELINE_PACK", "trial")
    return folder


def test_a_section_is_validated_into_the_services_own_type(pack: Path) -> None:
    (pack / "rules.yaml").write_text("days: 30\nnames: [a, b]")

    assert packs.section("rules", Rules) == Rules(30, ("a", "b"))


@pytest.mark.parametrize(
    "content, complaint",
    [
        ("days: soon", "trial/rules.yaml:1: days: must be a whole number"),
        ("days: 1\ndasy: 2", "trial/rules.yaml:2: dasy"),
        ("names: []", "trial/rules.yaml: days"),
        ("days: [", "trial/rules.yaml:2: is not YAML"),
        ("days: 1\ndays: 2", "the key days appears twice"),
        ("days: 1\nname: [a]", "name: is not a known key; did you mean names?"),
        ("", "trial/rules.yaml"),
    ],
)
def test_an_error_is_reported_by_file_and_field(pack: Path, content: str, complaint: str) -> None:
    (pack / "rules.yaml").write_text(content)

    with pytest.raises(packs.PackInvalid, match=complaint):
        packs.section("rules", Rules)


def test_a_missing_section_and_a_missing_pack_are_reported(pack: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(packs.PackInvalid, match=r"has no rules\.yaml"):
        packs.section("rules", Rules)

    monkeypatch.setenv("PIPELINE_PACK", "nowhere")
    with pytest.raises(packs.PackInvalid, match="no pack 'nowhere'"):
        packs.pack_hash()


def test_all_sections_of_a_folder_are_read_by_name(pack: Path) -> None:
    (pack / "many").mkdir()
    (pack / "many" / "one.yaml").write_text("days: 1")
    (pack / "many" / "two.yaml").write_text("days: 2")

    assert packs.sections("many", Rules) == {"one": Rules(1), "two": Rules(2)}


def test_the_hash_changes_with_any_content_or_name(pack: Path) -> None:
    (pack / "rules.yaml").write_text("days: 30")
    before = packs.hash_of.__wrapped__(pack)

    (pack / "rules.yaml").write_text("days: 31")
    changed = packs.hash_of.__wrapped__(pack)
    (pack / "rules.yaml").rename(pack / "laws.yaml")

    assert len({before, changed, packs.hash_of.__wrapped__(pack)}) == 3


def test_a_pack_names_its_accounts_or_they_are_facilities(pack: Path) -> None:
    about = "name: trial\ntitle: Trial\nthesis: none\n"
    (pack / "pack.yaml").write_text(about)
    assert (packs.about().account, packs.about().accounts) == ("facility", "facilities")

    other = pack.parent / "other"
    other.mkdir()
    (other / "pack.yaml").write_text(f"{about}account: clinic\naccounts: clinics\n")
    named = packs.section_of(other, "pack", packs.About)
    assert (named.account, named.accounts) == ("clinic", "clinics")


def test_a_blank_word_for_accounts_is_refused(pack: Path) -> None:
    (pack / "pack.yaml").write_text("name: trial\ntitle: Trial\nthesis: none\naccount: ' '\n")

    with pytest.raises(packs.PackInvalid, match="account is a word of 1 to 40 characters"):
        packs.about()
