"""Is the list of clinics the one that the source shows, byte for byte, and can every program read it?"""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from typer.testing import CliRunner

from cli.main import app

TESTS = Path(__file__).parents[2]
PACK = TESTS.parent / "packs/clinic"
GOLDEN = TESTS / "fixtures/golden/clinics.csv"
FIELDS = (
    *("Clinic", "Brand", "City", "State", "Segments", "Locations", "Clinicians", "EMR", "Services", "Reviews"),
    *("Website", "Phone", "Note"),
)
KEY = "CL-0000000001"
EXAMPLE = (
    *("Family Care Center", "Family Care Center", "Austin", "TX", "behavioral_health|primary_care", "5", "42"),
    *("athenahealth", "3", "240", "https://familycaretx.com", "512-555-1234", ""),
)
"""The row of document 000, with what its score follows from; its coder and its denial specialist are sought."""
SIGNALS = f"""clinic_id,role_family,urgency,last_seen_on,expires_on
{KEY},medical_coder,1,2026-06-20,2026-08-01
{KEY},denial_specialist,1,2026-06-20,2026-08-01
"""


def exported(
    folder: Path, *command: str, header: Sequence[str], rows: Iterable[Sequence[str]], signals: str = ""
) -> bytes:
    """The list of clinics that a command writes from a file."""
    source, out = folder / "source.csv", folder / "clinics.csv"
    with source.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([header, *rows])
    arguments = [*command, str(source), "--pack", str(PACK), "--as-of", "2026-07-01"]
    if signals:
        (folder / "signals.csv").write_text(signals)
        arguments += ["--signals", str(folder / "signals.csv")]
    done = CliRunner().invoke(app, [*arguments, "--out", str(folder if command[0] == "report" else out)])
    assert done.exit_code == 0, f"{done.output}{done.exception}"
    return out.read_bytes()


def table(raw: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(raw.decode("utf-8"), newline=""), strict=True))


def test_the_example_of_the_source_is_written_byte_for_byte(tmp_path: Path) -> None:
    written = exported(
        tmp_path, "report", "crm", header=("Clinic ID", *FIELDS), rows=[(KEY, *EXAMPLE)], signals=SIGNALS
    )

    assert written == GOLDEN.read_bytes()


@pytest.mark.parametrize(
    "playbook,names",
    [
        # R69: includes primary_care, score >= 75; R70: includes behavioral_health, denial_pressure >= 10
        ("primary-care", ["Family Care Center"]),
        ("behavioral-health", ["Family Care Center"]),
        # R71: includes home_health, num_locations >= 3; R72: includes urgent_care, review_count >= 200
        ("home-health", ["three"]),
        ("urgent-care", ["busy"]),
    ],
)
def test_a_playbook_has_the_clinics_of_its_filter(tmp_path: Path, playbook: str, names: list[str]) -> None:
    def clinic(key: int, name: str, segments: str, locations: str = "9", reviews: str = "0") -> tuple[str, ...]:
        known = (segments, locations, "10", "Epic", "1", reviews)
        return f"CL-000000000{key}", name, "", "Helena", "MT", *known, "", "", ""

    rows = [
        (KEY, *EXAMPLE),
        clinic(2, "two", "home_health", locations="2"),
        clinic(3, "three", "specialty|home_health", locations="3"),
        clinic(4, "calm", "urgent_care", reviews="199"),
        clinic(5, "busy", "urgent_care", reviews="200"),
        clinic(6, "a low score", "primary_care"),
        clinic(7, "no pressure", "behavioral_health"),
    ]

    found = exported(
        tmp_path, "playbook", "export", playbook, header=("Clinic ID", *FIELDS), rows=rows, signals=SIGNALS
    )

    assert [row["account_name"] for row in table(found)] == names


HOSTILE = (
    *("=1+1", "+1", "-1", "@SUM(A1)", "\uff1d1+1", "  =1+1", "=cmd|'/c calc'!A0", '=HYPERLINK("http://x","y")'),
    *('a "quoted" name', "a, b; c", "a|b", "O'Brien's", "{{ company }}", "{% if 1 %}", "<script>", "[x]", "\\N", "%s"),
    *("\u202eevil", "zero\u200bwidth", "naïve Ünïcode 東京 🏥", "مستشفى", "NULL", "TRUE", "1e5", "007", "2026-01-01"),
)


def test_every_program_reads_hostile_texts_of_500_clinics_as_they_were_written(tmp_path: Path) -> None:
    texts = [f"{HOSTILE[n % len(HOSTILE)]} {n}" for n in range(500)]
    rows = [(each, each, "Troy", "NY", "primary_care", "5", "20", each, "3", "30", each, each, each) for each in texts]

    raw = exported(tmp_path, "report", "crm", header=FIELDS, rows=rows)

    found = table(raw)
    wanted = sorted(map(as_a_cell, texts))
    for column in ("account_name", "brand_name", "emr_vendor", "website", "phone", "note"):
        assert sorted(row[column] for row in found) == wanted, column
    assert all((row["state_code"], row["num_locations"]) == ("NY", "5") for row in found)
    as_hubspot_reads(raw)
    assert as_a_workbook_has(found, tmp_path) == [tuple(row.values()) for row in found]
    assert not any(cell.lstrip(" ").startswith(("=", "+", "-", "@")) for row in found for cell in row.values())


def as_a_cell(text: str) -> str:
    """The text in plain characters on one line, without what is invisible; a formula is marked."""
    visible = unicodedata.normalize("NFKC", text).replace("\u202e", "").replace("\u200b", "").strip()
    return f"'{visible}" if visible[0] in "=+-@" else visible


def as_hubspot_reads(raw: bytes) -> None:
    """One header row in UTF-8, columns by internal names, each once; each row is a line with as many cells."""
    assert not raw.startswith(b"\xef\xbb\xbf")
    assert raw.endswith(b"\r\n")
    header, *rows = csv.reader(io.StringIO(raw.decode("utf-8"), newline=""), strict=True)
    assert len(set(header)) == len(header)
    assert all(name.isidentifier() and name == name.lower() for name in header)
    assert {len(row) for row in rows} == {len(header)}
    assert not any(sign in cell for row in rows for cell in row for sign in "\n\r\0")


def as_a_workbook_has(rows: Sequence[dict[str, str]], folder: Path) -> list[tuple[str, ...]]:
    """The rows of a workbook into which they are put as they are: a text that is a formula would become one."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(list(row.values()))
    book.save(folder / "read.xlsx")
    found = load_workbook(folder / "read.xlsx").active
    assert found is not None
    assert {cell.data_type for line in found.iter_rows() for cell in line} == {"s"}
    return [tuple(str(value or "") for value in line) for line in found.iter_rows(values_only=True)]
