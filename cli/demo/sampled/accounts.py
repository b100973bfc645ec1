"""Which accounts does a sample have, and what does their list state?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from random import Random

from cli.demo.invented.words import FLORA, STREETS, phone, places, weighted
from engines.datasets.account_key import AccountKey
from engines.datasets.facts import Headings
from engines.datasets.listing import Listing
from engines.datasets.reading import Row, Unreadable, read_table
from engines.datasets.registry import UnknownLayout, layout_of, read_row
from engines.packs.sample import Column, Sample, Town

NAMESAKES = 2
"""Pairs of accounts with the same name in different cities."""


@dataclass(frozen=True, slots=True)
class Account:
    """An account of a demo."""

    key: str
    name: str
    town: Town
    kind: str = ""
    group: str = ""

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
        kind, place = rng.choice(sample.kinds), words[number % len(words)]
        name = rng.choice([name for plant in FLORA if (name := f"{place} {plant} {kind}") not in used])
        used.add(name)
        town = rng.choices(sample.towns, [town.weight for town in sample.towns])[0]
        accounts.append(Account("", name, town, kind, group))
    return [_with_key(sample, key, each, n) for n, each in enumerate(_with_namesakes(accounts), 1)]


def _groups(rng: Random, sample: Sample, words: list[str]) -> list[str]:
    """The group of each account, or "". The place in the name of a group is that of no account."""
    count = sample.count or 0
    members: list[str] = []
    while sample.groups and len(members) < count * sample.groups.share and len(words) > len(FLORA):
        name = f"{words.pop()} {rng.choice(sample.groups.names)}"
        members += [name] * rng.choice(sample.groups.sizes)
    members = (members + [""] * count)[:count]
    rng.shuffle(members)
    return members


def _with_namesakes(accounts: list[Account]) -> list[Account]:
    """Some accounts have the name of one in another city, as in every list."""
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


def rows_of(
    seed: int, sample: Sample, headings: Headings, accounts: Sequence[Account], start: date
) -> Iterator[dict[str, str]]:
    """The list of the accounts, under the first headings of the pack."""
    rng = Random(f"{seed}:columns")  # noqa: S311 - invented data, no secret depends on it
    titles = {name: titles[0] for name, titles in headings.identity.items() if titles}
    if headings.key.made_of:
        titles.pop("facility_id", None)
    for account in accounts:
        number = phone(rng, account.town.area_code)
        known = {
            "facility_id": account.key,
            "name": account.name,
            "city": account.town.city,
            "state": account.town.state,
            "address": f"{rng.randrange(1, 2400)} {rng.choice(STREETS)}",
            "zip": account.town.zip,
            "county": account.town.county,
            "phone": f"{number[:3]}-{number[3:6]}-{number[6:]}",
            "chain": account.group,
        }
        row = {titles[name]: value for name, value in known.items() if name in titles}
        yield row | {heading: _cell(rng, column, account, start) for heading, column in sample.columns.items()}


def _cell(rng: Random, column: Column, account: Account, start: date) -> str:
    drawn = _drawn(rng, column, account, start)
    return "" if rng.random() < column.unknown else drawn


def _drawn(rng: Random, column: Column, account: Account, start: date) -> str:
    if column.one_of:
        return weighted(rng, tuple(column.one_of.items()))
    if column.some_of:
        found = [name for name, share in column.some_of.items() if rng.random() < share]
        rng.shuffle(found)
        likeliest = max(column.some_of, key=lambda name: (column.some_of or {})[name])
        return "|".join(found[: column.most] or [likeliest])
    if column.between:
        return str(rng.randint(*column.between))
    if column.around is not None:
        return str(max(0, round(rng.gauss(column.around, column.spread or 1))))
    if column.days_ago:
        return (start - timedelta(days=rng.randint(1, column.days_ago))).isoformat()
    at = account.town
    parts = {"place": account.place, "city": at.city, "state": at.state, "domain": account.domain}
    return (column.text or "").format(name=account.name, **parts)
