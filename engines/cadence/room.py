"""Is there room for one more enrollment, so that every touch still finds a day?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

Window = tuple[int, int]
"""The first and the last day of a touch."""


class Room:
    """The places of the days of a plan, and the touches that need them.

    Touches of unit length with windows can all be done exactly if no span of days has more windows inside than places
    (Hall's condition). So the spare places of every span are counted: a span is a first and a last day.
    """

    def __init__(self, places: Sequence[int], taken: Iterable[Window] = ()) -> None:
        """`places` has the free places of each day, `taken` the touches that need them, whether they fit or not."""
        self._days = len(places)
        inside = _inside(taken, self._days)
        self._spare = [
            [sum(places[first : last + 1]) - inside[first][last] for last in range(self._days)]
            for first in range(self._days)
        ]

    def take_if_free(self, windows: Sequence[Window]) -> Window | None:
        """Count touches if all of them fit; otherwise the window of the first one that does not."""
        for n, (first, last) in enumerate(windows):
            if not self._fits(first, last):
                for taken in windows[:n]:
                    self._add(*taken, 1)
                return first, last
            self._add(first, last, -1)
        return None

    def has_place(self, on: int) -> bool:
        """Whether a touch that must be done on this day fits."""
        return self._fits(on, on)

    def _fits(self, first: int, last: int) -> bool:
        """A touch whose window ends after the plan is not counted, as there may be place later."""
        if last >= self._days:
            return True
        return all(min(row[last:]) > 0 for row in self._spare[: max(first, 0) + 1])

    def _add(self, first: int, last: int, count: int) -> None:
        if last >= self._days:
            return
        for row in self._spare[: max(first, 0) + 1]:
            for day in range(max(last, 0), self._days):
                row[day] += count


def _inside(windows: Iterable[Window], days: int) -> list[list[int]]:
    """The number of windows inside each span of days."""
    inside = [[0] * days for _ in range(days)]
    for first, last in windows:
        if last < days:
            inside[max(first, 0)][max(last, 0)] += 1
    for first in reversed(range(days)):
        for last in range(days):
            inside[first][last] += inside[first][last - 1] if last else 0
            if first + 1 < days:
                inside[first][last] += inside[first + 1][last] - (inside[first + 1][last - 1] if last else 0)
    return inside
