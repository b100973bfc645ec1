"""Is the one-pager of every pack two sides that state what the pack says, and can a template do nothing but typeset?"""

from __future__ import annotations

import io
import shutil
from pathlib import Path

import pytest
from pypdf import PdfReader
from typer.testing import CliRunner

from cli.linting.sections import read_pack
from cli.main import app
from cli.one_pager import one_pager
from cli.one_pager.facts import facts_of
from cli.one_pager.sampled import sampled
from cli.one_pager.typesetting import typeset
from engines.packs import PackInvalid

REPOSITORY = Path(__file__).parents[3]
PACKS = ("packs/clinic", "packs/referral-partner", "packs/snf", "cli/files/skeleton")


def pages(pdf: bytes) -> list[str]:
    """The text of each page, with single blanks; ligatures are the letters that they stand for."""
    found = (page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    return [" ".join(text.replace("ﬁ", "fi").replace("ﬀ", "ff").split()) for text in found]


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A pack of which files can be changed."""
    folder = tmp_path / "referral-partner"
    shutil.copytree(REPOSITORY / "packs/referral-partner", folder)
    return folder


@pytest.mark.parametrize("name", PACKS)
def test_two_pages_state_factors_tiers_sequences_playbooks_and_the_columns_of_an_export(name: str) -> None:
    pack, _ = read_pack(REPOSITORY / name)
    front, back = pages(one_pager(REPOSITORY / name))

    policy = pack.get("tiers")
    tiers = [policy.labels.get(tier, f"Tier {tier}") for tier in range(1, policy.lowest + 1)]
    labels = [each.label for each in pack.get("scoring").factors if each.weight]
    assert [text for text in (pack.get("pack").title, *tiers, *labels) if text not in front] == []
    titles = [each.title for folder in ("sequences", "playbooks") for each in pack.folders[folder].values()]
    assert [text for text in titles if text not in back] == []
    for report in list(pack.folders["reports"].values())[:1]:
        assert [heading for heading in report.columns if heading not in back] == []


def test_the_same_pack_gives_the_same_bytes_in_the_file_that_is_named(tmp_path: Path) -> None:
    files = [tmp_path / "first.pdf", tmp_path / "second.pdf"]
    for file in files:
        done = CliRunner().invoke(app, ["pack", "one-pager", "referral-partner", "--out", str(file)])
        assert (done.exit_code, done.output) == (0, f"{file}: two pages.\n")

    assert files[0].read_bytes() == files[1].read_bytes()


def test_the_export_shown_has_the_accounts_of_the_playbook_that_it_names() -> None:
    pack, _ = read_pack(REPOSITORY / "packs/clinic")
    export = facts_of(pack, *sampled(pack))["export"]

    assert export["command"] == "pipeline playbook export behavioral-health"
    at = export["columns"].index("segments")
    assert len(export["rows"]) == 3
    assert all("behavioral_health" in row[at] for row in export["rows"])


def test_texts_of_a_pack_are_data_and_never_typst(own: Path) -> None:
    hostile = 'A #panic("no") *b* $x$ @preview `c` \\ <d> \\#e'
    about = (own / "pack.yaml").read_text(encoding="utf-8").replace("title: Referral partners", f"title: '{hostile}'")
    (own / "pack.yaml").write_text(about, encoding="utf-8")

    assert hostile in pages(one_pager(own))[0]


def test_what_is_longer_than_two_sides_is_refused(own: Path) -> None:
    about = (own / "pack.yaml").read_text(encoding="utf-8").partition("thesis:")[0]
    (own / "pack.yaml").write_text(f"{about}thesis: {'very long ' * 900}\nextends: basic\n", encoding="utf-8")

    with pytest.raises(PackInvalid, match=r"it has \d+ pages instead of 2: shorten its thesis"):
        one_pager(own)


def test_a_pack_may_have_a_template_of_its_own(own: Path) -> None:
    template = "#let facts = json(bytes(sys.inputs.facts))\nOurs: #facts.title\n#pagebreak()\nBack"
    (own / "one-pager.typ").write_text(template, encoding="utf-8")

    assert pages(one_pager(own)) == ["Ours: Practice Finder for Rula", "Back"]
    assert CliRunner().invoke(app, ["pack", "lint", str(own)]).exit_code == 0


@pytest.mark.parametrize(
    "template, reason",
    [
        ("one page", "it has 1 page instead of 2: add #pagebreak"),
        ("#unknown", "unknown variable: unknown"),
        ('#read("/etc/passwd")', "file not found"),
        ('#read("../../../../etc/passwd")', "would escape the project root"),
        ('#import "@pre" + "view/cetz:0.3.1"', "failed to download package"),
    ],
)
def test_a_template_that_is_wrong_reads_another_file_or_reaches_out_is_refused(template: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        typeset(template, "{}")


def test_a_pack_without_a_sample_is_refused_with_what_it_lacks(own: Path) -> None:
    (own / "sample.yaml").unlink()

    with pytest.raises(PackInvalid, match=r"has no sample\.yaml"):
        one_pager(own)
