"""Which leads does an address ask for, and in which order?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from services.console import settings
from services.console.domain.addresses import address_of
from services.console.rendering.filters import day
from services.console.screens.pipeline.queries import Lead, Touch
from services.console.settings import StageWords

SHOWN, PAGE = 25, 50
"""Cards of a column, and rows of a table."""
SINCE_DAYS = 90
"""Leads that were won or lost are shown for so long."""
BOARD, TABLE = "board", "table"
DECIDED = ("won", "lost")
SORTS = ("name", "score", "stage", "days", "next", "owner", "value")
BY_SIZE = ("score", "days", "value")
"""The largest first, at first."""
LAST = date.max


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for; the names are those of the address."""

    view: str = BOARD
    source: str = "signal"
    owner: str = ""
    tier: int | None = None
    stage: str = ""
    over: bool = False
    again: bool = False
    """Only those that a signal asks to re-open."""
    sort: str = "score"
    up: bool = False
    """The smallest first, or the letter Z."""
    page: int = 1
    move: str = ""
    """The account whose lead is asked about."""
    to: str = ""

    def href(self, path: str = "/pipeline", **changes: Any) -> str:
        """The same page with changes. A filter leads to the first page, and closes a question."""
        new = {each.name: getattr(self, each.name) for each in fields(self)}
        new |= {"page": 1, "move": "", "to": "", **changes}
        query = {name: _text(value) for name, value in new.items() if value != DEFAULTS[name]}
        return address_of(path, query)

    @property
    def here(self) -> str:
        return self.href(page=self.page)


DEFAULTS = {each.name: each.default for each in fields(Asked)}


def _text(value: Any) -> str:
    return "1" if value is True else str(value or "")


def stages(asked: Asked) -> tuple[StageWords, ...]:
    return settings.stages().of(asked.source)


def days_in(lead: Lead, today: date) -> int:
    """Days in its stage."""
    return max((today - lead.since).days, 0)


def limit_of(lead: Lead) -> int | None:
    return next((each.limit_days for each in settings.stages().of(lead.source) if each.stage == lead.stage), None)


def is_over(lead: Lead, today: date) -> bool:
    limit = limit_of(lead)
    return lead.phase not in DECIDED and limit is not None and days_in(lead, today) > limit


def selected(asked: Asked, leads: Iterable[Lead], today: date) -> list[Lead]:
    """The leads that all filters leave: those of the board, of the table and of the file."""
    return [
        each
        for each in leads
        if each.source == asked.source
        and (not asked.owner or each.owner == asked.owner)
        and asked.tier in (None, each.tier)
        and (not asked.over or is_over(each, today))
        and (not asked.again or each.asked_on is not None)
        and (asked.view == BOARD or asked.stage in ("", each.stage))
    ]


def ordered(
    asked: Asked, leads: Sequence[Lead], touches: Mapping[str, Touch], reps: Mapping[str, str], today: date
) -> list[Lead]:
    """By one column; what has no value for it comes last, and equal ones stay by score."""
    keys = {each.facility_id: _key(asked, each, touches, reps, today) for each in leads}
    known = [each for each in leads if keys[each.facility_id] is not None]
    unknown = [each for each in leads if keys[each.facility_id] is None]
    return sorted(known, key=lambda each: keys[each.facility_id], reverse=asked.up != (asked.sort in BY_SIZE)) + unknown


def _key(asked: Asked, lead: Lead, touches: Mapping[str, Touch], reps: Mapping[str, str], today: date) -> Any:
    match asked.sort:
        case "name":
            return name_of(lead).casefold()
        case "stage":
            return [each.stage for each in stages(asked)].index(lead.stage) if _known(asked, lead) else None
        case "days":
            return days_in(lead, today)
        case "next":
            return touches[lead.facility_id].due_on if lead.facility_id in touches else None
        case "owner":
            return reps.get(lead.owner or "", lead.owner)
        case "value":
            return lead.amount
    return lead.score


def _known(asked: Asked, lead: Lead) -> bool:
    return any(each.stage == lead.stage for each in stages(asked))


def name_of(lead: Lead) -> str:
    return lead.name or lead.facility_id


def decided(lead: Lead) -> str:
    label = settings.stage_labels().get(lead.stage, lead.stage)
    return f"{label} {day(lead.closed_on or lead.since)}"


def of_page(asked: Asked, leads: Sequence[Lead]) -> Sequence[Lead]:
    return leads[(asked.page - 1) * PAGE : asked.page * PAGE]


def of_board(asked: Asked, leads: Iterable[Lead]) -> dict[str, list[Lead]]:
    """By stage. A lead in a stage that the pack no longer has is in that of its phase."""
    columns: dict[str, list[Lead]] = {each.stage: [] for each in stages(asked)}
    phases = {each.phase: each.stage for each in reversed(stages(asked))}
    for lead in leads:
        column = lead.stage if lead.stage in columns else phases.get(lead.phase, stages(asked)[0].stage)
        columns[column].append(lead)
    return columns
