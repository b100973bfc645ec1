"""Which accounts are invented, or listed in a file of the pack?"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from random import Random

from cli.demo.invented.words import FLORA, places
from engines.datasets.account_key import AccountKey
from engines.datasets.facts import Headings
from engines.datasets.listing import Listing
from engines.datasets.reading import Row, Unreadable, read_table
from engines.datasets.registry import UnknownLayout, layout_of, read_row
from engines.packs.sample import Sample, Town

NAMESAKES = 2
"""Pairs of accounts with the same name in different cities, of which every list has a few."""


@dataclass(frozen=True, slots=True)
class Account:
    """An account of a demo."""

    key: str
    name: str
    town: Town
    kind: str = ""
    group: str = ""
    legal: str = ""

    @property
    def place(self) -> str:
        return self.name.split()[0]

    @property
    def domain(self) -> str:
        """Its e-mail domain, under the top-level domain that is reserved for examples."""
        letters = "".join(sign for sign in self.place.lower() if sign.isalnum() and sign.isascii())
        return f"{letters or 'account'}-{self.key[-4:].lower()}.example"


def invented_accounts(seed: int, sample: Sample, key: AccountKey) -> list[Account]:
    """So many accounts as the sample counts; raises `ValueError` if their keys are not those of the pack."""
    rng = Random(f"{seed}:accounts")  # noqa: S311 - invented data, no secret depends on it
    words = places(rng)
    groups = _groups(rng, sample, words)
    accounts = []
    used = set[str]()
    for number, group in enumerate(groups):
        place = words[number % len(words)]
        stem = rng.choice([stem for plant in FLORA if (stem := f"{place} {plant}") not in used])
        used.add(stem)
        kind = rng.choice(sample.kinds)
        town = rng.choices(sample.towns, [town.weight for town in sample.towns])[0]
        legal = f"{stem} {rng.choice(sample.legal)}".upper() if sample.legal else ""
        accounts.append(Account("", f"{stem} {kind}", town, kind, group, legal))
    return [_with_key(sample, key, each, n) for n, each in enumerate(_with_namesakes(accounts), 1)]


def _groups(rng: Random, sample: Sample, words: list[str]) -> list[str]:
    """The group of each account, or "". The place in the name of a group is that of no account."""
    count = sample.count or 0
    members: list[str] = []
    while sample.groups and len(members) < count * sample.groups.share and len(words) * len(FLORA) > count + len(FLORA):
        name = f"{words.pop()} {rng.choice(sample.groups.names)}"
        members += [name] * rng.choice(sample.groups.sizes)
    members = (members + [""] * count)[:count]
    rng.shuffle(members)
    return members


def _with_namesakes(accounts: list[Account]) -> list[Account]:
    for pair in range(NAMESAKES):
        first = accounts[pair]
        begin = NAMESAKES + pair * len(accounts) // 2
        elsewhere = (at for at in range(begin, len(accounts)) if accounts[at].town.city != first.town.city)
        if (other := next(elsewhere, None)) is not None:
            accounts[other] = replace(accounts[other], name=first.name, kind=first.kind)
    return accounts


def _with_key(sample: Sample, key: AccountKey, account: Account, number: int) -> Account:
    if sample.key:
        return replace(account, key=key.of(sample.key.format(n=number)))
    if not key.made_of:
        raise ValueError(f"sample.yaml: the pack makes no {key.name}; state how, as in key: X-{{n:04d}}.")
    town = account.town
    return replace(account, key=key.made({"name": account.name, "city": town.city, "state": town.state}))


def listed_accounts(path: Path, headings: Headings, start: date) -> list[Account]:
    """The accounts of a list; raises `Unreadable`."""
    with read_table(path) as table:
        try:
            layout = layout_of(headings, table.header)
        except UnknownLayout as error:
            raise Unreadable(f"{path.name} is {error}.") from error
        read = [read_row(layout, row.line, row.cells, start) for row in table.rows if isinstance(row, Row)]
    return [_listed(each) for each in read if isinstance(each, Listing)]


def _listed(each: Listing) -> Account:
    at = each.identity
    digits = "".join(sign for sign in at.phone or "" if sign.isdigit())
    town = Town(at.city, at.state, at.zip or "", at.county or "", digits[:3] if len(digits) == 10 else "555")
    return Account(each.facility_id, at.name, town, group=at.chain or "")
