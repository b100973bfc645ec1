"""Is there room for one more enrollment, so that every touch still finds a day?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

Window = tuple[int, int]
"""The first and the last day of a touch."""

BITS = 32
"""The bits of a span in the number of a room; the highest of them is set unless places are lacking."""


class Room:
    """The places of the days of a plan, and the touches that need them.

    Touches of unit length with windows can all be done exactly if no span of days has more windows inside than places
    (Hall's condition). So the spare places of every span are counted: a span is a first and a last day. The counts are
    side by side in one number, so that one subtraction takes a place of every span around a window.
    """

    def __init__(self, places: Sequence[int], taken: Iterable[Window] = ()) -> None:
        """`places` has the free places of each day, `taken` the touches that need them, whether they fit or not."""
        self._days = len(places)
        self._around = _around(self._days)
        self._spare = sum(1 << at + BITS - 1 for at in _places_of_spans(self._days).values())
        self._spare += sum(count * self._around[day, day][0] for day, count in enumerate(places))
        for first, last in taken:
            if last < self._days:
                self._spare -= self._around[max(first, 0), max(last, 0)][0]

    def take_if_free(self, windows: Sequence[Window]) -> Window | None:
        """Count touches if all of them fit; otherwise the window of the first one that does not."""
        spare = self._spare
        for first, last in windows:
            # A touch whose window ends after the plan is not counted, as there may be place later.
            if last < self._days:
                one, signs = self._around[max(first, 0), last]
                spare -= one
                if spare & signs != signs:
                    return first, last
        self._spare = spare
        return None

    def has_place(self, on: int) -> bool:
        """Whether a touch that must be done on this day fits."""
        one, signs = self._around[on, on]
        return (self._spare - one) & signs == signs


@lru_cache(maxsize=16)
def _around(days: int) -> Mapping[Window, tuple[int, int]]:
    """By window: a number with a place of every span around it, and one with their highest bits."""
    places = _places_of_spans(days)
    ones = {
        (first, last): sum(1 << at for (begin, end), at in places.items() if begin <= first and last <= end)
        for first, last in places
    }
    return {window: (one, one << BITS - 1) for window, one in ones.items()}


@lru_cache(maxsize=16)
def _places_of_spans(days: int) -> Mapping[Window, int]:
    """Where the count of each span begins in the number of a room."""
    spans = ((first, last) for first in range(days) for last in range(first, days))
    return {span: nth * BITS for nth, span in enumerate(spans)}
