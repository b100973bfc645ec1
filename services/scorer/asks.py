"""What may people ask about scores, tiers and calibrations?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import Field

from scoring.tiers import in_force
from services.scorer import settings
from services.scorer.store import calibrations, inputs, scores
from shared.asking import Nothing, Request
from shared.database import Tx
from shared.handling import Refused, ask

HISTORY = 10
IDENTITY = ("ccn", "name", "city", "state", "chain", "listed")
STANDING = (
    "score",
    "tier",
    "scored_on",
    "score_version",
    "multiplier",
    "multiplier_evidence",
    "urgency",
    "last_seen_on",
    "mds_anomaly",
    "recheck_on",
    "pack",
    "breakdown",
)


class WhyRequest(Request):
    """Which facility's score is to be explained."""

    ccn: str = Field(min_length=1, max_length=20)


class PageRequest(Request):
    """The next page of an export: the last CCN of the page before, nothing for the first."""

    after: str | None = None
    limit: int = Field(default=1_000, ge=1, le=5_000)


class CalibrationsRequest(Request):
    """How many of the latest calibrations."""

    limit: int = Field(default=20, ge=1, le=500)


@ask("why")
async def why(request: WhyRequest, tx: Tx) -> dict[str, Any]:
    """The score of a facility taken apart, with the evidence and the event behind each factor (R33)."""
    found = await scores.facility(tx, request.ccn)
    if found is None:
        raise Refused(f"There is no facility {request.ccn}; its CCN is on the worklist and in the registry.", code=404)
    record = in_force(settings.policy(), await calibrations.latest(tx))
    past = await scores.history(tx, request.ccn, HISTORY + 1)
    return {
        "facility": {name: found[name] for name in IDENTITY},
        **{name: found[name] for name in STANDING},
        "cuts": dict(record.cuts) if record else {},
        "calibrated_on": record.calibrated_on if record else None,
        "signals": [
            {**signal, "open": signal["expires_on"] >= tx.today} for signal in await inputs.signals_of(tx, request.ccn)
        ],
        "history": [_entry(row, earlier) for row, earlier in zip(past, [*past[1:], None], strict=True)][:HISTORY],
        "unknown": [line["factor"] for line in found["breakdown"] if not line["known"]],
    }


def _entry(row: Mapping[str, Any], earlier: Mapping[str, Any] | None) -> dict[str, Any]:
    """A day of the history, and the factors whose points it changed."""
    points = {line["factor"]: line["points"] for line in earlier["breakdown"]} if earlier else {}
    return {
        **{name: row[name] for name in ("scored_on", "score", "tier", "multiplier", "cause", "pack")},
        "changed": [
            {"factor": line["factor"], "before": points.get(line["factor"]), "after": line["points"]}
            for line in row["breakdown"]
            if points.get(line["factor"]) != line["points"]
        ],
    }


@ask("scores")
async def page_of_scores(request: PageRequest, tx: Tx) -> list[dict[str, Any]]:
    """Listed facilities in the order of CCNs, with one column for each factor's points; an empty page is the end."""
    found = await scores.page(tx, request.after or "", request.limit)
    return [
        {
            **{name: row[name] for name in ("ccn", "name", "score", "tier", "scored_on", "multiplier")},
            **{line["factor"]: line["points"] for line in row["breakdown"]},
        }
        for row in found
    ]


@ask("counts")
async def counts(request: Nothing, tx: Tx) -> dict[str, Any]:
    """How many listed facilities each tier holds, and the calibration that says so."""
    sizes = await scores.tier_sizes(tx)
    made = await calibrations.made(tx, limit=1)
    return {
        "tiers": {tier: sizes.get(tier, 0) for tier in range(1, settings.policy().lowest + 1)},
        "cuts": made[0]["cuts"] if made else {},
        "calibrated_on": made[0]["calibrated_on"] if made else None,
        "cohort": made[0]["cohort"] if made else 0,
        "listed": sum(sizes.values()),
    }


@ask("calibrations")
async def past_calibrations(request: CalibrationsRequest, tx: Tx) -> list[dict[str, Any]]:
    """The calibration records, newest first: cuts, cohort, sizes, ties at the cuts, and who crossed."""
    return await calibrations.made(tx, request.limit)
