"""Does a field that both sides changed end as the pack's rule says, and is either value seen?"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import chain

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engines.crm.mapping import Rule
from engines.crm.merging import Agreed, Conflict, Merged, merge
from engines.crm.records import Record

START = datetime(2026, 11, 2, 8, tzinfo=UTC)
VALUES = st.sampled_from([None, "open", "working", "won", "lost"])
TIMES = st.integers(1, 50).map(lambda minutes: START + timedelta(minutes=minutes))
RULES = st.sampled_from(["ours", "theirs", "newest"])


def record(value: str | None, at: datetime | None = None, **others: str) -> Record:
    return Record("companies", "f1", {"status": value, **others}, changed_at={"status": at} if at else {})


@dataclass
class Pair:
    """Both sides, with the time of their last change, and what a cycle makes of them."""

    ours: tuple[str | None, datetime]
    theirs: tuple[str | None, datetime]
    rules: dict[str, tuple[bool, Rule]]
    base: dict[str, Agreed] = field(default_factory=dict)
    conflicts: list[Conflict] = field(default_factory=list)
    now: datetime = START

    def cycle(self) -> Merged:
        self.now += timedelta(hours=1)
        merged = merge(self.base, record(*self.ours), record(*self.theirs), self.rules, self.now)
        self.base = dict(merged.agreed)
        self.conflicts += merged.conflicts
        if "status" in merged.push:
            self.theirs = (merged.push["status"], self.now)
        if "status" in merged.take:
            self.ours = (merged.take["status"], self.now)
        return merged


def pair(base: str | None, rule: Rule, write_back: bool = True) -> Pair:
    made = Pair((base, START), (base, START), {"status": (write_back, rule)})
    made.cycle()
    return made


@settings(deadline=None, max_examples=300)
@given(
    VALUES, VALUES, VALUES, TIMES, TIMES, RULES, st.sampled_from(["together", "ours first", "theirs first"]), st.data()
)
def test_a_field_changed_on_both_sides_ends_as_the_rule_says_whatever_arrives_first(
    base: str | None, mine: str | None, other: str | None, mine_at: datetime, other_at: datetime, rule: Rule,
    order: str, data: st.DataObject,
) -> None:  # fmt: skip
    if base in (mine, other):
        return
    both = pair(base, rule)
    edits = [("ours", (mine, both.now + (mine_at - START))), ("theirs", (other, both.now + (other_at - START)))]
    for side, edit in reversed(edits) if order == "theirs first" else edits:
        changed(both, side, edit)
        if order != "together":
            both.cycle()
    for _ in range(3):
        last = both.cycle()

    wins = {"ours": mine, "theirs": other, "newest": other if other_at > mine_at else mine}[rule]
    assert (both.ours[0], both.theirs[0]) == (wins, wins)
    assert last.is_even
    if mine != other:
        assert [(each.ours, each.theirs, each.rule) for each in both.conflicts] == [(mine, other, rule)]


def changed(both: Pair, side: str, edit: tuple[str | None, datetime]) -> None:
    if side == "ours":
        both.ours = edit
    else:
        both.theirs = edit


@settings(deadline=None, max_examples=200)
@given(st.lists(st.tuples(st.booleans(), VALUES, st.booleans()), max_size=8), RULES, st.booleans())
def test_after_any_changes_both_sides_agree_within_two_cycles(
    changes: list[tuple[bool, str | None, bool]], rule: Rule, write_back: bool
) -> None:
    both = pair("open", rule, write_back)
    for number, (is_ours, value, cycles) in enumerate(changes):
        changed(both, "ours" if is_ours else "theirs", (value, both.now + timedelta(minutes=number + 1)))
        if cycles:
            both.cycle()
    both.cycle()

    assert both.cycle().is_even
    assert both.ours[0] == both.theirs[0]


def test_what_one_side_alone_changed_counts_whatever_the_rule() -> None:
    for rule in ("ours", "theirs", "newest"):
        both = pair("open", rule)
        both.theirs = ("won", both.now + timedelta(minutes=1))
        assert both.cycle().take == {"status": "won"}
        both.ours = ("lost", both.now + timedelta(minutes=1))
        assert both.cycle().push == {"status": "lost"}
        assert both.conflicts == []


def test_a_field_that_they_may_not_change_is_healed_and_their_value_is_shown_once() -> None:
    both = pair("open", "ours", write_back=False)
    both.theirs = ("won", both.now + timedelta(minutes=1))

    first = both.cycle()
    both.theirs = ("won", both.now)  # the push did not arrive
    again = both.cycle()

    assert first.push == again.push == {"status": "open"}
    assert [(each.ours, each.theirs, each.kept) for each in both.conflicts] == [("open", "won", "ours")]


def test_until_our_side_shows_what_it_accepted_it_is_asked_again_and_reverts_nothing() -> None:
    both = pair("open", "ours")
    both.theirs = ("won", both.now + timedelta(minutes=1))
    behind = both.ours
    for _ in range(3):
        assert both.cycle().take == {"status": "won"}
        both.ours = behind

    assert both.theirs[0] == "won"


def test_records_that_meet_for_the_first_time_show_both_values() -> None:
    merged = merge({}, record("open"), record("won"), {"status": (True, "theirs")}, START)

    assert (merged.take, merged.push) == ({"status": "won"}, {})
    assert merged.conflicts == (Conflict("status", None, "open", "won", "theirs", "theirs"),)


@pytest.mark.parametrize("write_back", [True, False])
def test_of_a_suppressed_account_only_the_suppression_is_sent(write_back: bool) -> None:
    ours = record("open", suppressed="true", facility_id="f1")
    rules = dict.fromkeys(chain(ours.values), (write_back, "ours"))

    assert dict(merge({}, ours, None, rules, START).push) == {"suppressed": "true", "facility_id": "f1"}  # type: ignore[arg-type]
