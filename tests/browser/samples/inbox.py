"""What does the signal inbox show?"""

from __future__ import annotations

import dataclasses

from services.console.rendering.frame import Status
from services.console.rendering.shapes import Choice, Score
from services.console.screens.inbox.view import (
    Candidate,
    Case,
    Decision,
    Group,
    Inbox,
    Part,
    Posting,
    Precision,
    Verdict,
    Words,
)
from tests.browser.samples.frames import UNDO, Sample, frame, page


def words(text: str) -> Words:
    """`*Hudson Reach* at Spring Avenue`: what is between stars is the same."""
    return tuple((piece, number % 2 == 1) for number, piece in enumerate(text.split("*")) if piece)


def candidate(
    key: str,
    name: str,
    place: str,
    number: str,
    confidence: float,
    shares: tuple[tuple[float | None, str], ...],
    score: Score,
) -> Candidate:
    parts = tuple(
        Part(title, share, word) for title, (share, word) in zip(("Name", "Place", "Chain"), shares, strict=True)
    )
    return Candidate(number, key, words(name), words(place), confidence, parts, score, f"/facilities/{number}")


CASE = Case(
    key="g1",
    version=4,
    employer=words("*Hudson Reach Care* – *Troy*"),
    place=words("*Troy*, NY 12*180*"),
    facts=("MDS coordinator, urgency 3", "4 postings, 3 sources", "waiting 63 h"),
    kind="Chain only",
    why="names a chain and a city with three facilities",
    candidates=(
        candidate("1", "*Hudson Reach* at Spring Avenue", "*Troy* 121*80*", "33A477", 0.46, ((0.78, "0.78"), (1.0, "city, ZIP"), (1.0, "same")), Score(31.6, 2)),
        candidate("2", "Alder Creek Rehabilitation & Nursing", "*Troy* 121*80*", "33A512", 0.27, ((0.31, "0.31"), (1.0, "city, ZIP"), (1.0, "same")), Score(83.5, 1)),
        candidate("3", "*Hudson Reach* of Watervliet", "Watervliet 12189", "33A290", 0.14, ((0.80, "0.80"), (0.55, "4 miles"), (1.0, "same")), Score(18.2, 3)),
        candidate("4", "*Troy* Hills Nursing Home", "*Troy* 12182", "33A603", 0.05, ((0.42, "0.42"), (0.85, "city"), (0.0, "other")), Score(12.9, 3)),
        candidate("5", "Mohawk *Reach Care* Center", "Cohoes 12047", "33A118", 0.02, ((0.58, "0.58"), (0.5, "5 miles"), (None, "unknown")), Score(9.4, 3)),
    ),
    none=0.06,
    verdicts=(
        Verdict("none_of_these", "None of these", "0", "these postings are ignored from now on"),
        Verdict("new_facility", "New facility", "8"),
        Verdict("not_an_snf", "Not an SNF", "9"),
        Verdict("unsure", "Unsure", "Q"),
    ),
    postings=(
        Posting("MDS Coordinator RN", "Hudson Reach Care – Troy. Urgent, $5,000 sign-on", "CareerOneStop", "23 to 24 Nov", "/events/1"),
        Posting("MDS Coordinator (RN or LPN)", "Hudson Reach Care - Troy", "CareerOneStop", "22 to 24 Nov", "/events/2"),
        Posting("RN MDS Coordinator, full time", "Hudson Reach Care – Troy, Spring Ave campus", "hudsonreach.example", "22 to 24 Nov", "/events/3"),
        Posting("MDS Nurse", "Hudson Reach Care, Troy NY", "AAPACN list", "22 Nov", "/events/4"),
    ),
    decide=True,
    leaves="leaves in 9 h",
    urgent=True,
)  # fmt: skip
GROUPS = (
    Group("g1", "/inbox/g1", "Hudson Reach Care – Troy", "Troy, NY", "MDS coordinator", 4, "63 h", "leaves in 9 h", urgent=True),
    Group("g2", "/inbox/g2", "Maplecrest Rehab", "Utica, NY", "MDS coordinator", 3, "41 h", "leaves in 31 h"),
    Group("g3", "/inbox/g3", "St. Brendan’s Healthcare System of the Greater Capital District", "Albany, NY", "PDPM/RAC nurse", 3, "20 h"),
    Group("g4", "/inbox/g4", "LTC Staffing Partners NE", "Syracuse, NY", "MDS coordinator", 2, "19 h"),
    Group("g5", "/inbox/g5", "Fairlawn Ctr for Nursing", "Rome, NY", "Chart reviewer", 1, "17 h"),
    Group("g6", "/inbox/g6", "The Willows at Kinderhook", "Kinderhook, NY", "QM clerk", 1, "6 h"),
    Group("g7", "/inbox/g7", "Northway Skilled Nursing", "Queensbury, NY", "MDS coordinator", 1, "2 h"),
)  # fmt: skip
TABS = (
    Choice("Waiting", "/inbox", True, 7),
    Choice("Judge", "/inbox?state=judge", count=3),
    Choice("Decided", "/inbox?state=decided"),
    Choice("Dismissed", "/inbox?state=dismissed"),
)
VIEW = Inbox(
    sentence="7 employers wait, 15 postings",
    tabs=TABS,
    groups=GROUPS,
    matched="91 %",
    matched_of="matched this week, 86/94, target ≥ 80 %",
    matched_href="/events?cohort=matched",
    case=CASE,
    decided="Decided today 5: 9 postings matched",
)
DECIDED = dataclasses.replace(
    VIEW,
    tabs=tuple(dataclasses.replace(each, current=each.title == "Decided") for each in TABS),
    groups=(),
    case=None,
    decisions=(
        Decision(
            "g9",
            2,
            "Maple Hollow Rehab & Nursing",
            "is Maple Hollow Rehabilitation Center",
            "Dana Whitfield",
            "9:12 am",
            3,
            undo=True,
        ),
        Decision("g8", 5, "Kinder Care Albany", "not a facility", "Marcus Bell", "yesterday", 1, undo=False),
    ),
    decided="",
    precision=Precision(57, 60, 88, 98),
)
JUDGE = dataclasses.replace(
    VIEW,
    opened=True,
    tabs=tuple(dataclasses.replace(each, current=each.title == "Judge") for each in TABS),
    case=dataclasses.replace(
        CASE,
        judging=True,
        candidates=CASE.candidates[:3],
        verdicts=(CASE.verdicts[0], *CASE.verdicts[2:]),
        kind="Matched",
        why="by name and place",
    ),
)
LOGGED = Status("2 postings matched, alias learned", undo=UNDO)


def _page(view: Inbox, path: str = "/inbox") -> Sample:
    return page("inbox/page.html", frame("Signal inbox", "inbox", path, status=LOGGED), view)


SAMPLES = {
    "inbox": _page(VIEW),
    "inbox-group": _page(dataclasses.replace(VIEW, opened=True), "/inbox/g1"),
    "inbox-reader": _page(
        dataclasses.replace(VIEW, opened=True, case=dataclasses.replace(CASE, decide=False, candidates=()))
    ),
    "inbox-decided": _page(DECIDED, "/inbox?state=decided"),
    "inbox-judge": _page(JUDGE, "/inbox?state=judge"),
    "inbox-empty": _page(
        dataclasses.replace(
            VIEW, groups=(), case=None, empty="91 % matched this week", sentence="0 employers wait", decided=""
        )
    ),
}
