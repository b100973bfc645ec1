"""How are the leads narrowed and sorted?"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Literal

from services.console import settings
from services.console.domain.sessions import Session
from services.console.rendering.shapes import Choice, Sort
from services.console.screens.pipeline.known import Known
from services.console.screens.pipeline.leads import BOARD, BY_SIZE, TABLE, Asked, selected

HEADS = {
    "name": "",
    "score": "Score",
    "stage": "Stage",
    "days": "In stage",
    "next": "Next",
    "owner": "Owner",
    "value": "Value",
}
FIRST_OWNERS = 3


def owners(asked: Asked, session: Session, known: Known) -> tuple[Choice, ...]:
    with_leads = {each.owner for each in known.leads if each.owner} | {asked.owner} - {""}
    others = [rep for rep in known.reps if rep in with_leads and rep != session.rep]
    own = [Choice("Mine", asked.href(owner=session.rep), asked.owner == session.rep)] if session.rep else []
    named = [Choice(known.reps[rep].split()[0], asked.href(owner=rep), asked.owner == rep) for rep in others]
    return (Choice("All", asked.href(owner=""), not asked.owner), *own, *named)


def filters(asked: Asked, known: Known) -> tuple[Choice, ...]:
    today = known.today

    def count(**changes: Any) -> int:
        return len(selected(replace(asked, **changes), known.leads, today))

    chips = [
        Choice(f"Tier {tier}", asked.href(tier=None if asked.tier == tier else tier), asked.tier == tier)
        for tier in sorted({each.tier for each in known.leads if each.tier and each.source == asked.source})
    ]
    chips.append(Choice("Over limit", asked.href(over=not asked.over), asked.over, count(over=True)))
    if asked.again or count(again=True, view=BOARD):
        chips.append(Choice("Re-open?", asked.href(again=not asked.again), asked.again, count(again=True)))
    upsell = asked.source == "upsell"
    if upsell or any(each.source == "upsell" for each in known.leads):
        changes: dict[str, Any] = {"source": "signal" if upsell else "upsell", "stage": "", "again": False}
        total = count(source="upsell", stage="", again=False)
        chips.append(Choice("Upsell", asked.href(**changes), upsell, total))
    if asked.stage and asked.view == TABLE:
        label = settings.stage_labels().get(asked.stage, asked.stage)
        chips.append(Choice(label, asked.href(stage=""), True))
    return tuple(chips)


def sorts(asked: Asked, account: str) -> tuple[Sort, ...]:
    return tuple(_sort(asked, name, account) for name in HEADS)


def _sort(asked: Asked, name: str, account: str) -> Sort:
    current, sizes = asked.sort == name, name in BY_SIZE
    rising = asked.up != (asked.sort not in BY_SIZE)
    direction: Literal["", "ascending", "descending"] = "" if not current else "ascending" if rising else "descending"
    href = asked.href(sort=name, up=current and not asked.up)
    return Sort(HEADS[name] or account.capitalize(), href, direction, number=sizes and name == "value")
