"""Who is known at the invented accounts and their groups, and which accounts are clients?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Literal

from cli.demo.invented.accounts import Account
from cli.demo.invented.words import GIVEN_NAMES, phone, places
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
    of: Literal["facility", "chain"] = "facility"


@dataclass(frozen=True, slots=True)
class _Roles:
    """What is needed of contacts.yaml."""

    policy: str
    roles: tuple[_Role, ...]

    def role(self, name: str) -> _Role:
        return next((each for each in self.roles if each.role == name), _Role(name, name))


@dataclass(frozen=True, slots=True)
class _Office:
    """Where someone may be known: an account or a group."""

    key: str
    chain: str
    area_code: str
    domain: str


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
    groups = _groups(accounts)
    sure = SampleContact(share=1, phone=1, email=1)
    rows = []
    for name, shares in sample.contacts.items():
        role = roles.role(name)
        only = role.label if roles.policy == "role_only" else None
        for office in groups if role.of == "chain" else [_of_account(each) for each in accounts]:
            if office.key in buying and name != next(iter(sample.contacts)):
                continue
            how = sure if office.key in buying else shares
            if rng.random() < how.share:
                known = start - timedelta(days=rng.randrange(20, 700))
                rows.append(_contact(rng, surnames, office, name, how, known, only))
                if rng.random() < how.successor:
                    later = max(known + timedelta(days=7), start - timedelta(days=rng.randrange(1, 150)))
                    rows.append(_contact(rng, surnames, office, name, how, later, only))
    rows.sort(key=lambda row: (row["source_date"], row["facility_id"], row["chain"], row["role"]))
    return [{column: row.pop("facility_id"), **row} for row in rows]


def _of_account(account: Account) -> _Office:
    return _Office(account.key, "", account.town.area_code, account.domain)


def _groups(accounts: Sequence[Account]) -> list[_Office]:
    """The groups with several accounts, each with the area code of its first one."""
    members: dict[str, list[Account]] = defaultdict(list)
    for each in accounts:
        members[each.group].append(each)
    several = {name: found[0].town.area_code for name, found in sorted(members.items()) if name and len(found) > 1}
    return [_Office("", name, code, f"{name.split()[0].lower()}-group.example") for name, code in several.items()]


def _contact(
    rng: Random, surnames: list[str], office: _Office, role: str, how: SampleContact, known: date, only: str | None
) -> dict[str, str]:
    name = only or f"{rng.choice(GIVEN_NAMES)} {rng.choice(surnames)}"
    number = phone(rng, office.area_code)
    address = f"{name.lower().replace(' ', '.')}@{office.domain}"
    return {
        "facility_id": office.key,
        "chain": office.chain,
        "name": name,
        "role": role,
        "direct_phone": f"({number[:3]}) {number[3:6]}-{number[6:]}" if rng.random() < how.phone else "",
        "email": address if rng.random() < how.email else "",
        "source": "website",
        "source_date": known.isoformat(),
        "source_url": f"https://{office.domain}/contact",
    }
