"""Does a demo read a file of postings correctly?"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from cli.demo.feed import read_feed

ROWS = "source_posting_id,title,employer_name,seen_at"


@pytest.mark.parametrize(
    "header, row, source",
    [
        (ROWS, "P1,MDS Nurse,Tern Point,2026-07-01", "county-board"),
        (f"{ROWS},source", "P1,MDS Nurse,Tern Point,2026-07-01,", "county-board"),
        (f"{ROWS},source", "P1,MDS Nurse,Tern Point,2026-07-01,career-page", "career-page"),
    ],
)
def test_postings_without_a_source_have_the_name_of_their_file_as_source(
    tmp_path: Path, header: str, row: str, source: str
) -> None:
    file = tmp_path / "county-board.csv"
    file.write_text(f"{header}\n{row}\n", encoding="utf-8")

    ((_, read),) = read_feed(file, "America/New_York").days[date(2026, 7, 1)]

    assert isinstance(read, dict)
    assert read["source"] == source
