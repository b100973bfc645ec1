"""Are the recorded answers and pages of real systems read in every field, or refused by name?"""

from __future__ import annotations

import json
from typing import Any

import pytest

from engines.postings import Read, Unreadable, read
from tests.support.reference import DATA

JOBS = DATA / "jobs"
needs_jobs = pytest.mark.skipif(not JOBS.is_dir(), reason="needs the recorded answers in ../shared/data/jobs")
WITHOUT_ADAPTER = {
    "bamboohr": "BambooHR", "eightfold": "Eightfold", "freehire_detail_greenhouse": "FreeHire",
    "hrmdirect": "HRMDirect", "icims": "iCIMS", "jobvite": "Jobvite", "neogov": "NEOGOV",
    "oracle_orc": "Oracle Recruiting", "paylocity": "Paylocity", "personio": "Personio", "phenom": "Phenom",
    "teamtailor": "Teamtailor", "successfactors": "SAP SuccessFactors", "edgar_il": "SEC EDGAR",
}  # fmt: skip
STATES = {"New Jersey": "NJ", "Connecticut": "CT", "West Virginia": "WV"}


def truth() -> list[dict[str, Any]]:
    path = JOBS / "truth.jsonl"
    return [json.loads(line) for line in path.read_text().splitlines()] if path.is_file() else []


def recorded(entry: dict[str, Any]) -> Read:
    path = JOBS / entry["file"]
    return read(path.read_bytes(), path.name)


def of(kind: str) -> list[Any]:
    chosen = [entry for entry in truth() if _kind(entry) == kind]
    return [pytest.param(entry, id=entry["file"]) for entry in chosen]


def _kind(entry: dict[str, Any]) -> str:
    if "area" in entry:
        return "adzuna"
    if "syntax" in entry:
        return "schema.org" if "jsonld" in entry else "nothing"
    return "refused" if entry["format"] in WITHOUT_ADAPTER else "read"


@needs_jobs
def test_every_recorded_file_is_judged() -> None:
    files = {path.relative_to(JOBS).as_posix() for path in JOBS.glob("*/*")}

    assert files == {entry["file"] for entry in truth()}


@pytest.mark.parametrize("entry", of("adzuna"))
def test_an_answer_of_adzuna_gives_employer_title_and_place(entry: dict[str, Any]) -> None:
    (posting,) = recorded(entry).postings

    assert (posting.employer_name, posting.title) == (entry["employer"], entry["title"])
    assert (posting.state, posting.city) == (STATES[entry["area"][1]], entry["area"][-1])


@pytest.mark.parametrize("entry", of("schema.org"))
def test_an_official_example_gives_what_its_json_states(entry: dict[str, Any]) -> None:
    stated = entry["jsonld"]

    (posting,) = recorded(entry).postings

    assert posting.title == stated.get("title", stated.get("name"))
    assert posting.employer_name == stated.get("hiringOrganization", {}).get("name", "")
    assert posting[3:] == (None,) * 8


@pytest.mark.parametrize("entry", of("nothing"))
def test_an_example_without_markup_states_no_posting(entry: dict[str, Any]) -> None:
    with pytest.raises(Unreadable, match="without a JobPosting"):
        recorded(entry)


@pytest.mark.parametrize("entry", of("refused"))
def test_a_system_without_an_adapter_is_named(entry: dict[str, Any]) -> None:
    with pytest.raises(Unreadable, match=f"{WITHOUT_ADAPTER[entry['format']]}, which has no adapter"):
        recorded(entry)


@pytest.mark.parametrize("entry", of("read"))
def test_an_answer_with_an_adapter_gives_its_postings_as_they_are_written(entry: dict[str, Any]) -> None:
    """The fields of the answer are looked up by hand here, and compared with those that were read."""
    path = JOBS / entry["file"]
    found = {posting.source_posting_id: posting for posting in recorded(entry).postings}
    if path.suffix == ".html":
        assert len(found) == 1
        return
    written = path.read_text()
    assert found
    for name, posting in found.items():
        assert name in written
        assert posting.title.split()[0] in written
        assert posting.employer_name in written
        assert (posting.city or "") in written
    lever = json.loads(written) if recorded(entry).format == "lever" else []
    for stated in lever:
        posting = found[stated["id"]]
        assert posting.url == stated["hostedUrl"]
        assert posting.title == stated["text"]
        assert (posting.posted_on is not None) == ("createdAt" in stated)
