"""What does a rep's worklist show?"""

from __future__ import annotations

import dataclasses
from datetime import date

from services.console.rendering.frame import Status
from services.console.rendering.shapes import Channel, Choice, Done, Option, Past, Score, Span, Urgency
from services.console.screens.worklist.view import (
    Abilities,
    Letter,
    Outcome,
    Part,
    Person,
    Reason,
    RepDay,
    Row,
    Selected,
    Several,
    Touch,
    Worklist,
)
from tests.browser.samples.frames import MANAGER, TODAY, UNDO, Sample, behind, frame, page


def row(
    rank: int,
    channel: Channel,
    account: str,
    to: str,
    reasons: str,
    tier: int,
    parts: tuple[float, ...],
    urgency: int = 0,
    *,
    late: str = "",
    step: str = "",
    note: str = "",
) -> Row:
    score = Score(round(sum(parts), 1), tier, parts)
    pressing = Urgency(urgency) if urgency else None
    named = tuple(reasons.split(" · "))
    phone = "+15185550142" if channel == "call" else ""
    return Row(
        f"t{rank}", f"/worklist/t{rank}", rank, channel, account, to, named, score, pressing, late, step, note, phone
    )


ALDER = (37.8, 21.0, 18.9, 5.8)
PARTS = (
    Part(
        "Overdue",
        (
            row(1, "call", "Alder Creek Rehabilitation", "DON · R. Achterberg", "MDS coordinator, posted again · QM 1 star · F641 Oct · staffing 2 stars", 1, ALDER, 4, late="1 day late", step="step 3 of 9"),
        ),
    ),
    Part(
        "Tier 1",
        (
            row(2, "email", "Fernbrook Nursing & Rehab", "DON · L. Okafor", "PDPM/RAC nurse · QM 1 star · staffing 1 star", 1, (28.8, 20.9, 8.3), 3, step="Step 2 of 9", note="draft ready"),
            row(3, "call", "Harbor Pines Care Center", "Adm. · T. Villanueva", "MDS coordinator · new administrator since 24 Oct", 1, (30.4, 14.8, 12.7), 2, step="Step 1 of 9"),
            row(4, "linkedin", "Stonegate Health Center", "Adm. · P. Marchetti", "Chart reviewer · F641 in August · QM 2 stars", 1, (20.9, 18.7, 14.6), 2, step="Step 5 of 9"),
            row(5, "call", "Lakemont Commons", "DON · J. Sorrell", "MDS coordinator · QM 2 stars · fine in February", 1, (25.2, 14.0, 7.2, 5.6), 1, step="Step 6 of 9"),
            row(6, "email", "The Terraces at Saint Bartholomew of the Hudson Valley", "Regional · A. Haddad", "Chain of 4, best at Utica: MDS coordinator wanted, urgent · QM 2 stars", 1, (34.1, 14.7), 3, step="Step 7 of 9"),
        ),
    ),
    Part(
        "Tier 2",
        (
            row(7, "call", "Willow Bend", "Adm. · C. Rasmussen", "No posting · QM 1 star · staffing 1 star · fine in March", 2, (21.0, 8.4, 7.6), step="Step 2 of 3"),
            row(8, "email", "Northfield Manor", "Adm. · D. Petrov", "No posting · QM 2 stars · new administrator since 1 Oct", 2, (14.7, 12.5), step="Step 1 of 3", note="till Thu"),
        ),
    ),
    Part(
        "Waiting for a direct line",
        (
            row(9, "research", "Quarry Hill", "find a direct line", "Sequence waits: only the main line is known", 1, (30.2, 21.0), 2, step="Research"),
        ),
    ),
)  # fmt: skip
OUTCOMES = (
    Outcome("reached", "Spoke", "1"),
    Outcome("left_voicemail", "Voicemail", "2"),
    Outcome("no_answer", "No answer", "3"),
    Outcome("meeting", "Meeting", "4", good=True),
    Outcome("not_interested", "Not now", "5", then="not_interested"),
    Outcome("wrong_number", "Wrong no.", "6"),
)
SKIP = (
    Option("no_reason_to_call", "No reason to call today"),
    Option("already_in_touch", "Already in touch another way"),
    Option("wrong_person", "Wrong person for this"),
)
SNOOZE = (
    Option("1", "Tomorrow", "Wed 25 Nov"),
    Option("2", "In 2 business days", "Fri 27 Nov, Thursday is a holiday"),
)
REPS = (
    Option("marcus", "Marcus Bell", "8 of 20 touches today"),
    Option("helen", "Helen Ostrowski", "on leave till Mon 30 Nov"),
)
CALL = Touch(
    task="t1",
    version=7,
    channel="call",
    title="Call · step 3 of 9 · NY SNF 21-Day",
    account="Alder Creek Rehabilitation",
    account_id="33A512",
    account_href="/facilities/33A512",
    place="Troy, NY",
    score=Score(83.5, 1, ALDER),
    urgency=Urgency(4, "urgent"),
    late="1 day late",
    person=Person(
        "Director of Nursing",
        "Rosalind Achterberg",
        "+15185550142",
        "",
        "9:42 am there",
        "Director of Nursing, direct line · from the facility's site, 12 Oct · main (518) 555-0100",
    ),
    reasons=(
        Reason(37.8, "MDS coordinator wanted, urgent, posted again", "seen yesterday · open since 6 Oct · 3 postings"),
        Reason(21.0, "QM rating 1 of 5", "CMS, as of 1 Oct"),
        Reason(18.9, "F641 citation: inaccurate assessments", "survey of 13 Oct, 42 days ago"),
    ),
    say=(
        (
            Span("The seat for "),
            Span("an MDS coordinator", "posting seen 23 Nov"),
            Span(" has been open "),
            Span("since 6 October", "first seen on CareerOneStop"),
            Span(". We carry the assessments until the hire has started, and step back when they have."),
        ),
    ),
    copied="",
    before=(
        Past(date(2026, 11, 19), "E-mail to DON, sent by you, no reply"),
        Past(date(2026, 11, 18), "Call, administrator: voicemail"),
    ),
    before_total=11,
    outcomes=OUTCOMES,
    can=Abilities(touch=True, reassign=True),
    then="Then: e-mail, Wed 25 Nov",
    skip_reasons=SKIP,
    snooze=SNOOZE,
    reps=REPS,
)
LETTER = Letter(
    "d2",
    "3",
    "Fernbrook: cover while you look for a PDPM or RAC nurse",
    (
        (Span("Dear Ms. Okafor,"),),
        (
            Span("I saw that Fernbrook Nursing & Rehab has been looking for "),
            Span("a PDPM or RAC nurse", "two postings"),
            Span(" at least "),
            Span("since 19 October", "first seen, CareerOneStop"),
            Span(". While such a seat is open, the assessments fall due all the same."),
        ),
        (
            Span(
                "Would a quarter of an hour this week or next suit you, to see whether it would take anything off your desk?"
            ),
        ),
        (Span("Kind regards, Dana Whitfield"),),
    ),
)
EMAIL = dataclasses.replace(
    CALL,
    task="t2",
    channel="email",
    title="E-mail · step 2 of 9 · NY SNF 21-Day",
    account="Fernbrook Nursing & Rehab",
    place="Rome, NY",
    score=Score(58.0, 1, (28.8, 20.9, 8.3)),
    urgency=Urgency(3, "high"),
    late="",
    person=Person("Director of Nursing", "Lillian Okafor", "", "l.okafor@fernbrook.example", "9:42 am there", "Director of Nursing · facility's site, 9 Nov"),
    reasons=CALL.reasons[:2],
    letter=LETTER,
)  # fmt: skip
BY_HAND = dataclasses.replace(
    CALL,
    task="t4",
    channel="linkedin",
    title="By hand · step 5 of 9 · NY SNF 21-Day",
    account="Stonegate Health Center",
    place="Albany, NY",
    score=Score(54.2, 1, (20.9, 18.7, 14.6)),
    urgency=Urgency(2, "pressing"),
    late="",
    person=Person(
        "Administrator", "Paolo Marchetti", "", "", "9:42 am there", "Administrator · CMS ownership file, 1 Oct"
    ),
    copied="Ms. Marchetti, a word on the chart review seat.",
)
RESEARCH = dataclasses.replace(
    CALL,
    task="t9",
    channel="research",
    title="Research · the sequence waits",
    account="Quarry Hill",
    place="Utica, NY",
    score=Score(51.2, 1, (30.2, 21.0)),
    urgency=Urgency(2, "pressing"),
    late="",
    person=None,
    reasons=CALL.reasons[:2],
    say=(),
    before=(),
    before_total=0,
    outcomes=(Outcome("found", "Found", "1"), Outcome("not_found", "Not found yet", "2")),
    wanted=(Option("don", "Director of Nursing"), Option("administrator", "Administrator")),
    fell="Its posting closed on 20 Nov; the score fell by 31.5.",
)
VIEW = Worklist(
    on=TODAY,
    done=3,
    total=12,
    done_href="/events?cohort=done-today",
    whose=(Choice("Mine", "/worklist", True), Choice("Marcus", "/worklist?who=marcus"), Choice("Team", "/worklist?who=team")),
    channels=(
        ("call", Choice("Calls", "/worklist?channel=call", count=4)),
        ("email", Choice("E-mails", "/worklist?channel=email", count=3)),
        ("linkedin", Choice("By hand", "/worklist?channel=linkedin", count=1)),
    ),
    tiers=(Choice("Tier 1", "/worklist?tier=1", count=6), Choice("Tier 2", "/worklist?tier=2", count=2)),
    parts=PARTS,
    done_today=(
        Done("9:31 am", "call", "Maple Hollow: voicemail", "t12", 3),
        Done("9:20 am", "call", "Cedar Hollow Center: spoke, asked for a letter", "t11", 5),
        Done("9:04 am", "email", "Ballston Spa Rehab: sent"),
    ),
    done_summary="2 calls, 1 e-mail sent",
    touch=CALL,
    bulk=(Choice("Skip…", "skip"), Choice("Snooze…", "snooze")),
    kept=(("who", "dana"),),
)  # fmt: skip
SEVERAL = dataclasses.replace(
    VIEW,
    several=Several(
        "Skip 2 touches?", "Each sequence goes on with its next step.", "skip_task", "Skip", "/worklist",
        (Selected("t2", 3, "Fernbrook Nursing & Rehab", "E-mail, step 2 of 9"), Selected("t3", 1, "Harbor Pines Care Center", "Call, step 1 of 9")),
        "reason", "Reason", SKIP,
    ),
)  # fmt: skip
TEAM = dataclasses.replace(
    VIEW,
    parts=tuple(
        Part(name, tuple(row for part in parts for row in part.rows))
        for name, parts in (("Dana Whitfield", VIEW.parts[:2]), ("Marcus Bell", VIEW.parts[2:]))
    ),
    whose=tuple(dataclasses.replace(each, current=each.title == "Team") for each in VIEW.whose),
    team=(
        RepDay("Dana Whitfield", "/worklist?who=dana", 3, 12, 1),
        RepDay("Marcus Bell", "/worklist?who=marcus", 7, 11, 0),
        RepDay("Bartholomew Featherstonehaugh", "/worklist?who=bart", 0, 9, 4, "on leave till Mon 30 Nov"),
    ),
)
EMPTY = dataclasses.replace(VIEW, done=12, parts=(), touch=None, ahead="Friday: 8", bulk=())
LOGGED = Status("Call to Maple Hollow: voicemail", undo=UNDO)


def _page(view: Worklist, path: str = "/worklist") -> Sample:
    return page("worklist/page.html", frame("Worklist", "worklist", path, status=LOGGED), view)


def opened(touch: Touch) -> Worklist:
    return dataclasses.replace(VIEW, touch=touch, opened=True)


SAMPLES = {
    "worklist": _page(VIEW),
    "worklist-several": _page(SEVERAL),
    "worklist-call": _page(opened(CALL), "/worklist/t1"),
    "worklist-email": _page(opened(EMAIL), "/worklist/t2"),
    "worklist-by-hand": _page(opened(BY_HAND), "/worklist/t4"),
    "worklist-research": _page(opened(RESEARCH), "/worklist/t9"),
    "worklist-refused": _page(
        opened(dataclasses.replace(CALL, error="Marcus logged this call at 9:40 am: voicemail. Nothing was changed.", note="Left name and reason"))
    ),
    "worklist-empty": _page(EMPTY),
    "worklist-team": page("worklist/page.html", frame("Worklist", "worklist", "/worklist?who=team", viewer=MANAGER), TEAM),
    "worklist-behind": page(
        "worklist/page.html", behind(frame("Worklist", "worklist"), "New postings of the last 6 minutes are missing: scores and ranks may be too low."), VIEW
    ),
}  # fmt: skip
