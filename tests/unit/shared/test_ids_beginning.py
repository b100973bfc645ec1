"""Which ids begin with what a person types?"""

from __future__ import annotations

import re
from pathlib import Path
from uuid import UUID

import pytest

from shared.storage.paging import ids_beginning

ID = UUID("12345678-9abc-4def-8123-456789abcdef")


@pytest.mark.parametrize("prefix", ["1234", "12345678-9a", "12345678-", "123456789ABC", str(ID), ID.hex])
def test_the_beginning_of_an_id_finds_it_with_or_without_dashes(prefix: str) -> None:
    span = ids_beginning(prefix)

    assert span is not None
    assert span[0] <= ID <= span[1]


@pytest.mark.parametrize("prefix", ["1234-5678", "-1234", f"{ID.hex}0", f"{ID.hex}0000", "zz"])
def test_what_begins_no_id_finds_none(prefix: str) -> None:
    assert ids_beginning(prefix) is None


def test_ids_are_looked_up_in_this_way_only() -> None:
    code = Path(__file__).parents[3].glob("s*/**/*.py")  # services, shared

    assert [path.name for path in code if re.search(r"_id::text (LIKE|~|\^@)", path.read_text())] == []
