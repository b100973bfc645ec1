"""How did leads end, and what had their facilities scored? Every query on outcomes."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from scoring.feedback import Decided
from shared.database import Tx, rows
from shared.events import LeadOutcome


async def record(tx: Tx, outcome: str, events: Iterable[LeadOutcome]) -> None:
    await tx.run(
        """
        INSERT INTO outcomes (ccn, version, outcome, raised_on, decided_on, event_id)
        SELECT ccn, version, outcome, raised_on, decided_on, event_id
          FROM json_populate_recordset(NULL::outcomes, %(rows)s::json)
            ON CONFLICT DO NOTHING
        """,
        rows=rows(
            {**event.model_dump(mode="json"), "outcome": outcome, "event_id": event.event_id} for event in events
        ),
    )


async def decided(tx: Tx) -> list[Decided]:
    """The last word on every lead, with the score of the day on which it was raised.

    A meeting counts until the lead is won or lost. Whoever had no score yet on that day is taken as it first stood.
    """
    found = await tx.dicts(
        """
        SELECT ccn, outcome, score, breakdown
          FROM (SELECT DISTINCT ON (ccn, raised_on) ccn, raised_on, outcome FROM outcomes
                 ORDER BY ccn, raised_on, outcome = 'meeting', version DESC) AS last,
               LATERAL (SELECT score, breakdown FROM score_history AS history WHERE history.ccn = last.ccn
                         ORDER BY scored_on <= raised_on DESC,
                                  CASE WHEN scored_on <= raised_on THEN scored_on END DESC, scored_on
                         LIMIT 1) AS stood
         ORDER BY ccn, raised_on
        """
    )
    return [
        Decided(
            row["ccn"],
            row["score"],
            row["outcome"],
            {line["factor"]: Decimal(line["points"]) for line in row["breakdown"]},
        )
        for row in found
    ]
