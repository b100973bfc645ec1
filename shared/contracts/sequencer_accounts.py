"""Which questions and commands about the owners of accounts does the sequencer handle?"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from shared.contracts.limits import Prose, ShortText
from shared.contracts.requests import Command, Paged, Question, Reply
from shared.contracts.sequencer_sla import SlaStatus


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


class WorkedAccount(Reply):
    """Who works an account, when, and how long it has waited for a touch."""

    facility_id: str
    client: bool
    closed: bool
    """Whether no one there must be contacted on any channel."""
    owner: str | None
    last_contacted_on: date | None
    next_follow_up_on: date | None
    days_since_touch: int | None
    """None without a touch."""
    sla_status: SlaStatus | None
    """None without a clock: in a tier that has none, of a client, or of an account that must not be contacted."""
    sla_label: str
    sla_action: str | None
    """What its owner should do."""


class WorkedAccounts(Paged, Question[list[WorkedAccount]]):
    """The listed accounts with their owners and clocks, by their ids: what lists state about them."""


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
