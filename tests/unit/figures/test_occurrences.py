"""Do events have the fields that occurrences are stated by, so that a changed event cannot silence a figure?"""

from __future__ import annotations

import pytest

from engines.figures.occurrences import KINDS, Kind
from engines.figures.pack import columns_of
from shared.contracts.events import every_event

EVENTS = {event.SUBJECT: set(event.model_fields) for event in every_event()}


def fields_of(kind: Kind) -> set[str]:
    return {*kind.columns.values(), *kind.where, *kind.unless, *([kind.on] if kind.on else [])}


@pytest.mark.parametrize("name", KINDS)
def test_every_event_of_a_kind_has_its_fields(name: str) -> None:
    kind = KINDS[name]

    for subject in kind.subjects:
        fields = EVENTS[subject]
        element = {kind.each.removesuffix("s")} if kind.each in fields else set()
        assert fields_of(kind) <= fields | element, subject


@pytest.mark.parametrize("name", KINDS)
def test_what_a_kind_refers_to_has_the_columns_that_join_them(name: str) -> None:
    kind = KINDS[name]

    assert set(kind.identity) <= set(kind.columns)
    for column, (other, by) in kind.lookups.items():
        assert by in columns_of(kind)
        assert {by, column} <= set(columns_of(KINDS[other]))
    for other in kind.undone_by:
        assert set(kind.identity) <= set(KINDS[other].columns)
    if kind.ends:
        assert set(kind.ends[1]) <= set(kind.columns) & set(KINDS[kind.ends[0]].columns)


def test_every_subject_of_a_kind_is_an_event() -> None:
    assert {subject for kind in KINDS.values() for subject in kind.subjects} <= set(EVENTS)
