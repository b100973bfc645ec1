"""Are all differences of both sides listed, with the reason of each?"""

from __future__ import annotations

from datetime import UTC, datetime

from engines.crm.drift import drift
from engines.crm.mapping import Rule
from engines.crm.merging import Agreed
from engines.crm.records import Record

RULES: dict[str, tuple[bool, Rule]] = {"tier": (False, "ours"), "status": (True, "theirs")}
AT = datetime(2026, 11, 2, tzinfo=UTC)


def record(name: str, tier: str, status: str = "open", their_id: str | None = None) -> Record:
    return Record("companies", name, {"facility_id": name, "tier": tier, "status": status}, their_id)


def test_each_difference_has_its_reason() -> None:
    agreed = {name: {"tier": Agreed("1", "ours", None, AT, None)} for name in ("same", "here", "there", "both")}
    ours = [record("same", "1"), record("here", "2"), record("there", "1"), record("both", "2"), record("new", "1")]
    theirs = [record("same", "1"), record("here", "1"), record("there", "3"), record("both", "3"), record("", "1"),
              record("gone", "1"), record("same", "1", their_id="9")]  # fmt: skip

    assert {(each.id, each.field, each.why) for each in drift(ours, theirs, agreed, RULES)} == {
        ("here", "tier", "changed here"),
        ("there", "tier", "changed there"),
        ("both", "tier", "changed on both sides"),
        ("new", None, "missing there"),
        ("gone", None, "unknown here"),
        ("same", None, "there twice"),
    }


def test_a_value_that_they_show_in_another_form_does_not_differ() -> None:
    agreed = {"f1": {"status": Agreed("open", "ours", None, AT, None, shown="Open!")}}

    assert drift([record("f1", "1")], [record("f1", "1", "Open!")], agreed, RULES) == []
    assert [each.why for each in drift([record("f1", "1", "won")], [record("f1", "1", "Open!")], agreed, RULES)] == [
        "changed here"
    ]


def test_what_is_not_sent_does_not_differ() -> None:
    suppressed = Record("contacts", "c1", {"contact_id": "c1", "title": "Manager", "suppressed": "true"})
    there = Record("contacts", "c1", {"contact_id": "c1", "title": "Director", "suppressed": "true"})

    assert drift([suppressed], [there], {}, {"title": (False, "ours"), "suppressed": (False, "ours")}) == []
