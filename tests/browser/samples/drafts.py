"""What does the page of drafts show?"""

from __future__ import annotations

import dataclasses

from services.console.rendering.frame import Status
from services.console.rendering.shapes import Choice, Option, Span
from services.console.screens.drafts.view import Abilities, Check, Drafts, Fact, Letter, Row, Several
from tests.browser.samples.frames import UNDO, Sample, frame, page

ROWS = (
    Row("d1", "r3", "/drafts/d1", "Fernbrook Nursing & Rehab", "DON · L. Okafor", "cover while you look for a PDPM or RAC nurse", "today", "step 2 of 9", "ready, 5 facts with source", "ok"),
    Row("d2", "r3", "/drafts/d2", "Northfield Manor", "Adm. · D. Petrov", "MDS support for Northfield Manor", "till Thu", "step 1 of 3", "1 sentence left out: no source", "warn"),
    Row("d3", "r3", "/drafts/d3", "The Terraces at Saint Bartholomew of the Hudson Valley", "Regional · A. Haddad", "cover while Utica looks for an MDS coordinator", "today", "step 7 of 9", "cannot be sent: suppressed domain", "bad"),
)  # fmt: skip
CHECKS = (
    Check("Not suppressed: address, domain, facility"),
    Check("5 of 5 facts have a source"),
    Check("Postal address and way out in the foot"),
    Check("No letter to her in 15 days"),
)
LETTER = Letter(
    id="d1",
    revision="r3",
    to_name="Lillian Okafor",
    to_role="Director of Nursing",
    account="Fernbrook Nursing & Rehab",
    account_href="/facilities/33A310",
    from_name="Dana Whitfield",
    from_address="dana@nightingale.example",
    subject="Fernbrook: cover while you look for a PDPM or RAC nurse",
    paragraphs=(
        (Span("Dear "), Span("Ms. Okafor", "facility’s site, 9 Nov", 1), Span(",")),
        (
            Span("I saw that Fernbrook Nursing & Rehab has been looking for "),
            Span("a PDPM or RAC nurse", "two postings", 2),
            Span(" at least "),
            Span("since 19 October", "first seen, CareerOneStop", 3),
            Span(", most recently as "),
            Span("“PDPM/RAC Nurse, RN”", "title, seen Mon 23 Nov", 4),
            Span(". While such a seat is open, the assessments fall due all the same."),
        ),
        (Span("Nightingale does MDS completion, PDPM and RAC review, chart review and quality-measure work by nurses who do nothing else. We can carry the assessments until your hire has started, and step back when they have."),),
        (Span("From about "), Span("fall 2026", "pack text, reviewed 2 Nov", 5), Span(", MDS accuracy starts to drive New York’s Medicaid rates, so assessments that wait for a hire count for more than they used to.")),
        (Span("Would a quarter of an hour this week or next suit you, to see whether it would take anything off your desk?"),),
        (Span("Kind regards, Dana Whitfield, Nightingale"),),
    ),
    facts=(
        Fact(1, "L. Okafor, DON", "facility’s site, 9 Nov"),
        Fact(2, "PDPM or RAC nurse", "two postings", "/events/2"),
        Fact(3, "since 19 October", "first seen, CareerOneStop"),
        Fact(4, "“PDPM/RAC Nurse, RN”", "title, seen Mon 23 Nov"),
        Fact(5, "fall 2026", "pack text, reviewed 2 Nov"),
    ),
    foot="Nightingale, 40 Wall Street, New York, NY 10005 · You get this as Director of Nursing of a facility with an open MDS posting. No more of these: one click.",
    checks=CHECKS,
    can=Abilities(send=True, edit=True, close=True),
    reasons=(Option("not_now", "Not now"), Option("wrong", "The letter is wrong"), Option("by_phone", "By telephone instead")),
)  # fmt: skip
BLOCKED = dataclasses.replace(
    LETTER,
    id="d3",
    checks=(Check("Suppressed domain since 12 Nov: hudsonreach.example", "bad"), *CHECKS[1:]),
    blocked="The domain is suppressed",
)
EDITING = dataclasses.replace(
    LETTER,
    editing=True,
    body="Dear Ms. Okafor,\n\nI saw that Fernbrook Nursing & Rehab has been looking for a PDPM or RAC nurse at least since 19 October.",
    error="“since 12 October” has no source; the posting was first seen on 19 October.",
)
SENT = dataclasses.replace(
    LETTER, can=Abilities(), checks=(), outcome="Sent Mon 23 Nov, 10:12 am. Replied the same day."
)
TABS = (
    Choice("To send", "/drafts", True, 3),
    Choice("Leaving", "/drafts?state=leaving", count=1),
    Choice("Sent", "/drafts?state=sent"),
    Choice("Failed", "/drafts?state=failed", count=1),
    Choice("Closed", "/drafts?state=closed"),
)
VIEW = Drafts(
    sentence="2 can be sent, 1 is blocked",
    tabs=TABS,
    rows=ROWS,
    letter=LETTER,
    sent="Sent today 1, this week 14",
    sent_href="/drafts?state=sent",
    rate="78 %",
    rate_of="of drafts sent, 32/41, 7 days",
    rate_href="/events?cohort=sent",
    bulk=True,
)
LEAVING = Status("To J. Sorrell: leaves in 7 s", "send", UNDO)


def _page(view: Drafts, path: str = "/drafts") -> Sample:
    return page("drafts/page.html", frame("Drafts", "drafts", path, status=LEAVING), view)


def opened(letter: Letter) -> Drafts:
    return dataclasses.replace(VIEW, letter=letter, opened=True)


SAMPLES = {
    "drafts": _page(VIEW),
    "drafts-letter": _page(opened(LETTER), "/drafts/d1"),
    "drafts-blocked": _page(opened(BLOCKED), "/drafts/d3"),
    "drafts-edit": _page(opened(EDITING), "/drafts/d1/edit"),
    "drafts-sent": _page(opened(SENT), "/drafts/d9"),
    "drafts-several": _page(
        dataclasses.replace(VIEW, several=Several(ROWS[:2], ROWS[2:], "/drafts")), "/drafts?ask=send"
    ),
    "drafts-empty": _page(
        dataclasses.replace(VIEW, rows=(), letter=None, sentence="Nothing to send", empty="3 on Wednesday", bulk=False)
    ),
}
