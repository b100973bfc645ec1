"""What do dashboards show? Their own builders, given invented events."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from engines.figures.pack import kpis_in
from engines.figures.tables import Event, tables_of
from services.console.screens.figures import building as lists
from services.console.screens.funnel.building import funnel
from services.console.screens.health import building as health
from services.console.screens.health.queries import Draft, Group, Work
from services.console.screens.scores import building as spread
from services.console.screens.scores.queries import Alike, Calibration, Scored
from services.console.store.signals import OpenSignal
from services.console.store.team import Reps
from services.console.usecases.dashboards import Asked
from services.console.usecases.measuring import Measures
from shared.contracts.sequencer_sla import OwnerLoad, SlaReport, SlaRow
from tests.browser.samples.frames import MANAGER, Sample, frame, page
from tests.unit.figures.building import NOW, TODAY, lead_decided, lead_moved, lead_raised, on, touch_done, touch_due

KPIS = kpis_in(Path("packs/snf"))
NAMES = {"ann": "Ann Featherstonehaugh", "bob": "Bob Zandergarth"}
REPS = Reps(NAMES, NAMES)


def some_events() -> list[Event]:
    found: list[Event] = []
    for number in range(60):
        rep, due = ("ann", "bob")[number % 2], 1 + number
        found.append(touch_due(f"T-{number}", due, rep=rep))
        if number % 5:
            found.append(touch_done(f"T-{number}", due - (number % 7 == 0), done_by=rep))
    for number in range(20):
        lead, raised = f"L-{number}", 80 - number
        found.append(lead_raised(lead, raised, owner=("ann", "bob")[number % 2]))
        found.append(lead_moved(lead, raised - 3, raised, "contacted", owner=("ann", "bob")[number % 2]))
        if number % 3 == 0:
            found.append(lead_decided("won", lead, raised - 20, raised))
        if number % 3 == 1:
            found.append(lead_decided("lost", lead, raised - 20, raised, reason=("vendor", "no_reply")[number % 2]))
    return found


EVENTS = some_events()
MEASURES = Measures(tables_of({name for kpi in KPIS for name in kpi.kinds}, EVENTS), TODAY, NOW)
CUTS = {1: Decimal("46.3"), 2: Decimal("24.9")}
ACCOUNTS = [
    Scored(f"F-{number}", None, score, tier, ("ann", "bob")[number % 2], None, None)
    for number, (score, tier) in enumerate(
        [(Decimal(100), 1), (Decimal("46.3"), 1), (Decimal("46.3"), 1), (Decimal("45.1"), 1)]
        + [(Decimal(30 - step), 2 if step < 7 else 3) for step in range(25)]
    )
]
SPREAD = [
    Alike(score, tier, accounts)
    for (score, tier), accounts in Counter((each.score, each.tier) for each in ACCOUNTS).items()
]
RECORD = Calibration(
    "c-1",
    date(2026, 8, 31),
    {
        "cuts": {"1": "46.3", "2": "24.9"},
        "sizes": {"1": 4, "2": 7, "3": 18},
        "crossings": [{"facility_id": "F-3", "score": "45.1", "from_tier": 2, "to_tier": 1}],
        "pack": "p",
    },
)
CLOCKS = SlaReport(
    rows=[
        SlaRow(
            facility_id=f"F-{number}",
            facility=f"ALDER CREEK REHABILITATION & NURSING CENTER {number}",
            city="TROY",
            tier=1 + number % 2,
            score=Decimal("58.0"),
            owner=("ann", "bob")[number % 2],
            status="breached",
            label="OVERDUE",
            started_on=on(9 + number),
            hours=24 * (9 + number),
            days_since_touch=9 + number,
        )
        for number in range(5)
    ],
    owners=[
        OwnerLoad(owner="ann", accounts=31, breached=3, at_risk=4, on_track=24),
        OwnerLoad(owner="bob", accounts=22, breached=2, at_risk=0, on_track=20),
    ],
    breached_by_tier={1: 3, 2: 2},
    monitored=480,
    monitor="MONITOR",
)
SIGNALS = [
    OpenSignal(
        f"F-{number}", f"ALDER CREEK {number}", ("mds", "don")[number % 2], "RN", number % 5, on(3), TODAY, "ann"
    )
    for number in range(14)
]
KNOWN = health.Known(
    MEASURES,
    [Work("ann", NAMES["ann"], 7, 2, 4, 2, 1, 5), Work("bob", NAMES["bob"], 0, 0, 0, 0, 0, 9)],
    CLOCKS,
    [Group(f"Employer {number}", 1 + number % 3, NOW - timedelta(hours=9 * number)) for number in range(9)],
    [Draft(on(number % 4)) for number in range(6)],
    SIGNALS,
    REPS,
    NOW,
)


def asked_for(days: int, rep: str = "", own: str = "", path: str = "/dashboards/health") -> Asked:
    return Asked(path, on(days), on(1), rep, own)


def _figure(name: str, side: str = "") -> Sample:
    """The list behind a figure."""
    kpi = next(each for each in KPIS if each.name == name)
    asked = asked_for(90, path=f"/dashboards/figures/{name}")
    found = MEASURES.figure(kpi, asked.since, asked.until)
    view = lists.listing(asked, found, side, 0, lists.Known(reps=NAMES))
    return page("listing.html", frame(kpi.title, "health", viewer=MANAGER), view)


SAMPLES = {
    "health": page(
        "health/page.html",
        frame("Pipeline health", "health", "/dashboards/health", viewer=MANAGER),
        health.health(asked_for(30), TODAY, KNOWN),
    ),
    "funnel": page(
        "funnel/page.html",
        frame("Conversion funnel", "funnel", "/dashboards/funnel", viewer=MANAGER),
        funnel(asked_for(90, path="/dashboards/funnel"), TODAY, MEASURES, REPS),
    ),
    "scores": page(
        "scores/page.html",
        frame("Score distribution", "scores", "/dashboards/scores", viewer=MANAGER),
        spread.scores(Asked("/dashboards/scores", TODAY, TODAY), spread.Known(SPREAD, [RECORD], reps=REPS)),
    ),
    "figures": _figure("touch_completion"),
    "figures-none": _figure("signal_matched", "missing"),
}
