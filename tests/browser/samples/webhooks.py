"""What do the pages show of webhooks?"""

from __future__ import annotations

import dataclasses
from datetime import timedelta

from services.console.rendering.frame import Status, Viewer
from services.console.rendering.shapes import Check, Choice, Option, State
from services.console.screens.settings.webhooks.building import types
from services.console.screens.settings.webhooks.view import (
    Delivery,
    Form,
    OneWebhook,
    Webhook,
    Webhooks,
)
from tests.browser.samples.access import PRODUCT
from tests.browser.samples.frames import NOW, OPERATIONS, Sample, frame, page
from tests.browser.samples.settings import sections

AUDITOR = Viewer("Ines Duarte", "Auditor", "America/New_York")
URL = "https://hooks.featherstonehaugh-memorial-residence.example/services/T0000000/B0000000/XXXXXXXXXXXXXXXXXXXXXXXX"
FAILING = State(
    "failing",
    "warn",
    "Nothing was accepted since Tue 24 Nov, 1:12 am: It answered 503. Asked again Tue 24 Nov, 10:12 am.",
)
LOST = State("paused", "danger", "Sat 21 Nov, 4:42 pm: The receiver accepted nothing for three days.")
RESTS = State("paused", "plain", "by dana, Mon 23 Nov, 9:00 am: their database moves")


def href(name: str) -> str:
    return f"/settings/webhooks/show?name={name}"


def webhook(name: str, url: str, gets: str, state: State, *numbers: int) -> Webhook:
    return Webhook(name, href(name), url, gets, state, *numbers)


WEBHOOKS = Webhooks(
    sections=sections("Webhooks"),
    sentence="4 webhooks; 2 need a look.",
    rows=(
        webhook("chat-of-the-regional-team-in-the-north-of-the-state-of-new-york", URL, "all events; tier 1, tier 2; NY, NJ, CT; Dana Whitfield, Bartholomew Featherstonehaugh", FAILING, 1_204, 318, 12, 4_120),
        webhook("data-lake", "https://lake.example/events", "all events", LOST, 90_112, 0, 40, 51_204),
        webhook("crm", "https://crm.example/hooks", "lead.*, score.changed; tier 1", State("working", "ok"), 8_120, 3, 0, 0),
        webhook("old-crm", "http://127.0.0.1:9000/in", "lead.*", RESTS, 12, 0, 0, 90),
    ),
    answered=True,
    change=True,
)  # fmt: skip
HTML = "<!doctype html><html><head><title>503 Service Unavailable</title></head><body><center><h1>503</h1></center>"


def delivery(number: int, event: str, state: str, **fields: object) -> Delivery:
    given: dict[str, object] = {
        "href": f"/events/{number}", "about": "Willow Bend Care Center", "about_href": "/facilities/335001",
        "tone": "ok", "attempts": 1, "at": NOW - timedelta(minutes=4), "next": None, "came": "200 in 41 ms",
        "error": "", "answer": "", "again": True,
    }  # fmt: skip
    return Delivery(number=number, type=event, state=state, **{**given, **fields})  # type: ignore[arg-type]


TEST = delivery(
    -3, "webhook.test", "given up", tone="danger", came="503 in 12,041 ms", error="It answered 503.", answer=HTML
)  # fmt: skip
ROWS = (
    delivery(48_120, "score.changed", "waits", tone="info", attempts=3, next=NOW + timedelta(minutes=26), came="503 in 12,041 ms", error="It answered 503.", answer=HTML + "x" * 200, again=False),
    delivery(48_119, "lead.stage_changed", "waits for an earlier one", tone="plain", attempts=0, at=None, came="", again=False),
    delivery(48_102, "email.replied", "delivered", answer="(not shown, because the event has contact data)"),
    delivery(48_101, "facility.listed", "given up", tone="danger", attempts=10, came="", error="POST https://hooks.featherstonehaugh-memorial-residence.example was not answered in 15 s.", about="Bartholomew Featherstonehaugh Memorial Residence"),
    delivery(48_099, "posting.seen", "delivered", href="", about="careeronestop-ny/4001-registered-nurse-of-the-night-at-the-residence", about_href="", answer="ok"),
)  # fmt: skip
ONE = OneWebhook(
    sections=sections("Webhooks"),
    name="chat-of-the-regional-team",
    state=FAILING,
    gets=(
        ("Address", URL),
        ("Events", "lead.*, score.changed"),
        ("Tiers", "tier 1, tier 2"),
        ("Order", "of each account kept: a failure blocks later ones"),
        ("People", "no events with contact data"),
        ("Secret", "version 2; the one before signs until Wed 25 Nov, 9:42 am"),
        ("Added", "by dana, Thu 2 Jul, 9:30 am"),
    ),
    doing=(
        ("Delivered", "1,204"),
        ("To be tried again", "318"),
        ("Given up", "12"),
        ("Events of the log behind", "4,120"),
        ("Cursor", "48120"),
        ("Requests on their way", "none"),
    ),
    paused=False,
    change=True,
    cursor="48120",
    test=TEST,
    pending=False,
    filters=(
        Choice("waits", "?state=waiting", count=318),
        Choice("delivered", "?state=delivered", count=1_204),
        Choice("given up", "?state=failed", count=12),
    ),
    rows=ROWS,
    first="",
    older=f"{href('chat')}&before=48099",
    narrowed=False,
)
WAITS = delivery(-1, "webhook.test", "no answer yet", tone="info", attempts=0, at=None, came="")
PAUSED = dataclasses.replace(
    ONE, state=RESTS, paused=True, test=None, rows=ROWS[3:4], first=href("chat"), older="", narrowed=True,
    filters=(Choice("given up", href("chat"), True, 12),),
)  # fmt: skip
FORM = Form(
    sections=sections("Webhooks"),
    name="",
    back="/settings/webhooks",
    url="",
    types=types(()),
    tiers=tuple(Check(str(each), f"Tier {each}") for each in (1, 2, 3)),
    owners=(Check("rep-1", "Dana Whitfield"), Check("rep-2", "Bartholomew Featherstonehaugh-Cholmondeley")),
    states=tuple(Check(each, each) for each in ("CT", "MA", "NJ", "NY", "PA", "VT")),
    ordered=False,
    personal=False,
    begins=(Option("", "with events from now on"), Option("0", "with all that the log has")),
)
CHANGED = dataclasses.replace(
    FORM, name="crm", back=href("crm"), url=URL, types=types(("lead.*", "score.changed")), ordered=True, begins=()
)  # fmt: skip
SECRETS = tuple(
    f"whsec_{each}" for each in ("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw" * 2, "C2FVsBQIhrscChlQIMV4b5sSYspob7oD")
)


def _page(template: str, view: object, text: str = "", viewer: Viewer = OPERATIONS) -> Sample:
    status = Status(text) if text else None
    around = frame("Settings", "settings", "/settings/webhooks", viewer=viewer, status=status)
    return page(f"settings/webhooks/{template}.html", around, view)


SAMPLES = {
    "settings-webhooks": _page("page", WEBHOOKS),
    "settings-webhooks-seen": _page("page", dataclasses.replace(WEBHOOKS, change=False), viewer=AUDITOR),
    "settings-webhooks-none": _page("page", dataclasses.replace(WEBHOOKS, rows=(), sentence="0 webhooks.")),
    "settings-webhook": _page("webhook", ONE, "It is called now."),
    "settings-webhook-paused": _page("webhook", PAUSED),
    "settings-webhook-new": _page(
        "webhook", dataclasses.replace(ONE, state=State("working", "ok"), test=WAITS, pending=True, rows=(), filters=(), older="")
    ),
    "settings-webhook-add": _page("form", FORM),
    "settings-webhook-change": _page("form", CHANGED),
    "settings-webhook-secret": Sample(
        "doing/secret.html", {"product": PRODUCT, "text": "The secret of crm. The one before signs until Wed 25 Nov, 9:42 am.", "secrets": SECRETS, "back": href("crm")}
    ),
}  # fmt: skip
