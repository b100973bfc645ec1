"""Whom does a sample know at its accounts, and which accounts are clients?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random

from cli.demo.invented.words import GIVEN_NAMES, phone, places
from cli.demo.sampled.accounts import Account
from engines import packs
from engines.packs.sample import Sample, SampleContact

OWNERS = ("rep-1", "rep-2")


@dataclass(frozen=True, slots=True)
class Client:
    """An account that buys already, and its rep."""

    key: str
    owner: str


def clients_of(seed: int, sample: Sample, accounts: Sequence[Account]) -> list[Client]:
    rng = Random(f"{seed}:clients")  # noqa: S311 - invented data, no secret depends on it
    chosen = sorted(each.key for each in rng.sample(accounts, min(sample.clients, len(accounts))))
    return [Client(key, OWNERS[number % len(OWNERS)]) for number, key in enumerate(chosen)]


@dataclass(frozen=True, slots=True)
class _Role:
    role: str
    label: str


@dataclass(frozen=True, slots=True)
class _Roles:
    """What a sample needs of contacts.yaml."""

    policy: str
    roles: tuple[_Role, ...]

    def label(self, role: str) -> str:
        return next((each.label for each in self.roles if each.role == role), role)


def contacts_of(
    seed: int,
    sample: Sample,
    pack: Path,
    accounts: Sequence[Account],
    clients: Sequence[Client],
    column: str,
    start: date,
) -> list[dict[str, str]]:
    """Public professional contacts by the date of their source; of each client, the first role with all of its data."""
    rng = Random(f"{seed}:contacts")  # noqa: S311 - invented data, no secret depends on it
    surnames, roles = places(rng), packs.section_of(pack, "contacts", _Roles)
    buying = {each.key for each in clients}
    rows = []
    for account in accounts:
        wanted = dict(list(sample.contacts.items())[:1]) if account.key in buying else sample.contacts
        for role, shares in wanted.items():
            sure = SampleContact(share=1, phone=1, email=1) if account.key in buying else shares
            name = f"{rng.choice(GIVEN_NAMES)} {rng.choice(surnames)}"
            row = _contact(rng, account, role, sure, roles.label(role) if roles.policy == "role_only" else name)
            known = start - timedelta(days=rng.randrange(20, 700))
            if rng.random() < sure.share:
                rows.append({column: account.key, **row, "source_date": known.isoformat()})
    return sorted(rows, key=lambda row: (row["source_date"], row[column], row["role"]))


def _contact(rng: Random, account: Account, role: str, shares: SampleContact, name: str) -> dict[str, str]:
    number = phone(rng, account.town.area_code)
    address = f"{name.lower().replace(' ', '.')}@{account.domain}"
    return {
        "name": name,
        "role": role,
        "direct_phone": f"({number[:3]}) {number[3:6]}-{number[6:]}" if rng.random() < shares.phone else "",
        "email": address if rng.random() < shares.email else "",
        "source": "website",
        "source_url": f"https://{account.domain}/contact",
    }
