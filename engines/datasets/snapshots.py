"""Is a registry's file one registry, or the same registry as of several days?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date

from engines.datasets.facts import day
from engines.datasets.registry import Layout


def earlier_days(layout: Layout, rows: Iterable[Sequence[str]]) -> dict[str, date]:
    """As written, the days of a file of snapshots that are not its newest one; none for any other file.

    A snapshot is a day of which the file lists at least half as many facilities as of its fullest, and snapshots they
    are only if at least half of the facilities stand in several: neither one row that is repeated nor one mistyped day
    makes a file a file of snapshots.
    """
    if not layout.identity["as_of"]:
        return {}
    when, ccn = layout.identity["as_of"][0], layout.identity["ccn"][0]
    seen: dict[str, set[str]] = {}
    for cells in rows:
        seen.setdefault(cells[when].strip(), set()).add(cells[ccn].strip())
    fullest = max(map(len, seen.values()), default=0)
    days = {written: found for written in seen if 2 * len(seen[written]) >= fullest and (found := _day(written))}
    often = Counter(each for written in days for each in seen[written])
    if len(days) < 2 or 2 * sum(count > 1 for count in often.values()) < fullest:
        return {}
    newest = max(days.values())
    return {written: found for written, found in days.items() if found < newest}


def _day(written: str) -> date | None:
    try:
        return day(written)
    except ValueError:
        return None
