"""How long has an account waited, by the last contact that a list of accounts states?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from pathlib import Path

import holidays

from engines import packs
from engines.cadence.sla import Sla, Status, hours_between, status_of
from engines.drafting.accounts import Account, facts_of_account
from engines.reports.rows import Words

SATURDAY = 5


def waiting(found: Iterable[Account], folder: Path, words: Words) -> dict[str, dict[str, str]]:
    """By account: how long it has waited since its last touch, as far as a list states that; by day alone."""
    return dict(_waiting(found, folder, words))


def _waiting(found: Iterable[Account], folder: Path, words: Words) -> Iterator[tuple[str, dict[str, str]]]:
    sla, calendar = packs.section_of(folder, "sla", Sla), packs.section_of(folder, "calendar", packs.Calendar)
    closed = holidays.country_holidays(calendar.country, subdiv=calendar.subdivision)

    def is_open(day: date) -> bool:
        return day.weekday() < SATURDAY and day not in closed

    for account in found:
        facts = facts_of_account(account, words.outreach, words.labels, words.on)
        stated = facts["last_contacted_on"].value if "last_contacted_on" in facts else None
        last = date.fromisoformat(stated) if stated else None
        waited = {"days_since_outreach": str(max((words.on - last).days, 0))} if last else {}
        rule = sla.tiers.get(account.tier)
        if rule is None:
            yield account.facility_id, {**waited, "sla_status": "monitor", "sla_label": sla.monitor}
            continue
        start = datetime.combine(last or words.on, time())
        hours = hours_between(start, datetime.combine(words.on, time()), sla.clock, is_open)
        status = status_of(hours, rule)
        action = _action(status, "owner" in facts)
        yield account.facility_id, {
            **waited, "sla_status": status, "sla_label": rule.labels[status], "sla_action": action
        }  # fmt: skip


def _action(status: Status, owned: bool) -> str:
    """What is to be done; empty while nothing is."""
    if status == "on_track":
        return ""
    touch = "Touch it now." if status == "breached" else "Touch it today."
    return touch if owned else "Assign an owner."
