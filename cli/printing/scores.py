"""How are scores, models and tiers displayed?"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from cli.printing.show import clean, say, table
from engines.packs import about
from engines.scoring.feedback import Feedback

if TYPE_CHECKING:
    from cli.client.stories import Happened
    from shared.contracts.schemes import Comparison
    from shared.contracts.scorer_replies import (
        Calibration,
        DifferingScore,
        DiscoveredFacility,
        NextTier,
        ScoredDay,
        ScoreReasons,
    )


LEADS = 10
"""How many leads of a finding are listed."""


def why(answer: ScoreReasons) -> None:
    facility = answer.facility
    cuts = ", ".join(f"Tier {tier} from {cut}" for tier, cut in answer.cuts.items()) or "not calibrated yet"
    say(f"{facility.name}, {facility.city}, {facility.state} ({facility.facility_id})")
    say(f"Score {answer.score}, Tier {answer.tier}, unchanged since {answer.scored_on}; {cuts}.\n")
    weighed = [each for each in answer.breakdown if each.weight]
    rows = [(f.label, f.weight, f.value, f.points, f.evidence, f.as_of, f.event_id) for f in weighed]
    columns = ["factor", "weight", "value", "points", "evidence", "as of", "event"]
    table("Why this score", columns, rows, ["weight", "value", "points"])
    if stated := [each for each in answer.breakdown if not each.weight]:
        table("\nWhat it states besides", ["", "", "event"], [(f.label, f.evidence, f.event_id) for f in stated])
    say(f"\nMultiplier {answer.multiplier}: {clean(answer.multiplier_evidence)}.")
    say("Score = points x multiplier, at most 100, rounded half to even to one decimal.")
    if answer.unknown:
        say(f"Unknown: {', '.join(answer.unknown)}.")
    if answer.next_tier:
        _next_tier(answer.next_tier)
    if answer.stored is False:
        say("This is not what was stored on that day: see `pipeline score replay`.")
    _changes(answer.history)
    if answer.history:
        rows_of_days = [(day.scored_on, day.score, day.tier, day.cause) for day in answer.history]
        table("\nHistory", ["day", "score", "tier", "cause"], rows_of_days)


def story(happened: Sequence[Happened], at: Callable[[Any], str]) -> None:
    if happened:
        rows = [(at(each.at), each.subject, each.text, each.event_id) for each in happened]
        table("\nStory", ["at", "event", "", "id"], rows)


def _next_tier(ahead: NextTier) -> None:
    ways = "; or ".join(f"{' and '.join(way.factors)} at its highest ({way.score})" for way in ahead.ways)
    say(f"Tier {ahead.tier} begins at {ahead.cut}, {ahead.missing} more: {ways or 'out of reach'}.")


def _changes(history: Sequence[ScoredDay]) -> None:
    """Print the parts of the latest change."""
    if len(history) > 1 and history[0].changed:
        parts = ", ".join(f"{each.factor} {_points(each.before)} -> {each.after}" for each in history[0].changed)
        say(f"Last changed on {history[0].scored_on} ({history[0].cause}): {parts}.")


def _points(given: Decimal | None) -> Decimal | int:
    return 0 if given is None else given


def replay(to: date, facilities: int, differing: Sequence[DifferingScore]) -> None:
    if not facilities:
        say(f"There is nothing to replay: no {about().account} had a score on {to}.")
        return
    if not differing:
        say(f"{facilities} {about().accounts} replayed to {to}: every score equals what was stored.")
        return
    rows = [(one.facility_id, one.stored, one.stored_tier, one.replayed, one.replayed_tier) for one in differing]
    table(
        f"{len(differing)} of {facilities} differ on {to}",
        [about().account, "stored", "tier", "replayed", "tier"],
        rows,
    )


def comparison(compared: Comparison, names: Mapping[str, str]) -> None:
    """Two scoring models over one cohort."""
    before, after = compared.before, compared.after
    say(f"{compared.rescored} of {compared.cohort} {about().accounts} would score differently.")
    rows = [
        (tier, *(part.get(tier) for side in (before, after) for part in (side.cuts, side.sizes, side.ties)))
        for tier in sorted({*before.sizes, *after.sizes})
    ]
    table("Tiers", ["tier", "cut", "size", "ties", "new cut", "new size", "new ties"], rows)
    table(
        "Unknown, of the cohort",
        ["factor", about().accounts, "with the new pack"],
        [(name, before.unknown.get(name), after.unknown.get(name)) for name in {**before.unknown, **after.unknown}],
    )
    crossings = [
        (
            f"{names.get(one.facility_id)} ({one.facility_id})",
            f"{one.from_tier} -> {one.to_tier}",
            f"{one.score_before} -> {one.score_after}",
            ", ".join(f"{m.factor} {_points(m.before)} -> {_points(m.after)}" for m in one.because) or "the cut moved",
        )
        for one in compared.crossings
    ]
    title = f"{len(crossings)} would cross after the next calibration, {compared.at_once} at once"
    table(title, [about().account, "tier", "score", "because"], crossings)
    say("Nothing was changed.")


def unknown(compared: Comparison) -> None:
    """Print how many facilities of the cohort are unknown to each factor; none are unknown to a signal factor."""
    size = compared.cohort
    rows = [(name, count, f"{count / size:.0%}" if size else "") for name, count in compared.after.unknown.items()]
    several = about().accounts
    table(f"Unknown, of {size} listed {several}", ["factor", several, "share"], rows, [several, "share"])


def calibration(made: Sequence[Calibration]) -> None:
    for one in made:
        cuts = ", ".join(f"Tier {tier} from {cut} ({one.ties[tier]} at the cut)" for tier, cut in one.cuts.items())
        say(f"Calibrated on {one.calibrated_on} over {one.cohort} {about().accounts}: {cuts}.")
        rows = [(each.facility_id, each.score, f"{each.from_tier} -> {each.to_tier}") for each in one.crossings]
        table(f"{len(rows)} crossed", ["facility", "score", "tier"], rows, ["score"])


def discovery(rows: Sequence[DiscoveredFacility]) -> None:
    """High scores without an open posting (R48)."""
    columns = ["score", "tier", about().account, "because"]
    shown = [
        (one.score, one.tier, f"{one.name}, {one.city} ({one.facility_id})", "; ".join(one.because)) for one in rows
    ]
    table("High scores without an open posting", columns, shown, ["score"])


def feedback(found: Feedback) -> None:
    """Outcomes per decile and factor (R76, R78)."""
    rates = [*(rate for rate in found.deciles if rate.counted), *(rate for pair in found.factors for rate in pair)]
    rows = [
        (rate.group, rate.counted, rate.good, f"{rate.share:.0%}", f"{rate.low:.0%} to {rate.high:.0%}")
        for rate in rates
    ]
    table("Outcomes", ["group", "decided", "good", "share", "95 % interval"], rows, ["decided", "good", "share"])
    for each in found.findings:
        say(each.text)
        if each.leads:
            more = f" and {len(each.leads) - LEADS} more" if len(each.leads) > LEADS else ""
            say(f"  {', '.join(each.leads[:LEADS])}{more}")
    for advice in found.advice:
        say(advice)
    say(
        found.refused
        or f"{found.decided} decided leads. This is advice: weights change only when a person changes them."
    )
    if found.proposed:
        say(f"Proposed: name {found.proposed}")
