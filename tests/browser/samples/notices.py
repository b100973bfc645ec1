"""What do the pages show of notices?"""

from __future__ import annotations

import dataclasses
from datetime import timedelta

from services.console.rendering.frame import Status, Viewer
from services.console.rendering.shapes import Option, State
from services.console.screens.settings.notices.building import kinds
from services.console.screens.settings.notices.view import Form, Notice, OneRecipient, Recipient, Recipients
from tests.browser.samples.frames import MANAGER, NOW, WORDS, Sample, frame, page
from tests.browser.samples.settings import sections

AUDITOR = Viewer("Ines Duarte", "Auditor", "America/New_York")
GETS = State("gets notices", "ok")
LOST = State(
    "paused", "danger",
    "Mon 23 Nov, 9:00 am: The chat answered 404 no_service: its address is no longer valid, or it does not allow this.",
)  # fmt: skip
REFUSED = "The mail server answered 451: mailbox of bartholomew.featherstonehaugh-cholmondeley@seller.example is full."
FAILING = State("failing", "warn", f"The last notice was not accepted: {REFUSED}")
LINES = (
    "Willow Bend Care Center (Albany, NY): from tier 2 to tier 1, score 83.5",
    "Bartholomew Featherstonehaugh Memorial Residence for Convalescents (Saratoga Springs, NY): new in tier 1, score 71.0",
    "Harborview Manor (Troy, NY): from tier 2 to tier 1, score 70.2",
)
HOT = Notice("Tier 1", "13 accounts entered tier 1", LINES, 10, NOW - timedelta(minutes=40), State("accepted", "ok"))
WORKLIST = Notice(
    "Worklist", "Worklist of Wednesday, 2026-11-25: 2 tasks",
    ("Call: Willow Bend Care Center (Albany, NY): entered tier 1", "E-mail: Harborview Manor (Troy, NY): step 3"), 0,
    NOW + timedelta(hours=17),
)  # fmt: skip
SENT = dataclasses.replace(WORKLIST, at=NOW - timedelta(hours=5), state=State("accepted", "ok"))
FAILED = dataclasses.replace(WORKLIST, at=NOW - timedelta(hours=5), state=State("tried again", "warn", REFUSED))


def href(name: str) -> str:
    return f"/settings/notices/show?name={name}"


def recipient(name: str, where: str, state: State, gets: str, about: str, hours: str, last: Notice | None) -> Recipient:
    return Recipient(name, href(name), where, state, gets, about, hours, "America/New_York", last)


RECIPIENTS = Recipients(
    sections=sections("Notices"),
    sentence="4 recipients; 2 need a look.",
    rows=(
        recipient("bartholomew-featherstonehaugh-cholmondeley", "bartholomew.featherstonehaugh-cholmondeley@seller.example", FAILING, "waiting too long, worklist", "about Bartholomew Featherstonehaugh-Cholmondeley", "worklist at 7:30 am; quiet from 6:00 pm to 7:00 am", FAILED),
        recipient("old-channel", "Slack: old-channel", LOST, "tier 1", "about the team", "at any hour", None),
        recipient("dana", "dana@seller.example", GETS, "worklist", "about Dana Whitfield", "worklist at 8:00 am", SENT),
        recipient("sales", "Slack: sales", GETS, "tier 1, waiting too long, any tier", "about the team", "quiet from 6:00 pm to 8:00 am", HOT),
    ),
    answered=True,
    change=True,
)  # fmt: skip
ONE = OneRecipient(
    sections=sections("Notices"),
    name="bartholomew-featherstonehaugh-cholmondeley",
    state=FAILING,
    gets=(
        ("Where", "bartholomew.featherstonehaugh-cholmondeley@seller.example"),
        ("About", "the facilities and tasks of Bartholomew Featherstonehaugh-Cholmondeley"),
        ("Tier 1", "facilities that entered tier 1"),
        ("Worklist", "what is due, in the morning of each working day"),
        ("Added", "by helen, Thu 2 Jul, 9:30 am"),
    ),
    when=(
        ("Days", "working days"),
        ("Worklist", "at 7:30 am"),
        ("Quiet hours", "from 6:00 pm to 7:00 am"),
        ("Time zone", "America/New_York"),
        ("At most", "one of a kind an hour"),
    ),
    paused=False,
    change=True,
    last=FAILED,
    pending=False,
    next=(dataclasses.replace(HOT, at=None, state=None), WORKLIST),
)
TEST = Notice(
    "Test", "A test for dana", ("Notices of these kinds arrive here: worklist.",), 0, NOW, State("to be sent", "info")
)
NEW = dataclasses.replace(ONE, name="dana", state=GETS, last=TEST, pending=True, next=())
PAUSED = dataclasses.replace(ONE, name="old-channel", state=LOST, paused=True, last=None, next=())
FORM = Form(
    sections=sections("Notices"),
    name="",
    back="/settings/notices",
    channels=(Option("sales", "sales"), Option("regional-team-of-the-north", "regional-team-of-the-north")),
    channel="",
    email="",
    email_hint="That of a rep, or one in seller.example.",
    kinds=kinds(("hot", "sla", "worklist"), WORDS),
    reps=(Option("", "the whole team"), Option("rep-1", "Dana Whitfield"), Option("rep-2", "Bartholomew Featherstonehaugh-Cholmondeley")),
    rep="",
    quiet_from="18:00",
    quiet_to="08:00",
    morning_at="08:00",
    timezone="America/New_York",
)  # fmt: skip
CHANGED = dataclasses.replace(FORM, name="sales", back=href("sales"), channel="sales", rep="rep-1", email_hint="")
NOWHERE = dataclasses.replace(FORM, channels=(), email_hint="")


def _page(template: str, view: object, text: str = "", viewer: Viewer = MANAGER) -> Sample:
    status = Status(text) if text else None
    around = frame("Settings", "settings", "/settings/notices", viewer=viewer, status=status)
    return page(f"settings/notices/{template}.html", around, view)


SAMPLES = {
    "settings-notices": _page("page", RECIPIENTS),
    "settings-notices-seen": _page("page", dataclasses.replace(RECIPIENTS, change=False), viewer=AUDITOR),
    "settings-notices-none": _page("page", dataclasses.replace(RECIPIENTS, rows=(), sentence="0 recipients.")),
    "settings-notice": _page("recipient", ONE),
    "settings-notice-test": _page("recipient", NEW, "A notice is sent now."),
    "settings-notice-paused": _page("recipient", PAUSED),
    "settings-notice-add": _page("form", FORM),
    "settings-notice-change": _page("form", CHANGED),
    "settings-notice-nowhere": _page("form", NOWHERE),
}
