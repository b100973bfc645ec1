"""How do the accounts that match become the page?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from services.console import settings
from services.console.domain.filtering import FACETS, NONE, PAGE, SORTS, Filter
from services.console.rendering.filters import day, plural
from services.console.rendering.shapes import CHANNELS, URGENCIES, Choice, Sort, Urgency, slice_of
from services.console.screens.facilities.view import Facet, Facilities, Row
from services.console.store.accounts import Count, Due
from services.console.store.accounts import Row as Found
from services.console.usecases.scores import score_of
from services.console.usecases.texts import place

TITLES = {"tier": "Tier", "stage": "Stage", "owner": "Owner", "chain": "Chain", "posting": "Posting"}
WITHOUT = {"stage": "No lead", "owner": "No owner", "chain": "No chain", "posting": "None open"}
POSTINGS = {"open": "Open", "chronic": "Chronic"}
COLUMNS = {"score": "Score", "urgency": "Urgency", "stage": "Stage", "owner": "Owner", "last": "Last contact",
    "next": "Next touch", "sla": "SLA"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of the accounts that the page shows."""

    rows: Sequence[Found]
    counts: Sequence[Count]
    scores: Mapping[str, Mapping[str, Any]]
    due: Mapping[str, Due]
    breached: Mapping[str, tuple[date, int]]
    reps: Mapping[str, str]
    today: date
    account: str
    accounts: str
    """What the pack calls one, and several."""


def facilities(asked: Filter, known: Known, *, csv: str = "", sentence: str = "") -> Facilities:
    total = next((each.count for each in known.counts if each.facet == "total"), 0)
    return Facilities(
        sentence=sentence or _sentence(asked, known, total),
        query=asked.query,
        facets=tuple(_facet(facet, asked, known) for facet in FACETS if _values(facet, known)),
        chosen=_chosen(asked, known),
        sorts=tuple(_sort(name, asked, known.account.capitalize()) for name in SORTS),
        rows=tuple(_row(each, asked, known) for each in known.rows),
        slice=slice_of(asked.page, PAGE, total, lambda page: asked.on_page(page).href()),
        csv=csv,
        clear=asked.base,
        kept=tuple(each for each in asked.on_page(1).as_query().items() if each[0] != "q"),
    )


def _sentence(asked: Filter, known: Known, total: int) -> str:
    first = next((each.count for each in known.counts if each.facet == "tier" and each.value == "1"), 0)
    counted = plural(total, known.account, known.accounts)
    return counted if asked.value("tier") else f"{counted}, {first:,} in Tier 1"


def _values(facet: str, known: Known) -> list[Count]:
    found = [each for each in known.counts if each.facet == facet]
    if facet == "tier":
        return sorted(found, key=lambda each: each.value)
    if facet == "posting":
        order = ["open", "chronic", NONE]
        return sorted(found, key=lambda each: order.index(each.value))
    if facet == "stage":
        order = [*settings.stage_labels(), "client", NONE]
        return sorted(found, key=lambda each: order.index(each.value) if each.value in order else len(order))
    return found


def _facet(facet: str, asked: Filter, known: Known) -> Facet:
    return Facet(
        TITLES[facet],
        tuple(
            Choice(
                _title(facet, each.value, known),
                asked.with_facet(facet, each.value).href(),
                asked.value(facet) == each.value,
                each.count,
            )
            for each in _values(facet, known)
        ),
    )


def _title(facet: str, value: str, known: Known) -> str:
    if value == NONE and facet in WITHOUT:
        return WITHOUT[facet]
    match facet:
        case "tier":
            return f"Tier {value}"
        case "owner":
            return known.reps.get(value, value)
        case "stage":
            return "Client" if value == "client" else settings.stage_labels().get(value, value)
        case "posting":
            return f"{POSTINGS.get(value, value)}"
    return settings.usual_name(value)


def _chosen(asked: Filter, known: Known) -> tuple[Choice, ...]:
    """The filters in force; each link removes one."""
    return tuple(
        Choice(_title(facet, value, known), asked.with_facet(facet, value).href(), True)
        for facet, value in asked.chosen
    )


def _sort(name: str, asked: Filter, account: str) -> Sort:
    direction: Literal["", "ascending", "descending"] = ""
    if name == asked.sort:
        direction = "descending" if asked.falling else "ascending"
    return Sort(COLUMNS.get(name, account), asked.sorted_by(name).href(), direction)


def _row(each: Found, asked: Filter, known: Known) -> Row:
    late, upcoming = _next(known.due.get(each.facility_id), known.today)
    waiting = _waiting(each, known)
    return Row(
        id=each.facility_id,
        href=asked.opening(each.facility_id),
        name=settings.usual_name(each.name or each.facility_id),
        place=place(each.city, each.state),
        score=score_of(None, each.tier, known.scores.get(each.facility_id, {})),
        urgency=None if each.urgency is None else Urgency(each.urgency, URGENCIES[each.urgency]),
        chain=settings.usual_name(each.chain) if each.chain else "",
        owner=known.reps.get(each.owner or "", each.owner or ""),
        stage=stage_of(each),
        since=plural((known.today - each.since).days, "day") if each.since and not each.client else "",
        last_contact=day(each.touched_on) if each.touched_on else "",
        next_touch=upcoming,
        late=late,
        sla=waiting,
        sla_state="breach" if waiting else "",
    )


def stage_of(each: Found) -> str:
    if each.client:
        return "Client"
    return "" if each.stage == NONE else settings.stage_labels().get(each.stage, each.stage)


def _next(due: Due | None, today: date) -> tuple[str, str]:
    """Late, or upcoming."""
    if due is None:
        return "", ""
    channel, days = CHANNELS[due.channel][1], (today - due.due_on).days
    if days > 0:
        return f"{channel}, {plural(days, 'day')} late", ""
    return "", f"{channel}, {'today' if not days else day(due.due_on, 'week')}"


def _waiting(each: Found, known: Known) -> str:
    """For how long it has waited, if that is too long and no touch has ended it."""
    since, tier = known.breached.get(each.facility_id, (None, None))
    if since is None or tier != each.tier or each.client or (each.touched_on and each.touched_on > since):
        return ""
    return plural((known.today - since).days, "day")
