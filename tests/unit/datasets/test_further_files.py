"""Are files read whose facts are not in a column each: sums, shares, measures, and recent events?"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from engines import packs
from engines.datasets.chunks import TableParts
from engines.datasets.derived import period
from engines.datasets.facts import Headings
from engines.datasets.quality import Row, must_state, read, recognize
from engines.datasets.reading import opened

SNF = packs.section_of(Path(__file__).parents[3] / "packs" / "snf", "fields", Headings)
FREQUENCY = (
    "CCN,Provider Name,City,State,Report Date,MDS Item Question/Description,MDS Item Response,Overall Percent,"
    "Total Residents,Short-Stay Residents"
)


def summed(folder: Path, *lines: str, most: int = 2_000_000) -> tuple[list[list[str]], list[str], list[str]]:
    """The rows of facts that follow from a file, its rejects and its warnings."""
    path = folder / "frequency.csv"
    path.write_text("\n".join([FREQUENCY, *lines]) + "\n")
    with opened(path) as file:
        parts = list(TableParts(file, path, SNF, registry=False, most=most))
        assert {tuple(part.header) for part in parts} == {("ccn", "field", "value", "as_of")}
        assert [part.final for part in parts] == [False] * (len(parts) - 1) + [True]
        rows = [row.cells for part in parts for row in part.rows]
        rejects = [f"{each.line}: {each.reason}" for part in parts for each in part.unread]
        return rows, rejects, [f"{note.line}: {note.reason}" for note in file.findings.warnings]


def answer(ccn: str, quarter: str, response: str, residents: str, question: str = "A0800: Gender") -> str:
    return f'{ccn},MAPLE,ALBANY,NY,{quarter},"{question}",{response},50.0,"{residents}",1'


def test_the_volume_is_the_sum_over_the_answers_to_one_question_wherever_its_rows_are(tmp_path: Path) -> None:
    rows, rejects, warnings = summed(
        tmp_path,
        answer("335001", "Q3 2026", "Female", "1,004"),
        answer("335002", "Q3 2026", "Female", "60"),
        answer("335001", "Q3 2026", "01", "7", "A0310A: Type of assessment"),
        answer("335001", "Q2 2026", "Female", "90"),
        answer("335001", "Q3 2026", "01", "9", "A08001: Another question"),
        answer("335001", "Q3 2026", "Male", "46"),
        answer("335001", "Q3 2026", "Male", "46"),
        most=60,
    )

    assert rows == [
        ["335001", "mds_volume", "1050", "2026-09-30"],
        ["335002", "mds_volume", "60", "2026-09-30"],
        ["335001", "mds_volume", "90", "2026-06-30"],
    ]
    assert (rejects, warnings) == ([], [])


def test_a_suppressed_or_contradicted_answer_leaves_no_sum_rather_than_one_that_is_too_small(tmp_path: Path) -> None:
    rows, rejects, warnings = summed(
        tmp_path,
        answer("335001", "Q3 2026", "Female", "104"),
        answer("335001", "Q3 2026", "Male", ""),
        answer("335002", "Q3 2026", "Female", "60"),
        answer("335002", "Q3 2026", "Female", "61"),
        answer("335003", "Q3 2026", "Female", "-4"),
        answer("33500", "Q3 2026", "Female", "60"),
        answer("335004", "third quarter", "Female", "60"),
    )

    assert rows == []
    assert [each.partition(": a spreadsheet")[0] for each in rejects] == [
        "7: CCN '33500' is not six characters like 335001",
        "8: 'third quarter' is not a date like 2026-07-01",
    ]
    assert warnings == [
        "2: 335001, 2026-09-30: no sum, because of line 3: a number is missing, or was suppressed",
        "4: 335002, 2026-09-30: no sum, because line 5 states another number for the same answer",
        "6: 335003, 2026-09-30: no sum, because of line 6: '-4' is not a number",
    ]


@pytest.mark.parametrize(
    "text,day",
    [
        ("Q1 2026", date(2026, 3, 31)),
        ("2026Q2", date(2026, 6, 30)),
        ("2025-q4", date(2025, 12, 31)),
        ("09/30/2026", date(2026, 9, 30)),
    ],
)
def test_a_quarter_ends_with_its_last_day(text: str, day: date) -> None:
    assert period(text) == day


def stated(header: list[str], *rows: list[str], on: date | None = None) -> list[tuple[str, str | None, str]]:
    found = must_state(recognize(SNF, header), SNF)
    read_rows = read(found, SNF, enumerate(rows, 2), on)
    return [(f.field, f.value, str(f.as_of)) for row in read_rows if isinstance(row, Row) for f in row.facts]


def test_a_manager_is_news_only_if_associated_within_ninety_days_before_the_file() -> None:
    header = ["CMS Certification Number (CCN)", "Role Played by Owner or Manager in Facility", "Owner Name",
              "Association Date", "Processing Date"]  # fmt: skip

    def row(role: str, since: str) -> list[str]:
        return ["335001", role, "DOE, JANE", since, "2026-10-01"]

    found = stated(
        header,
        row("W-2 MANAGING EMPLOYEE", "since 09/15/2026"),
        row("Operational/Managerial Control", "since 07/03/2026"),
        row("MANAGING EMPLOYEE", "since 07/02/2026"),
        row("MANAGING EMPLOYEE", "since 10/02/2026"),
        row("MANAGING EMPLOYEE", "NO DATE PROVIDED"),
        row("5% OR GREATER DIRECT OWNERSHIP INTEREST", "since 09/15/2026"),
    )

    assert found == [
        ("manager_associated_on", "2026-09-15", "2026-09-15"),
        ("manager_associated_on", "2026-07-03", "2026-07-03"),
    ]


def test_a_change_of_ownership_belongs_to_the_buyer() -> None:
    header = ["CCN - BUYER", "CHOW TYPE TEXT", "EFFECTIVE DATE", "CCN - SELLER"]

    found = stated(header, ["335001", "CHANGE OF OWNERSHIP", "09/01/2026", "335002"])

    assert found == [("ownership_changed_on", "2026-09-01", "2026-09-01")]


def test_the_known_measures_of_a_facility_are_facts_and_a_footnote_states_that_one_is_unknown() -> None:
    header = ["ccn", "Measure Code", "Four Quarter Average Score", "Footnote for Four Quarter Average Score",
              "Processing Date"]  # fmt: skip

    found = stated(
        header,
        ["335001", "410", "3.9", "", "2026-10-01"],
        ["335001", "451", "", "9", "2026-10-01"],
        ["335001", "404", "", "", "2026-10-01"],
        ["335001", "999", "7", "", "2026-10-01"],
    )

    assert found == [("falls_with_major_injury", "3.9", "2026-10-01"), ("mobility_worsened", None, "2026-10-01")]


def test_a_share_is_the_quotient_of_two_counts_on_the_last_day_of_the_year() -> None:
    header = ["Provider CCN", "Fiscal Year End Date", "Total Days Title XIX", "Total Days Total"]

    found = stated(
        header,
        ["335001", "12/31/2025", "20,000", "30000"],
        ["335001", "12/31/2024", "", "30000"],
        ["335001", "12/31/2023", "10", "0"],
    )

    assert found == [("medicaid_share", "0.6667", "2025-12-31")]


def test_a_cost_report_without_the_known_columns_is_refused_with_those_that_are_known() -> None:
    with pytest.raises(ValueError, match=r"CMS SNF Cost Report \(Total Days Title XIX, Total Days Total\)"):
        must_state(recognize(SNF, ["Provider CCN", "Fiscal Year End Date", "Days of Medicaid"]), SNF)
