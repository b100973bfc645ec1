"""Who is in the team, and what are they called?"""

from __future__ import annotations

from dataclasses import dataclass, field

from shared.storage.database import Tx

Names = dict[str, str]


@dataclass(frozen=True, slots=True)
class Reps:
    """Reps by id, in the order of their names."""

    names: Names = field(default_factory=dict)
    """All, also those who left: for what names a rep."""
    present: Names = field(default_factory=dict)
    """Those who are in the team today: for a choice."""


async def reps(tx: Tx) -> Reps:
    rows = await tx.dicts(
        """
        SELECT id, coalesce(data ->> 'name', id) AS name,
            coalesce((data ->> 'left_on')::date > %(today)s, true) AS present
        FROM states WHERE kind = 'rep' ORDER BY 2, 1
        """,
        today=tx.today,
    )
    return Reps({row["id"]: row["name"] for row in rows}, {row["id"]: row["name"] for row in rows if row["present"]})


async def names(tx: Tx) -> Names:
    """All reps, also those who left: for what names a rep."""
    return (await reps(tx)).names
