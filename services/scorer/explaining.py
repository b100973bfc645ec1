"""Why was a score what it was on a day, and what would move it to the next tier?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from engines.scoring.model import Model
from engines.scoring.raising import to_reach
from engines.scoring.standing import detail
from engines.scoring.tiers import Record
from services.scorer import replaying
from services.scorer.store import scores
from shared.contracts.refusals import Refused
from shared.storage.database import Tx

IDENTITY = ("facility_id", "name", "city", "state", "chain", "listed")


def next_tier(stood: Mapping[str, Any], record: Record | None, model: Model) -> dict[str, Any] | None:
    """The next better tier, what is missing to its cut, and what would bring it; None at the top or uncalibrated."""
    if record is None or stood["tier"] == 1:
        return None
    cut = record.cuts[stood["tier"] - 1]
    values = {line["factor"]: Decimal(line["points"]) for line in stood["breakdown"]}
    ways = to_reach(cut, stood["score"], values, stood["multiplier"], model)
    return {"tier": stood["tier"] - 1, "cut": cut, "missing": max(cut - stood["score"], Decimal(0)), "ways": ways}


async def why_on(tx: Tx, found: Mapping[str, Any], on: date) -> dict[str, Any]:
    """The score of a past day, replayed from what had been recorded by its end; refused where there was none."""
    facility_id = found["facility_id"]
    then = await replaying.past(tx, on)
    replayed = (await replaying.scored_then(tx, [facility_id], then)).get(facility_id)
    if replayed is None:
        raise Refused(f"{facility_id} had no score on {on}: it was not listed yet.", code=404)
    scored, stood = replayed
    lines = [detail(line) for line in scored.breakdown]
    cuts = dict(then.record.cuts) if then.record else {}
    return {
        "facility": {name: found[name] for name in IDENTITY},
        "on": on,
        "score": scored.score,
        "tier": stood.tier,
        "scored_on": then.aged_on,
        "multiplier": scored.multiplier,
        "multiplier_evidence": scored.multiplier_evidence,
        "breakdown": lines,
        "pack": stood.pack,
        "cuts": cuts,
        "calibrated_on": then.record.calibrated_on if then.record else None,
        "signals": [],
        "history": [
            {name: row[name] for name in ("scored_on", "score", "tier", "cause")} | {"changed": []}
            for row in await scores.history(tx, facility_id, 10, on)
        ],
        "unknown": [line["factor"] for line in lines if not line["known"]],
        "stored": not (await replaying.compared(tx, [facility_id], then)).differing,
        "next_tier": next_tier(
            {"tier": stood.tier, "score": scored.score, "multiplier": scored.multiplier, "breakdown": lines},
            then.record,
            then.scheme.model,
        ),
    }
