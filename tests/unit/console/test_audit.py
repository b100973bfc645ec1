"""Is a changed audit log recognized, and does it contain no personal data?"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from services.console.domain.audit import START, Entry, Link, broken_at, details_of, hash_after

NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)


def chain(count: int) -> list[Link]:
    links, before = [], START
    for number in range(1, count + 1):
        entry = Entry(UUID(int=number), NOW + timedelta(seconds=number), "dana", "rep", "add_note", "335001", {"a": 1})
        links.append(Link(number, entry, before, hash_after(before, entry)))
        before = links[-1].hash
    return links


def test_an_unchanged_log_is_unbroken() -> None:
    links = chain(4)

    assert broken_at(links) == (None, links[-1].hash)
    assert broken_at(links[2:], links[1].hash) == (None, links[-1].hash)
    assert broken_at([]) == (None, START)


@pytest.mark.parametrize(
    "change",
    [
        {"name": "helen"},
        {"role": "manager"},
        {"action": "skip_task"},
        {"target": ""},
        {"details": {"a": 2}},
        {"at": NOW},
        {"command_id": UUID(int=9)},
    ],
)
def test_a_changed_row_breaks_the_chain(change: dict[str, Any]) -> None:
    links = chain(4)
    links[1] = replace(links[1], entry=replace(links[1].entry, **change))

    assert broken_at(links)[0] == 2


def test_a_changed_row_with_a_new_hash_breaks_the_chain_at_the_next_one() -> None:
    links = chain(4)
    entry = replace(links[1].entry, name="helen")
    links[1] = Link(2, entry, links[1].before_hash, hash_after(links[1].before_hash, entry))

    assert broken_at(links)[0] == 3


def test_a_removed_row_breaks_the_chain() -> None:
    links = chain(4)
    del links[1]

    assert broken_at(links)[0] == 3


def test_the_zone_of_an_instant_and_the_order_of_details_do_not_matter() -> None:
    entry = Entry(UUID(int=1), NOW, "dana", "rep", "x", "", {"a": 1, "b": 2})
    same = replace(entry, at=NOW.astimezone(), details={"b": 2, "a": 1})

    assert hash_after(START, entry) == hash_after(START, same)


def test_texts_that_may_name_people_are_recorded_by_their_length() -> None:
    fields = {
        "outcome": "spoke",
        "note": "Ada Moss asked for Thursday",
        "direct_phone": "518-555-0142",
        "values": {"contact": "Ada Moss"},
        "confirm_loss": False,
        "seen": 3,
        "channels": ["call"],
        "reason": None,
        "key": "",
    }

    assert details_of(fields) == {
        "channels": ["call"],
        "confirm_loss": False,
        "direct_phone": "(12 characters)",
        "note": "(27 characters)",
        "outcome": "spoke",
        "seen": 3,
        "values": "(1 entries)",
    }
