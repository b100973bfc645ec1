"""Which questions and commands about the owners of accounts does the sequencer handle?"""

from __future__ import annotations

from decimal import Decimal

from shared.contracts.limits import Prose, ShortText
from shared.contracts.requests import Command, Question, Reply


class UnassignedAccount(Reply):
    """A prospect without an owner, and why no rule of the pack finds one."""

    facility_id: str
    name: str | None
    city: str | None
    state: str | None
    chain: str | None
    tier: int | None
    score: Decimal | None
    reason: str


class Unassigned(Question[list[UnassignedAccount]]):
    """The prospects for which no rule of the pack finds an owner, best first; a person assigns them."""


class GivenAccounts(Reply):
    """The accounts that a rep got, and what came with them."""

    rep: str
    accounts: list[str]
    enrollments: int
    tasks: int


class AssignAccount(Command[GivenAccounts]):
    """Give an account to a rep, with its lead, enrollment and tasks; the prospects of its chain stay together."""

    facility_id: ShortText
    rep: ShortText
    why: Prose | None = None
