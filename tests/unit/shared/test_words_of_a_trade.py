"""Is the code free of words of the shipped pack's trade?"""

from __future__ import annotations

import re
from pathlib import Path

REPOSITORY = Path(__file__).parents[3]
FOLDERS = ("shared", "services", "engines", "cli")
OF_A_TRADE = re.compile(r"(?:^|[^a-z])(?:ccn|mds|snf|nursing|administrator)(?:[^a-z]|$)", re.IGNORECASE)
LISTED = {
    "cli/demo/invented": "the demo invents facilities, postings and contacts of the shipped pack's trade",
    "engines/packs/__init__.py": "the pack in force where PIPELINE_PACK names none: the shipped one",
}
"""Why a file or folder may contain such a word."""


def test_only_what_is_listed_contains_a_word_of_the_shipped_packs_trade() -> None:
    files = [file for folder in FOLDERS for file in (REPOSITORY / folder).rglob("*") if file.is_file()]
    sources = [file.relative_to(REPOSITORY) for file in files if "__pycache__" not in file.parts]
    found = [file for file in sources if OF_A_TRADE.search((REPOSITORY / file).read_bytes().decode(errors="replace"))]

    assert {_listed(file) for file in found} == set(LISTED)


def _listed(file: Path) -> str:
    """The entry of the list that a file belongs to, or the file itself."""
    return next((entry for entry in LISTED if file.is_relative_to(entry)), file.as_posix())
