"""How are waiting postings grouped, and how are the decisions of people stored?"""

from __future__ import annotations

from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from services.matcher.domain.directory import Employer, Group
from services.matcher.domain.inbox import InboxEntry
from services.matcher.domain.postings import Posting
from services.matcher.store.postings import COLUMNS
from shared.storage.database import Tx
from shared.storage.paging import page_by_key

# A group is described by its newest sighting, so that it does not depend on the order of arrival.
_QUEUED = """
    SELECT group_key, (SELECT count(*) FROM decisions AS d WHERE d.group_key = p.group_key) AS version,
           count(*) AS postings, min(waiting_since) AS waiting_since, max(dismissed_on) AS dismissed_on,
           max(last_seen_on) AS last_seen_on, array_agg(DISTINCT role_family ORDER BY role_family) AS role_families,
           (array_agg(jsonb_build_array(employer_name, city, state, reason, candidates)
                      ORDER BY last_seen_on DESC, posting_id))[1] AS newest
    FROM postings AS p
    WHERE outcome = 'queued' AND (dismissed_on IS NOT NULL) = %(dismissed)s
    GROUP BY group_key
"""
_GROUP = "employer_key = %(employer)s AND city_key = %(city)s AND state_key = %(state)s"


async def queued(tx: Tx, dismissed: bool) -> list[InboxEntry]:
    """The groups that wait, or those with dismissed postings."""
    return [_entry(row) for row in await tx.dicts(_QUEUED, dismissed=dismissed)]


async def groups_waiting(tx: Tx) -> dict[str, int]:
    """The number of waiting groups, and of those that have waited since before today, because the limit is one day
    (K11).
    """
    (counted,) = await tx.dicts(
        f"""
        SELECT count(*) AS groups, count(*) FILTER (WHERE waiting_since < %(today)s) AS overdue
        FROM ({_QUEUED}) AS groups
        """,
        dismissed=False,
        today=tx.today,
    )
    return counted


async def group_named(tx: Tx, key: str) -> Group | None:
    """The group with a key, waiting or decided."""
    return await tx.one(
        Group,
        """
        SELECT employer_key AS employer, city_key AS city, state_key AS state FROM postings
        WHERE group_key = %(key)s AND reason <> 'role' LIMIT 1
        """,
        key=key,
    )


async def postings_of(tx: Tx, group: Group) -> list[Posting]:
    return await tx.all(
        Posting,
        f"""
        SELECT {", ".join(COLUMNS)} FROM postings WHERE {_GROUP} AND reason <> 'role'
        ORDER BY last_seen_on DESC, posting_id
        """,
        **_parameters(group),
    )


async def learn_alias(tx: Tx, group: Group, facility_id: str, shown: Employer, change: int) -> dict[str, Any]:
    """Returns the stored alias."""
    (alias,) = await tx.dicts(
        """
        INSERT INTO aliases
            (alias_id, facility_id, employer_key, city_key, state_key, employer_name, city, state,
             learned_by, learned_at, changed)
        VALUES (%(alias_id)s, %(facility_id)s, %(employer)s, %(city)s, %(state)s, %(name)s, %(named_city)s,
                %(named_state)s, %(by)s, %(now)s, %(change)s)
        ON CONFLICT (alias_id) DO UPDATE SET
            employer_name = excluded.employer_name, city = excluded.city, state = excluded.state,
            learned_by = excluded.learned_by, learned_at = excluded.learned_at, revoked_at = NULL,
            changed = excluded.changed
        RETURNING *
        """,
        alias_id=alias_id_of(group, facility_id),
        facility_id=facility_id,
        name=shown.name,
        named_city=shown.city,
        named_state=shown.state,
        by=tx.actor,
        now=tx.now,
        change=change,
        **_parameters(group),
    )
    return alias


async def aliases(tx: Tx, after: str | None, limit: int) -> list[tuple[str, dict[str, Any]]]:
    """A page of the aliases in force with their keys, by id."""
    return await page_by_key(tx, "aliases", ("alias_id",), after, limit, "revoked_at IS NULL")


async def record_verdict(tx: Tx, group: Group, reason: str, by: str, change: int) -> None:
    await tx.run(
        """
        INSERT INTO verdicts (employer_key, city_key, state_key, reason, decided_by, decided_at, withdrawn, changed)
        VALUES (%(employer)s, %(city)s, %(state)s, %(reason)s, %(by)s, %(now)s, false, %(change)s)
        ON CONFLICT (employer_key, city_key, state_key) DO UPDATE SET
            reason = excluded.reason, decided_by = excluded.decided_by, decided_at = excluded.decided_at,
            withdrawn = false, changed = excluded.changed
        """,
        reason=reason,
        by=by,
        now=tx.now,
        change=change,
        **_parameters(group),
    )


async def withdraw(tx: Tx, group: Group, change: int) -> None:
    """Undo the alias or verdict of a group."""
    named = _parameters(group) | {"change": change}
    await tx.run(
        f"""UPDATE verdicts SET withdrawn = true, changed = %(change)s WHERE {_GROUP} AND NOT withdrawn""", **named
    )
    await tx.run(
        f"""UPDATE aliases SET revoked_at = %(now)s, changed = %(change)s WHERE {_GROUP} AND revoked_at IS NULL""",
        now=tx.now,
        **named,
    )


async def log_decision(
    tx: Tx, decision: str, key: str, about: Employer, facility_id: str | None = None, reason: str | None = None
) -> None:
    await tx.run(
        """
        INSERT INTO decisions
            (decision, group_key, employer_name, city, state, facility_id, reason, decided_by, decided_at)
        VALUES (%(decision)s, %(key)s, %(name)s, %(city)s, %(state)s, %(facility_id)s, %(reason)s, %(by)s, %(now)s)
        """,
        decision=decision,
        key=key,
        name=about.name,
        city=about.city,
        state=about.state,
        facility_id=facility_id,
        reason=reason,
        by=tx.actor,
        now=tx.now,
    )


async def last_decision(tx: Tx, key: str) -> tuple[int, str]:
    """The number of decisions on a group, and a sentence about the last one."""
    found = await tx.dicts(
        """
        SELECT count(*) OVER () AS version,
               'The last decision is ' || concat_ws(' ', decision, facility_id, reason) || ' by ' || decided_by || '.'
                   AS sentence
        FROM decisions WHERE group_key = %(key)s ORDER BY decision_id DESC LIMIT 1
        """,
        key=key,
    )
    return (found[0]["version"], found[0]["sentence"]) if found else (0, "There is no decision yet.")


async def disputer_of(tx: Tx, key: str) -> str | None:
    """The person who disputed the automatic match of a group, unless the dispute was undone."""
    disputer: str | None = await tx.value(
        """
        SELECT CASE WHEN decision = 'dispute' THEN decided_by END FROM decisions
        WHERE group_key = %(key)s AND decision IN ('dispute', 'undispute') ORDER BY decision_id DESC LIMIT 1
        """,
        key=key,
    )
    return disputer


def alias_id_of(group: Group, facility_id: str) -> UUID:
    return uuid5(NAMESPACE_URL, f"facility-pipeline/alias/{facility_id}/{group.state}/{group.city}/{group.employer}")


def _parameters(group: Group) -> dict[str, Any]:
    return {"employer": group.employer, "city": group.city, "state": group.state}


def _entry(row: dict[str, Any]) -> InboxEntry:
    name, city, state, reason, candidates = row["newest"]
    return InboxEntry(
        key=row["group_key"],
        version=row["version"],
        employer_name=name,
        city=city,
        state=state,
        postings=row["postings"],
        role_families=row["role_families"],
        waiting_since=row["waiting_since"],
        dismissed_on=row["dismissed_on"],
        last_seen_on=row["last_seen_on"],
        reason=reason,
        candidates=candidates,
    )
