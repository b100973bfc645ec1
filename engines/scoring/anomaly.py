"""How many sample deviations is a number away from earlier ones, to two decimals?"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from math import isqrt

ZERO = Decimal(0)


def deviation(latest: Decimal, earlier: Sequence[Decimal]) -> Decimal | None:
    """The z-score by mean and sample deviation, to two decimals, half to even on the exact value; None without spread.

    With n volumes of sum S and sum of squares Q, z squared is (n x - S)^2 (n - 1) / (n (n Q - S^2)). So there is no
    root and no division before the only rounding.
    """
    n, total = len(earlier), sum(earlier, ZERO)
    spread = n * sum((volume * volume for volume in earlier), ZERO) - total * total
    if not spread:
        return None
    distance = n * latest - total
    squared = Fraction(distance * distance * (n - 1)) / Fraction(n * spread)
    hundredths = _root_half_even(squared * 10_000)
    return Decimal(hundredths if distance >= 0 else -hundredths).scaleb(-2)


def _root_half_even(square: Fraction) -> int:
    """The integer nearest to a square root, without rounding the root itself."""
    below = isqrt(square.numerator // square.denominator)
    against_half = square - (below + Fraction(1, 2)) ** 2
    up = against_half > 0 or (against_half == 0 and below % 2 == 1)
    return below + 1 if up else below
