"""What do sequences, capacity, events, playbooks and finding show?"""

from __future__ import annotations

import dataclasses
from datetime import date, timedelta

from services.console.rendering.shapes import Channel, Choice, Option, Score, Slice
from services.console.screens.capacity.view import Capacity, Cell, Late, Leave, Line
from services.console.screens.events.view import Event, Events
from services.console.screens.events.view import Row as EventRow
from services.console.screens.finding.view import Finding, Hit, Kind
from services.console.screens.playbooks.view import Match, Playbooks
from services.console.screens.sequences.view import Migration, Move, Run, Runs, Sequence, Sequences, Step
from tests.browser.samples.frames import MANAGER, NOW, frame, page

PLAN: tuple[tuple[int, Channel, str], ...] = (
    (0, "call", "Administrator"), (1, "email", "Director of Nursing"), (4, "call", "Director of Nursing"), (6, "email", "Administrator"), (8, "linkedin", "Administrator"),
    (11, "call", "Director of Nursing"), (13, "email", "Administrator"), (16, "call", "Administrator"), (21, "email", "Director of Nursing"),
)  # fmt: skip
STEPS = tuple(
    Step(number, day, channel, role, "unless a direct line is missing" if number == 3 else "", 9 - number)
    for number, (day, channel, role) in enumerate(PLAN, 1)
)
TIER_1 = Sequence(
    "snf-21", "/sequences/snf-21/runs", "NY SNF 21-Day", "7c41e9", 21, STEPS,
    Choice("active", "/sequences/snf-21/runs?state=active", count=38), Choice("waiting", "/sequences/snf-21/runs?state=waiting", count=6), Choice("ended", "/sequences/snf-21/runs?state=ended", count=112),
    ("A reply, a meeting or a suppression ends it.", "A call without a direct line waits for research."),
    Choice("6 enrollments in an older version: preview moving them", "/sequences/snf-21/migrate"),
)  # fmt: skip
TIER_2 = Sequence(
    "nurture", "/sequences/nurture/runs", "Quarterly note", "7c41e9", 90,
    (Step(1, 0, "email", "Administrator"), Step(2, 45, "research", "Director of Nursing"), Step(3, 90, "call", "Administrator")),
    Choice("active", "?", count=41), Choice("waiting", "?", count=0), Choice("ended", "?", count=9),
)  # fmt: skip
RUNS = Runs(
    TIER_1,
    (Choice("Active", "?state=active", True, 38), Choice("Waiting", "?state=waiting", count=6), Choice("Ended", "?state=ended", count=112)),
    (
        Run("r1", "33A512", 4, "Alder Creek Rehabilitation & Nursing", "/facilities/33A512", "Dana Whitfield", "active", 3, 9, "", late="Call, 1 day late", pause=True, stop=True),
        Run("r2", "33A310", 2, "Fernbrook Nursing & Rehab", "/facilities/33A310", "Dana Whitfield", "active", 2, 9, "E-mail, today", pause=True),
        Run("r3", "33A333", 5, "Quarry Hill", "/facilities/33A333", "Bartholomew Featherstonehaugh", "waiting", 1, 9, "Research, today", "a direct line is missing", resume=True, stop=True),
    ),
    Slice(1, 38, 38),
)  # fmt: skip
MIGRATION = Migration(
    "snf-21", "NY SNF 21-Day", "/sequences/snf-21/runs", "2 enrollments can move to version 9b02aa, 1 cannot",
    (
        Move("Alder Creek Rehabilitation & Nursing", "/facilities/33A512", "active", 3, "4: Call, DON", "", "Mon 30 Nov"),
        Move("Fernbrook Nursing & Rehab", "/facilities/33A310", "active", 0, "2: E-mail, Administrator", "1", "Wed 25 Nov"),
        Move("Quarry Hill", "/facilities/33A333", "blocked", 0, "", "", "", "It is blocked: a direct line is missing."),
    ),
    2, True,
)  # fmt: skip
DAYS = tuple(
    date(2026, 11, 24) + timedelta(days=n) for n in range(31) if (date(2026, 11, 24) + timedelta(days=n)).weekday() < 5
)[:21]


def line(name: str, first: int, away: range = range(0)) -> Line:
    cells = tuple(
        Cell(0 if n in away else max(3, 20 - (n * first) % 14), n in away, f"/worklist?on={day}")
        for n, day in enumerate(DAYS)
    )
    return Line(name, cells, sum(cell.touches for cell in cells))


LINES = (line("Dana Whitfield", 3), line("Marcus Bell", 5), line("Bartholomew Featherstonehaugh", 4, range(4)))
CAPACITY = Capacity(
    sentence="21 business days after today, no day is over its cap; Tue 8 Dec is the fullest, 51 of 60",
    today=date(2026, 11, 23),
    days=DAYS,
    cap=20,
    per_rep=True,
    lines=LINES,
    team=tuple(sum(each.cells[n].touches for each in LINES) for n in range(len(DAYS))),
    starts=tuple(n % 3 for n in range(len(DAYS))),
    late=(Late("Stonegate Health Center", "/facilities/33A401", "step 6 of 9, latest 1 Dec, planned 3 Dec"),),
    waiting=(Choice("no place in Tier 1", "?", count=14), Choice("a direct line is missing", "?", count=6), Choice("after a recent loss", "?", count=3)),
    scarce=("Tier 1 starts: 2 a week, each rep",),
    leaves=(Leave("bart", "Bartholomew Featherstonehaugh", date(2026, 11, 24), date(2026, 11, 30), "Marcus", end=True),),
    reps=(Option("dana", "Dana Whitfield"), Option("marcus", "Marcus Bell")),
)  # fmt: skip
TRACE = (
    EventRow("e1", "/events/e1", NOW - timedelta(minutes=9), "radio-tower", "signal", "posting.seen", "CareerOneStop lists “MDS Coordinator RN, $7,500 sign-on”", "Alder Creek Rehabilitation & Nursing", "/facilities/33A512"),
    EventRow("e2", "/events/e2", NOW - timedelta(minutes=8), "radio-tower", "signal", "facility.matched", "Matched by name and phone, 0.97", "Alder Creek Rehabilitation & Nursing", "/facilities/33A512"),
    EventRow("e3", "/events/e3", NOW - timedelta(minutes=8), "trending-up", "score", "score.changed", "79.8 → 83.5, Tier 1", "Alder Creek Rehabilitation & Nursing", "/facilities/33A512"),
    EventRow("e4", "/events/e4", NOW - timedelta(minutes=7), "phone", "plain", "task.due", "Call the DON, step 3 of 9", "Alder Creek Rehabilitation & Nursing", "/facilities/33A512"),
)  # fmt: skip
EVENTS = Events(
    sentence="62 events, matched this week",
    subjects=(Choice("posting.seen", "?subject=posting.seen", count=412), Choice("score.changed", "?subject=score.changed", True, 96)),
    chosen=(Choice("score.changed", "/events", True), Choice("Touches on the day that they were due, reached, 25 Jun to 1 Jul", "/events", True)),
    rows=TRACE[::-1],
    slice=Slice(1, 50, 62, "", "?before=e1"),
    csv="/events.csv",
)  # fmt: skip
EVENT = Event("e3", NOW, "score.changed", "79.8 → 83.5, Tier 1", "Alder Creek Rehabilitation & Nursing", "/facilities/33A512", TRACE, '{\n  "facility_id": "33A512",\n  "score": 83.5,\n  "previous": 79.8,\n  "tier": 1\n}', ("/settings/sources/ledger?posting=4", "/settings/sources/ledger?posting=5"))  # fmt: skip
FOUND = Finding(
    "troy",
    (
        Kind("Facilities", (Hit("Alder Creek Rehabilitation & Nursing", "Troy, NY · 33A512 · Tier 1, 83.5", "/facilities/33A512", "building-2"), Hit("Troy Hills Nursing Home", "Troy, NY · 33A603 · Tier 3, 12.9", "/facilities/33A603", "building-2")), "/facilities?q=troy"),
        Kind("People", (Hit("Troy Villanueva", "Administrator, Harbor Pines Care Center", "/facilities/33A322", "user"),)),
        Kind("Actions", (Hit("Open the worklist", "", "/worklist", "list-checks", "G W"), Hit("Suppress an address", "settings, suppressions", "/settings/suppressions", "ban"))),
    ),
)  # fmt: skip
PLAYBOOKS = Playbooks(
    (Choice("New administrator", "/playbooks/new", True), Choice("Fined", "/playbooks/fined")),
    "New administrator",
    "new administrator or DON at least 10 and QM rating at most 2.",
    "A new desk comes with open assessments. Asks for: 15 minutes.",
    ("The first weeks on a new desk", "Open assessments"),
    (Match("33A322", "/facilities/33A322", "Harbor Pines Care Center", "Oswego, NY", Score(57.9, 1, (30.4, 14.8, 12.7)), "New administrator: since 24 Oct · QM rating: 2 of 5", "Congratulations on the new post. A new desk comes with open assessments; ours are done by nurses who do nothing else.", "19 Nov", True, True), Match("33A602", "/facilities/33A602", "Northfield Manor", "Glens Falls, NY", Score(41.2, 2, (20.2, 11.8, 9.2)), "New administrator: since 1 Oct · QM rating: 2 of 5", markable=True)),
    Slice(1, 2, 2),
    "/playbooks/new.csv",
    "sent",
)  # fmt: skip
SAMPLES = {
    "sequences": page("sequences/page.html", frame("Sequences", "sequences"), Sequences("2 sequences, 79 active enrollments", (TIER_1, TIER_2), "Sequences are edited in the pack: packs/snf/sequences.")),
    "sequences-runs": page("sequences/runs.html", frame("NY SNF 21-Day", "sequences"), RUNS),
    "sequences-migrate": page("sequences/migrate.html", frame("Move to the version of the pack", "sequences", viewer=MANAGER), MIGRATION),
    "capacity": page("capacity/page.html", frame("Capacity", "sequences", "/capacity", viewer=MANAGER), CAPACITY),
    "events": page("events/page.html", frame("Events", ""), EVENTS),
    "events-one": page("events/event.html", frame("score.changed", ""), EVENT),
    "find": page("finding/page.html", dataclasses.replace(frame("Find", "find"), query="troy"), FOUND),
    "find-nothing": page("finding/page.html", frame("Find", "find"), Finding("zzzz", (), "Try a part of the name, a CCN or a telephone number.")),
    "find-more": page("finding/more.html", frame("More", "more"), None),
    "playbooks": page("playbooks/page.html", frame("Playbooks", "playbooks"), PLAYBOOKS),
}  # fmt: skip
