"""Which hiring needs do accounts have?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

from services.sequencer.domain.leads import Hiring
from services.sequencer.domain.signals import Signal
from shared.contracts.events import SignalState
from shared.storage.database import Tx, rows


async def record(tx: Tx, events: Iterable[SignalState]) -> None:
    """Each event is the whole state of a facility and role: the newest replaces the rest."""
    await tx.run(
        "INSERT INTO account_signals (facility_id, role_family, version, signals)"
        " SELECT DISTINCT ON (facility_id, role_family) facility_id, role_family, version, signals"
        " FROM json_populate_recordset(NULL::account_signals, %(rows)s::json)"
        " ORDER BY facility_id, role_family, version DESC"
        " ON CONFLICT (facility_id, role_family) DO UPDATE SET version = excluded.version, signals = excluded.signals"
        " WHERE excluded.version > account_signals.version",
        rows=rows(event.model_dump(include={"facility_id", "role_family", "version", "signals"}) for event in events),
    )


async def hiring(tx: Tx, today: date) -> list[Hiring]:
    """Listed accounts with a signal that is open today."""
    return await tx.all(
        Hiring,
        "SELECT accounts.facility_id, status = 'active' AS client, owner,"
        " array_agg(DISTINCT role_family ORDER BY role_family) AS role_families,"
        " max((signal ->> 'first_seen_on')::date) AS newest_on"
        " FROM accounts JOIN account_signals ON account_signals.facility_id = accounts.facility_id,"
        " jsonb_array_elements(signals) AS signal"
        " WHERE listed_version > delisted_version AND (signal ->> 'expires_on')::date >= %(today)s"
        " GROUP BY accounts.facility_id ORDER BY accounts.facility_id",
        today=today,
    )


async def of_accounts(tx: Tx, facility_ids: Iterable[str]) -> dict[str, list[Signal]]:
    found = await tx.dicts(
        "SELECT facility_id, role_family, signals FROM account_signals WHERE facility_id = ANY(%(facility_ids)s)"
        " ORDER BY facility_id, role_family",
        facility_ids=sorted(set(facility_ids)),
    )
    by_facility_id: dict[str, list[Signal]] = defaultdict(list)
    for row in found:
        by_facility_id[row["facility_id"]] += [_signal(row["role_family"], signal) for signal in row["signals"]]
    return by_facility_id


def _signal(role_family: str, stored: dict[str, Any]) -> Signal:
    days = {day: date.fromisoformat(stored[day]) for day in ("first_seen_on", "last_seen_on", "expires_on")}
    return Signal(
        stored["signal_id"], role_family, stored["title"], **days, urgency=stored["urgency"], chronic=stored["chronic"]
    )
