"""How long does a person wait after a wrong password, and how long does a session last?"""

from __future__ import annotations

import math
from datetime import date, datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network

LONGEST_DELAY = 300
"""Seconds: about 290 guesses a day."""
IDLE = timedelta(hours=8)
TOTAL = timedelta(hours=24)
UNVERIFIED = timedelta(minutes=10)
"""Between the password and the code."""
LINK = timedelta(minutes=30)
"""A one-time link can be used for this long."""
REVIEWED = timedelta(days=90)
"""After so long without a review, whether a user still needs access is asked again."""
RENEWED = timedelta(minutes=1)
"""The use of a session is recorded at most this often."""


def delay_after(failures: int) -> int:
    """Seconds until the next try: none after the first failure, then 1, 2, 4, ..."""
    return 0 if failures < 2 else min(LONGEST_DELAY, 2 ** min(failures - 2, 20))


def seconds_left(failures: int, failed_at: datetime | None, now: datetime) -> int:
    """Seconds that a person still has to wait."""
    if failed_at is None:
        return 0
    return max(0, math.ceil(delay_after(failures) - (now - failed_at).total_seconds()))


def has_ended(begun_at: datetime, used_at: datetime, now: datetime, *, verified: bool) -> bool:
    """Whether a session has ended by itself."""
    if not verified:
        return now - begun_at >= UNVERIFIED
    return now - used_at >= IDLE or now - begun_at >= TOTAL


def review_due_on(reviewed_on: date | None, added_on: date) -> date:
    """When the access of a user has to be confirmed again."""
    return (reviewed_on or added_on) + REVIEWED


def sender_of(host: str) -> str:
    """What tries to sign in are counted by: an address, or of IPv6 the network, of which a person has every address."""
    try:
        address = ip_address(host)
    except ValueError:
        return host
    if isinstance(address, IPv6Address):
        return str(address.ipv4_mapped or ip_network((int(address), 64), strict=False))
    return str(address)
