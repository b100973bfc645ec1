"""How are the clocks of accounts written as CSV?"""

from __future__ import annotations

import csv
import sys
from typing import TYPE_CHECKING

from engines.reports.cells import escaped

if TYPE_CHECKING:
    from shared.contracts.sequencer_sla import SlaReport, SlaRow

COLUMNS = (
    "facility_id",
    "facility",
    "city",
    "tier",
    "score",
    "owner",
    "sla_status",
    "days_since_touch",
    "hours",
    "started_on",
    "stopped",
    "recommended_action",
)


def as_csv(report: SlaReport) -> None:
    """Print every account as a row of CSV."""
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows([escaped("" if value is None else str(value)) for value in _cells(row)] for row in report.rows)


def _cells(row: SlaRow) -> tuple[object, ...]:
    return (
        row.facility_id,
        row.facility,
        row.city,
        row.tier,
        row.score,
        row.owner,
        row.label,
        row.days_since_touch,
        row.hours,
        row.started_on,
        row.stopped,
        row.action,
    )
