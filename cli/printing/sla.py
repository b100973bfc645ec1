"""How are the clocks of accounts displayed?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cli.printing.show import say, table
from engines.packs import about

if TYPE_CHECKING:
    from shared.contracts.sequencer_sla import SlaReport, SlaRow


def clocks(report: SlaReport) -> None:
    """Print the accounts, then what each owner has to do, and the totals."""
    if report.rows:
        rows = [_line(row) for row in report.rows]
        head = [about().account, "tier", "owner", "status", "days since touch", "hours", "what to do"]
        table(
            "Accounts by how long they have waited, most urgent first",
            head,
            rows,
            ["tier", "days since touch", "hours"],
        )
    owners = [
        (each.owner or "no owner", each.accounts, each.breached, each.at_risk, each.on_track) for each in report.owners
    ]
    if owners:
        numbers = ["accounts", "breached", "at risk", "on track"]
        table("By owner", ["owner", *numbers], owners, numbers)
    say(totals(report))


def totals(report: SlaReport) -> str:
    """The statuses in a sentence."""
    of_tiers = ", ".join(f"{count} of Tier {tier}" for tier, count in report.breached_by_tier.items())
    at_risk, on_track = (sum(getattr(each, name) for each in report.owners) for name in ("at_risk", "on_track"))
    return (
        f"Breached: {of_tiers or 'none'}; {at_risk} at risk, {on_track} on track; {report.monitor}: {report.monitored}."
    )


def _line(row: SlaRow) -> tuple[object, ...]:
    place = f"{row.facility or ''} ({row.facility_id})"
    days = "never" if row.days_since_touch is None else row.days_since_touch
    return place, row.tier, row.owner or "none", row.label, days, row.hours, row.action or row.stopped or ""
