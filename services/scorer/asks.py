"""What may people ask about scores, tiers and calibrations?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from pydantic import Field

from engines.scoring.feedback import AT_LEAST, Feedback, feedback
from engines.scoring.policies import FixedPolicy
from engines.scoring.tiers import in_force
from services.scorer import explaining, replaying
from services.scorer.calibrating import set_cuts
from services.scorer.store import calibrations, inputs, models, outcomes, scores
from shared.contracts.limits import MAX_INT, FacilityId, ShortText
from shared.contracts.refusals import Refused
from shared.contracts.requests import Nothing, Request
from shared.service import Router
from shared.storage.database import Tx

router = Router()

HISTORY = 10
IDENTITY = ("facility_id", "name", "city", "state", "chain", "listed")
STANDING = (
    "score",
    "tier",
    "scored_on",
    "score_version",
    "multiplier",
    "multiplier_evidence",
    "urgency",
    "last_seen_on",
    "measure",
    "recheck_on",
    "pack",
    "breakdown",
)


class WhyRequest(Request):
    """Which facility's score is to be explained, and as of which day: today, or the end of a past one."""

    facility_id: FacilityId
    on: date | None = None


class PageRequest(Request):
    """The next page of an export: the last CCN of the page before, nothing for the first."""

    after: ShortText | None = None
    limit: int = Field(default=1_000, ge=1, le=5_000)


class CalibrationsRequest(Request):
    """How many of the latest calibrations."""

    limit: int = Field(default=20, ge=1, le=500)


@router.ask("why")
async def why(request: WhyRequest, tx: Tx) -> dict[str, Any]:
    """The score of a facility taken apart, with the evidence and the event behind each factor (R33)."""
    if request.on is not None and request.on > tx.today:
        raise Refused(f"{request.on} is still to come; today is {tx.today}.")
    found = await scores.facility(tx, request.facility_id)
    if found is None:
        raise Refused(
            f"There is no facility {request.facility_id}; its CCN is on the worklist and in the registry.", code=404
        )
    if request.on is not None and request.on < tx.today:
        return await explaining.why_on(tx, found, request.on)
    scheme = await models.in_force(tx)
    record = in_force(scheme.policy, await calibrations.latest(tx, of=[request.facility_id]))
    past = await scores.history(tx, request.facility_id, HISTORY + 1)
    return {
        "facility": {name: found[name] for name in IDENTITY},
        **{name: found[name] for name in STANDING},
        "cuts": dict(record.cuts) if record else {},
        "calibrated_on": record.calibrated_on if record else None,
        "signals": [
            {**signal, "open": signal["expires_on"] >= tx.today}
            for signal in await inputs.signals_of(tx, request.facility_id)
        ],
        "history": [_entry(row, earlier) for row, earlier in zip(past, [*past[1:], None], strict=True)][:HISTORY],
        "unknown": [line["factor"] for line in found["breakdown"] if not line["known"]],
        "next_tier": explaining.next_tier(found, record, scheme.model),
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


@router.ask("scores")
async def page_of_scores(request: PageRequest, tx: Tx) -> list[dict[str, Any]]:
    """Listed facilities in the order of CCNs, with one column for each factor's points; an empty page is the end."""
    found = await scores.page(tx, request.after or "", request.limit)
    return [
        {
            **{name: row[name] for name in ("facility_id", "name", "score", "tier", "scored_on", "multiplier")},
            **{line["factor"]: line["points"] for line in row["breakdown"]},
        }
        for row in found
    ]


@router.ask("counts")
async def counts(request: Nothing, tx: Tx) -> dict[str, Any]:
    """How many listed facilities each tier holds, and the calibration that says so."""
    sizes, lowest = await scores.tier_sizes(tx), (await models.in_force(tx)).policy.lowest
    made = await calibrations.made(tx, limit=1)
    return {
        "tiers": {tier: sizes.get(tier, 0) for tier in range(1, lowest + 1)},
        "cuts": made[0]["cuts"] if made else {},
        "calibrated_on": made[0]["calibrated_on"] if made else None,
        "cohort": made[0]["cohort"] if made else 0,
        "listed": sum(sizes.values()),
    }


@router.ask("calibrations")
async def past_calibrations(request: CalibrationsRequest, tx: Tx) -> list[dict[str, Any]]:
    """The calibration records, newest first: cuts, cohort, sizes, ties at the cuts, and who crossed."""
    return await calibrations.made(tx, request.limit)


class ReplayRequest(Request):
    """The day whose scores are rebuilt, and the facilities: those that follow a CCN, at most so many."""

    to: date
    after: ShortText | None = None
    limit: int = Field(default=2_000, ge=1, le=5_000)


@router.ask("replay")
async def replay(request: ReplayRequest, tx: Tx) -> dict[str, Any]:
    """Rebuilds scores from what was recorded by the end of a day, and names those that differ from what was stored."""
    if request.to > tx.today:
        raise Refused(f"{request.to} is still to come; today is {tx.today}.")
    facility_ids = [facility_id for facility_id in await scores.everyone(tx) if facility_id > (request.after or "")][
        : request.limit
    ]
    then = await replaying.past(tx, request.to)
    compared = await replaying.compared(tx, facility_ids, then)
    return {
        "to": request.to,
        "aged_on": then.aged_on,
        "pack": then.scheme.pack,
        "facilities": compared.scored,
        "last": facility_ids[-1] if facility_ids else None,
        "differing": compared.differing,
    }


class DiscoveryRequest(Request):
    """How many facilities."""

    limit: int = Field(default=20, ge=1, le=2_000)


@router.ask("discovery")
async def discovery(request: DiscoveryRequest, tx: Tx) -> list[dict[str, Any]]:
    """The best facilities that have no open posting, with the evidence that speaks for each (R48)."""
    found = await scores.without_signal(tx, request.limit)
    return [
        {
            **{name: row[name] for name in ("facility_id", "name", "city", "state", "score", "tier", "scored_on")},
            "because": [line["evidence"] for line in row["breakdown"] if Decimal(line["points"]) > 0],
        }
        for row in found
    ]


class FeedbackRequest(Request):
    """Which outcomes count as good, and of how many decided leads on something is advised."""

    good: tuple[Literal["won", "lost", "meeting"], ...] = Field(default=("won",), max_length=3)
    at_least: int = Field(default=AT_LEAST, ge=1, le=MAX_INT)


@router.ask("feedback")
async def weigh_outcomes(request: FeedbackRequest, tx: Tx) -> Feedback:
    """Outcomes per score decile and factor (R63, R76, R78); nothing is ever applied by itself."""
    return feedback(await outcomes.decided(tx), request.good, request.at_least)


@router.ask("calibrate")
async def calibrate_now(request: Nothing, tx: Tx) -> dict[str, Any]:
    """Sets the cuts on demand, at most once a day, since a record binds from its day on."""
    await scores.hold_everything(tx)
    if isinstance((await models.in_force(tx)).policy, FixedPolicy):
        raise Refused("The pack in force has fixed cuts; there is nothing to calibrate.")
    previous = await calibrations.latest(tx)
    if previous and previous.calibrated_on == tx.today:
        raise Refused(f"The tiers were calibrated today, {tx.today}, already; a record binds for its day.", code=409)
    if not await set_cuts(tx):
        raise Refused("No listed facility has a score above zero yet; import facilities and what is known of them.")
    return (await calibrations.made(tx, limit=1))[0]
