"""What does a person see of scores, of models and of tiers?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cli.printing.show import clean, say, table
from engines.scoring.feedback import Feedback


def why(answer: dict[str, Any]) -> None:
    facility = answer["facility"]
    cuts = (
        ", ".join(f"Tier {tier} from {cut}" for tier, cut in (answer.get("cuts") or {}).items()) or "not calibrated yet"
    )
    say(f"{facility['name']}, {facility['city']}, {facility['state']} ({facility['facility_id']})")
    say(f"Score {answer['score']}, Tier {answer['tier']}, unchanged since {answer['scored_on']}; {cuts}.\n")
    rows = [
        (f["label"], f["weight"], f["value"], f["points"], f["evidence"], f.get("as_of"), f.get("event_id"))
        for f in answer["breakdown"]
    ]
    columns = ["factor", "weight", "value", "points", "evidence", "as of", "event"]
    table("Why this score", columns, rows, ["weight", "value", "points"])
    say(f"\nMultiplier {answer['multiplier']}: {clean(answer.get('multiplier_evidence'))}.")
    say("Score = points x multiplier, at most 100, rounded half to even to one decimal.")
    if answer.get("unknown"):
        say(f"Unknown: {', '.join(answer['unknown'])}.")
    if answer.get("next_tier"):
        _next_tier(answer["next_tier"])
    if answer.get("stored") is False:
        say("This is not what was stored on that day: see `pipeline score replay`.")
    _changes(answer.get("history") or [])
    if answer.get("history"):
        columns = ["day", "score", "tier", "cause"]
        table(
            "\nHistory", columns, [[h[k] for k in ("scored_on", "score", "tier", "cause")] for h in answer["history"]]
        )


def _next_tier(ahead: dict[str, Any]) -> None:
    ways = "; or ".join(f"{' and '.join(way['factors'])} at its highest ({way['score']})" for way in ahead["ways"])
    say(f"Tier {ahead['tier']} begins at {ahead['cut']}, {ahead['missing']} more: {ways or 'out of reach'}.")


def _changes(history: Sequence[dict[str, Any]]) -> None:
    """What the last change of the numbers was made of."""
    changed = history[0].get("changed") if history else None
    if changed and len(history) > 1:
        parts = ", ".join(f"{c['factor']} {c['before'] or 0} -> {c['after']}" for c in changed)
        say(f"Last changed on {history[0]['scored_on']} ({history[0]['cause']}): {parts}.")


def replay(answer: dict[str, Any]) -> None:
    differing = answer["differing"]
    if not answer["facilities"]:
        say(f"There is nothing to replay: no facility had a score on {answer['to']}.")
        return
    if not differing:
        say(f"{answer['facilities']} facilities replayed to {answer['to']}: every score equals what was stored.")
        return
    rows = [
        [one[k] for k in ("facility_id", "stored", "stored_tier", "replayed", "replayed_tier")] for one in differing
    ]
    columns = ["facility", "stored", "tier", "replayed", "tier"]
    table(f"{len(differing)} of {answer['facilities']} differ on {answer['to']}", columns, rows)


def comparison(compared: dict[str, Any], names: dict[str, str]) -> None:
    """Two scoring models over one cohort."""
    before, after = compared["before"], compared["after"]
    say(f"{compared['cohort']} facilities, of which {compared['rescored']} would score differently.")
    rows = [
        (
            tier,
            before["cuts"].get(tier),
            before["sizes"].get(tier),
            before["ties"].get(tier),
            after["cuts"].get(tier),
            after["sizes"].get(tier),
            after["ties"].get(tier),
        )
        for tier in sorted({*before["sizes"], *after["sizes"]})
    ]
    table("Tiers", ["tier", "cut", "size", "ties", "new cut", "new size", "new ties"], rows)
    table(
        "Unknown, of the cohort",
        ["factor", "facilities", "with the new pack"],
        [
            (name, before["unknown"].get(name), after["unknown"].get(name))
            for name in {**before["unknown"], **after["unknown"]}
        ],
    )
    crossings = [
        (
            f"{names.get(one['facility_id'])} ({one['facility_id']})",
            f"{one['from_tier']} -> {one['to_tier']}",
            f"{one['score_before']} -> {one['score_after']}",
            ", ".join(f"{m['factor']} {m['before'] or 0} -> {m['after'] or 0}" for m in one["because"])
            or "the cut moved",
        )
        for one in compared["crossings"]
    ]
    title = f"{len(crossings)} would cross after the next calibration, {compared['at_once']} at once"
    table(title, ["facility", "tier", "score", "because"], crossings)
    say("Nothing was changed.")


def unknown(compared: dict[str, Any]) -> None:
    """Of how many facilities of the cohort each factor knows nothing; a signal factor always knows."""
    size = compared["cohort"]
    rows = [
        (name, count, f"{count / size:.0%}" if size else "") for name, count in compared["after"]["unknown"].items()
    ]
    table(f"Unknown, of {size} listed facilities", ["factor", "facilities", "share"], rows, ["facilities", "share"])


def calibration(made: Sequence[dict[str, Any]]) -> None:
    for one in made:
        cuts = ", ".join(
            f"Tier {tier} from {cut} ({one['ties'][tier]} at the cut)" for tier, cut in one["cuts"].items()
        )
        say(f"Calibrated on {one['calibrated_on']} over {one['cohort']} facilities: {cuts}.")
        rows = [[c["facility_id"], c["score"], f"{c['from_tier']} -> {c['to_tier']}"] for c in one["crossings"]]
        table(f"{len(rows)} crossed", ["facility", "score", "tier"], rows, ["score"])


def discovery(rows: Sequence[dict[str, Any]]) -> None:
    """High scores without an open posting (R48)."""
    columns = ["score", "tier", "facility", "because"]
    shown = [
        (one["score"], one["tier"], f"{one['name']}, {one['city']} ({one['facility_id']})", "; ".join(one["because"]))
        for one in rows
    ]
    table("Worth a look without any posting", columns, shown, ["score"])


def feedback(found: Feedback) -> None:
    """Outcomes per decile and factor (R76, R78)."""
    rates = [*(rate for rate in found.deciles if rate.counted), *(rate for pair in found.factors for rate in pair)]
    rows = [
        (rate.group, rate.counted, rate.good, f"{rate.share:.0%}", f"{rate.low:.0%} to {rate.high:.0%}")
        for rate in rates
    ]
    table("Outcomes", ["group", "decided", "good", "share", "95 % interval"], rows, ["decided", "good", "share"])
    for advice in found.advice:
        say(advice)
    say(found.refused or f"{found.decided} decided leads. This is advice: weights change only where a person does it.")
