"""What do the list of the invented accounts and the file of facts about them state?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from random import Random

from cli.demo.invented.accounts import Account
from cli.demo.invented.words import STREETS, phone, weighted
from engines.datasets.facts import FieldRule, Headings, fact_columns
from engines.datasets.headings import letters
from engines.packs.sample import Drawn, Sample

LIST_AGE = timedelta(days=30)
"""How old the list is on the first day."""
PUBLICATION_LAG = timedelta(days=45)
"""How long after its end a quarter is published."""
NOT_AVAILABLE = "2"
"""The footnote of an empty cell."""


def listed_rows(
    seed: int, sample: Sample, headings: Headings, accounts: Sequence[Account], start: date
) -> list[dict[str, str]]:
    """The list of the accounts, under the first headings of the pack."""
    rng = Random(f"{seed}:columns")  # noqa: S311 - invented data, no secret depends on it
    titles = {name: titles[0] for name, titles in headings.identity.items() if titles}
    if headings.key.made_of:
        titles.pop("facility_id", None)
    rules = {letters(title): rule for rule in headings.facts for title in rule.headings}
    listed_on = start - LIST_AGE
    rows = []
    for account in accounts:
        known = _identity(rng, account, listed_on)
        row = {titles[name]: value for name, value in known.items() if name in titles}
        for heading, how in sample.columns.items():
            rule = rules.get(letters(heading))
            row[heading] = _value(rng, how, account, row, rule, listed_on)
            for footnote in rule.footnotes[:1] if rule else ():
                row[footnote] = "" if row[heading] else NOT_AVAILABLE
        rows.append(row)
    return rows


def _identity(rng: Random, account: Account, listed_on: date) -> dict[str, str]:
    number = phone(rng, account.town.area_code)
    return {
        "facility_id": account.key,
        "name": account.name,
        "city": account.town.city,
        "state": account.town.state,
        "address": f"{rng.randrange(1, 2400)} {rng.choice(STREETS)}",
        "zip": account.town.zip,
        "county": account.town.county,
        "phone": f"{number[:3]}-{number[3:6]}-{number[6:]}",
        "chain": account.group,
        "legal": account.legal,
        "as_of": listed_on.isoformat(),
    }


def fact_rows(
    seed: int,
    sample: Sample,
    headings: Headings,
    accounts: Sequence[Account],
    listed: Sequence[Mapping[str, str]],
    start: date,
) -> Iterator[dict[str, str]]:
    """A file of facts: of each account and field a value, or one for each quarter; nothing after the start."""
    rng = Random(f"{seed}:facts")  # noqa: S311 - invented data, no secret depends on it
    columns, known_on = fact_columns(headings), start - LIST_AGE
    for account, row in zip(accounts, listed, strict=True):
        for name, how in sample.facts.items():
            for value, on in _dated(rng, how, account, row, headings.fact(name), known_on, start):
                if value:
                    yield dict(zip(columns, (account.key, name, value, on.isoformat()), strict=True))


def _dated(
    rng: Random,
    how: Drawn,
    account: Account,
    row: Mapping[str, str],
    rule: FieldRule | None,
    known_on: date,
    start: date,
) -> list[tuple[str, date]]:
    if how.quarters is None:
        return [(_value(rng, how, account, row, rule, known_on), known_on)]
    usual = None if _is_missing(rng, how, row) else _number(rng, how, row)
    if usual is None:
        return []
    numbers = [rng.gauss(usual, abs(usual) * how.quarters.varies) for _ in range(how.quarters.count)]
    if rng.random() < how.quarters.unusual:
        numbers[-1] = usual * rng.choice((0.72, 0.8, 1.2, 1.35))
    days = quarter_ends(start, how.quarters.count)
    return [(_written(each, how, rule), on) for each, on in zip(numbers, days, strict=True)]


def quarter_ends(start: date, count: int) -> list[date]:
    """The ends of so many quarters that are published by then, the latest last."""
    last = start - PUBLICATION_LAG + timedelta(days=1)
    after = last.year * 4 + (last.month - 1) // 3
    begins = (date(number // 4, number % 4 * 3 + 1, 1) for number in range(after - count + 1, after + 1))
    return [day - timedelta(days=1) for day in begins]


def _value(
    rng: Random, how: Drawn, account: Account, row: Mapping[str, str], rule: FieldRule | None, known_on: date
) -> str:
    drawn = _drawn(rng, how, account, row, rule, known_on)
    return "" if _is_missing(rng, how, row) else drawn


def _is_missing(rng: Random, how: Drawn, row: Mapping[str, str]) -> bool:
    unknown = rng.random() < how.unknown
    return unknown or (how.only_if is not None and row[how.only_if] in ("", "0"))


def _drawn(
    rng: Random, how: Drawn, account: Account, row: Mapping[str, str], rule: FieldRule | None, known_on: date
) -> str:
    if how.one_of:
        return weighted(rng, tuple(how.one_of.items()))
    if how.some_of:
        found = [name for name, share in how.some_of.items() if rng.random() < share]
        rng.shuffle(found)
        likeliest = max(how.some_of, key=lambda name: (how.some_of or {})[name])
        return "|".join(found[: how.most] or [likeliest])
    if how.days_ago:
        return (known_on - timedelta(days=rng.randint(1, how.days_ago))).isoformat()
    if how.text is not None:
        at = account.town
        parts = {"place": account.place, "city": at.city, "state": at.state, "domain": account.domain}
        return how.text.format(name=account.name, **parts)
    number = _number(rng, how, row)
    return "" if number is None else _written(number, how, rule)


def _number(rng: Random, how: Drawn, row: Mapping[str, str]) -> float | None:
    """A number of a column or fact; None if the one is missing by which it is multiplied."""
    if how.between is None:
        drawn = rng.gauss(how.around or 0, how.spread or 0)
    elif how.times is None:
        least, most = (round(each * 10**how.decimals) for each in how.between)
        drawn = rng.randint(least, most) / 10**how.decimals
    else:
        drawn = rng.uniform(*how.between)
    if how.times is None:
        return drawn
    try:
        return drawn * float(row[how.times])
    except ValueError:
        return None


def _written(number: float, how: Drawn, rule: FieldRule | None) -> str:
    """A number within the limits of its field; without any, it is not negative."""
    least = 0.0 if rule is None or rule.least is None else float(rule.least)
    most = number if rule is None or rule.most is None else float(rule.most)
    return f"{min(max(number, least), most):.{how.decimals}f}"
