"""Which postings of the last morning must a person resolve?

They are not part of the feed, where they would be dismissed after some days without a decision.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from cli.demo.invented.accounts import Account
from cli.demo.invented.postings import pushing
from engines.packs.sample import Sample


def undecided_of(sample: Sample, accounts: Sequence[Account]) -> list[dict[str, str]]:
    """One per reason: a name without its city, a place with two accounts there, a stranger with the place of one."""
    if not sample.undecided:
        return []
    [family, *_] = sample.postings.families.values()
    source = pushing(sample.postings.sources)
    return [
        {
            "source": source,
            "source_posting_id": f"U9000{number}",
            "title": family.titles[0],
            "employer_name": employer,
            "city": city,
            "state": near.town.state,
            "url": f"https://{source}.example/jobs/U9000{number}",
        }
        for number, (employer, city, near) in enumerate(_doubtful(sample, accounts), 1)
    ]


def _doubtful(sample: Sample, accounts: Sequence[Account]) -> Iterator[tuple[str, str, Account]]:
    names: dict[str, list[Account]] = defaultdict(list)
    places: dict[tuple[str, str], list[Account]] = defaultdict(list)
    for account in accounts:
        names[account.name].append(account)
        places[account.place, account.town.city].append(account)
    if twice := next((found for found in names.values() if len(found) > 1), None):
        yield twice[0].name, "", twice[0]
    if near := next((found for found in places.values() if len({each.name for each in found}) > 1), None):
        yield f"{near[0].place} of {near[0].town.city}", near[0].town.city, near[0]
    alone = next((found[0] for found in places.values() if len(found) == 1 and len(names[found[0].name]) == 1), None)
    if alone and sample.postings.strangers_are:
        yield f"{alone.place} {sample.postings.strangers_are[0]}", alone.town.city, alone
