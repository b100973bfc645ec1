"""Does the code know nothing of the trade that a pack is for?"""

from __future__ import annotations

import re
from pathlib import Path

REPOSITORY = Path(__file__).parents[3]
ROOMS = ("engines",)
OF_A_TRADE = re.compile(r"(?:^|[^a-z])(?:ccn|mds|snf|nursing|administrator)(?:[^a-z]|$)", re.IGNORECASE)
LISTED: dict[str, str] = {}
"""By file, why it may hold such a word."""


def test_only_what_is_listed_holds_a_word_of_the_shipped_packs_trade() -> None:
    files = [file for room in ROOMS for file in (REPOSITORY / room).rglob("*") if file.is_file()]
    sources = [file for file in files if "__pycache__" not in file.parts]
    held = {
        file.relative_to(REPOSITORY).as_posix()
        for file in sources
        if any(OF_A_TRADE.search(line) for line in file.read_text(encoding="utf-8").splitlines())
    }

    assert sources
    assert held == set(LISTED)
