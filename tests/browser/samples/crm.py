"""What does the page show of the exchange with a CRM?"""

from __future__ import annotations

import dataclasses
from datetime import timedelta

from services.console.rendering.frame import Status, Viewer
from services.console.rendering.shapes import Choice, Slice, State
from services.console.screens.settings.crm.building import HIDDEN
from services.console.screens.settings.crm.view import (
    About,
    Compared,
    Conflict,
    Difference,
    Exchange,
    Failure,
    Lane,
)
from tests.browser.samples.frames import MANAGER, NOW, OPERATIONS, Sample, frame, page
from tests.browser.samples.settings import sections

HERE = "/settings/crm"
AGO = NOW - timedelta(seconds=40)
NIGHT = NOW - timedelta(hours=7)
LONG = "Bartholomew Featherstonehaugh Memorial Residence for Convalescents"
BEND = About("Willow Bend Care Center", "/facilities/335001")
REASONS = "Open posting: Registered Nurse, seen 21 Nov\nStaffing: 2.1 hours per resident, below 9 of 10\nChronic: 3 of 4 quarters"


def tabs(current: str, *counts: int) -> tuple[Choice, ...]:
    names = {"Differences": "differences", "Conflicts": "conflicts", "Refused": "refused"}
    return tuple(
        Choice(title, f"{HERE}?show={name}", name == current, count)
        for (title, name), count in zip(names.items(), counts, strict=True)
    )


EXCHANGING = State("exchanging", "ok")
EXCHANGE = Exchange(
    sections=sections("CRM"),
    system="HubSpot",
    state=EXCHANGING,
    missing=(),
    wrong=(),
    answered=True,
    change=True,
    begun=True,
    ready=True,
    pending=False,
    lanes=(
        Lane("Facilities", EXCHANGING, 1_204, 3, 0, 12, 2, 41, AGO),
        Lane("Contacts", EXCHANGING, 3_118, 0, 0, 40, 1, 7, AGO),
        Lane("Notes", EXCHANGING, 12_004, 0, 0, 0, 0, 0, AGO),
        Lane("Tasks", EXCHANGING, 8_120, 2_118, 2_000, 0, 0, 0, AGO),
    ),
    compared=(
        Compared(State("4 differences", "warn"), "1,216 facilities", NIGHT),
        Compared(State("both sides agree", "ok"), "3,158 contacts", NIGHT),
    ),
    tabs=tabs("differences", 4, 48, 3),
    shown="differences",
    filters=(
        Choice("changed in HubSpot", f"{HERE}?why=changed+there", count=2),
        Choice("changed here, not sent yet", f"{HERE}?why=changed+here", count=1),
        Choice("missing in HubSpot", f"{HERE}?why=missing+there", count=1),
    ),
    differences=(
        Difference(BEND, "Tier", "1", "4", "changed in HubSpot"),
        Difference(About(LONG, "/facilities/335002"), "Reasons", REASONS, "", "changed here, not sent yet"),
        Difference(About("Harborview Manor", "/facilities/335003"), "", "", "", "missing in HubSpot"),
        Difference(About(LONG, "/facilities/335002", "contact"), "Phone", HIDDEN, HIDDEN, "changed in HubSpot"),
    ),
    slice=Slice(1, 4, 4),
)
CONFLICTS = dataclasses.replace(
    EXCHANGE,
    tabs=tabs("conflicts", 4, 48, 3),
    shown="conflicts",
    filters=(),
    differences=(),
    slice=None,
    conflicts=(
        Conflict(AGO, BEND, "Status", "working", "meeting agreed", "lost", "theirs", "by the pack, theirs counts"),
        Conflict(NIGHT, About(LONG, "/facilities/335002"), "Owner", "", "dana@seller.example", "bartholomew.featherstonehaugh-cholmondeley@seller.example", "ours", "by the pack, ours counts"),
        Conflict(NIGHT, BEND, "Status", "working", "working", "Nowhere to be found", "ours", "theirs cannot count here: there is no stage of this name; the pack has new, working, meeting agreed, won and lost"),
        Conflict(NIGHT, About(LONG, "/facilities/335002", "contact"), "Phone", HIDDEN, HIDDEN, HIDDEN, "ours", "by the pack, the newest counts"),
    ),
    older=f"{HERE}?show=conflicts&before=120",
)  # fmt: skip
REFUSED = dataclasses.replace(
    EXCHANGE,
    tabs=tabs("refused", 4, 48, 3),
    shown="refused",
    filters=(),
    differences=(),
    slice=None,
    failures=(
        Failure(BEND, "VALIDATION_ERROR", 'Property values were not valid: [{"isValid":false,"message":"hotter-than-hot was not one of the allowed options","error":"INVALID_OPTION","name":"fp_tier"}]', NIGHT, None),
        Failure(About(LONG, "/facilities/335002", "contact"), "CONFLICT", HIDDEN, NIGHT, NOW + timedelta(minutes=9)),
        Failure(About("Contact"), "INVALID_EMAIL", "", None, None),
    ),
)  # fmt: skip
RESTS = dataclasses.replace(
    EXCHANGE,
    state=State(
        "rests", "danger",
        "INVALID_AUTHENTICATION: Authentication credentials not found; PIPELINE_COURIER_HUBSPOT_TOKEN has to be the"
        " access token of a private app. HubSpot is asked again Tue 24 Nov, 10:12 am; Set up asks now.",
    ),
    lanes=(Lane("Facilities", State("rests", "danger"), 1_204, 318, 0, 12, 0, 0, NIGHT),),
    compared=(Compared(State("failed", "danger"), "The facilities could not be read: 401 INVALID_AUTHENTICATION", NIGHT),),
    tabs=tabs("differences", 0, 0, 0), filters=(), differences=(), slice=None,
)  # fmt: skip
UNFIT = dataclasses.replace(
    RESTS,
    state=State("does not fit", "danger", "Mend these properties in HubSpot or the pack, then set it up again."),
    wrong=("fp_tier is of the type string; it has to be number.", "fp_facility_id is not unique; delete it, or mark it as unique."),
    lanes=(Lane("Facilities", State("does not fit", "danger"), 0, 1_204, 0, 0, 0, 0, None),),
    compared=(),
)  # fmt: skip
COMPARING = dataclasses.replace(
    EXCHANGE,
    ready=False, pending=True,
    compared=(Compared(State("compares", "info"), "All facilities of both sides are being read.", None),),
    tabs=tabs("differences", 0, 48, 3), filters=(), differences=(), slice=None,
)  # fmt: skip
NOT_SET_UP = dataclasses.replace(
    EXCHANGE,
    state=State(
        "not set up", "plain",
        "This creates the properties that HubSpot lacks, and exchanges records with it from then on.",
    ),
    begun=False, ready=False, lanes=(), compared=(), tabs=(), filters=(), differences=(), slice=None,
)  # fmt: skip
NONE = dataclasses.replace(
    NOT_SET_UP,
    system="",
    state=State("not set", "plain", "Nothing is exchanged."),
    missing=(
        "PIPELINE_COURIER_CRM is not set, so there is no CRM; set it to hubspot or salesforce.",
        "The pack has no crm.yaml, which states what is exchanged.",
    ),
)


def _page(view: Exchange, text: str = "", viewer: Viewer = OPERATIONS) -> Sample:
    status = Status(text) if text else None
    return page("settings/crm/page.html", frame("Settings", "settings", HERE, viewer=viewer, status=status), view)


SAMPLES = {
    "settings-crm": _page(EXCHANGE),
    "settings-crm-conflicts": _page(CONFLICTS),
    "settings-crm-refused": _page(REFUSED),
    "settings-crm-rests": _page(RESTS),
    "settings-crm-unfit": _page(UNFIT),
    "settings-crm-comparing": _page(COMPARING, "Both sides are being compared."),
    "settings-crm-agrees": _page(
        dataclasses.replace(EXCHANGE, change=False, differences=(), filters=()), viewer=MANAGER
    ),
    "settings-crm-new": _page(NOT_SET_UP),
    "settings-crm-none": _page(NONE),
}
