"""How do scores, cuts and crossings become the page?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, TypeVar

from services.console import settings
from services.console.rendering import charts
from services.console.rendering.charts import BAR, Cut, Histogram
from services.console.rendering.filters import day, plural, score
from services.console.rendering.listing import ROWS, Cell, Listing, on_page
from services.console.rendering.shapes import Choice, slice_of
from services.console.screens.scores.queries import Alike, Calibration, Scored
from services.console.screens.scores.view import Crossed, Piece, Scores, Size, TierRow
from services.console.store.team import Reps
from services.console.usecases.dashboards import Asked, reps
from services.console.usecases.texts import plain

K = TypeVar("K")

Cuts = Mapping[int, Decimal]
HEADINGS = ("score", "number", "name", "city", "state", "tier", "rep")
PLACES = {
    "": "",
    "reached": "at or above the cut",
    "tied": "exactly at the cut",
    "kept": "below the cut, kept",
}


@dataclass(frozen=True, slots=True)
class Known:
    spread: Sequence[Alike]
    calibrations: Sequence[Calibration]
    """The last one, and the one before it."""
    before: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """The last score of accounts that crossed, at the calibration before."""
    at: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    named: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    reps: Reps = field(default_factory=Reps)


def scores(asked: Asked, known: Known) -> Scores:
    last = known.calibrations[0] if known.calibrations else None
    cuts = cuts_of(last)
    counts = _counted(known.spread, lambda each: each.tier)
    total = counts.total()
    crossings = _crossings(asked, known)
    return Scores(
        plural(total, "account")
        + (f", calibrated {day(last.calibrated_on, 'week')}" if last else ", not calibrated yet"),
        reps(asked, known.reps),
        f"pack {last.data['pack']}" if last else "",
        _title(counts, total, known, cuts),
        _chart(asked, known, cuts, counts),
        _tiers(asked, known, cuts, counts),
        tuple(_sizes(asked, known, cuts, counts)),
        f"record of {day(last.calibrated_on, 'week')}" if last else "no record yet",
        _crossed(crossings),
        f"tier at the calibration of {day(last.calibrated_on)}" + _against(known) if last else "none yet",
        crossings,
    )


def cuts_of(calibration: Calibration | None) -> dict[int, Decimal]:
    if calibration is None:
        return {}
    return {int(tier): Decimal(str(cut)) for tier, cut in sorted(calibration.data["cuts"].items())}


def _counted(spread: Iterable[Alike], what: Callable[[Alike], K]) -> Counter[K]:
    """How many accounts have each value of something that follows from score and tier."""
    found: Counter[K] = Counter()
    for each in spread:
        found[what(each)] += each.accounts
    return found


def place_of(account: Scored | Alike, cuts: Cuts) -> str:
    """Where an account is, seen from the cut of its tier."""
    cut = cuts.get(account.tier)
    if cut is None:
        return ""
    return "kept" if account.score < cut else "tied" if account.score == cut else "reached"


def _listed(asked: Asked, **where: Any) -> str:
    return asked.href(path="/dashboards/scores/accounts", **{"from": "", "to": ""}, **where)


def _title(counts: Mapping[int, int], total: int, known: Known, cuts: Cuts) -> str:
    upper = sum(count for tier, count in counts.items() if tier in cuts)
    tied = sum(each.accounts for each in known.spread if each.tier == 1 and place_of(each, cuts) == "tied")
    tiers = " or ".join(map(str, cuts))
    if not cuts:
        return f"{plural(total, 'account')}, no cut yet"
    ending = f"; {tied} tie at the Tier 1 cut" if tied > 1 else ""
    return f"{upper} of {total:,} are in Tier {tiers}{ending}"


def _chart(asked: Asked, known: Known, cuts: Cuts, counts: Mapping[int, int]) -> Histogram:
    bars = _counted(known.spread, lambda each: (bar_of(each.score), each.tier))
    targets = settings.tiers().targets
    marks = [
        Cut(
            float(cut),
            f"Tier {tier} from {score(float(cut))}",
            f"{counts.get(tier, 0)} in it" + (f", target {targets[tier]}" if tier in targets else ""),
        )
        for tier, cut in cuts.items()
        if cut <= 100
    ]
    return charts.histogram(
        [
            (first, tier, count, _listed(asked, tier=tier, low=first, high=first + BAR))
            for (first, tier), count in bars.items()
        ],
        marks,
        "Accounts by score: " + ", ".join(f"{count} in Tier {tier}" for tier, count in sorted(counts.items())),
    )


def bar_of(value: Decimal) -> int:
    """The first points of the bar that has a score; 100 is in the last one."""
    return min(int(value) // BAR * BAR, 100 - BAR)


def _tiers(asked: Asked, known: Known, cuts: Cuts, counts: Mapping[int, int]) -> tuple[TierRow, ...]:
    targets = settings.tiers().targets
    sizes = known.calibrations[0].data["sizes"] if known.calibrations else {}
    before = _cuts_before(known)
    return tuple(
        TierRow(
            tier,
            score(float(cuts[tier])) if tier in cuts else "below",
            counts.get(tier, 0),
            _listed(asked, tier=tier),
            f"{targets[tier]}" if tier in targets else "",
            f"{sizes[str(tier)]}" if str(tier) in sizes and not asked.rep else "",
            score(float(before[tier])) if tier in before else "",
        )
        for tier in sorted({*cuts, *counts})
    )


def _sizes(asked: Asked, known: Known, cuts: Cuts, counts: Mapping[int, int]) -> list[Size]:
    """Why a tier has more or fewer accounts than its target."""
    if asked.rep:
        return []
    found: list[Size] = []
    for tier, target in settings.tiers().targets.items():
        if tier not in cuts or counts.get(tier, 0) == target:
            continue
        places = _counted([each for each in known.spread if each.tier == tier], lambda each: place_of(each, cuts))
        reached = places["reached"] + places["tied"]
        tied = f", {places['tied']} of them exactly at it" if places["tied"] else ""
        pieces = [
            Piece(reached, f"at or above {score(float(cuts[tier]))}{tied}", _listed(asked, tier=tier, at="reached"))
        ]
        if places["kept"]:
            limit = f"{settings.tiers().hysteresis:g}"
            kept = f"below it, kept: they had Tier {tier} and lost less than {limit} points"
            pieces.append(Piece(places["kept"], kept, _listed(asked, tier=tier, at="kept")))
        found.append(Size(f"Why {counts.get(tier, 0)} and not {target} in Tier {tier}", tuple(pieces)))
    return found


# --- crossings -----------------------------------------------------------------------------------------------


def _cuts_before(known: Known) -> Cuts:
    return cuts_of(known.calibrations[1]) if len(known.calibrations) > 1 else {}


def _against(known: Known) -> str:
    return f" against {day(known.calibrations[1].calibrated_on)}" if len(known.calibrations) > 1 else ""


def _crossings(asked: Asked, known: Known) -> tuple[Crossed, ...]:
    if not known.calibrations:
        return ()
    rows: list[Crossed] = []
    for each in known.calibrations[0].data["crossings"]:
        facility = each["facility_id"]
        about = known.named.get(facility, {})
        owner = about.get("owner")
        if asked.rep and owner != asked.rep:
            continue
        before, at = known.before.get(facility), known.at.get(facility)
        rows.append(
            Crossed(
                settings.usual_name(about.get("name") or facility),
                f"/facilities/{facility}",
                each["from_tier"],
                each["to_tier"],
                score(float(before["score"])) if before else "",
                score(float(each["score"])),
                why(each, cuts_of(known.calibrations[0]), _cuts_before(known)),
                moved(before, at),
                known.reps.names.get(owner, owner) if owner else "",
            )
        )
    return tuple(sorted(rows, key=lambda row: (row.after, -float(row.score), row.name)))


def why(crossing: Mapping[str, Any], cuts: Cuts, before: Cuts) -> str:
    """The cut that passed it: at a calibration scores stay, and cuts move."""
    tier = min(crossing["from_tier"], crossing["to_tier"])
    if tier not in cuts:
        return "the tiers have changed"
    now = score(float(cuts[tier]))
    if tier not in before:
        return f"the Tier {tier} cut is {now}"
    return f"the Tier {tier} cut went from {score(float(before[tier]))} to {now}"


def moved(before: Mapping[str, Any] | None, at: Mapping[str, Any] | None) -> str:
    """The factor that changed the score most since the calibration before."""
    if before is None or at is None or before["score"] == at["score"]:
        return ""
    old = {each["factor"]: Decimal(each["points"]) for each in before["breakdown"]}
    changes = [
        (abs(Decimal(each["points"]) - old[each["factor"]]), each) for each in at["breakdown"] if each["factor"] in old
    ]
    most, factor = max(changes, key=lambda change: change[0], default=(Decimal(0), None))
    return f"{factor['label']}: {plain(factor['evidence'])}" if factor and most else ""


def _crossed(rows: Sequence[Crossed]) -> str:
    if not rows:
        return "No account crossed a cut"
    up = sum(row.after == 1 for row in rows)
    down = sum(row.before == 1 for row in rows)
    return f"{plural(len(rows), 'crossing')}: {up} up to Tier 1, {down} down from it"


# --- the list behind a mark ----------------------------------------------------------------------------------


def line(each: Scored, names: Mapping[str, str]) -> tuple[object, ...]:
    """An account in a file."""
    return (
        each.score, each.facility_id, settings.usual_name(each.name or ""), settings.usual_name(each.city or ""),
        each.state, each.tier, names.get(each.owner, each.owner) if each.owner else "",
    )  # fmt: skip


def accounts(asked: Asked, rows: Sequence[Scored], names: Mapping[str, str], page: int) -> Listing:
    """The accounts that an address names: of a tier, of a bar, and where they are seen from the cut."""
    where = asked.where
    words = [f"Tier {where['tier']}"] if where.get("tier") else []
    words += [f"{where['low']} to {where['high']} points"] if where.get("low") and where.get("high") else []
    words += [PLACES[where["at"]]] if where.get("at") else []
    words += [names.get(asked.rep, asked.rep)] if asked.rep else []
    return Listing(
        ", ".join([plural(len(rows), "account"), *words]),
        "Listed accounts by score, the best first.",
        (),
        (),
        ("Score", "Account", "Tier", "Rep"),
        tuple(
            (
                Cell(score(float(each.score))),
                Cell(
                    settings.usual_name(each.name or each.facility_id),
                    f"/facilities/{each.facility_id}",
                    ", ".join(filter(None, (each.city, each.state))),
                ),
                Cell(f"Tier {each.tier}"),
                Cell(names.get(each.owner, each.owner) if each.owner else ""),
            )
            for each in on_page(rows, page)
        ),
        slice_of(page, ROWS, len(rows), lambda number: _listed(asked, page=number)),
        Choice("Score distribution", asked.href(path="/dashboards/scores", **dict.fromkeys(asked.where, ""))),
        "No account is here now.",
    )


def is_in(account: Scored, where: Mapping[str, str], cuts: Cuts) -> bool:
    """Whether an account is one of those that an address names."""
    if where.get("tier") and str(account.tier) != where["tier"]:
        return False
    if where.get("low") and str(bar_of(account.score)) != where["low"]:
        return False
    place = place_of(account, cuts)
    at = where.get("at", "")
    return not at or place == at or (at == "reached" and place == "tied")
