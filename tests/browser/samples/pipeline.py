"""What does the pipeline show?"""

from __future__ import annotations

import dataclasses

from services.console.rendering.frame import Status
from services.console.rendering.shapes import Choice, Option, Score, Slice, Sort
from services.console.screens.pipeline.view import (
    Card,
    Column,
    Field,
    Move,
    Pipeline,
    Question,
    Strip,
    TableRow,
)
from tests.browser.samples.frames import UNDO, Sample, frame, page

MOVES = (
    Move("new", "New", "back, asks a note", "dialog", "", "/pipeline?move=l&to=new"),
    Move("contacted", "Contacted", "here, 9 days", "here"),
    Move("qualified", "Qualified", "asks the intake form", "dialog", "lock", "/pipeline?move=l&to=qualified"),
    Move("proposal", "Proposal", "after qualified", "out of reach"),
    Move("won", "Won", "asks to confirm", "dialog", "flag", "/pipeline?move=l&to=won"),
    Move("lost", "Lost", "asks a reason", "dialog", "flag", "/pipeline?move=l&to=lost"),
)
DANA, MARCUS = "Dana Whitfield", "Marcus Bell"


def card(
    name: str,
    score: float,
    tier: int,
    owner: str,
    line: str,
    stay: str,
    share: float | None = None,
    *,
    over: bool = False,
    late: bool = False,
    current: bool = False,
) -> Card:
    parts = (score * 0.5, score * 0.3, score * 0.2)
    return Card(
        f"l{abs(hash(name)) % 10**6}",
        3,
        name,
        "/facilities/33A512",
        owner,
        Score(score, tier, parts),
        line,
        late,
        stay,
        share,
        over,
        MOVES,
        current,
    )


def stay(days: int, limit: int) -> tuple[str, float]:
    return f"{days} of {limit} days", 100 * days / limit


COLUMNS = (
    Column("new", "New", 41, ("median 3 days, limit 7",), (
        card("Birchwood Group", 48.8, 1, DANA, "E-mail, regional, today", *stay(2, 7)),
        card("Quarry Hill", 51.2, 1, DANA, "Find a direct line", "9 days, limit 7", 100, over=True),
        card("Orchard Park Manor", 38.8, 2, MARCUS, "Call, Wed 25 Nov", *stay(1, 7)),
        card("Northfield Manor", 27.2, 2, DANA, "E-mail, till Thu", *stay(3, 7)),
        card("Silver Lake Rehab", 26.4, 2, MARCUS, "E-mail, Fri 27 Nov", *stay(4, 7)),
        card("Cedar Hollow Center", 26.1, 2, MARCUS, "Call, Mon 30 Nov", *stay(0, 7)),
    ), "/pipeline?stage=new", "/pipeline?view=table&stage=new"),
    Column("contacted", "Contacted", 63, ("median 8 days, limit 14",), (
        card("Alder Creek Rehabilitation", 83.5, 1, DANA, "Call, 1 day late", *stay(6, 14), late=True),
        card("Fernbrook Nursing & Rehab", 58.0, 1, DANA, "E-mail, today", *stay(9, 14), current=True),
        card("Harbor Pines Care Center", 57.9, 1, DANA, "Call, today", *stay(1, 14)),
        card("Stonegate Health Center", 54.2, 1, DANA, "By hand, today", "19 days, limit 14", 100, over=True),
        card("The Terraces at Saint Bartholomew of the Hudson Valley", 52.0, 1, DANA, "Call, today", *stay(11, 14)),
    ), "/pipeline?stage=contacted", "/pipeline?view=table&stage=contacted", current=True),
    Column("qualified", "Qualified", 6, ("median 11 days, limit 21", "1 over the limit"), (
        card("Genesee Valley Center", 66.8, 1, MARCUS, "Visit, Mon 30 Nov", *stay(4, 21)),
        card("Sullivan Rehab & Care", 63.0, 1, DANA, "Call, Wed 25 Nov", *stay(13, 21)),
        card("Pavilion at Elmira", 44.1, 2, MARCUS, "E-mail, Fri 27 Nov", "24 days, limit 21", 100, over=True),
        card("Adirondack Crest", 39.5, 2, DANA, "Call, 2 Dec", *stay(8, 21)),
        card("Mill River Nursing", 33.2, 2, DANA, "Call, 3 Dec", *stay(0, 21)),
    ), "/pipeline?stage=qualified"),
    Column("proposal", "Proposal", 4, ("median 20 days, limit 30", "1 over the limit"), (
        card("Chestnut Ridge Care", 59.4, 1, DANA, "Decides Fri 27 Nov", *stay(11, 30)),
        card("Pine Bush Health", 42.6, 2, MARCUS, "Call, today", *stay(28, 30)),
        card("Delmar Place", 36.9, 2, DANA, "Terms sent Mon", "36 days, limit 30", 100, over=True),
        card("Hoosick Falls Manor", 30.0, 2, MARCUS, "Call, 1 Dec", *stay(5, 30)),
    ), "/pipeline?stage=proposal"),
    Column("won", "Won", 3, ("median 52 days from signal", "here now, since 1 October"), (
        card("Westmere Nursing", 71.3, 1, DANA, "Won 18 Nov", "52 days from signal"),
        card("Ballston Spa Rehab", 43.9, 2, MARCUS, "Won 30 Oct", "71 days from signal"),
        card("Colonie Gardens", 55.7, 1, DANA, "Won 12 Oct", "38 days from signal"),
    ), "/pipeline?stage=won"),
    Column("lost", "Lost", 5, ("median 24 days from signal", "here now, since 1 October"), (
        card("Bethlehem Commons", 29.1, 2, MARCUS, "Lost 20 Nov", "hired in house"),
        card("Ravena Heights", 19.0, 3, DANA, "Lost 17 Nov", "no reply"),
        card("Schodack Manor", 35.3, 2, MARCUS, "Lost 11 Nov", "other vendor"),
        card("Nassau Lake Care", 14.8, 3, DANA, "Lost 6 Nov", "hired in house"),
    ), "/pipeline?stage=lost"),
)  # fmt: skip
VIEW = Pipeline(
    sentence="122 leads, 5 over a limit",
    views=(Choice("Board", "/pipeline", True), Choice("Table", "/pipeline?view=table")),
    owners=(Choice("All", "/pipeline", True), Choice("Mine", "/pipeline?owner=me"), Choice("Marcus", "/pipeline?owner=marcus")),
    filters=(Choice("Tier 1", "/pipeline?tier=1"), Choice("Over limit", "/pipeline?over=1", count=5)),
    columns=COLUMNS,
    strips=(
        Strip("upsell", "Upsell", "Glen Cove Center seeks a PDPM/RAC nurse", "your client · first seen Mon 23 Nov, urgency 2", "reopen_lead", "33A700", None, "Open lead", more="1 more", more_href="/pipeline?strip=upsell"),
        Strip("reopen", "Re-open?", "Maple Hollow, lost 4 Aug: timing", "MDS coordinator seen yesterday, urgency 1", "reopen_lead", "l9", 4, "Re-open…", "reopen_lead"),
    ),
)  # fmt: skip
TABLE = dataclasses.replace(
    VIEW,
    views=(Choice("Board", "/pipeline"), Choice("Table", "/pipeline?view=table", True)),
    columns=(),
    strips=(),
    rows=tuple(
        TableRow(each, "Troy, NY · 33A512", column.title, 6, "$38,000" if column.stage == "proposal" else "")
        for column in COLUMNS
        for each in column.cards
    ),
    sorts=(
        Sort("Facility", "?sort=name"),
        Sort("Score", "?sort=score", "descending"),
        Sort("Stage", "?sort=stage"),
        Sort("In stage", "?sort=days"),
        Sort("Next", "?sort=next"),
        Sort("Owner", "?sort=owner"),
        Sort("Value", "?sort=value", number=True),
    ),
    slice=Slice(1, 27, 122, "", "?page=2"),
    csv="/pipeline.csv",
)
QUALIFY = Question(
    "l2", 3, "Fernbrook Nursing & Rehab", "Move to Qualified", "/pipeline", "move_lead", (("stage", "qualified"),),
    fields=(
        Field("values.beds", "Certified beds", "number", "120"),
        Field("values.payer_mix", "Payer mix"),
        Field("values.mds_staff", "MDS nurses on staff", "number", error="This is required."),
        Field("values.mds_backlog", "MDS assessments in backlog", "number"),
        Field("values.software", "Software for records and assessments"),
        Field("values.decision_maker", "Decision maker"),
        Field("values.start_on", "Wanted start date", "date"),
    ),
    consequences=("Its sequence ends; you get a task: Talk through the proposal, Fri 27 Nov",),
    confirm="Move",
)  # fmt: skip
LOST = dataclasses.replace(
    QUALIFY, title="Mark as lost", command="record_outcome", hidden=(("outcome", "lost"),), fields=(), confirm="Mark as lost",
    reasons=(Option("in_house", "Hired in house"), Option("vendor", "Other vendor"), Option("no_reply", "No reply"), Option("dnc", "Do not contact", "suppresses the facility")),
    note="Note", consequences=("Its sequence ends", "A new posting asks whether to re-open it"),
)  # fmt: skip
MOVED = Status("Mill River Nursing to Qualified", undo=UNDO)


def _page(view: Pipeline, path: str = "/pipeline") -> Sample:
    return page("pipeline/page.html", frame("Pipeline", "pipeline", path, status=MOVED), view)


SAMPLES = {
    "pipeline": _page(VIEW),
    "pipeline-table": _page(TABLE, "/pipeline?view=table"),
    "pipeline-qualify": _page(dataclasses.replace(VIEW, question=QUALIFY)),
    "pipeline-lost": _page(dataclasses.replace(VIEW, question=LOST)),
    "pipeline-empty": _page(
        dataclasses.replace(VIEW, columns=(), strips=(), empty="No lead of Tier 3 is over a limit.")
    ),
}
