"""Which accounts does a list have, and in which order?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from engines.drafting.accounts import Account, undated
from engines.reports.pack import Condition, Order

OVERDUE = ("breached", "at_risk", "on_track")
"""The statuses of the wait for a touch, most urgent first."""


def matches(account: Account, where: Iterable[Condition]) -> bool:
    """Whether all conditions hold."""
    return all(_holds(account, condition) for condition in where)


def _holds(account: Account, condition: Condition) -> bool:
    text = _field(account, condition.field) if condition.field else None
    if condition.field and text is None:
        return False
    if condition.equals is not None and _folded(text) != _folded(condition.equals):
        return False
    if condition.includes is not None and _folded(condition.includes) not in map(_folded, (text or "").split("|")):
        return False
    bounds = (condition.at_least, condition.at_most, condition.over, condition.under)
    if all(bound is None for bound in bounds):
        return True
    number = _number(text) if condition.field else _figure(account, condition)
    return number is not None and _within(number, condition)


def _within(number: Decimal, condition: Condition) -> bool:
    return (
        (condition.at_least is None or number >= condition.at_least)
        and (condition.at_most is None or number <= condition.at_most)
        and (condition.over is None or number > condition.over)
        and (condition.under is None or number < condition.under)
    )


def _field(account: Account, name: str) -> str | None:
    return next((undated(line.evidence) for line in account.lines if line.factor == name and line.known), None)


def _figure(account: Account, condition: Condition) -> Decimal | None:
    if condition.score:
        return account.score
    if condition.tier:
        return Decimal(account.tier)
    return next((line.points for line in account.lines if line.factor == condition.factor), None)


def _number(text: str | None) -> Decimal | None:
    try:
        number = Decimal(text or "")
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _folded(text: str | None) -> str:
    return (text or "").strip().casefold()


def least_score(where: Iterable[Condition]) -> Decimal | None:
    """The score below which no account matches, so that a database need not give the others."""
    bounds = (each.at_least if each.at_least is not None else each.over for each in where if each.score)
    return max((bound for bound in bounds if bound is not None), default=None)


def in_order(
    accounts: Iterable[Account], order: Sequence[Order], more: Mapping[str, Mapping[str, str]]
) -> list[Account]:
    """The accounts in the order of a report, and at last by their key. `more` has the further facts of each."""
    return sorted(
        accounts,
        key=lambda each: (*(_key(each, one, more.get(each.facility_id, {})) for one in order), each.facility_id),
    )


def _key(account: Account, order: Order, more: Mapping[str, str]) -> Any:
    match order:
        case "score_desc":
            return -account.score
        case "tier":
            return account.tier
        case "name":
            return account.name.casefold()
        case "sla":
            status = more.get("sla_status", "")
            rank = OVERDUE.index(status) if status in OVERDUE else len(OVERDUE)
            return rank, account.tier, -(_number(more.get("days_since_outreach")) or Decimal(-1))
