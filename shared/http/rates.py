"""How often may somebody ask?

A token bucket: a number of requests at once, and afterwards as many a second as flow back.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field

MAX_CALLERS = 10_000
"""Whose buckets are remembered; whoever has not asked for longest is forgotten, and begins with a full one."""


@dataclass(slots=True)
class Rates:
    """The buckets of everybody who asked lately. Times are seconds of any clock that never goes back."""

    per_second: float
    burst: int
    _buckets: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict)

    def take(self, asker: str, now: float, cost: float = 1) -> float:
        """Take tokens, a full bucket at most; returns 0, or the seconds until there are as many again."""
        cost = min(cost, self.burst)
        left, since = self._buckets.pop(asker, (float(self.burst), now))
        left = min(self.burst, left + (now - since) * self.per_second)
        wait = 0.0 if left >= cost else (cost - left) / self.per_second
        self._buckets[asker] = (left if wait else left - cost, now)
        while len(self._buckets) > MAX_CALLERS:
            self._buckets.popitem(last=False)
        return wait
