"""What do the pages show of sources and of the ledger?"""

from __future__ import annotations

import dataclasses
from datetime import date, timedelta

from services.console.rendering.frame import Status, Viewer
from services.console.rendering.shapes import Choice, Slice, State
from services.console.screens.settings.sources.view import (
    Account,
    Entry,
    Ledger,
    OneSource,
    Robots,
    Seen,
    Source,
    Sources,
    Tried,
    TriedPosting,
)
from tests.browser.samples.frames import MANAGER, NOW, OPERATIONS, Sample, frame, page
from tests.browser.samples.settings import sections

HASH = "9f2c4a1be07d55c3" * 4
LONG = "state-job-service-of-northern-counties-and-the-lake-district"
FIVE = (
    "5 fetches in a row failed: GET https://careers.featherstonehaugh-memorial-residence.example/sitemap_jobs_index.xml"
    " was answered with status 503; it is tried on its schedule only"
)
ON_SCHEDULE = State("on schedule", "ok")


def href(name: str) -> str:
    return f"/settings/sources/show?name={name}"


SOURCES = Sources(
    sections=sections("Sources"),
    sentence="6 sources; 2 need a look.",
    filters=(
        Choice("needs a look", "?state=look", count=2),
        Choice("on schedule", "?state=waiting", count=2),
        Choice("paused", "?state=paused", count=1),
        Choice("stopped", "?state=stopped", count=1),
    ),
    query="",
    kept=(),
    rows=(
        Source(LONG, href(LONG), "career_site", "Bartholomew Featherstonehaugh Memorial Residence", "robots.txt", State("stopped", "danger", FIVE), NOW - timedelta(days=6), NOW + timedelta(hours=9), "1,204", NOW - timedelta(hours=3), "nothing", 0),
        Source("careeronestop-ny", href("careeronestop-ny"), "careeronestop", "", "licence", State("on schedule", "warn", "Its licence ends on Fri 11 Dec"), NOW - timedelta(hours=9), NOW + timedelta(hours=15), "318", NOW - timedelta(hours=9), "12 new, 306 known, 2 refused, 9 closed", 2),
        Source("birch", href("birch"), "career_site", "Birch Hill Homes", "robots.txt", State("on schedule", "ok", "The last listing is incomplete: an empty list after 41 postings is not believed yet (2 of 3)"), NOW - timedelta(days=2), NOW + timedelta(hours=15), "41", NOW - timedelta(hours=9), "nothing", 0),
        Source("county-board", href("county-board"), "pushes with a key", "", "key", State("ready", "ok"), None, None, "", NOW - timedelta(minutes=4), "3 new, 40 known", 0),
        Source("july.csv", href("july.csv"), "imported", "", "imported file", State("ready", "ok"), None, None, "", NOW - timedelta(days=90), "812 new, 14 refused", 14),
        Source("maple", href("maple"), "greenhouse", "Maple Group", "public interface", State("paused", "plain", "by priya: their site moves, and lists everything twice until Friday"), NOW - timedelta(days=1), None, "18", NOW - timedelta(days=1), "1 new, 17 unchanged", 0),
    ),
    slice=Slice(1, 6, 6),
    answered=True,
    change=True,
    csv="/settings/sources.csv",
)  # fmt: skip
CAME = "12 new, 306 known, 2 refused, 9 closed"
ROWS = (
    Entry(5120, NOW - timedelta(hours=3), LONG, href(LONG), "fetched", "failed", "danger", "nothing", (), "GET https://careers.featherstonehaugh-memorial-residence.example/sitemap_jobs_index.xml was answered with status 503", 1, "", "robots.txt", "robots.txt of careers.featherstonehaugh-memorial-residence.example allowed it", HASH),
    Entry(5119, NOW - timedelta(hours=9), "careeronestop-ny", href("careeronestop-ny"), "fetched", "complete", "ok", CAME, (("title: is missing", 1), ("url: leads to LinkedIn, which is never read", 1)), "", 14, "1.2 MB", "licence", "licence of CareerOneStop until 2026-12-11", ""),
    Entry(5118, NOW - timedelta(hours=9), "birch", href("birch"), "fetched", "incomplete", "warn", "nothing", (), "an empty list after 41 postings is not believed yet (2 of 3)", 2, "812 bytes", "robots.txt", "robots.txt of www.birch.example allowed it", HASH),
    Entry(5117, NOW - timedelta(days=1), "county-board", href("county-board"), "pushed", "accepted", "ok", "3 new, 40 known", (), "", 0, "", "key", "pushed with the key of county-board", ""),
    Entry(9, NOW - timedelta(days=90), "july.csv", href("july.csv"), "imported", "accepted", "ok", "812 new, 14 refused", (("title: is missing", 14),), "", 0, "", "imported file", "file july.csv, imported by dana", HASH),
)  # fmt: skip
ONE = OneSource(
    sections=sections("Sources"),
    name="birch",
    state=State("failing", "warn", "2 fetches in a row failed: GET https://www.birch.example/sitemap.xml was not answered in 20 s"),
    fetched=True,
    how=(
        ("Adapter", "career_site"),
        ("Employer, if none is stated", "Birch Hill Homes"),
        ("Hosts", "www.birch.example, careers.featherstonehaugh-memorial-residence.example"),
        ("Allowed by", "robots.txt"),
        ("Schedule", "every 7d at 05:00, spread over 30m, 0.5 requests a second"),
        ("Added", "by dana, Thu 2 Jul, 9:30 am"),
    ),
    options=(("site", "https://www.birch.example"), ("pages", ", ".join(f"https://www.birch.example/jobs/{n}-registered-nurse-of-the-night" for n in range(6)) + " and 494 more")),
    doing=(
        ("Last complete listing", "Tue 17 Nov, 5:12 am"),
        ("Next fetch", "Tue 24 Nov, 10:12 am"),
        ("Open postings", "41"),
        ("Missed by its last listing", "0"),
        ("Pages remembered", "1,204"),
    ),
    robots=(
        Robots("www.birch.example", "its rules apply", HASH, NOW - timedelta(hours=9)),
        Robots("careers.featherstonehaugh-memorial-residence.example", "none (status 404), so everything is allowed", HASH, NOW - timedelta(hours=9)),
    ),
    rows=ROWS[2:3] + ROWS[:1],
    ledger="/settings/sources/ledger?source=birch",
    paused=False,
    change=True,
)  # fmt: skip
TRIED = Tried(
    asked=NOW - timedelta(minutes=2),
    at=NOW - timedelta(minutes=1),
    rule="robots.txt of www.birch.example allowed it",
    addresses=((200, "https://www.birch.example/robots.txt"), (200, "https://www.birch.example/jobs/4001")),
    postings=(
        TriedPosting("4001", "MDS Coordinator (RN), $10,000 sign-on bonus", "Willow Bend Care Center", "Albany NY 12207", "Coordinator", date(2026, 11, 18), None),
        TriedPosting("https://www.birch.example/jobs/4002-registered-nurse-of-the-night", "Cook", "Bartholomew Featherstonehaugh Memorial Residence", "", "other", None, date(2026, 12, 24)),
    ),
    found=41,
    refusals=(("url: leads to LinkedIn, which is never read", 1),),
    notes=("3 pages without a posting were looked at",),
)  # fmt: skip
LEDGER = Ledger(
    sections=sections("Sources"),
    sentence="It accounts for all 5,120 postings.",
    tone="ok",
    answered=True,
    chosen=(),
    rules=(Choice("robots.txt", "?rule=robots", count=2041), Choice("licence", "?rule=licensed_api", count=90), Choice("key", "?rule=key", count=12)),
    kept=(),
    day="",
    query="",
    rows=ROWS,
    first="/settings/sources/ledger",
    older="/settings/sources/ledger?before=9",
    csv="/settings/sources/ledger.csv",
)  # fmt: skip
NARROWED = dataclasses.replace(
    LEDGER,
    sentence="3 of 5,120 postings of birch have no row.",
    tone="danger",
    chosen=(Choice("birch", "?rule=robots", current=True), Choice("robots.txt", "?source=birch", current=True)),
    kept=(("source", "birch"), ("rule", "robots")),
    day="2026-11-24",
    query="birch",
    rows=ROWS[2:3],
    first="",
    older="",
)
ACCOUNT = Account(
    title="MDS Coordinator (RN), $10,000 sign-on bonus",
    employer="Bartholomew Featherstonehaugh Memorial Residence",
    facts=(("Id", "birch/4001"), ("State", "open"), ("First seen", "2 Jul 2026"), ("Last seen", "24 Nov 2026")),
    seen=(
        Seen(NOW - timedelta(hours=9), "MDS Coordinator (RN), $10,000 sign-on bonus", ROWS[2]),
        Seen(NOW - timedelta(days=140), "MDS Coordinator", None),
    ),
    more=3,
    listed="Listed 21 times, last by this fetch",
    last=ROWS[2],
)


def _page(template: str, view: object, text: str = "", viewer: Viewer = OPERATIONS) -> Sample:
    status = Status(text) if text else None
    around = frame("Settings", "settings", "/settings/sources", viewer=viewer, status=status)
    return page(f"settings/sources/{template}.html", around, view)


SAMPLES = {
    "settings-sources": _page("page", SOURCES),
    "settings-sources-seen": _page("page", dataclasses.replace(SOURCES, change=False), viewer=MANAGER),
    "settings-sources-none": _page("page", dataclasses.replace(SOURCES, rows=(), slice=None, filters=(), csv="")),
    "settings-source": _page("source", ONE, "Fetched now: birch."),
    "settings-source-tested": _page("source", dataclasses.replace(ONE, test=TRIED, state=ON_SCHEDULE)),
    "settings-source-waiting": _page("source", dataclasses.replace(ONE, paused=True, rows=(), test=Tried(NOW, None))),
    "settings-ledger": _page("ledger", LEDGER),
    "settings-ledger-narrowed": _page("ledger", NARROWED),
    "settings-ledger-posting": _page("ledger", dataclasses.replace(LEDGER, rows=(), account=ACCOUNT)),
    "settings-ledger-unknown": _page("ledger", dataclasses.replace(LEDGER, rows=(), unknown="There is no posting birch/4001.")),
}  # fmt: skip
