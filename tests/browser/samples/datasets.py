"""What do the pages show of published datasets?"""

from __future__ import annotations

import dataclasses
from datetime import date, timedelta

from services.console.rendering.frame import Status, Viewer
from services.console.screens.settings.datasets.view import Dataset, Datasets, OneDataset, Vintage
from tests.browser.samples.frames import MANAGER, NOW, OPERATIONS, Sample, frame, page
from tests.browser.samples.settings import sections

HASH = "9f2c4a1be07d55c3" * 4
URL = (
    "https://data.example.gov/provider-data/sites/default/files/resources/4b0e9b_1731953411/NH_ProviderInfo_Nov2026.csv"
)
USED = Vintage(
    2,
    "in use",
    "ok",
    "2026-10-21",
    date(2026, 10, 1),
    NOW - timedelta(days=31),
    14_890,
    0,
    14_890,
    "8.1 MB",
    HASH,
    URL,
    (),
    "",
    NOW - timedelta(days=31),
    "14,890 rows, 212 facilities changed, 3 delisted",
    "",
)
WAITING = Vintage(
    3, "waits for a person", "warn", "2026-11-20", date(2026, 11, 1), NOW - timedelta(days=1), 7_588, 12, 7_302,
    "3.9 MB", HASH, URL,
    (
        "7,588 rows are 49 % fewer than the 14,890 of the last vintage (at most 5 %).",
        "7,588 of 14,890 facilities are missing (at most 2 %): 015009, 015010, 015012 and others.",
        "The file lacks the columns Provider SSA County Code, Number_of_Citations_from_Infection_Control_Inspections.",
    ),
    "", None, "", "",
)  # fmt: skip
REFUSED = dataclasses.replace(
    WAITING, number=1, state="refused", tone="plain", modified="", decided="by priya, Mon 7 Sep, 9:42 am", note="Half of the country is missing"
)  # fmt: skip


def dataset(name: str, title: str, state: str, **fields: object) -> Dataset:
    known: dict[str, object] = {
        "imports": "quality", "tone": "ok", "why": "", "used": USED, "waiting": None, "asked": NOW - timedelta(hours=5),
        "next": NOW + timedelta(hours=19),
    }  # fmt: skip
    href = f"/settings/datasets/show?name={name}"
    return Dataset(name=name, title=title, href=href, state=state, **{**known, **fields})  # type: ignore[arg-type]


PROVIDERS = dataset(
    "provider-information", "Provider information", "waits for a person", imports="registry", tone="warn", waiting=WAITING
)  # fmt: skip
BROKEN = "The last request failed: GET https://data.example.gov/provider-data/api/1/metastore/schemas/dataset was answered with status 503"
DATASETS = Datasets(
    sections=sections("Datasets"),
    sentence="4 datasets; 1 waits for a person.",
    rows=(
        PROVIDERS,
        dataset("ownership-changes", "Skilled Nursing Facility Change of Ownership", "failing", tone="warn", why=BROKEN),
        dataset("penalties", "Penalties", "up to date"),
        dataset("cost-reports", "Cost reports", "nothing came yet", tone="plain", used=None, asked=None),
    ),
    answered=True,
    polled=True,
    change=True,
)  # fmt: skip
ONE = OneDataset(
    sections=sections("Datasets"),
    dataset=PROVIDERS,
    facts=(("Catalogue", "pdc 4pq5-n9py"), ("Imported as", "registry"), ("Asked for last", "Tue 24 Nov, 4:42 am"), ("Asked for next", "Wed 25 Nov, 4:42 am"), ("Changed last, as stated", "2026-11-20")),
    vintages=(WAITING, USED, REFUSED),
    more=4,
    check=True,
    change=True,
)  # fmt: skip


def _page(template: str, view: object, text: str = "", viewer: Viewer = OPERATIONS) -> Sample:
    status = Status(text) if text else None
    around = frame("Settings", "settings", "/settings/datasets", viewer=viewer, status=status)
    return page(f"settings/datasets/{template}.html", around, view)


SAMPLES = {
    "settings-datasets": _page("page", DATASETS),
    "settings-datasets-seen": _page("page", dataclasses.replace(DATASETS, change=False, polled=False), viewer=MANAGER),
    "settings-datasets-none": _page("page", dataclasses.replace(DATASETS, rows=())),
    "settings-dataset": _page("dataset", ONE, "It is asked for now."),
    "settings-dataset-new": _page("dataset", dataclasses.replace(ONE, dataset=DATASETS.rows[3], vintages=(), more=0)),
}
