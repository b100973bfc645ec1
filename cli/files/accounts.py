"""Which accounts does the running stack list, with their scores, and who works them?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from cli.client.clock import deployment
from cli.client.connection import pages, talk
from cli.files.waiting import waiting
from engines import packs
from engines.drafting.accounts import Account, Line
from engines.drafting.outreach import Outreach
from engines.reports.rows import Words
from engines.scoring.pack import policy_in
from shared.contracts.scorer import ScoredAccounts
from shared.contracts.sequencer_accounts import WorkedAccount, WorkedAccounts

if TYPE_CHECKING:
    from shared.contracts.scorer_replies import ScoredAccount
    from shared.messaging.broker import Broker


@dataclass
class Accounts:
    """The accounts of a list, with further facts of each, what the pack states, and what is wrong with rows."""

    words: Words
    accounts: list[Account]
    more: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)


def of_stack(folder: Path) -> Accounts:
    """The listed accounts of the running stack, by the pack in a folder; raises `AskFailed`."""
    return joined(folder, deployment("sequencer").today, *talk(_everything))


def joined(folder: Path, on: date, found: list[Account], worked: list[WorkedAccount]) -> Accounts:
    """What the scorer and the sequencer reply, as one list by the pack in a folder on a day.

    Clients and accounts that must not be contacted are on no list.
    """
    words = Words(packs.section_of(folder, "outreach", Outreach), policy_in(folder).labels, on)
    excepted = {row.facility_id for row in worked if row.client or row.closed}
    found = [each for each in found if each.facility_id not in excepted]
    untouched = {row.facility_id for row in worked if not row.last_contacted_on}
    stated = waiting((each for each in found if each.facility_id in untouched and _states_contact(each)), folder, words)
    more = {row.facility_id: _work(row) | stated.get(row.facility_id, {}) for row in worked}
    left_out = [f"{len(excepted)} clients and accounts that must not be contacted are left out"] if excepted else []
    return Accounts(words, found, more, left_out)


def _states_contact(account: Account) -> bool:
    """Whether its list states a last contact; that counts until there is a touch."""
    return any(line.factor == "last_contacted_on" and line.known for line in account.lines)


async def _everything(broker: Broker) -> tuple[list[Account], list[WorkedAccount]]:
    key = ("facility_id",)
    found = [_account(row) async for page in pages(broker, ScoredAccounts(), key) for row in page]
    worked = [row async for page in pages(broker, WorkedAccounts(), key) for row in page]
    return found, worked


def _account(row: ScoredAccount) -> Account:
    lines = (
        Line(each.factor, each.label, each.evidence, each.points, each.known, weightless=not each.weight)
        for each in row.breakdown
    )
    return Account(row.facility_id, row.name, row.city, row.state, row.tier, row.score, tuple(lines))


def _work(row: WorkedAccount) -> dict[str, str]:
    """What is not known is missing, so that a fact of a list of accounts stays."""
    facts = {
        "owner": row.owner,
        "last_contacted_on": row.last_contacted_on,
        "next_follow_up_on": row.next_follow_up_on,
        "days_since_outreach": row.days_since_touch,
        "sla_status": row.sla_status or "monitor",
        "sla_label": row.sla_label,
        "sla_action": row.sla_action,
    }
    return {name: str(value) for name, value in facts.items() if value is not None}
