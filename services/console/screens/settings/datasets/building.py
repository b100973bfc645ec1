"""How are published datasets and their versions put in words?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from services.console.domain.addresses import address_of
from services.console.rendering.filters import instant, plural, size
from services.console.rendering.shapes import Choice, Tone
from services.console.screens.settings.datasets.view import Dataset, OneDataset, Vintage
from shared.contracts import ingest_datasets as ingest

HERE = "/settings/datasets"
SHOW = f"{HERE}/show"
MOST = 50
"""Versions on the page of a dataset, the latest."""
STATES: Mapping[str, tuple[str, Tone]] = {
    "waiting": ("waits for a person", "warn"),
    "importing": ("being imported", "info"),
    "imported": ("imported", "plain"),
    "refused": ("refused", "plain"),
    "replaced": ("replaced", "plain"),
}


def dataset(each: ingest.Dataset, history: Sequence[ingest.Vintage], zone: str) -> Dataset:
    """`history`: its versions, the latest first."""
    state, tone, why = _state(each)
    used = next((one for one in history if one.state == "imported"), None)
    waiting = next((one for one in history if one.state == "waiting"), None)
    return Dataset(
        name=each.name,
        title=each.title,
        href=address_of(SHOW, {"name": each.name}),
        imports=each.imports,
        state=state,
        tone=tone,
        why=why,
        used=vintage(used, zone, used=True) if used else None,
        waiting=vintage(waiting, zone) if waiting else None,
        asked=each.asked_at,
        next=each.next_at,
    )


def _state(each: ingest.Dataset) -> tuple[str, Tone, str]:
    latest = each.vintage
    if latest and latest.state in ("waiting", "importing"):
        return *STATES[latest.state], each.error or ""
    if each.error:
        return "failing", "warn", f"The last request failed: {each.error}"
    if not each.polled:
        return "not asked for", "plain", ""
    if latest is None:
        return "nothing came yet", "plain", ""
    if latest.state == "refused":
        return "latest refused", "plain", ""
    return "up to date", "ok", ""


def vintage(each: ingest.Vintage, zone: str, *, used: bool = False) -> Vintage:
    in_use: tuple[str, Tone] = ("in use", "ok")
    state, tone = in_use if used else STATES[each.state]
    counts = ", ".join(f"{value:,} {name.replace('_', ' ')}" for name, value in each.counts.items() if value)
    decided = f"by {each.decided_by}, {instant(each.decided_at, zone, 'full')}" if each.decided_at else ""
    return Vintage(
        number=each.vintage,
        state=state,
        tone=tone,
        modified=each.modified,
        as_of=each.as_of,
        found=each.found_at,
        rows=each.rows,
        unreadable=each.unreadable,
        accounts=each.facilities,
        size=size(each.size),
        sha256=each.sha256,
        url=each.url or "",
        reasons=tuple(each.reasons),
        decided=decided,
        imported=each.imported_at,
        came=(counts or "nothing new") if each.imported_at else "",
        note=each.note or "",
    )


def one(found: ingest.DatasetHistory, sections: tuple[Choice, ...], zone: str, *, change: bool) -> OneDataset:
    known, history = found.dataset, found.vintages
    used = next((each.vintage for each in history if each.state == "imported"), None)
    facts = (
        ("Catalogue", f"{known.catalogue} {known.id}"),
        ("Imported as", known.imports),
        ("Asked for last", instant(known.asked_at, zone, "full") if known.asked_at else "never"),
        ("Asked for next", instant(known.next_at, zone, "full") if known.next_at else "not by itself"),
        ("Changed last, as stated", known.modified or "unknown"),
    )
    return OneDataset(
        sections=sections,
        dataset=dataset(known, history, zone),
        facts=facts,
        vintages=tuple(vintage(each, zone, used=each.vintage == used) for each in history[:MOST]),
        more=max(0, len(history) - MOST),
        check=change and known.polled,
        change=change,
    )


def sentence(rows: Sequence[Dataset]) -> str:
    waiting = sum(each.waiting is not None for each in rows)
    needs = f"; {waiting} {'waits' if waiting == 1 else 'wait'} for a person" if waiting else ""
    return f"{plural(len(rows), 'dataset')}{needs}."
