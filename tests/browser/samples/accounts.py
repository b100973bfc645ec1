"""What do the lists of facilities show?"""

from __future__ import annotations

import dataclasses
from typing import Literal

from services.console.rendering.shapes import Choice, Score, Slice, Sort, Urgency
from services.console.screens.discovery.view import Discovery, Way
from services.console.screens.discovery.view import Row as Found
from services.console.screens.facilities.view import Facet, Facilities, Row
from tests.browser.samples.frames import frame, page

WORDS = ("pool", "plain", "pressing", "high", "urgent")


def row(
    number: str,
    name: str,
    place: str,
    score: float,
    tier: int,
    urgency: int,
    stage: str,
    owner: str,
    last: str,
    upcoming: str,
    *,
    late: str = "",
    sla: str = "",
    state: Literal["", "ok", "due", "breach"] = "",
    chain: str = "",
) -> Row:
    parts = (score * 0.45, score * 0.25, score * 0.2, score * 0.1)
    seen = Urgency(urgency, WORDS[urgency]) if urgency else None
    return Row(
        number,
        f"/facilities/{number}",
        name,
        place,
        Score(score, tier, parts),
        seen,
        chain,
        owner,
        stage.partition(", ")[0],
        stage.partition(", ")[2],
        last,
        upcoming,
        late,
        sla,
        state,
    )


ROWS = (
    row("33A512", "Alder Creek Rehabilitation & Nursing", "Troy, NY", 83.5, 1, 4, "Contacted, 6 days", "Dana Whitfield", "19 Nov", "", late="Call, 1 day late", sla="5 days", state="breach", chain="Hudson Reach Care"),
    row("33A601", "Westmere Nursing", "Albany, NY", 71.3, 1, 0, "Client", "Dana Whitfield", "18 Nov", "Check in, 18 Dec"),
    row("33A411", "Genesee Valley Center", "Rochester, NY", 66.8, 1, 3, "Qualified, 4 days", "Marcus Bell", "20 Nov", "Visit, Mon 30 Nov", sla="met", state="ok"),
    row("33A310", "Fernbrook Nursing & Rehab", "Rome, NY", 58.0, 1, 3, "Contacted, 9 days", "Dana Whitfield", "16 Nov", "E-mail, today", sla="due in 4 h", state="due"),
    row("33A322", "Harbor Pines Care Center", "Oswego, NY", 57.9, 1, 2, "Contacted, 1 day", "Dana Whitfield", "", "Call, today", sla="due today", state="due"),
    row("33A700", "The Terraces at Saint Bartholomew of the Hudson Valley", "Poughkeepsie, NY", 48.8, 1, 3, "New, 2 days", "Bartholomew Featherstonehaugh", "", "E-mail, today", chain="Birchwood Group"),
    row("33A477", "Hudson Reach at Spring Avenue", "Troy, NY", 31.6, 2, 0, "", "", "", "", chain="Hudson Reach Care"),
    row("33A290", "Hudson Reach of Watervliet", "Watervliet, NY", 18.2, 3, 0, "Lost, 17 Nov", "Marcus Bell", "4 Nov", ""),
)  # fmt: skip
VIEW = Facilities(
    sentence="576 facilities, 57 in Tier 1",
    query="",
    facets=(
        Facet("Tier", (Choice("Tier 1", "?tier=1", True, 57), Choice("Tier 2", "?tier=2", count=116), Choice("Tier 3", "?tier=3", count=403))),
        Facet("Stage", (Choice("New", "?stage=new", count=41), Choice("Contacted", "?stage=contacted", count=63), Choice("No lead", "?stage=none", count=454))),
        Facet("Owner", (Choice("Dana Whitfield", "?owner=dana", count=288), Choice("Marcus Bell", "?owner=marcus", count=288))),
        Facet("Chain", (Choice("Hudson Reach Care", "?chain=1", count=3), Choice("No chain", "?chain=none", count=311))),
        Facet("Posting", (Choice("Open", "?posting=open", count=57), Choice("Chronic", "?posting=chronic", count=9))),
    ),
    chosen=(Choice("Tier 1", "?", True),),
    sorts=(Sort("Facility", "?sort=name"), Sort("Score", "?sort=score", "descending"), Sort("Urgency", "?sort=urgency"), Sort("Stage", "?sort=stage"), Sort("Owner", "?sort=owner"), Sort("Last contact", "?sort=last"), Sort("Next touch", "?sort=next"), Sort("SLA", "?sort=sla")),
    rows=ROWS,
    slice=Slice(1, 50, 576, "", "?page=2"),
    csv="/facilities.csv",
)  # fmt: skip
DISCOVERY = Discovery(
    sentence="519 facilities without a posting, 34 within 5 points of Tier 1",
    tabs=(Choice("All", "/discovery", True, 519), Choice("Bookmarked", "/discovery?show=bookmarked", count=6)),
    filters=(Choice("Mine", "/discovery?owner=me", count=260), Choice("Within 5 points", "/discovery?near=5", count=34)),
    rows=(
        Found("33A601", "/facilities/33A601", "Willow Bend", "Saratoga Springs, NY", Score(43.1, 2, (20.2, 9.0, 7.4, 6.5)), ("QM 1 star", "staffing 1 star", "fine in March"), (Way("an open posting", 18.0), Way("a new administrator", 12.6)), 3.2, owner="Dana Whitfield"),
        Found("33A602", "/facilities/33A602", "Northfield Manor", "Glens Falls, NY", Score(41.2, 2, (20.2, 11.8, 9.2)), ("QM 2 stars", "new administrator since 1 Oct"), (Way("an open posting", 18.0), Way("an F641 citation", 18.9)), 5.1, "by you, 20 Nov", "Dana Whitfield"),
        Found("33A603", "/facilities/33A603", "Troy Hills Nursing Home and Subacute Rehabilitation Pavilion", "Troy, NY", Score(12.9, 3, (12.9,)), ("fine in February",), (Way("a QM rating of 2 stars or fewer", 20.0),), 8.4),
    ),
    slice=Slice(1, 50, 519, "", "?page=2"),
    bookmark=True,
    csv="/discovery.csv",
)  # fmt: skip
SAMPLES = {
    "facilities": page("facilities/page.html", frame("Facilities", "facilities"), VIEW),
    "facilities-none": page(
        "facilities/page.html",
        frame("Facilities", "facilities"),
        dataclasses.replace(VIEW, rows=(), slice=None, query="zzz"),
    ),
    "discovery": page("discovery/page.html", frame("Discovery", "discovery"), DISCOVERY),
}
