"""What is shown of users and their sessions?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from shared.storage.database import Tx


@dataclass(frozen=True, slots=True)
class Used:
    """The sessions of a user."""

    name: str
    sessions: int
    last_used_at: datetime


async def used(tx: Tx) -> dict[str, Used]:
    """By user: how many sessions there are, and when one was used last."""
    sql = "SELECT name, count(*) AS sessions, max(used_at) AS last_used_at FROM sessions WHERE verified GROUP BY name"
    return {each.name: each for each in await tx.all(Used, sql)}
