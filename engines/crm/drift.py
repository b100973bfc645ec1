"""Where do both sides differ, field by field, and why?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from engines.crm.mapping import Rule
from engines.crm.merging import Agreed
from engines.crm.records import Record

Why = Literal["missing there", "unknown here", "there twice", "changed here", "changed there", "changed on both sides"]


@dataclass(frozen=True, slots=True)
class Difference:
    """A record that one side lacks, or a field that differs."""

    id: str
    their_id: str | None
    field: str | None
    ours: str | None
    theirs: str | None
    why: Why


def drift(
    ours: Iterable[Record],
    theirs: Iterable[Record],
    agreed: Mapping[str, Mapping[str, Agreed]],
    rules: Mapping[str, tuple[bool, Rule]],
) -> list[Difference]:
    """All differences. Records of theirs without an id of ours are none of our business."""
    there = dict[str, Record]()
    found = list[Difference]()
    for each in theirs:
        if each.id in there:
            found.append(Difference(each.id, each.their_id, None, None, None, "there twice"))
        elif each.id:
            there[each.id] = each
    for mine in ours:
        other = there.pop(mine.id, None)
        if other is None:
            found.append(Difference(mine.id, None, None, None, None, "missing there"))
        else:
            found += _fields(mine, other, agreed.get(mine.id, {}), rules)
    found += [Difference(each.id, each.their_id, None, None, None, "unknown here") for each in there.values()]
    return found


def _fields(
    mine: Record, other: Record, agreed: Mapping[str, Agreed], rules: Mapping[str, tuple[bool, Rule]]
) -> Iterator[Difference]:
    for name, value in mine.sent.items():
        known, shown = agreed.get(name), other.values.get(name)
        if name not in rules or value == shown or (known and known.value == value and known.is_shown_as(shown)):
            continue
        base = known.value if known else None
        why: Why = "changed on both sides"
        if known.is_shown_as(shown) if known else shown is None:
            why = "changed here"
        elif value == base:
            why = "changed there"
        yield Difference(mine.id, other.their_id, name, value, shown, why)
