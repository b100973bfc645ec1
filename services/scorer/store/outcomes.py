"""How did leads end, and what were the scores of their facilities? Every query on outcomes."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from engines.scoring.feedback import Decided
from shared.contracts.events import LeadOutcome, LeadOutcomeUndone
from shared.storage.database import Tx
from shared.storage.writing import insert, upsert


async def record(tx: Tx, outcome: str, events: Iterable[LeadOutcome]) -> None:
    await insert(tx, "outcomes", [_row(outcome, event) for event in events])


async def record_undone(tx: Tx, events: Iterable[LeadOutcomeUndone]) -> None:
    """Record that outcomes were taken back, including some that are not recorded yet."""
    undone = [_row(event.outcome, event) | {"undone_on": event.undone_on} for event in events]
    await upsert(tx, "outcomes", undone, key=("lead_id", "version"))


def _row(outcome: str, event: LeadOutcome) -> dict[str, Any]:
    return {
        "lead_id": event.lead_id,
        "version": event.version,
        "facility_id": event.facility_id,
        "outcome": outcome,
        "raised_on": event.raised_on,
        "decided_on": event.decided_on,
        "event_id": event.event_id,
    }


async def decided(tx: Tx) -> list[Decided]:
    """The last outcome of each lead, with the score of the day on which it was raised.

    A meeting is the outcome until the lead is won or lost, and `met` stays true then. The first score is used if there
    was none on that day.
    """
    found = await tx.dicts(
        """
        SELECT facility_id, outcome, met, score, tier, breakdown
          FROM (SELECT DISTINCT ON (facility_id, raised_on, lead_id) facility_id, raised_on, lead_id, outcome,
                       bool_or(outcome = 'meeting') OVER (PARTITION BY facility_id, raised_on, lead_id) AS met
                  FROM outcomes WHERE undone_on IS NULL
                 ORDER BY facility_id, raised_on, lead_id, outcome = 'meeting', version DESC) AS last,
               LATERAL (SELECT score, tier, breakdown FROM score_history AS history WHERE history.facility_id =
               last.facility_id
                         ORDER BY scored_on <= raised_on DESC,
                                  CASE WHEN scored_on <= raised_on THEN scored_on END DESC, scored_on
                         LIMIT 1) AS scored
         ORDER BY facility_id, raised_on, lead_id
        """
    )
    return [
        Decided(
            row["facility_id"],
            row["score"],
            row["outcome"],
            {line["factor"]: Decimal(line["points"]) for line in row["breakdown"] if Decimal(line["weight"])},
            row["met"],
            row["tier"],
        )
        for row in found
    ]
