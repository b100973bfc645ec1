"""How are tables fitted to the width of the terminal?"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from cli.printing import show

KPI = ("contacted_qualified", "Contacted leads that qualified in the end", "0.7 %", "1 of 139", "2026-06-03")
REP = ("ann", "ann.lee@north.seller.example", "09:00-17:00 America/New_York", "away until further notice")
EVENT = (
    "2026-07-01 00:00:00 EDT",
    "a text of many words, none of them long",
    "01a21d16-d8f1-7059-9556-d79b70e952c6",
)


@pytest.fixture(autouse=True)
def terminal() -> Iterator[None]:
    """The width of output that other tests expect."""
    yield
    show.console.width = show.WIDE


def printed(row: tuple[str, ...], width: int, capsys: pytest.CaptureFixture[str]) -> str:
    show.console.width = width
    show.table("Title", ["first", *[""] * (len(row) - 1)], [row])
    return capsys.readouterr().out


@pytest.mark.parametrize("row, width", [(KPI, 70), (KPI, 100), (REP, 90), (REP, 160)])
def test_no_word_is_broken_if_there_is_space_for_it(
    row: tuple[str, ...], width: int, capsys: pytest.CaptureFixture[str]
) -> None:
    shown = printed(row, width, capsys)

    assert not {word for cell in row for word in cell.split()} - set(shown.split())
    assert max(map(len, shown.splitlines())) <= width


@pytest.mark.parametrize("row", [KPI, REP, EVENT])
@pytest.mark.parametrize("width", [20, 60, 80])
def test_everything_is_printed_at_any_width(
    row: tuple[str, ...], width: int, capsys: pytest.CaptureFixture[str]
) -> None:
    shown = printed(row, width, capsys)

    assert sorted("".join(shown.split())) == sorted("".join(["Title", "first", *row]).replace(" ", ""))


def test_a_table_without_rows_has_its_head(capsys: pytest.CaptureFixture[str]) -> None:
    show.console.width = 80

    show.table("Title", ["first", ""], [])

    assert capsys.readouterr().out.split() == ["Title", "first"]
