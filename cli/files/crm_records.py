"""What would a CRM learn of the accounts of a list?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from cli.client.connection import ask
from engines.crm.records import FIELDS, Record, canonical
from engines.drafting.accounts import DRIVERS, Account, undated
from shared.contracts.sequencer_reps import Team

if TYPE_CHECKING:
    from cli.files.accounts import Accounts

STATED = {"next_touch_on": "next_follow_up_on", "sla_status": "sla_label", "recommended_action": "sla_action"}
"""Fields of a company, and the facts of a list that state them."""


def emails_of_team() -> dict[str, str]:
    """The e-mail address of each rep of the running stack who has one."""
    return {each.rep: each.email for each in ask(Team()) if each.email}


def companies(found: Accounts, emails: Mapping[str, str]) -> list[Record]:
    """Each account as a company."""
    return [_company(each, found.more.get(each.facility_id, {}), emails) for each in found.accounts]


def _company(account: Account, more: Mapping[str, str], emails: Mapping[str, str]) -> Record:
    facts = {line.factor: undated(line.evidence) for line in account.lines if line.weightless and line.known}
    stated = {name: more.get(fact) for name, fact in STATED.items()}
    owner = more.get("owner", "")
    values: dict[str, str | None] = {
        **{name: value for name, value in facts.items() if name in ("street", "zip", "phone", "website", "chain")},
        **stated,
        "facility_id": account.facility_id,
        "account_key": account.facility_id,
        "name": account.name,
        "city": account.city,
        "state": account.state,
        "tier": str(account.tier),
        "score": str(account.score),
        "reasons": "\n".join(_reasons(account)),
        "owner": emails.get(owner) or (owner if "@" in owner else None),
        "suppressed": "false",
    }
    types = FIELDS["companies"]
    return Record(
        "companies", account.facility_id, {name: canonical(types[name], value) for name, value in values.items()}
    )


def _reasons(account: Account) -> list[str]:
    best = sorted((line for line in account.lines if line.known and line.points > 0), key=lambda each: -each.points)
    return [f"{line.label}: {line.evidence}" for line in best[:DRIVERS]]
