"""How is displayed what a CRM would learn, and who works how many accounts?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from cli.printing.show import number, say, table
from engines.crm.mapping import Crm
from engines.crm.records import Record
from engines.crm.salesforce import OBJECTS, Salesforce

SHOWN = 50
UNOWNED = "no owner"
_COLUMNS = {"facility_id": "account", "name": "name", "tier": "tier", "owner": "owner", "sla_status": "SLA status",
            "recommended_action": "recommended action"}  # fmt: skip


@dataclass
class Workload:
    """What one owner has to do."""

    accounts: int = 0
    tiers: Counter[str] = field(default_factory=Counter)
    statuses: Counter[str] = field(default_factory=Counter)


def workloads(records: Iterable[Record]) -> dict[str, Workload]:
    """By owner, those with the most accounts first."""
    found = dict[str, Workload]()
    for each in records:
        one = found.setdefault(each.values.get("owner") or UNOWNED, Workload())
        one.accounts += 1
        one.tiers[each.values.get("tier") or ""] += 1
        one.statuses[each.values.get("sla_status") or "no clock"] += 1
    return dict(sorted(found.items(), key=lambda each: (-each[1].accounts, each[0])))


def dry_run(records: Sequence[Record], loads: Mapping[str, Workload]) -> None:
    """Print the first records with who should do what, then the workload of each owner."""
    rows = [[each.values.get(name) or "" for name in _COLUMNS] for each in records[:SHOWN]]
    table("What Salesforce would be sent", list(_COLUMNS.values()), rows, ["tier"])
    if len(records) > SHOWN:
        say(f"... and {len(records) - SHOWN:,} more; --out writes all of them.")
    tiers = sorted({tier for one in loads.values() for tier in one.tiers})
    statuses = sorted({status for one in loads.values() for status in one.statuses})
    header = ["owner", "accounts", *(f"tier {tier}" for tier in tiers), *statuses]
    summary = [
        [name, one.accounts, *(one.tiers[tier] for tier in tiers), *(one.statuses[status] for status in statuses)]
        for name, one in loads.items()
    ]
    table("\nWorkload by owner", header, summary, header[1:])
    say(f"{number(len(records), 'record')} simulated; nothing was sent.")


def simulated(crm: Crm, record: Record) -> dict[str, object]:
    """A record as Salesforce would be sent it."""
    return {"attributes": {"type": OBJECTS[record.kind]}, **Salesforce(crm, {}).written(record)}


def counts(one: Workload) -> dict[str, object]:
    return {
        "accounts": one.accounts,
        "tiers": dict(sorted(one.tiers.items())),
        "sla": dict(sorted(one.statuses.items())),
    }
