"""Which signals do accounts have?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

from services.sequencer.domain.signals import Signal, is_open
from shared.contracts.events import SignalState
from shared.storage.database import Tx
from shared.storage.writing import upsert_newest


async def record(tx: Tx, events: Iterable[SignalState]) -> None:
    """Store the newest state of each facility and role; an event has the complete state."""
    given = [event.model_dump(include={"facility_id", "role_family", "version", "signals"}) for event in events]
    await upsert_newest(tx, "account_signals", given, key=("facility_id", "role_family"))


Signals = dict[str, list[Signal]]
"""By facility; without those that have none."""


async def load(tx: Tx, today: date, facility_ids: Iterable[str] | None = None) -> tuple[Signals, Signals]:
    """The signals of these facilities, or of all: the open ones, and the others."""
    found = await tx.dicts(
        """
        SELECT facility_id, role_family, signals FROM account_signals
        WHERE %(ids)s::text[] IS NULL OR facility_id = ANY(%(ids)s) ORDER BY facility_id, role_family
        """,
        ids=None if facility_ids is None else sorted(set(facility_ids)),
    )
    opened: Signals = defaultdict(list)
    past: Signals = defaultdict(list)
    for row in found:
        for stored in row["signals"]:
            signal = _signal(row["facility_id"], row["role_family"], stored)
            (opened if is_open(signal, today) else past)[signal.facility_id].append(signal)
    return dict(opened), dict(past)


def _signal(facility_id: str, role_family: str, stored: dict[str, Any]) -> Signal:
    days = {day: date.fromisoformat(stored[day]) for day in ("first_seen_on", "last_seen_on", "expires_on")}
    return Signal(
        facility_id,
        stored["signal_id"],
        role_family,
        stored["title"],
        **days,
        urgency=stored["urgency"],
        chronic=stored["chronic"],
        reposted_on=date.fromisoformat(again) if (again := stored.get("reposted_on")) else None,
        closed=stored["closed"],
    )
