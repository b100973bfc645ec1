"""Is the code free of words of the trades of packs? A new market is files, never a change of the code."""

from __future__ import annotations

import re
from pathlib import Path

REPOSITORY = Path(__file__).parents[3]
FOLDERS = ("shared", "services", "engines", "cli")
WORDS = (
    *("ccn", "mds", "snf", "nursing", "administrator", "medicaid"),
    *(
        "icf",
        "emr",
        "rvu",
        "denial[ _](?:pressure|role|specialist)s?",
        "coders?",
        "behavioral",
        "payers?",
        "clinics?",
        "charta",
    ),
    *("referrals?", "aetna", "rula", "fqhc", "pediatrics?"),
)
"""Of the packs that are shipped, each with the words of one line. `practice` and `denial` are plain words as well."""
OF_A_TRADE = re.compile(rf"(?:^|[^a-z])(?:{'|'.join(WORDS)})(?:[^a-z]|$)", re.IGNORECASE)
LISTED = {
    "cli/demo/invented": "the demo invents facilities, postings and contacts of the trade of one pack",
    "engines/packs/__init__.py": "the pack in force where PIPELINE_PACK names none: the shipped one",
}
"""Why a file or folder may contain such a word."""


def test_only_what_is_listed_contains_a_word_of_the_trade_of_a_pack() -> None:
    files = [file for folder in FOLDERS for file in (REPOSITORY / folder).rglob("*") if file.is_file()]
    sources = [file.relative_to(REPOSITORY) for file in files if "__pycache__" not in file.parts]
    found = [file for file in sources if OF_A_TRADE.search((REPOSITORY / file).read_bytes().decode(errors="replace"))]

    assert {_listed(file) for file in found} == set(LISTED)


def test_a_word_of_each_pack_is_recognized_wherever_it_stands() -> None:
    for text in ("snf", "icf_v1", "denial_roles", "Clinics:", "a referral-partner", "RULA"):
        assert OF_A_TRADE.search(text), text
    for text in ("denials of the broker", "scoring in practice", "clinical", "decoder"):
        assert not OF_A_TRADE.search(text), text


def _listed(file: Path) -> str:
    """The entry of the list that a file belongs to, or the file itself."""
    return next((entry for entry in LISTED if file.is_relative_to(entry)), file.as_posix())
