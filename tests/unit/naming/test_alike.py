"""Which names may be of the same person?"""

from __future__ import annotations

import pytest

from engines.naming.alike import alike
from tests.support.sequencing import ROLES


@pytest.mark.parametrize(
    "one, other",
    [
        ("Jane Moss", "MOSS, JANE A., RN"),
        ("J. Moss", "Jane Moss"),
        ("Jane A. Moss", "Jane Ann Moss"),
        ("Mrs. Jane Moss", "jane moss"),
        ("MOSS JANE", "Jane Moss"),
        ("John Moss Jr.", "John Moss"),
        ("Administrator Jane Moss", "Jane Moss, LNHA"),
    ],
)
def test_spellings_of_one_name_are_alike(one: str, other: str) -> None:
    assert alike(one, other, ROLES.offices)
    assert alike(other, one, ROLES.offices)


@pytest.mark.parametrize(
    "one, other",
    [
        ("Jane Moss", "John Moss"),
        ("Jane Moss", "Jane Fern"),
        ("John Moss Jr.", "John Moss Sr."),
        ("Jane A. Moss", "Jane B. Moss"),
        ("Moss", "Jane Moss"),
        ("Vacant", "Vacant"),
    ],
)
def test_names_of_two_people_are_not_alike(one: str, other: str) -> None:
    assert not alike(one, other, ROLES.offices)
    assert not alike(other, one, ROLES.offices)
