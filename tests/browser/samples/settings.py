"""What do the settings show?"""

from __future__ import annotations

import dataclasses
from datetime import date, timedelta
from typing import Any

from services.console.rendering.frame import Frame, Status, Viewer
from services.console.rendering.shapes import Choice, Option, Slice, Tone
from services.console.screens.settings.calendars.view import Calendar, Calendars
from services.console.screens.settings.suppressions.building import KINDS, OF_NOTIFIER
from services.console.screens.settings.suppressions.view import Form, Statement, Suppression, Suppressions, Unsent, Why
from services.console.screens.settings.view import (
    Audit,
    Deed,
    Me,
    NewSecurityKey,
    OwnCalendar,
    OwnKey,
    OwnSession,
    User,
    UserForm,
    Users,
    UserSessions,
)
from tests.browser.samples.access import PRODUCT
from tests.browser.samples.frames import MANAGER, NOW, OPERATIONS, REP, Sample, frame, page

TITLES = (
    "Me",
    "Users",
    "Keys",
    "Sources",
    "Datasets",
    "Packs",
    "Suppressions",
    "Deliveries",
    "Webhooks",
    "CRM",
    "Calendars",
    "Notices",
    "Services",
    "Audit",
)


def sections(current: str) -> tuple[Choice, ...]:
    return tuple(
        Choice(each, f"/settings/{each.lower()}", each == current, 1 if each == "Services" else None) for each in TITLES
    )


def user(
    name: str, full: str, role: str, factor: str, tone: Tone, last: str, count: int, review: str, **more: Any
) -> User:
    return User(name, 3, full, f"{name}@nightingale.example", role, "", factor, tone, last, count, review, **more)


CALENDARS = Calendars(
    sections=sections("Calendars"),
    rows=(
        Calendar("rep-2", "Bartholomew Featherstonehaugh-Cholmondeley", True, NOW - timedelta(days=40), "command line", None),
        Calendar("rep-1", "Dana Whitfield", False, NOW - timedelta(days=2), "dana", NOW - timedelta(hours=1)),
    ),
    without="Lee Okafor, Maria Lindqvist",
    answered=True,
    change=True,
)  # fmt: skip
ME = Me(
    sections=sections("Me")[:1],
    name="dana",
    full_name="Dana Whitfield",
    email="dana@nightingale.example",
    role="Representative",
    may=("own touches, accounts and drafts", "the signal inbox", "dashboards: own figures and totals of the team"),
    has_password=True,
    second_factor="Authenticator, by choice",
    second_factor_tone="ok",
    codes_left=8,
    security_keys=(
        OwnKey("k1", "Key on my key ring", NOW - timedelta(days=90), NOW - timedelta(hours=1)),
        OwnKey("k2", "Fingerprint of my laptop", NOW - timedelta(days=2), None),
    ),
    no_key="",
    factor_error="",
    can_turn_off=True,
    sessions=(
        OwnSession("s1", "Chromium on Linux, 192.0.2.7", NOW - timedelta(hours=1), NOW, here=True),
        OwnSession("s2", "Safari on iPhone, 198.51.100.23", NOW - timedelta(hours=6), NOW - timedelta(minutes=50)),
    ),
    theme="system",
    timezone="America/New_York",
    keys=True,
    calendar=OwnCalendar(True, NOW - timedelta(days=2), NOW - timedelta(hours=1)),
)
ROWS = (
    user("dana", "Dana Whitfield", "Representative", "TOTP, by choice", "ok", "today 8:31 am", 2, "due 12 Jan"),
    user("marcus", "Marcus Bell", "Representative", "none, not required", "plain", "today 8:02 am", 2, "due 12 Jan"),
    user("helen", "Helen Ostrowski", "Manager", "TOTP", "ok", "today 7:55 am", 1, "due 12 Jan"),
    user("priya", "Priya Nair", "Operations", "TOTP", "ok", "today 9:10 am", 1, "due 12 Jan", oneself=True),
    user("tomas", "Tomas Grieg", "Reader", "none, not required", "plain", "3 Nov 4:40 pm", 0, "6 days late", review_late=True),
    user("bartholomew.featherstonehaugh", "Bartholomew Featherstonehaugh", "Auditor", "TOTP not set up", "warn", "never", 0, "due 12 Jan", ready=False),
)  # fmt: skip
USERS = Users(sections("Users"), "1 access review is late, 1 person cannot sign in yet", ROWS, change=True)
ROLES = (
    Option("rep", "Representative", "own touches, accounts and drafts"),
    Option("manager", "Manager", "all touches and accounts; packs; lifts suppressions"),
    Option("operations", "Operations", "users, keys, deliveries; sees people by role only"),
    Option("reader", "Reader", "dashboards and lists, no personal data"),
    Option("auditor", "Auditor", "the audit, packs and suppressions, no personal data"),
)
REPS = (Option("", "none"), Option("dana", "Dana Whitfield"), Option("marcus", "Marcus Bell"))
CHANGE = UserForm("Change role: Marcus Bell", "/settings/users", "change_role", ROLES, "manager", REPS, "marcus", "marcus", 3, "now Representative, since 4 Mar", ("Ends his 2 sessions now", "Asks him to set up TOTP at the next sign-in"), "Change role")  # fmt: skip
ADD = UserForm("Add user", "/settings/users", "add_user", ROLES, "rep", REPS, fields=True)
AUDIT = Audit(
    sections=sections("Audit"),
    sentence="4,812 rows since 4 March",
    filters=(Choice("Mine", "?name=priya"), Choice("Refused", "?outcome=refused", count=14)),
    rows=(
        Deed(4812, NOW, "priya", "operations", "change_role", "marcus", (("role", "rep → manager"), ("reason", "27 characters")), "9f2c41aa", "done"),
        Deed(4811, NOW - timedelta(minutes=3), "dana", "rep", "complete_task", "0198f3a2", (("outcome", "left_voicemail"), ("note", "51 characters")), "77b01e9d", "done"),
        Deed(4810, NOW - timedelta(minutes=9), "marcus", "rep", "send_drafts", "0198f3b7", (), "c40d88f3", "refused"),
        Deed(4809, NOW - timedelta(minutes=30), "dana", "rep", "move_lead", "33A310", (("stage", "contacted → qualified"),), "1b6e07c2", "not confirmed"),
    ),
    slice=Slice(1, 50, 4812, "", "?before=4762"),
    csv="/settings/audit.csv",
)  # fmt: skip


def suppressed(number: int, scope: str, target: str, channels: str, reason: str, source: str, by: str) -> Suppression:
    icon, kind = KINDS[scope]
    since, href = date(2026, 11, 24 - number), f"/settings/suppressions/s{number}"
    lift = "lift_suppression" if scope in OF_NOTIFIER else "allow_contact"
    return Suppression(f"s{number}", 1, href, icon, target, kind, channels, reason, source, since, by, lift)


SUPPRESSIONS = Suppressions(
    sections=sections("Suppressions"),
    kinds=tuple(Choice(title, f"?kind={kind}", count=2 if kind == "address" else 1) for kind, (_, title) in KINDS.items()),
    mine=Choice("Added by me", "?by=me"),
    rows=(
        suppressed(1, "domain", "birchwoodgroup.example", "all channels", "“Please do not e-mail our staff”", "a letter", "Helen Ostrowski"),
        suppressed(2, "address", "k.lindqvist@tullycreek.example", "e-mail", "unsubscribed by the link in the letter", "an unsubscription", "recipient"),
        suppressed(3, "address", "adm@palatine.example", "e-mail", "the address does not exist", "an e-mail that came back", "recipient"),
        suppressed(4, "person", "Marta Reyes (Administrator, 335014)", "call", "asked on the phone not to be called in the mornings, then not at all", "reported to a representative", "Marcus Bell"),
        suppressed(5, "facility", "Nassau Lake Care (335021)", "all channels", "asked on the phone", "a lost lead", "Dana Whitfield"),
        suppressed(6, "chain", "Moss Care", "call, e-mail", "their lawyer wrote to us", "list refusals.csv", "Helen Ostrowski"),
    ),
    slice=Slice(1, 6, 6),
    query="",
    people=True,
    kept=(),
    narrowed=False,
    add="/settings/suppressions?ask=address",
    csv="/settings/suppressions.csv",
)  # fmt: skip
UNSEEN = dataclasses.replace(
    SUPPRESSIONS,
    rows=tuple(dataclasses.replace(row, target="", reason="", lift="") for row in SUPPRESSIONS.rows),
    people=False,
    mine=None,
    add="",
)
ADDING = Form(
    "person",
    tuple(Choice(title, f"?ask={kind}", kind == "person") for kind, (_, title) in KINDS.items()),
    (Option("administrator", "Administrator"), Option("don", "Director of Nursing")),
)
WHY = Why(
    sections=sections("Suppressions"),
    row=SUPPRESSIONS.rows[0],
    ended=False,
    others=("Address adm@birchwoodgroup.example: e-mail",),
    statements=(
        Statement(date(2026, 11, 23), "Helen Ostrowski", "Not to be contacted: all channels", False, "“Please do not e-mail our staff”", "a letter", "birchwoodgroup.example"),
        Statement(date(2026, 9, 2), "Helen Ostrowski", "May be contacted again: e-mail", True, "subscribed again", "reported to a representative", "birchwoodgroup.example"),
    ),
    unsent=(Unsent(NOW - timedelta(hours=3), "adm@birchwoodgroup.example", "Birchwood Commons", "/facilities/335077"),),
    people=True,
    answered=True,
)  # fmt: skip


def _settings(path: str, viewer: Viewer, text: str = "") -> Frame:
    return frame("Settings", "settings", f"/settings/{path}", viewer=viewer, status=Status(text) if text else None)


def _page(path: str, viewer: Viewer, view: object, text: str = "") -> Sample:
    return page(f"settings/{path}.html", _settings(path, viewer, text), view)


def _suppressions(template: str, viewer: Viewer, view: object, text: str = "") -> Sample:
    return page(f"settings/suppressions/{template}.html", _settings("suppressions", viewer, text), view)


SAMPLES = {
    "settings": _page("me", REP, ME),
    "settings-calendar-new": _page("me", REP, dataclasses.replace(ME, calendar=OwnCalendar(True))),
    "settings-calendar-silent": _page("me", REP, dataclasses.replace(ME, calendar=OwnCalendar(False))),
    "settings-calendar-address": Sample("doing/address.html", {"product": PRODUCT, "text": "Your calendar has a new address.", "address": "https://events.featherstonehaugh-memorial-residence.example/calendar/" + "Zk3" * 14 + ".ics", "back": "/settings/me"}),
    "settings-calendars": _page("calendars/page", MANAGER, CALENDARS),
    "settings-calendars-none": _page("calendars/page", OPERATIONS, dataclasses.replace(CALENDARS, rows=(), change=False)),
    "settings-key": Sample(
        "settings/key.html", {"product": PRODUCT, "view": NewSecurityKey("Key on my key ring", "{}", "c")}
    ),
    "settings-users": _page("users", OPERATIONS, USERS, "One-time link for Bartholomew made, 30 min"),
    "settings-users-sessions": _page(
        "users",
        OPERATIONS,
        dataclasses.replace(
            USERS,
            due=Choice("Review due", "/settings/users?due=1", count=1),
            of=UserSessions("dana", "Sessions of Dana Whitfield", "/settings/users", ME.sessions),
        ),
    ),
    "settings-users-role": _page("users", OPERATIONS, dataclasses.replace(USERS, form=CHANGE)),
    "settings-users-add": _page("users", OPERATIONS, dataclasses.replace(USERS, form=ADD)),
    "settings-audit": _page("audit", OPERATIONS, AUDIT),
    "settings-suppressions": _suppressions("page", MANAGER, SUPPRESSIONS, "Not contacted any more: birchwoodgroup.example."),
    "settings-suppressions-add": _suppressions("page", MANAGER, dataclasses.replace(SUPPRESSIONS, form=ADDING)),
    "settings-suppressions-unseen": _suppressions("page", OPERATIONS, UNSEEN),
    "settings-suppressions-none": _suppressions("page", MANAGER, dataclasses.replace(SUPPRESSIONS, rows=())),
    "settings-suppressions-why": _suppressions("why", MANAGER, WHY),
}  # fmt: skip
