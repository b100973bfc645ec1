"""Who of our own people gets notices, and how far has each of them come in the log?"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from services.courier.domain.noticing import EVENTS, MOST, Followed, Happened, Work
from services.courier.domain.recipients import Recipient
from shared.storage.arrays import texts
from shared.storage.database import Tx
from shared.storage.writing import insert, upsert

_COLUMNS = ", ".join(Recipient._fields)
_TYPES = ", ".join(f"('{kind}', '{subject}')" for kind, subject in EVENTS.items())


async def find(tx: Tx, names: Collection[str] | None = None) -> dict[str, Recipient]:
    """These recipients, or all of them, by name."""
    found = await tx.all(
        Recipient,
        f"""
        SELECT {_COLUMNS} FROM recipients WHERE %(all)s OR name = ANY(%(names)s) ORDER BY name
        """,
        all=names is None,
        names=texts(names or ()),
    )
    return {each.name: each for each in found}


async def save(tx: Tx, recipient: Recipient) -> None:
    await upsert(tx, "recipients", [recipient], key=("name",))


async def remove(tx: Tx, name: str) -> None:
    """Remove a recipient with its notices."""
    await tx.run("DELETE FROM recipients WHERE name = %(name)s", name=name)


async def pause(tx: Tx, name: str, by: str, why: str) -> None:
    await tx.run(
        """
        UPDATE recipients SET paused_at = %(now)s, paused_by = %(by)s, paused_why = %(why)s
        WHERE name = %(name)s AND paused_at IS NULL
        """,
        name=name,
        by=by,
        why=why,
        now=tx.now,
    )


async def follow(tx: Tx, recipient: Recipient, position: int) -> None:
    """Let a recipient follow its kinds of notices from a position on; those that it follows go on as before."""
    await tx.run(
        "DELETE FROM followed WHERE recipient = %(name)s AND kind <> ALL (%(kinds)s)",
        name=recipient.name,
        kinds=texts(recipient.kinds),
    )
    await tx.run("UPDATE followed SET wait_until = NULL WHERE recipient = %(name)s", name=recipient.name)
    new = [{"recipient": recipient.name, "kind": kind, "position": position} for kind in recipient.kinds]
    await insert(tx, "followed", new)


async def skip(tx: Tx, name: str, position: int) -> None:
    """Let a recipient go on at a position: what was before is not sent."""
    await tx.run(
        "UPDATE followed SET position = %(position)s, wait_until = NULL WHERE recipient = %(name)s",
        name=name,
        position=position,
    )


async def followed(tx: Tx, names: Collection[str]) -> list[Followed]:
    return await tx.all(
        Followed,
        """
        SELECT recipient, kind, position, last_at, wait_until FROM followed
        WHERE recipient = ANY(%(names)s) ORDER BY recipient, kind
        """,
        names=texts(names),
    )


async def advance(tx: Tx, changed: Sequence[Followed]) -> None:
    await upsert(tx, "followed", changed, key=("recipient", "kind"))


async def waiting_for(tx: Tx, kinds: Collection[str]) -> list[str]:
    """The recipients that may get a notice of these kinds now."""
    found = await tx.dicts(
        """
        SELECT DISTINCT recipient FROM followed JOIN recipients ON name = recipient
        WHERE paused_at IS NULL AND kind = ANY(%(kinds)s) AND (wait_until IS NULL OR wait_until <= %(now)s)
        ORDER BY recipient
        """,
        kinds=texts(kinds),
        now=tx.now,
    )
    return [row["recipient"] for row in found]


async def happened(tx: Tx, names: Collection[str], end: int, *, also_waiting: bool = False) -> list[Happened]:
    """The next events of the log for each recipient and kind; without those that wait, unless asked for."""
    return await tx.all(
        Happened,
        f"""
        SELECT followed.recipient, followed.kind, event.*
        FROM followed JOIN (VALUES {_TYPES}) AS kinds (kind, type) USING (kind) CROSS JOIN LATERAL (
            SELECT log.position, log.at, log.facility_id, facilities.name AS facility, facilities.city,
                facilities.state, coalesce(log.data->>'owner', facilities.owner) AS owner,
                (log.data->>'tier')::integer AS tier, (log.data->>'previous_tier')::integer AS previous_tier,
                log.data->>'score' AS score, log.data->>'label' AS label, log.data->>'action' AS action,
                log.data->>'started_on' AS started_on
            FROM log LEFT JOIN facilities USING (facility_id)
            WHERE log.position > followed.position AND log.position <= %(end)s AND log.type = kinds.type
                AND (kinds.kind = 'sla' OR log.data->>'tier' IS DISTINCT FROM log.data->>'previous_tier')
            ORDER BY log.position LIMIT %(most)s
        ) AS event
        WHERE recipient = ANY(%(names)s) AND (%(waiting)s OR wait_until IS NULL OR wait_until <= %(now)s)
        ORDER BY recipient, kind, position
        """,
        names=texts(names),
        end=end,
        most=MOST,
        waiting=also_waiting,
        now=tx.now,
    )


async def tasks_due(tx: Tx, rep: str | None, until: date, titles: Mapping[str, str]) -> list[Work]:
    """The open tasks that are due on a day or before, of a rep or of the team, the most important first."""
    found = await tx.dicts(
        """
        SELECT tasks.rep, reps.name AS rep_name, due_on, data->>'channel' AS channel, data->>'city' AS city,
            coalesce(data->>'facility_display_name', data->>'facility_name') AS facility, data->>'state' AS state,
            data->>'reason' AS reason
        FROM tasks LEFT JOIN reps USING (rep)
        WHERE due_on <= %(until)s AND (%(rep)s::text IS NULL OR tasks.rep = %(rep)s)
        ORDER BY (data->>'tier')::integer, (data->>'score')::numeric DESC, due_on, task_id
        """,
        rep=rep,
        until=until,
    )
    return [_work(row, titles) for row in found]


def _work(row: dict[str, Any], titles: Mapping[str, str]) -> Work:
    return Work(
        row["rep"],
        row["rep_name"],
        row["due_on"],
        titles.get(row["channel"], "Task"),
        row["facility"] or "",
        f"{row['city']}, {row['state']}",
        row["reason"] or "",
    )


async def team_addresses(tx: Tx) -> set[str]:
    """The addresses of reps, in lower case."""
    found = await tx.dicts("SELECT lower(email) AS email FROM reps WHERE email IS NOT NULL")
    return {row["email"] for row in found}


async def of_contacts(tx: Tx, addresses: Mapping[str, int], personal: Collection[str]) -> set[str]:
    """Those of these addresses that an open task has, or an event that names people of accounts after its position."""
    found = await tx.dicts(
        """
        SELECT email FROM unnest(%(emails)s, %(positions)s::bigint[]) AS given (email, after)
        WHERE EXISTS (SELECT FROM tasks WHERE lower(data->'person'->>'email') = email)
            OR EXISTS (
                SELECT FROM log
                WHERE type = ANY(%(types)s) AND position > after AND strpos(lower(data::text), '"' || email || '"') > 0
            )
        """,
        emails=texts(addresses),
        positions=list(addresses.values()),
        types=texts(personal),
    )
    return {row["email"] for row in found}


async def mark_checked(tx: Tx, names: Collection[str], position: int) -> None:
    await tx.run(
        "UPDATE recipients SET checked = %(position)s WHERE name = ANY(%(names)s)",
        position=position,
        names=texts(names),
    )


async def mark_left(tx: Tx, recipient: str, kind: str, at: datetime) -> None:
    """The next notice of this kind leaves an hour after this one has left."""
    await tx.run(
        "UPDATE followed SET last_at = %(at)s WHERE recipient = %(recipient)s AND kind = %(kind)s",
        recipient=recipient,
        kind=kind,
        at=at,
    )
