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


def test_no_file_of_the_code_contains_a_word_of_the_trade_of_a_pack() -> None:
    files = [file for folder in FOLDERS for file in (REPOSITORY / folder).rglob("*") if file.is_file()]
    sources = [file.relative_to(REPOSITORY) for file in files if "__pycache__" not in file.parts]

    assert len(sources) > 500
    for file in sources:
        found = OF_A_TRADE.search((REPOSITORY / file).read_bytes().decode(errors="replace"))
        assert not found, f"{file}: {found}"


def test_a_word_of_each_pack_is_recognized_wherever_it_stands() -> None:
    for text in ("snf", "icf_v1", "denial_roles", "Clinics:", "a referral-partner", "RULA"):
        assert OF_A_TRADE.search(text), text
    for text in ("denials of the broker", "scoring in practice", "clinical", "decoder"):
        assert not OF_A_TRADE.search(text), text
