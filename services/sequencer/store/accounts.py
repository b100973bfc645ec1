"""What is known about accounts?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from services.sequencer.domain.contacts import chain_key
from services.sequencer.domain.rank import Prospect
from services.sequencer.domain.runs import Standing
from services.sequencer.domain.signals import Evidence
from shared.contracts.events import FacilityDelisted, FacilityListed, ScoreChanged
from shared.storage.database import Tx, rows

UNSCORED = 99
"""The tier of an account without a score: behind all that a pack names."""


LOST = (
    "EXISTS (SELECT FROM leads WHERE leads.facility_id = accounts.facility_id"
    " AND lead_source = 'signal' AND stage = 'lost')"
)


@dataclass(frozen=True, slots=True)
class Account:
    """What a touch may say about a facility."""

    facility_id: str
    name: str
    city: str
    state: str
    phone: str | None
    chain: str | None
    score: Decimal
    urgency: int | None
    last_seen_on: date | None
    measure: Decimal | None
    evidence: list[dict[str, Any]]

    @property
    def factors(self) -> list[Evidence]:
        return [Evidence(e["factor"], Decimal(e["points"]), e["evidence"]) for e in self.evidence]


async def record_listings(tx: Tx, events: Iterable[FacilityListed]) -> None:
    await tx.run(
        "INSERT INTO accounts (facility_id, listed_version, name, city, state, phone, chain)"
        " SELECT DISTINCT ON (facility_id) facility_id, listed_version, name, city, state, phone, chain"
        " FROM json_populate_recordset(NULL::accounts, %(rows)s::json) ORDER BY facility_id, listed_version DESC"
        " ON CONFLICT (facility_id) DO UPDATE SET listed_version = excluded.listed_version, name = excluded.name,"
        " city = excluded.city, state = excluded.state, phone = excluded.phone, chain = excluded.chain"
        " WHERE excluded.listed_version > accounts.listed_version",
        rows=rows(event.model_dump() | {"listed_version": event.version} for event in events),
    )


async def record_delistings(tx: Tx, events: Iterable[FacilityDelisted]) -> None:
    await tx.run(
        "INSERT INTO accounts (facility_id, delisted_version, delisted_as_of)"
        " SELECT DISTINCT ON (facility_id) facility_id, delisted_version, delisted_as_of"
        " FROM json_populate_recordset(NULL::accounts, %(rows)s::json) ORDER BY facility_id, delisted_version DESC"
        " ON CONFLICT (facility_id) DO UPDATE SET delisted_version = excluded.delisted_version,"
        " delisted_as_of = excluded.delisted_as_of WHERE excluded.delisted_version > accounts.delisted_version",
        rows=rows(event.model_dump() | {"delisted_version": event.version} for event in events),
    )


async def record_scores(tx: Tx, events: Sequence[ScoreChanged]) -> None:
    """Keep the newest score, and the newest change of tier: two facts, for they may come from different events."""
    await tx.run(
        "INSERT INTO accounts (facility_id, score_version, score, tier, scored_on, urgency, last_seen_on, measure,"
        " evidence) SELECT DISTINCT ON (facility_id) facility_id, score_version, score, tier, scored_on, urgency,"
        " last_seen_on,"
        " measure, evidence FROM json_populate_recordset(NULL::accounts, %(rows)s::json)"
        " ORDER BY facility_id, score_version DESC"
        " ON CONFLICT (facility_id) DO UPDATE SET score_version = excluded.score_version, score = excluded.score,"
        " tier = excluded.tier, scored_on = excluded.scored_on, urgency = excluded.urgency,"
        " last_seen_on = excluded.last_seen_on, measure = excluded.measure, evidence = excluded.evidence"
        " WHERE excluded.score_version > accounts.score_version",
        rows=rows(_score(event) for event in events),
    )
    await tx.run(
        "INSERT INTO accounts (facility_id, tier_version, tier_since)"
        " SELECT DISTINCT ON (facility_id) facility_id, tier_version, tier_since"
        " FROM json_populate_recordset(NULL::accounts, %(rows)s::json) ORDER BY facility_id, tier_version DESC"
        " ON CONFLICT (facility_id) DO UPDATE SET tier_version = excluded.tier_version, tier_since ="
        " excluded.tier_since"
        " WHERE excluded.tier_version > accounts.tier_version",
        rows=rows(
            {"facility_id": event.facility_id, "tier_version": event.score_version, "tier_since": event.scored_on}
            for event in events
            if event.tier != event.previous_tier
        ),
    )


def _score(event: ScoreChanged) -> dict[str, Any]:
    counted = [f.model_dump(include={"factor", "points", "evidence"}) for f in event.breakdown if f.points > 0]
    return event.model_dump(exclude={"breakdown"}) | {"evidence": counted}


async def prospects(tx: Tx, tiers: Sequence[int]) -> list[Prospect]:
    """Listed facilities of these tiers that are no clients, and whose lead was not lost."""
    return await tx.all(
        Prospect,
        "SELECT facility_id, tier, score, owner, chain, urgency, last_seen_on, measure FROM accounts"
        " WHERE listed_version > delisted_version AND status = 'prospect' AND tier = ANY(%(tiers)s)"
        f" AND NOT {LOST} ORDER BY facility_id",
        tiers=list(tiers),
    )


async def standings(tx: Tx, facility_ids: Iterable[str]) -> dict[str, Standing]:
    found = await tx.all(
        Standing,
        "SELECT facility_id, listed_version > delisted_version AS listed, status = 'active' AS client,"
        f" COALESCE(tier, %(unscored)s) AS tier, {LOST} AS lost FROM accounts WHERE facility_id ="
        f" ANY(%(facility_ids)s)",
        facility_ids=sorted(set(facility_ids)),
        unscored=UNSCORED,
    )
    return {standing.facility_id: standing for standing in found}


async def described(tx: Tx, facility_ids: Iterable[str]) -> dict[str, Account]:
    found = await tx.all(
        Account,
        "SELECT facility_id, name, city, state, phone, chain, COALESCE(score, 0) AS score, urgency, last_seen_on,"
        " measure,"
        " COALESCE(evidence, '[]') AS evidence FROM accounts WHERE facility_id = ANY(%(facility_ids)s) AND"
        " listed_version > 0",
        facility_ids=sorted(set(facility_ids)),
    )
    return {account.facility_id: account for account in found}


async def chains(tx: Tx, facility_ids: Iterable[str]) -> dict[str, str]:
    """The chains of these facilities, as far as they have one."""
    found = await tx.dicts(
        "SELECT facility_id, chain FROM accounts WHERE facility_id = ANY(%(facility_ids)s) AND chain IS NOT NULL",
        facility_ids=sorted(set(facility_ids)),
    )
    return {row["facility_id"]: row["chain"] for row in found}


async def all_chains(tx: Tx) -> list[str]:
    """The chains of facilities, as they are compared."""
    found = await tx.dicts("SELECT DISTINCT chain FROM accounts WHERE chain IS NOT NULL")
    return sorted({key for row in found if (key := chain_key(row["chain"]))})


async def facility_label(tx: Tx, facility_id: str) -> str:
    """What to call a facility in a sentence."""
    name = await tx.value("SELECT name FROM accounts WHERE facility_id = %(facility_id)s", facility_id=facility_id)
    return f"{name} ({facility_id})" if name else facility_id


async def hold(tx: Tx, facility_ids: Iterable[str]) -> None:
    """Take these accounts in the order in which handlers write them, so as not to deadlock with one."""
    await tx.value(
        "SELECT count(*) FROM (SELECT FROM accounts WHERE facility_id = ANY(%(facility_ids)s) ORDER BY facility_id"
        " FOR UPDATE) AS held",
        facility_ids=sorted(set(facility_ids)),
    )


async def give_owners(tx: Tx, owners: Mapping[str, str]) -> None:
    await tx.run(
        "UPDATE accounts SET owner = given.owner"
        " FROM json_populate_recordset(NULL::accounts, %(rows)s::json) AS given WHERE accounts.facility_id ="
        " given.facility_id",
        rows=rows({"facility_id": facility_id, "owner": owner} for facility_id, owner in owners.items()),
    )


async def make_clients(tx: Tx, owners: Mapping[str, str]) -> list[str]:
    """Record active clients and who looks after them; returns the CCNs for which that is news."""
    changed = await tx.dicts(
        "INSERT INTO accounts (facility_id, status, owner) SELECT facility_id, 'active', owner"
        " FROM json_populate_recordset(NULL::accounts, %(rows)s::json) ORDER BY facility_id"
        " ON CONFLICT (facility_id) DO UPDATE SET status = 'active', owner = excluded.owner"
        " WHERE (accounts.status, accounts.owner) IS DISTINCT FROM ('active', excluded.owner) RETURNING facility_id",
        rows=rows({"facility_id": facility_id, "owner": owner} for facility_id, owner in owners.items()),
    )
    return [row["facility_id"] for row in changed]


async def expect_follow_up(tx: Tx, dates: Mapping[str, date | None]) -> None:
    """Stamp when each account is to hear from us next (R49)."""
    await tx.run(
        "UPDATE accounts SET next_follow_up_on = given.next_follow_up_on"
        " FROM json_populate_recordset(NULL::accounts, %(rows)s::json) AS given WHERE accounts.facility_id ="
        " given.facility_id",
        rows=rows({"facility_id": facility_id, "next_follow_up_on": day} for facility_id, day in dates.items()),
    )


async def stamp_contact(tx: Tx, facility_id: str, day: date) -> None:
    await tx.run(
        "UPDATE accounts SET last_contacted_on = %(day)s WHERE facility_id = %(facility_id)s",
        facility_id=facility_id,
        day=day,
    )


async def show(tx: Tx, facility_id: str) -> dict[str, Any] | None:
    found = await tx.dicts(
        "SELECT facility_id, name, city, state, phone, chain, listed_version > delisted_version AS listed,"
        " delisted_as_of,"
        " status, owner, score, tier, tier_since, urgency, last_seen_on, measure, last_contacted_on,"
        " next_follow_up_on FROM accounts WHERE facility_id = %(facility_id)s",
        facility_id=facility_id,
    )
    return found[0] if found else None
