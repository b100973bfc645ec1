"""What do the sections of the settings show that are for operations?"""

from __future__ import annotations

import dataclasses
from datetime import timedelta

from services.console.rendering.frame import Status
from services.console.rendering.shapes import Choice, Option, Slice
from services.console.screens.settings.deliveries.view import Deliveries, Delivery, Outside
from services.console.screens.settings.keys.view import Key, Keys
from services.console.screens.settings.packs.view import Comparison, Crossing, Packs, Published, Section
from services.console.screens.settings.services.view import Dead, Job, Rebuild, Service, Services
from services.console.usecases.creating_keys import KINDS
from tests.browser.samples.frames import NOW, OPERATIONS, Sample, frame, page
from tests.browser.samples.settings import sections

PLAN = (Job("plan", "4:00 am", "Tue 24 Nov, 4:00 am"),)
WARNINGS = (
    "Source birch: 5 fetches in a row failed, the last one so: status 503",
    "Dataset provider-information: its file of 2026-11-20 waits for a person: 7,302 of 14,890 facilities are missing.",
)
SERVICES = Services(
    sections=sections("Services"),
    sentence="No answer: notifier. Not ready: matcher.",
    rows=(
        Service("ingest", "ready", "ok", up="3 days", pack="7c41e9", warnings=WARNINGS),
        Service("matcher", "not ready: no reply from PostgreSQL for 12 seconds", "warn", 1204, 0, 3, 2, "3 days", "7c41e9"),
        Service("scorer", "ready", "ok", up="3 days", pack="7c41e9", jobs=PLAN),
        Service("sequencer", "ready", "ok", outbox=2, up="3 days", pack="7c41e9", jobs=PLAN),
        Service("notifier", "does not answer", "danger"),
        Service("console", "ready", "ok", up="2 hours", pack="7c41e9"),
    ),
    dead=(
        Dead("matcher", 17, "matcher-posting-seen", "posting.seen", "ValueError: the employer has no name (read, line 71)", 5, NOW - timedelta(hours=2), "/events/17"),
        Dead("matcher", 18, "matcher-posting-seen", "posting.seen", "ValueError: the employer has no name (read, line 71)", 5, NOW - timedelta(hours=1), "/events/18"),
        Dead("sequencer", 4, "sequencer-email-replied", "email.replied", "ValidationError", 5, NOW - timedelta(minutes=9)),
    ),
    dead_total=3,
    rebuild=Rebuild(False, "Last built anew on Mon 23 Nov, 4:12 am, from 128,400 events."),
    change=True,
    csv="/settings/services.csv",
    dead_csv="/settings/services/dead.csv",
)  # fmt: skip
READY = dataclasses.replace(
    SERVICES,
    sentence="All 6 services are ready.",
    rows=tuple(Service(each.name, "ready", "ok", up="3 days", pack="7c41e9") for each in SERVICES.rows),
    dead=(),
    dead_total=0,
    rebuild=Rebuild(True, "Being built anew: 41 %, 12,400 events read so far.", 41),
)
KEYS = Keys(
    sections=sections("Keys"),
    rows=(
        Key("county-board", "Publishes postings", "ingest", NOW - timedelta(days=90), NOW - timedelta(days=90), "end_source_key"),
        Key("state-job-service-of-northern-counties", "Publishes postings", "ingest", NOW - timedelta(days=60), NOW - timedelta(days=2), "end_source_key"),
        Key("openrefine", "Reconciles lists", "matcher", NOW - timedelta(days=8), NOW - timedelta(days=8), "end_reconciliation_key"),
    ),
    sentence="3 keys; each is shown once, and only its hash is stored.",
    change=True,
    csv="/settings/keys.csv",
)  # fmt: skip
DELIVERIES = Deliveries(
    sections=sections("Deliveries"),
    states=(Choice("waits", "?state=approved", count=2), Choice("left", "?state=sent", count=38), Choice("not sent", "?state=failed", count=1)),
    rows=(
        Delivery("Director of Nursing", "Willow Bend Care Center", "/facilities/335001", "waits", "info", "It leaves on Tuesday 2026-11-24 11:00 EST, when its recipient is at work.", 1, NOW + timedelta(hours=2), "Dana Whitfield", NOW - timedelta(minutes=5), None),
        Delivery("Administrator", "Nassau Lake Care", "/facilities/335021", "not sent", "danger", "550 5.1.1 (address): no such user", 0, None, "Marcus Bell", NOW - timedelta(hours=5), None),
        Delivery("Administrator", "Bartholomew Featherstonehaugh Memorial Residence", "/facilities/335044", "may have arrived", "warn", "The line broke after the text was transferred, so it may have arrived.", 0, None, "Dana Whitfield", NOW - timedelta(hours=6), NOW - timedelta(hours=6)),
        Delivery("Regional Director", "Moss Care at Tully Creek", "/facilities/335060", "left", "ok", "", 0, None, "Dana Whitfield", NOW - timedelta(hours=7), NOW - timedelta(hours=7)),
    ),
    slice=Slice(1, 4, 4),
    outside=(
        Outside("notifier", "Letters", 0, 0, 2, 0, None, ""),
        Outside("notifier", "Reading the mailbox", 1, 0, 0, 1, NOW - timedelta(minutes=4), "TimeoutError: no reply from the mail server in 30 s"),
    ),
    answered=True,
    stopped="",
    change=True,
    csv="/settings/deliveries.csv",
)  # fmt: skip
STOPPED = "No letter leaves: 6 of the last 40 bounced. Correct the addresses, then `pipeline draft resume`."
ASKED = tuple(Option(name, kind.title, kind.detail) for name, kind in KINDS.items())

PACKS = Packs(
    sections=sections("Packs"),
    hash="7c41e9b0a2d4",
    own_hash="7c41e9b0a2d4",
    parts=(
        Section("Factors", (("open_posting: weight", "", "0.36"), ("open_posting: label", "", "Open posting"), ("qm_rating: weight", "", "0.20"))),
        Section("Tiers", (("targets: 1", "", "60"), ("targets: 2", "", "120"), ("hysteresis", "", "1.0"))),
    ),
    published=(
        Published("7c41e9b0a2d4", "Second half of 2026", "Helen Ostrowski", NOW - timedelta(days=3), True, ""),
        Published("e916e59b37f3", "First half of 2026, as agreed with the field", "folder", NOW - timedelta(days=120), False, "?with=e916e59b37f3"),
    ),
    comparison=None,
    publish=True,
)  # fmt: skip
COMPARED = dataclasses.replace(
    PACKS,
    parts=(),
    published=(PACKS.published[0], dataclasses.replace(PACKS.published[1], compared=True)),
    comparison=Comparison(
        hash="e916e59b37f3",
        sections=(
            Section("Factors", (("open_posting: weight", "0.36", "0.40"), ("chronic: weight", "", "0.08"), ("qm_rating: weight", "0.20", ""))),
            Section("Tiers", (("targets: 1", "60", "48"),)),
        ),
        cohort=576,
        crossings=(
            Crossing("Willow Bend Care Center", "/facilities/335001", 1, 2, 83.5, 79.8, "qm rating, open posting"),
            Crossing("Bartholomew Featherstonehaugh Memorial Residence", "/facilities/335044", 3, 2, 38.1, 52.0, "chronic"),
        ),
        crossed=2,
        tried=True,
        csv="/settings/packs.csv?with=e916e59b37f3",
    ),
)  # fmt: skip


def _page(section: str, view: object, text: str = "") -> Sample:
    status = Status(text) if text else None
    around = frame("Settings", "settings", f"/settings/{section}", viewer=OPERATIONS, status=status)
    return page(f"settings/{section}/page.html", around, view)


SAMPLES = {
    "settings-services": _page("services", SERVICES, "It was processed."),
    "settings-services-ready": _page("services", READY),
    "settings-services-rebuild": _page("services", dataclasses.replace(SERVICES, ask_rebuild=True)),
    "settings-packs": _page("packs", PACKS),
    "settings-packs-compared": _page("packs", COMPARED),
    "settings-packs-publish": _page("packs", dataclasses.replace(COMPARED, ask=True)),
    "settings-keys": _page("keys", KEYS, "The key no longer works."),
    "settings-keys-create": _page("keys", dataclasses.replace(KEYS, kinds=ASKED)),
    "settings-keys-none": _page("keys", dataclasses.replace(KEYS, rows=())),
    "settings-keys-shown": Sample("doing/key.html", {"product": "Facility Pipeline", "text": "county-board has a new key.", "key": "k3Jx0T8mQ2vVn5yZcW1rLhEo7pUaBdFgIiSsXw9_-Kt", "back": "/settings/keys"}),
    "settings-deliveries": _page("deliveries", DELIVERIES),
    "settings-deliveries-stopped": _page("deliveries", dataclasses.replace(DELIVERIES, stopped=STOPPED, rows=())),
}  # fmt: skip
