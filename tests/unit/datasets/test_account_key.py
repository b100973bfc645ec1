"""Does the refusal of a damaged CCN explain the cause?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from engines.datasets.facts import Headings, read_fact
from engines.datasets.quality import read, recognize
from engines.datasets.registry import Reject, layout_of, read_row
from engines.matching.pack import trade
from engines.matching.registry import Layout
from engines.packs import section
from services.matcher.domain import aliases
from services.sequencer.domain import lists

HEADINGS = section("fields", Headings)
TRADE = trade()
KEY = HEADINGS.key


@pytest.mark.parametrize("text", ["335001", " 33e123 ", "015001", "05A123"])
def test_a_ccn_is_six_characters_in_capitals(text: str) -> None:
    assert KEY.of(text) == text.strip().upper()


@pytest.mark.parametrize(
    "text, hint",
    [
        ("335001.0", "a program treated it as a number; write 335001"),
        ("15001.00", "a program treated it as a number; write 015001"),
        ("3.35E+05", "wrote it with an exponent, which loses digits; format the column as text"),
        ("3.35001e5", "wrote it with an exponent, which loses digits"),
        ("3.3E+124", "it may have been 33E123"),
        ("3E+124", "it may have been 30E123"),
        ("15001", "a spreadsheet may have dropped its leading zero; if so, write 015001"),
        ("1234567893", "ten digits are an NPI"),
        ("33-5001", "write 335001"),
        ("\uff13\uff13\uff15\uff10\uff10\uff11", "not six characters like 335001"),
        ("", "not six characters like 335001"),
    ],
)
def test_a_ccn_damaged_by_a_spreadsheet_is_refused_with_the_cause(text: str, hint: str) -> None:
    with pytest.raises(ValueError) as refused:
        KEY.of(text)

    assert hint in str(refused.value)


def test_a_long_text_is_not_repeated() -> None:
    assert len(KEY.problem("9" * 100_000)) < 200


@pytest.mark.parametrize(
    "text, ccn", [("335001.0", "335001"), ("33e123", "33E123"), ("15001", None), ("15001.0", None)]
)
def test_only_an_unambiguous_ccn_is_repaired(text: str, ccn: str | None) -> None:
    assert KEY.repaired(text) == ccn


DAMAGED = [
    ("3.35E+05", "exponent"),
    ("335001.0", "treated it as a number"),
    ("15009", "leading zero"),
    ("'335001", "write 335001"),
]


def as_registry(ccn: str) -> str:
    row = {"CCN": ccn, "Provider Name": "LARKMOOR", "City": "ALBANY", "State": "NY", "Beds": "1"}
    read = read_row(layout_of(HEADINGS, list(row)), 2, list(row.values()), date(2026, 7, 1))
    return read.reason if isinstance(read, Reject) else ""


def as_quality(ccn: str) -> str:
    found = recognize(HEADINGS, ["ccn", "stars"])
    [row] = read(found, HEADINGS, [(2, [ccn, "3"])], date(2026, 7, 1))
    return row.reason if isinstance(row, Reject) else ""


def as_fact(ccn: str) -> str:
    return error_of(
        lambda: read_fact(HEADINGS, {"ccn": ccn, "field": "mds_volume", "value": "1", "as_of": "2026-07-01"})
    )


def as_alias(ccn: str) -> str:
    return error_of(lambda: aliases.read({"ccn": ccn, "name": "x"}, HEADINGS, TRADE))


def as_contact(ccn: str) -> str:
    return error_of(lambda: lists.account_of(ccn, KEY))


def as_match(ccn: str) -> str:
    return str(Layout(HEADINGS, ["CCN", "Name", "City", "State"]).facility([ccn, "x", "Albany", "NY"]))


def error_of(work: Callable[[], object]) -> str:
    try:
        work()
    except ValueError as error:
        return str(error)
    return ""


@pytest.mark.parametrize("import_row", [as_registry, as_quality, as_fact, as_alias, as_contact, as_match])
@pytest.mark.parametrize("damaged, cause", DAMAGED)
def test_every_import_explains_how_a_spreadsheet_changed_a_ccn(
    import_row: Callable[[str], str], damaged: str, cause: str
) -> None:
    if import_row is as_contact and cause == "leading zero":
        assert lists.account_of(damaged, KEY) == "015009"
    else:
        assert cause in import_row(damaged)
