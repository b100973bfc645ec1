"""What does the page of a facility show?"""

from __future__ import annotations

import dataclasses
from datetime import date, timedelta

from services.console.rendering.frame import Status
from services.console.rendering.shapes import Choice, Option, Score, State, Urgency
from services.console.screens.facility.view import (
    Abilities,
    Adjustment,
    Clash,
    Contact,
    Curve,
    Facility,
    Fact,
    Factor,
    Flag,
    InCrm,
    Moment,
    NextTouch,
    Signal,
    Stage,
    Step,
    Why,
)
from tests.browser.samples.frames import NOW, OPERATIONS, UNDO, frame, page
from tests.browser.samples.worklist import ALDER, OUTCOMES

SCORE = Score(83.5, 1, ALDER)
WHY = Why(
    score=SCORE,
    rank=1,
    of=576,
    summary="Tier 1 since 6 October, 37.2 above the cut. An urgent MDS posting, one QM star and a fresh F641 make 93 % of it.",
    factors=(
        Factor("Open MDS-family posting", "MDS coordinator, urgency 4: hurry, money, several openings; posted again", "3 postings, seen 23 Nov", "/events/1", 36, 36, 1.0, 36.0),
        Factor("QM rating of 1 or 2 stars", "QM rating 1 of 5", "CMS, as of 1 Oct", "/events/2", 20, 20, 1.0, 20.0),
        Factor("Recent F641 citation or fine", "F641 citation, 42 days ago", "survey of 13 Oct", "/events/3", 18, 18, 1.0, 18.0),
        Factor("Staffing rating of 1 or 2 stars", "Staffing rating 2 of 5", "CMS, as of 1 Oct", "/events/2", 8, 8, 0.7, 5.6),
        Factor("New administrator or DON", "Administrator unchanged since 2023", "CMS, as of 1 Oct", "/events/2", 12, 12, 0.0, 0.0),
        Factor("Unusual MDS volume", "Fewer than four earlier quarters", "unknown", "/events/2", 6, 6, None, 0.0),
    ),
    total=79.6,
    adjustments=(Adjustment("Medicaid share", "62 % of residents, cost report 2025", 1.0496, 3.9),),
    rounding="pack snf 7c41e9, rounded half to even",
    curve=Curve(
        "0,34 68,34 68,20 86,20 86,9 118,9 118,7 140,7 140,4",
        "0,34 68,34 68,20 86,20 86,9 118,9 118,7 140,7 140,4 140,48 0,48",
        26,
        "T1 46.3",
        (140, 4),
        "Score of 90 days: 26.9, then 57.1 on 6 October, 76.0 on 13 October, 79.8 on 2 November, 83.5 since 23 November.",
    ),
    longest=36,
)  # fmt: skip
TIMELINE = (
    Moment(date(2026, 11, 24), "phone", "score", " is due", "Call the DON", ("Step 3 of 9, 1 day late, yours",), day="Today"),
    Moment(date(2026, 11, 23), "radio-tower", "signal", " seen again", "MDS coordinator", ("CareerOneStop · “MDS Coordinator RN, $7,500 sign-on, two openings”",), change=("urgency 3 → 4 · score", "79.8", "83.5"), events=(Choice("posting.seen", "/events/9"),), more=2),
    Moment(date(2026, 11, 19), "mail", "plain", ", sent by Dana", "E-mail to the DON", quote="Cover while you look for an MDS coordinator", events=(Choice("email.sent", "/drafts/d1"),)),
    Moment(date(2026, 11, 18), "phone", "plain", ": voicemail", "Call to the administrator", quote="Left name and reason; assistant says Thursdays are best.", events=(Choice("touch.logged", "/events/7"),), undo=("t18", 2)),
    Moment(date(2026, 11, 18), "repeat", "plain", " started", "NY SNF 21-Day", ("A Tier 1 seat came free: Dana has 8 of 8, 1 of 2 new this week",), events=(Choice("enrollment.started", "/events/6"),)),
    Moment(date(2026, 11, 2), "rotate-ccw", "signal", " posted again: a chronic gap", "MDS coordinator", ("Same source, 9 days after the first was last seen",), change=("urgency 2 → 3 · score", "76.0", "79.8"), events=(Choice("facility.matched", "/events/5"),)),
    Moment(date(2026, 10, 13), "trending-up", "score", ", +18.9 points", "F641 citation", ("CMS health deficiencies, survey of 13 Oct",), change=("score", "57.1", "76.0"), events=(Choice("score.changed", "/events/4"),)),
    Moment(date(2026, 10, 6), "radio-tower", "signal", " posted first: Tier 2 → Tier 1", "MDS coordinator", ("Matched by name and phone, 0.97",), change=("score", "26.9", "57.1"), events=(Choice("facility.matched", "/events/3"),)),
)  # fmt: skip
VIEW = Facility(
    id="33A512",
    version=12,
    name="Alder Creek Rehabilitation & Nursing",
    place="418 Spring Avenue, Troy, NY 12180",
    phone="+15185550100",
    chain=Choice("Hudson Reach Care, 3 facilities", "/chains/hudson-reach-care"),
    flags=(
        Flag("Chronic gap", "warn", "rotate-ccw"),
        Flag("SLA breach, 5 days since contact", "danger", "clock"),
        Flag("Dana Whitfield", "plain", "user"),
    ),
    score=SCORE,
    urgency=Urgency(4, "urgent"),
    stages=(
        Stage("New", "past", "43 days"),
        Stage("Contacted", "here", "6 days"),
        Stage("Qualified", "ahead", "intake form", asks=True),
        Stage("Proposal", "ahead", end=True),
        Stage("Won or lost", "ahead", end=True),
    ),
    why=WHY,
    signals=(
        Signal("MDS coordinator", "MDS Coordinator RN, $7,500 sign-on, two openings", "since 6 Oct, 49 days", "23 Nov, 3 postings, 2 sources", "7 Jan, chronic", "/events/3", ledger="/settings/sources/ledger?posting=4"),
    ),
    contacts=(
        Contact("Rosalind Achterberg", "Director of Nursing", "facility's site, 12 Oct", "direct", True, "+15185550142", suppress="/settings/suppressions?ask=person&account=33A512&role=don"),
        Contact("Warren Bielski", "Administrator", "CMS ownership file, 1 Oct", "main line"),
    ),
    facts=(
        Fact("Beds, residents", "120, 104"),
        Fact("Overall rating", "2 of 5, not scored"),
        Fact("QM rating", "1 of 5"),
        Fact("Staffing rating", "2 of 5"),
        Fact("Last F641", "13 Oct"),
        Fact("Fines", "2, $18,450"),
        Fact("MDS volume", "", unknown=True),
    ),
    facts_href="?facts=all",
    timeline=TIMELINE,
    shown=(Choice("All", "?", True), Choice("Touches", "?shown=touches"), Choice("Signals", "?shown=signals"), Choice("Score", "?shown=score")),
    can=Abilities(touch=True, stage=True, contact=True, note=True, suppress="/settings/suppressions?ask=facility&account=33A512"),
    reps=(Option("rep-2", "Bernard Teague"),),
    next=NextTouch("t1", 3, "Call Rosalind Achterberg", "DON", "+15185550142", "Ask who does the assessments until the seat is filled.", late="1 day late", href="/worklist/t1"),
    sequence="NY SNF 21-Day",
    steps=(
        Step(1, "Call, administrator", "done", "18 Nov"),
        Step(2, "E-mail, DON", "done", "19 Nov"),
        Step(3, "Call, DON", "here", "due 23 Nov"),
        Step(4, "E-mail, administrator", "skipped", "25 Nov", "no address"),
        Step(5, "By hand, administrator", "ahead", "27 Nov"),
        Step(6, "Call, DON", "ahead", "30 Nov"),
        Step(7, "E-mail, administrator", "ahead", "1 Dec"),
        Step(8, "Call, administrator", "ahead", "3 Dec"),
        Step(9, "E-mail, DON", "ahead", "8 Dec"),
    ),
    crm=InCrm(
        "HubSpot", State("linked", "ok"), NOW - timedelta(minutes=4),
        "https://app.hubspot.com/contacts/12345678/record/0-2/900718253461",
        (
            Clash("Status", "was changed on both sides; theirs counts", "meeting agreed", "lost", NOW - timedelta(minutes=4)),
            Clash("Owner", "of theirs does not count here: no rep of the team has this address.", "dana@nightingale.example", "bartholomew.featherstonehaugh-cholmondeley@nightingale.example", NOW - timedelta(days=2)),
        ),
        "/settings/crm?show=conflicts",
    ),
    names=("Alder Creek Rehab and Nursing Ctr", "Hudson Reach at Alder Creek"),
    origin=Choice("Worklist", "/worklist"),
    place_in_list="1 of 9",
    previous="/facilities/33A100",
    following="/facilities/33A513",
    older="?before=2026-10-06",
    outcomes=tuple(Option(each.value, each.title) for each in OUTCOMES),
    roles=(Option("don", "Director of Nursing"), Option("administrator", "Administrator")),
    moves=(Option("new", "New"), Option("qualified", "Qualified", "asks the intake form")),
    ends=(Option("meeting", "A meeting is agreed"), Option("lost", "Lost", "asks a reason")),
    asking="/pipeline?source=signal&move=335001&to=",
)  # fmt: skip
HIDDEN = dataclasses.replace(
    VIEW,
    can=Abilities(),
    crm=InCrm(
        "Salesforce",
        State("refused", "danger", "STRING_TOO_LONG: City: data value too large: the city of a long name"),
        None,
    ),
    contacts=tuple(Contact("", each.role, each.source, each.line, each.direct) for each in VIEW.contacts),
    next=NextTouch("t1", 3, "Call the Director of Nursing", "", due="due 23 Nov"),
)
CLIENT = dataclasses.replace(
    VIEW, client=True, next=None, steps=(), signals=(), contacts=(), as_of=date(2026, 9, 30), stages=(), score=Score(12.9, 3, (12.9,)), urgency=None
)  # fmt: skip
AROUND = frame(
    "Alder Creek Rehabilitation & Nursing", "facilities", "/facilities/33A512", status=Status("Note added", undo=UNDO)
)
SAMPLES = {
    "facility": page("facility/page.html", AROUND, VIEW),
    "facility-operations": page(
        "facility/page.html", dataclasses.replace(AROUND, viewer=OPERATIONS, status=None), HIDDEN
    ),
    "facility-without-task": page(
        "facility/page.html",
        AROUND,
        dataclasses.replace(VIEW, can=Abilities(log=True, note=True), next=None, opened="call"),
    ),
    "facility-client": page("facility/page.html", AROUND, CLIENT),
}
