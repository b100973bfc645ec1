"""Which facilities and chains do the rows of a list suppress, and which rows are rejected?"""

from __future__ import annotations

from datetime import date

import pytest

from engines.datasets.account_key import AccountKey
from engines.packs import account_key
from engines.suppression.changes import Cause
from engines.suppression.lists import Listed, Reject
from services.sequencer.domain.importing.suppressions import read

LIST = Cause("on a list", "list old.csv", "ann", date(2026, 7, 1))


@pytest.fixture(scope="module")
def key() -> AccountKey:
    return account_key()


def cells(**given: str) -> dict[str, str | None]:
    return dict.fromkeys(("scope", "target", "channels", "reason")) | given


@pytest.mark.parametrize(
    "given, target, channels, marks",
    [
        ({"scope": "facility", "target": "15001"}, "015001", ["all"], ["facility:015001"]),
        ({"scope": " Chain", "target": "Moss  Care"}, "MOSS CARE", ["all"], ["chain:MOSS CARE"]),
        ({"scope": "chain", "target": "Moss Care", "channels": "call"}, "MOSS CARE", ["call"], ["chain:MOSS CARE"]),
    ],
)
def test_a_row_suppresses_a_facility_or_a_chain(
    key: AccountKey, given: dict[str, str], target: str, channels: list[str], marks: list[str]
) -> None:
    found = read(cells(**given, reason="asked us to"), 2, LIST, key)

    assert isinstance(found, Listed)
    stated = found.stated.statement
    assert (stated.target, stated.channels, stated.marks, stated.reason) == (target, channels, marks, "asked us to")


@pytest.mark.parametrize(
    "given, why",
    [
        ({"scope": "facility"}, "needs the scope facility or chain, and its target"),
        ({"scope": "chain", "target": "  "}, "needs the scope"),
        ({"scope": "facility", "target": "Moss Care"}, "Moss Care"),
        ({"scope": "chain", "target": "Moss Care", "channels": "letter"}, "channels: 'letter' is none of"),
    ],
)
def test_a_row_without_a_target_is_rejected_with_the_reason(key: AccountKey, given: dict[str, str], why: str) -> None:
    found = read(cells(**given), 2, LIST, key)

    assert isinstance(found, Reject)
    assert why in found.reason
