"""How often may a caller send requests?

As a token bucket allows: a burst at first, then as many per second as tokens are refilled.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field

MAX_CALLERS = 10_000
"""The maximum number of buckets.

Beyond it, the least recently active caller is dropped, and starts again with a full one.
"""


@dataclass(slots=True)
class Rates:
    """The buckets of recent callers. Times are seconds of a monotonic clock."""

    per_second: float
    burst: int
    _buckets: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict)

    def take(self, caller: str, now: float, cost: float = 1) -> float:
        """Take tokens, at most a full bucket; returns 0, or the seconds until there are enough."""
        cost = min(cost, self.burst)
        left, since = self._buckets.pop(caller, (float(self.burst), now))
        left = min(self.burst, left + (now - since) * self.per_second)
        wait = 0.0 if left >= cost else (cost - left) / self.per_second
        self._buckets[caller] = (left if wait else left - cost, now)
        while len(self._buckets) > MAX_CALLERS:
            self._buckets.popitem(last=False)
        return wait
