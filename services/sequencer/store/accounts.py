"""How are accounts stored and read?"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from services.sequencer.domain.accounts import UNSCORED, Account
from services.sequencer.domain.contacts import chain_key
from shared.contracts.events import FacilityDelisted, FacilityListed, ScoreChanged
from shared.contracts.sequencer_accounts import UnassignedAccount
from shared.contracts.sequencer_replies import AccountState
from shared.storage import arrays
from shared.storage.database import Tx, rows
from shared.storage.writing import recordset, upsert_newest

_KEY = ("facility_id",)


@dataclass(frozen=True, slots=True)
class OwnerState:
    """The published state of the owner of an account."""

    facility_id: str
    owner: str | None
    owner_version: int
    client: bool
    owner_reason: str | None = None


async def record_listings(tx: Tx, events: Iterable[FacilityListed]) -> None:
    listed = {"facility_id", "name", "city", "state", "phone", "chain"}
    given = [event.model_dump(include=listed) | {"listed_version": event.version} for event in events]
    await upsert_newest(tx, "accounts", given, key=_KEY, version=("listed_version",))


async def changing_chains(tx: Tx, events: Iterable[FacilityListed]) -> list[str]:
    """The listed facilities that belong to another chain, or to none, according to newer listings."""
    given = [event.model_dump(include={"facility_id", "chain"}) | {"listed_version": event.version} for event in events]
    found = await tx.dicts(
        f"""
        SELECT DISTINCT facility_id FROM {recordset("accounts", given)} AS given JOIN accounts USING (facility_id)
        WHERE accounts.listed_version BETWEEN 1 AND given.listed_version - 1
            AND accounts.chain IS DISTINCT FROM given.chain
        """,
        rows=rows(given),
    )
    return sorted(row["facility_id"] for row in found)


async def record_delistings(tx: Tx, events: Iterable[FacilityDelisted]) -> None:
    given = [
        {
            "facility_id": event.facility_id,
            "delisted_version": event.version,
            "delisted_as_of": event.delisted_as_of,
        }
        for event in events
    ]
    await upsert_newest(tx, "accounts", given, key=_KEY, version=("delisted_version",))


async def record_scores(tx: Tx, events: Sequence[ScoreChanged]) -> None:
    """Store the newest score and the newest change of tier, which may come from different events."""
    await upsert_newest(tx, "accounts", map(_score, events), key=_KEY, version=("score_version",))
    changes = [
        {"facility_id": event.facility_id, "tier_version": event.score_version, "tier_since": event.scored_on}
        for event in events
        if event.tier != event.previous_tier
    ]
    await upsert_newest(tx, "accounts", changes, key=_KEY, version=("tier_version",))


_SCORE = {"facility_id", "score_version", "score", "tier", "scored_on", "urgency", "last_seen_on", "measure"}


def _score(event: ScoreChanged) -> dict[str, Any]:
    """A score with its factors that count, and what is known of the account and weighs nothing."""
    lines = [f for f in event.breakdown if f.points > 0 or (f.known and not f.weight)]
    return event.model_dump(include=_SCORE) | {
        "evidence": [f.model_dump(include={"factor", "points", "evidence"}) for f in lines]
    }


async def load(tx: Tx, facility_ids: Iterable[str], tiers: Sequence[int] = ()) -> dict[str, Account]:
    """The accounts with these ids, and all accounts of these tiers."""
    found = await tx.all(
        Account,
        """
        SELECT facility_id, listed_version > delisted_version AS listed, status = 'active' AS client,
            COALESCE(name, facility_id) AS name, COALESCE(city, '') AS city, COALESCE(state, '') AS state, phone, chain,
            owner, COALESCE(tier, %(unscored)s) AS tier, COALESCE(score, 0) AS score, urgency, last_seen_on, measure,
            COALESCE(evidence, '[]') AS evidence, next_follow_up_on, last_contacted_on, owner_version,
            owner_reason
        FROM accounts WHERE facility_id = ANY(%(ids)s) OR tier = ANY(%(tiers)s) ORDER BY facility_id
        """,
        ids=arrays.texts(sorted(set(facility_ids))),
        tiers=list(tiers),
        unscored=UNSCORED,
    )
    return {account.facility_id: account for account in found}


async def clients(tx: Tx) -> list[str]:
    """The active clients."""
    found = await tx.dicts("SELECT facility_id FROM accounts WHERE status = 'active' ORDER BY 1")
    return [row["facility_id"] for row in found]


async def lock(tx: Tx, facility_ids: Iterable[str]) -> None:
    """Lock these accounts, in the order in which handlers write them, to avoid deadlocks."""
    await tx.value(
        """
        SELECT count(*) FROM (
            SELECT FROM accounts WHERE facility_id = ANY(%(ids)s) ORDER BY facility_id FOR UPDATE
        ) AS locked
        """,
        ids=sorted(set(facility_ids)),
    )


async def lock_all(tx: Tx) -> None:
    """Lock all accounts, before decisions that may concern any of them: to lock more of them later could deadlock."""
    await tx.value("SELECT count(*) FROM (SELECT FROM accounts ORDER BY facility_id FOR UPDATE) AS locked")


async def save(tx: Tx, accounts: Iterable[Account]) -> None:
    """Store the status and the owners of accounts, and the days of their next follow-up (R49)."""
    changed = [
        {
            "facility_id": each.facility_id,
            "status": "active" if each.client else "prospect",
            "owner": each.owner,
            "owner_version": each.owner_version,
            "owner_reason": each.owner_reason,
            "next_follow_up_on": each.next_follow_up_on,
        }
        for each in accounts
    ]
    await tx.run(
        f"""
        UPDATE accounts
        SET status = given.status, owner = given.owner, owner_version = given.owner_version,
            owner_reason = given.owner_reason, next_follow_up_on = given.next_follow_up_on
        FROM {recordset("accounts", changed)} AS given
        WHERE accounts.facility_id = given.facility_id
        """,
        rows=rows(changed),
    )


async def owned_by(tx: Tx, rep: str) -> list[str]:
    """The ids of all accounts of a rep, listed or not."""
    found = await tx.dicts("SELECT facility_id FROM accounts WHERE owner = %(rep)s ORDER BY facility_id", rep=rep)
    return [row["facility_id"] for row in found]


async def record_follow_up(tx: Tx, facility_id: str, next_on: date | None) -> None:
    """Store the day of the next follow-up of an account (R49)."""
    await tx.run(
        "UPDATE accounts SET next_follow_up_on = %(next_on)s WHERE facility_id = %(facility_id)s",
        facility_id=facility_id,
        next_on=next_on,
    )


async def record_contact(tx: Tx, facility_ids: Iterable[str], on: date) -> None:
    """Store the last contact of the accounts that a touch reached: all that its enrollment covers (R44)."""
    await tx.run(
        """
        UPDATE accounts SET last_contacted_on = GREATEST(%(on)s, last_contacted_on) FROM (
            SELECT facility_id FROM accounts WHERE facility_id = ANY(%(ids)s) ORDER BY facility_id FOR UPDATE
        ) AS reached
        WHERE accounts.facility_id = reached.facility_id
        """,
        ids=sorted(set(facility_ids)),
        on=on,
    )


async def record_taken_back(tx: Tx, activity_id: UUID) -> None:
    """Store the last contact of the accounts that a touch reached, without that touch, which is taken back."""
    await tx.run(
        """
        UPDATE accounts SET last_contacted_on = (
            SELECT max(touched_on) FROM activities AS touch
            WHERE touch.reached ? accounts.facility_id AND kind = 'done' AND channel <> 'research'
                AND touch.activity_id <> %(activity_id)s
                AND NOT EXISTS (SELECT FROM activities AS later WHERE later.reverses = touch.activity_id)
        )
        FROM activities AS taken_back
        WHERE taken_back.activity_id = %(activity_id)s AND taken_back.reached ? accounts.facility_id
        """,
        activity_id=activity_id,
    )


async def chains(tx: Tx, facility_ids: Iterable[str]) -> dict[str, str]:
    """The chains of these facilities, without those that have none."""
    found = await tx.dicts(
        "SELECT facility_id, chain FROM accounts WHERE facility_id = ANY(%(ids)s) AND chain IS NOT NULL",
        ids=sorted(set(facility_ids)),
    )
    return {row["facility_id"]: row["chain"] for row in found}


async def of_chains(tx: Tx, keys: Iterable[str]) -> list[str]:
    """The facilities of chains, by their keys."""
    found = await tx.dicts(
        "SELECT facility_id FROM accounts WHERE chain = ANY(%(chains)s)", chains=await spellings_of(tx, keys)
    )
    return [row["facility_id"] for row in found]


async def spellings_of(tx: Tx, keys: Iterable[str]) -> list[str]:
    """The spellings of chains; databases and Python differ about capitals, so that Python compares."""
    wanted = set(keys)
    if not wanted:
        return []
    found = await tx.dicts(
        """
        SELECT chain FROM accounts WHERE chain IS NOT NULL
        UNION SELECT chain FROM enrollments WHERE chain IS NOT NULL ORDER BY chain
        """
    )
    return [row["chain"] for row in found if chain_key(row["chain"]) in wanted]


async def of_same_chain(tx: Tx, facility_id: str) -> list[str]:
    """An account, and the other prospects of its chain, by id."""
    found = await tx.dicts(
        """
        SELECT facility_id FROM accounts WHERE facility_id = %(id)s OR (
            status <> 'active' AND chain = (SELECT chain FROM accounts WHERE facility_id = %(id)s)
        ) ORDER BY facility_id
        """,
        id=facility_id,
    )
    return [row["facility_id"] for row in found]


async def unassigned(tx: Tx, tiers: Sequence[int]) -> list[UnassignedAccount]:
    """The listed prospects for which no rule found an owner, best first: those of worked tiers and with open leads."""
    return await tx.all(
        UnassignedAccount,
        """
        SELECT facility_id, name, city, state, chain, tier, score, owner_reason AS reason FROM accounts
        WHERE owner IS NULL AND owner_reason IS NOT NULL AND listed_version > delisted_version AND status <> 'active'
            AND (tier = ANY(%(tiers)s) OR EXISTS (
                SELECT FROM leads WHERE leads.facility_id = accounts.facility_id AND closed_on IS NULL
            ))
        ORDER BY tier, score DESC, facility_id
        """,
        tiers=list(tiers),
    )


async def all_chains(tx: Tx) -> list[str]:
    """The keys of all chains that have facilities."""
    found = await tx.dicts("SELECT DISTINCT chain FROM accounts WHERE chain IS NOT NULL")
    return sorted({key for row in found if (key := chain_key(row["chain"]))})


async def known(tx: Tx, facility_ids: Collection[str]) -> set[str]:
    """Those of these facilities that are accounts."""
    found = await tx.dicts(
        "SELECT facility_id FROM accounts WHERE facility_id = ANY(%(ids)s)", ids=sorted(set(facility_ids))
    )
    return {row["facility_id"] for row in found}


async def facility_labels(tx: Tx, facility_ids: Iterable[str]) -> dict[str, str]:
    """The names of known facilities in a sentence, by id."""
    found = await tx.dicts(
        "SELECT facility_id, name FROM accounts WHERE facility_id = ANY(%(ids)s) AND name <> ''", ids=list(facility_ids)
    )
    return {row["facility_id"]: f"{row['name']} ({row['facility_id']})" for row in found}


async def facility_label(tx: Tx, facility_id: str) -> str:
    """The name of a facility in a sentence."""
    return (await facility_labels(tx, [facility_id])).get(facility_id, facility_id)


async def show(tx: Tx, facility_id: str) -> AccountState | None:
    return await tx.one(
        AccountState,
        """
        SELECT facility_id, name, city, state, phone, chain, listed_version > delisted_version AS listed,
            delisted_as_of, status, owner, owner_reason, score, tier, tier_since, urgency, last_seen_on, measure,
            last_contacted_on, next_follow_up_on
        FROM accounts WHERE facility_id = %(id)s
        """,
        id=facility_id,
    )
