"""What is the state of a day, and which reps are there?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from services.sequencer.domain.days import Day
from shared.storage.database import Tx


async def reps(tx: Tx, members: Iterable[str]) -> list[str]:
    """All reps who can have tasks: the members of the team, and those who own an account or have an open task."""
    found = await tx.dicts(
        """
        SELECT owner AS rep FROM accounts WHERE owner IS NOT NULL
        UNION SELECT rep FROM tasks WHERE status IN ('due', 'moved')
        UNION SELECT unnest(%(members)s::text[]) ORDER BY 1
        """,
        members=list(members),
    )
    return [row["rep"] for row in found]


async def load(tx: Tx, on: date, rep: str | None, tiers: Sequence[int], due: datetime) -> Day:
    """The state of a day. `due` is the time of its plan, which does not count without any enrollment."""
    [found] = await tx.all(
        Day,
        """
        SELECT %(on)s::date AS on, %(today)s::date AS today,
            EXISTS (SELECT FROM jobs WHERE name = 'plan' AND last_due >= %(due)s) AND EXISTS (SELECT FROM enrollments)
                OR EXISTS (SELECT FROM enrollments WHERE %(on)s IN (started_on, blocked_on)) AS planned,
            (SELECT count(*) FROM accounts WHERE listed_version > delisted_version) AS facilities,
            (SELECT count(*) FROM accounts
                WHERE listed_version > delisted_version AND status = 'prospect' AND tier = ANY(%(tiers)s)) AS prospects,
            (SELECT count(*) FROM accounts WHERE owner = COALESCE(%(rep)s, owner)) AS accounts,
            (SELECT count(*) FROM enrollments WHERE status = 'active' AND owner = COALESCE(%(rep)s, owner)) AS active,
            (SELECT count(*) FROM enrollments WHERE status = 'blocked' AND owner = COALESCE(%(rep)s, owner)) AS blocked,
            (SELECT count(*) FROM tasks
                WHERE status NOT IN ('due', 'moved') AND done_on = %(on)s AND rep = COALESCE(%(rep)s, rep)) AS ended,
            (SELECT count(*) FROM tasks WHERE status = 'due' AND due_on <= %(on)s) AS others
        """,
        on=on,
        today=tx.today,
        tiers=list(tiers),
        due=due,
        rep=rep,
    )
    return found


async def is_planned(tx: Tx, on: date, due: datetime) -> bool:
    """Whether the plan of a day, which is made at `due`, was made."""
    found = await tx.value("SELECT EXISTS (SELECT FROM jobs WHERE name = 'plan' AND last_due >= %(due)s)", due=due)
    return bool(found)


async def next_expected(tx: Tx, after: date, rep: str | None) -> date | None:
    """The first day after this one with an expected follow-up."""
    found: date | None = await tx.value(
        """
        SELECT min(next_follow_up_on) FROM accounts
        WHERE next_follow_up_on > %(after)s AND EXISTS (
            SELECT FROM enrollments
            WHERE enrollments.facility_id = accounts.facility_id
                AND enrollments.status IN ('blocked', 'active', 'paused')
                AND enrollments.owner = COALESCE(%(rep)s, enrollments.owner)
        )
        """,
        after=after,
        rep=rep,
    )
    return found
