"""What was the console accepted by, and which tests prove it? `pytest -k line_14` runs those of a line."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

LINES = {
    1: "each role can open and do what the table of permissions states, and nothing else",
    2: "the link of the first user works once",
    3: "a manager needs a code, and a code works once",
    4: "what another site sends is refused",
    5: "every response has the policy, and the browser complains of nothing",
    6: "no page has a style, a script or another host of its own",
    7: "hostile names do nothing, on pages and in files",
    8: "readers and auditors get no personal data",
    9: "a session that is ended hears nothing more",
    10: "the order is the sequencer's",
    11: "a day is worked off by keyboard alone",
    12: "the next touch is there at once",
    13: "two clicks or tabs are one event",
    14: "an undo restores rank and date",
    15: "without the sequencer pages open, and what was typed is kept",
    16: "a card that is dragged to a loss asks first, and can be left where it was",
    17: "back restores filters, place and selection",
    18: "a row with the focus stays",
    19: "an event is on another's screen within a second",
    20: "what is suppressed or has no source cannot be sent",
    21: "each figure is as long as its list",
    22: "figures are those computed from the log",
    23: "the parts of a score add up to it, on every day",
    24: "read models that were dropped are rebuilt as they were",
    25: "a page that hears nothing turns amber",
    26: "a file has all rows of its list",
    27: "no page breaks a rule of WCAG 2.2 AA",
    28: "no page scrolls sideways on a narrow or enlarged screen",
    29: "a thumb hits every control and row",
    30: "charts and their tables are the same",
    31: "people can work without script",
    32: "nothing depends on motion or colors",
    33: "pages are fast with a whole state's data",
    34: "pages are light",
    35: "a page is painted at once, and stays where it is",
    36: "twenty open pages need little memory",
    37: "the worklist can be printed",
    38: "each change is in the audit log, whose chain shows changes",
}
NAMED = re.compile(r"^(?:async )?def test_line_(\d+)_|\bLine\((\d+),", re.MULTILINE)
"""A test of a line, or what `make bench-console` measures for it."""
TESTS = {
    int(test or measured) for path in Path("tests").rglob("*.py") for test, measured in NAMED.findall(path.read_text())
}


@pytest.mark.parametrize("number", LINES)
def test_a_line_has_a_test(number: int) -> None:
    assert number in TESTS, LINES[number]


def test_every_such_test_is_of_a_line() -> None:
    assert set(LINES) >= TESTS
