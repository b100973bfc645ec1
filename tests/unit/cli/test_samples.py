"""What does the demo of a pack with a sample.yaml invent?"""

from __future__ import annotations

import csv
import re
import shutil
from collections import Counter
from pathlib import Path

import pytest

from cli.demo.invented import START, Invented, write_invented
from cli.linting import lint
from engines import packs
from engines.datasets.facts import Headings
from engines.datasets.listing import Listing
from engines.datasets.reading import Row, read_table
from engines.datasets.registry import layout_of, read_row

PACKS = Path(packs.__file__).parents[2] / "packs"
CLINIC = PACKS / "clinic"
EXCHANGE = "{share: 1, adapter: careeronestop}"


@pytest.fixture(scope="module")
def clinics(tmp_path_factory: pytest.TempPathFactory) -> Invented:
    return write_invented(CLINIC, tmp_path_factory.mktemp("clinics"), seed=1, days=60)


def rows(path: Path | None) -> list[dict[str, str]]:
    assert path
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def listings(path: Path, pack: Path) -> list[Listing]:
    headings = packs.section_of(pack, "fields", Headings)
    with read_table(path) as table:
        layout = layout_of(headings, table.header)
        read = [read_row(layout, row.line, row.cells, START) for row in table.rows if isinstance(row, Row)]
    assert all(isinstance(each, Listing) for each in read)
    return [each for each in read if isinstance(each, Listing)]


def test_at_least_five_hundred_clinics_are_invented_and_each_row_is_accepted_without_a_warning(
    clinics: Invented,
) -> None:
    found = listings(clinics.facilities, CLINIC)

    assert len({each.facility_id for each in found}) == len(found) == 520
    assert [warning for each in found for warning in each.warnings] == []


def test_people_clients_and_postings_name_only_clinics_of_the_list(clinics: Invented) -> None:
    known = {each.facility_id for each in listings(clinics.facilities, CLINIC)}

    named = [row["clinic_id"] for path in (clinics.contacts, clinics.clients) for row in rows(path)]
    stated = [row["clinic_id"] for row in rows(clinics.postings) if row["clinic_id"]]

    assert set(named) | set(stated) <= known
    assert len(rows(clinics.clients)) == 5


def test_the_same_seed_gives_the_same_bytes_and_another_one_another_world(clinics: Invented, tmp_path: Path) -> None:
    again = write_invented(CLINIC, tmp_path / "again", seed=1, days=60)
    other = write_invented(CLINIC, tmp_path / "other", seed=2, days=60)

    for mine, same, different in zip(_files(clinics), _files(again), _files(other), strict=True):
        assert mine.read_bytes() == same.read_bytes() != different.read_bytes(), mine.name


def _files(made: Invented) -> list[Path]:
    paths = (made.facilities, made.postings, made.clients, made.contacts, made.undecided)
    return [path for path in paths if path]


def test_a_pack_that_stores_roles_only_invents_no_names(clinics: Invented) -> None:
    assert {row["name"] for row in rows(clinics.contacts)} == {"Practice manager", "Billing manager"}


def test_no_telephone_number_and_no_address_can_be_someones(clinics: Invented, tmp_path: Path) -> None:
    partners = write_invented(PACKS / "referral-partner", tmp_path, seed=1, days=60)
    people = rows(clinics.contacts) + rows(partners.contacts)
    phones = [row["direct_phone"] for row in people] + [row["Phone"] for row in rows(clinics.facilities)]

    assert all(re.fullmatch(r"\d{3}55501\d\d", re.sub(r"\D", "", phone)) for phone in phones if phone)
    assert all(row["email"].endswith(".example") for row in people if row["email"])


def test_the_postings_begin_on_the_first_day_and_end_on_the_last(clinics: Invented, tmp_path: Path) -> None:
    short = write_invented(PACKS / "referral-partner", tmp_path, seed=1, days=5)

    assert _span(clinics) == ("2026-07-01", "2026-08-29")
    assert _span(short) == ("2026-07-01", "2026-07-05")


def _span(made: Invented) -> tuple[str, str]:
    days = [row["seen_at"].partition("T")[0] for row in rows(made.postings)]
    return min(days), max(days)


def test_a_pack_without_role_families_has_postings_of_no_family(tmp_path: Path) -> None:
    made = write_invented(PACKS / "referral-partner", tmp_path, seed=1, days=60)

    assert {row["role_family"] for row in rows(made.truth) if row["expected"] != "rejected"} == {"other"}
    assert made.undecided is None
    assert made.clients is None


def test_the_families_of_postings_have_their_shares(clinics: Invented) -> None:
    counts = Counter(row["role_family"] for row in rows(clinics.truth) if row["role_family"] not in ("other", ""))

    assert abs(counts["medical_coder"] / counts.total() - 0.4) < 0.08
    assert set(counts) == {"medical_coder", "denial_specialist"}


@pytest.mark.parametrize(
    "before, after, fault",
    [
        ("  EMR:", "  EMRs:", "columns.EMRs: fields.yaml has no such heading; did you mean EMR?"),
        ("  billing_manager:", "  bill:", "contacts.bill: contacts.yaml has no role bill"),
        ("    medical_coder:", "    coder:", "postings.families.coder: roles.yaml has no family coder"),
        ("count: 520", "of: clinics.csv", "not with of, whose list has all of it"),
        ("Clinicians: {between: [1, 90]", "Clinicians: {between: [90, 1]", "between states the least number first"),
        ('{text: "https://{domain}"}', '{text: "https://{site}"}', "text may state {name}"),
        ("most: 2,", "most: 2, days_ago: 3,", "state one of one_of"),
        ("specialty: 0.1", "dental: 0.1", "columns.Segments: segments 'dental' is not one of primary_care"),
        (
            "Reviews: {around: 150,",
            "Reviews: {decimals: 1, around: 150,",
            "review_count is a whole number; leave decimals",
        ),
        (
            "unknown: 0.05}\n  Website",
            "times: Nurses}\n  Website",
            "columns.Reviews: no column 'Nurses' is stated before it",
        ),
        (
            "columns:",
            "facts: {review_counts: {between: [1, 2]}}\ncolumns:",
            "facts.review_counts: fields.yaml has no such",
        ),
        ("columns:", "facts: {review_count: {days_ago: 9}}\ncolumns:", "facts.review_count: review_count is a number"),
        ("columns:", "key: CL-7K2M9QX4TB\ncolumns:", "key is a text with {n}, as in W-{n:04d}"),
        (
            "postings:",
            "postings:\n  sources: {maple: {share: 1, adapter: greenhouse}}",
            "sources: one source has no adapter, because it pushes its postings",
        ),
        (
            "postings:",
            "postings:\n  sources: {board: {share: 1}, maple: {share: 1, adapter: ultipro}}",
            "postings.sources.maple.adapter",
        ),
        (
            "postings:",
            f"postings:\n  sources: {{a: {{share: 1}}, b: {EXCHANGE}, c: {EXCHANGE}}}",
            "careeronestop is one source at most",
        ),
    ],
)
def test_a_name_that_the_pack_does_not_have_is_a_fault_of_the_sample(
    before: str, after: str, fault: str, tmp_path: Path
) -> None:
    folder = tmp_path / "clinic"
    shutil.copytree(CLINIC, folder)
    stated = (CLINIC / "sample.yaml").read_text()
    assert before in stated
    (folder / "sample.yaml").write_text(stated.replace(before, after))

    found = "\n".join(str(each) for each in lint(folder).faults)

    assert "sample.yaml" in found
    assert fault in found


def test_a_list_that_is_missing_is_a_fault_of_the_sample(tmp_path: Path) -> None:
    folder = tmp_path / "referral-partner"
    shutil.copytree(PACKS / "referral-partner", folder)
    (folder / "sample/practices.csv").unlink()

    [fault] = lint(folder).faults

    assert "of: there is no file sample/practices.csv" in str(fault)
    with pytest.raises(packs.PackInvalid, match=r"there is no file sample/practices\.csv"):
        write_invented(folder, tmp_path / "out", seed=1, days=60)
