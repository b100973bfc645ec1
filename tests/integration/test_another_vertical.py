"""Does the whole chain work for a trade that the engine has never heard of?"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from contextlib import chdir, redirect_stdout
from pathlib import Path
from typing import Any

import pytest

from cli.client.connection import talk
from cli.demo import story
from cli.main import main
from cli.stack import lifecycle
from cli.stack.target import REPOSITORY

FACILITIES = """Permit,Workshop,Town,State,Street,ZIP,Phone,Franchise,Stands,Inspection,As Of
BK-0001,Larkspur Wheelworks,Milwaukee,WI,1 Hub Street,53202,4145550101,,4,1,2026-06-01
BK-0002,Quill Bicycle Workshop,Madison,WI,2 Rim Road,53703,6085550102,,6,2,2026-06-01
BK-0003,Tandem Hollow Cycles,Racine,WI,3 Spoke Lane,53402,2625550103,,2,5,2026-06-01
"""
POSTINGS = """source,source_posting_id,title,employer_name,city,state,permit,seen_at
board,1,Wheel Builder - urgent,Larkspur Wheelworks,Milwaukee,WI,,2026-07-01T09:00:00
board,2,Frame Welder,Somebody Else Entirely,Madison,WI,BK-0002,2026-07-01T09:00:00
board,3,Baker,Larkspur Wheelworks,Milwaukee,WI,,2026-07-01T09:00:00
board,4,Wheel Builder,Nobody We Know,Racine,WI,,2026-07-08T09:00:00
"""
CONTACTS = """permit,chain,role,name,direct_phone,email,source,source_date
BK-0001,,owner,Ada Moss,414-555-0111,ada@larkspur.example,letterhead,2026-06-01
BK-0001,,foreman,Ben Fern,,ben@larkspur.example,letterhead,2026-06-01
BK-0002,,owner,Cleo Birch,608-555-0112,cleo@quill.example,letterhead,2026-06-01
BK-0009X,,owner,Dora Elm,608-555-0113,,letterhead,2026-06-01
BK-0003,,administrator,Eli Oak,262-555-0114,,letterhead,2026-06-01
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The stack of the toy pack, after eight days of its work."""
    folder = tmp_path_factory.mktemp("toy")
    for name, content in (("facilities", FACILITIES), ("postings", POSTINGS), ("contacts", CONTACTS)):
        (folder / f"{name}.csv").write_text(content)
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("PIPELINE_HOME", str(folder / "home"))
        environment.setenv("PIPELINE_PACKS_DIR", str(REPOSITORY / "tests" / "fixtures" / "packs"))
        environment.setenv("PIPELINE_PACK", "toy")
        environment.setenv("PYTHONPATH", str(REPOSITORY))
        environment.delenv("PIPELINE_NATS_URL", raising=False)
        lifecycle.start("demo", lambda _: None, simulation=True)
        try:
            files = [folder / f"{name}.csv" for name in ("facilities", "postings", "contacts")]
            given = story.inputs(folder, 1, 8, files[0], None, files[1], files[2], None)
            talk(lambda broker: story.run_demo(broker, given, story.DemoProgress()))
            yield folder
        finally:
            lifecycle.wipe(folder / "home", lambda _: None)


def pipeline(folder: Path, *arguments: str) -> str:
    out = io.StringIO()
    with pytest.MonkeyPatch.context() as patch, chdir(folder), redirect_stdout(out):
        patch.setattr("sys.argv", ["pipeline", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
    assert not ended.value.code, out.getvalue()
    return out.getvalue()


def exported(folder: Path, what: str) -> list[dict[str, Any]]:
    pipeline(folder, "export", what, "--out", str(folder / f"{what}.csv"))
    with (folder / f"{what}.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def test_postings_find_their_workshop_by_name_and_by_permit(folder: Path) -> None:
    found = {row["source_posting_id"]: (row["outcome"], row["permit"]) for row in exported(folder, "postings")}

    assert found["1"] == ("matched", "BK-0001")
    assert found["2"] == ("matched", "BK-0002")
    assert found["3"][0] == "ignored"
    assert found["4"][0] == "queued"


def test_scores_and_tiers_follow_the_packs_own_factors(folder: Path) -> None:
    scores = {row["permit"]: row for row in exported(folder, "scores")}

    assert {permit: float(row["score"]) for permit, row in scores.items()} == {
        "BK-0001": pytest.approx(86.0),
        "BK-0002": pytest.approx(39.5),
        "BK-0003": 0.0,
    }
    assert (scores["BK-0001"]["tier"], scores["BK-0003"]["tier"]) == ("1", "3")


def test_the_day_has_calls_to_owners_and_letters_to_foremen(folder: Path) -> None:
    tasks = exported(folder, "tasks")
    letters = exported(folder, "drafts")

    assert {(row["permit"], row["channel"], row["persona"]) for row in tasks} >= {("BK-0001", "call", "owner")}
    assert all(row["persona"] in ("owner", "foreman", "franchisor") for row in tasks)
    letter = next(row for row in letters if row["permit"] == "BK-0001")
    assert letter["subject"] == "Wheels at Larkspur Wheelworks"
    assert "Dear Ben," in letter["body"]
    assert "You are looking for a wheelbuilder. Spoke & Sons does truing by post." in letter["body"]


def test_people_read_the_trades_own_words(folder: Path) -> None:
    why = pipeline(folder, "why", "bk-0001")
    refused = pipeline(folder, "import", "contacts", str(folder / "contacts.csv"))
    rejects = (folder / "contacts.csv.rejects.csv").read_text()

    assert "Larkspur Wheelworks" in why
    assert "permit 'BK-0009X' is not two letters and four digits like BK-0042" in rejects
    assert "role 'administrator' is none of owner, foreman, franchisor" in rejects
    assert "2" in refused
