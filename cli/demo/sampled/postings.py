"""Which postings does a sample have, at which sources and on which days?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from cli.demo.invented.postings import Feed
from cli.demo.invented.titles import MARKS
from cli.demo.invented.words import places, weighted
from cli.demo.sampled.accounts import Account
from cli.demo.sampled.spellings import spelled, typo
from engines.packs.sample import Sample

SOURCES = (("job-board", 0.70), ("career-pages", 0.18), ("state-exchange", 0.12))
OTHER = "other"


@dataclass(frozen=True, slots=True)
class Posting:
    """A posting at one source, with the days (counted from the start) on which it was seen."""

    source: str
    title: str
    employer: str
    near: Account
    has_city: bool
    family: str
    days: tuple[int, ...]
    closed_day: int | None = None
    of_account: bool = True
    states_key: bool = False


def feed_of(
    seed: int, sample: Sample, accounts: Sequence[Account], clients: Sequence[str], column: str, start: date, days: int
) -> Feed:
    """So many postings a day as the sample says, in the order in which they are seen, on the first and last day too."""
    rng = Random(f"{seed}:postings:{days}")  # noqa: S311 - invented data, no secret depends on it
    stated = sample.postings
    total = max(stated.per_day * days, 2)
    strangers = round(total * stated.strangers)
    noise = max(2, round(total * stated.noise)) if stated.families else total - strangers
    postings = [
        *_needs(rng, sample, accounts, clients, days, total - noise - strangers),
        *_noise(rng, sample, accounts, days, noise),
        *_strangers(rng, sample, accounts, days, strangers),
    ]
    lived = sorted((_life(rng, each, days) for each in postings), key=lambda each: each.days[0])
    rows, truth = list[dict[str, str]](), list[dict[str, str]]()
    for number, posting in enumerate(lived, 1):
        posting_id = f"{posting.source[0].upper()}{number:05d}"
        rows += _sightings(rng, posting, posting_id, column, start)
        truth.append(_truth(posting, posting_id, column))
    rows.sort(key=lambda row: (row["seen_at"], row["source"], row["source_posting_id"]))
    return Feed(_with_bad_rows(rows), truth)


def _needs(
    rng: Random, sample: Sample, accounts: Sequence[Account], clients: Sequence[str], days: int, count: int
) -> list[Posting]:
    """Postings of the pack's families, the first few at clients: once, weekly again, or again after a gap."""
    families = tuple((name, each.share) for name, each in sample.postings.families.items())
    buying = [each for each in accounts if each.key in clients][:3]
    postings: list[Posting] = []
    while len(postings) < count:
        account = buying.pop() if buying else rng.choice(accounts)
        first = _posting(rng, sample, account, weighted(rng, families), rng.randrange(days))
        postings.append(first)
        course = weighted(rng, (("once", 0.45), ("weekly", 0.30), ("gap", 0.25)))
        day = first.days[0]
        for _ in range({"once": 0, "weekly": rng.randrange(1, 5), "gap": rng.randrange(1, 3)}[course]):
            day += 7 if course == "weekly" else rng.randrange(8, 17)
            again = first.employer if rng.random() < 0.8 else spelled(rng, sample, account)
            if day < days:
                postings.append(replace(first, days=(day,), employer=again))
    return postings[: max(count, 0)]


def _noise(rng: Random, sample: Sample, accounts: Sequence[Account], days: int, count: int) -> list[Posting]:
    """Titles that are no signals; the first two are on the first and the last day."""
    ends = [0, days - 1]
    return [
        _posting(rng, sample, rng.choice(accounts), OTHER, ends[number] if number < len(ends) else rng.randrange(days))
        for number in range(count)
    ]


def _strangers(rng: Random, sample: Sample, accounts: Sequence[Account], days: int, count: int) -> list[Posting]:
    """Employers that are no accounts; a third have the place of one in their name."""
    return [_stranger(rng, sample, rng.choice(accounts), place, days) for place in _cycled(places(rng), count)]


def _cycled(words: list[str], count: int) -> Iterator[str]:
    return (words[number % len(words)] for number in range(count))


def _stranger(rng: Random, sample: Sample, near: Account, place: str, days: int) -> Posting:
    families = tuple((name, each.share) for name, each in sample.postings.families.items())
    family = weighted(rng, families) if families and rng.random() < 0.7 else OTHER
    employer = f"{near.place if rng.random() < 0.34 else place} {rng.choice(sample.postings.strangers_are)}"
    bare = _posting(rng, sample, near, family, rng.randrange(days))
    name = typo(rng, employer) if rng.random() < 0.15 else employer
    return replace(bare, employer=name, of_account=False, states_key=False)


def _posting(rng: Random, sample: Sample, account: Account, family: str, day: int) -> Posting:
    titles = sample.postings.other if family == OTHER else sample.postings.families[family].titles
    return Posting(
        source=weighted(rng, SOURCES),
        title=weighted(rng, MARKS).format(rng.choice(titles)),
        employer=spelled(rng, sample, account),
        near=account,
        has_city=rng.random() < 0.72,
        family=family,
        days=(day,),
        states_key=rng.random() < 0.06,
    )


def _life(rng: Random, posting: Posting, days: int) -> Posting:
    """Some postings are seen again on the next days, and some are reported as closed."""
    first = posting.days[0]
    again = range(1, rng.randrange(2, 5)) if rng.random() < 0.08 else ()
    seen = (first, *(first + step for step in again if first + step < days))
    closed = seen[-1] + rng.randrange(2, 20)
    return replace(posting, days=seen, closed_day=closed if rng.random() < 0.14 and closed < days else None)


def _sightings(rng: Random, posting: Posting, posting_id: str, column: str, start: date) -> list[dict[str, str]]:
    """One row per day on which it was seen, and one for the day on which it was closed."""
    posted = start + timedelta(days=posting.days[0] - (0 if rng.random() < 0.8 else rng.randrange(1, 3)))
    minute = rng.randrange(10 * 60, 21 * 60)
    ends = [] if posting.closed_day is None else [posting.closed_day]
    return [
        _row(posting, posting_id, column, posted, start + timedelta(days=day), minute, closed=day in ends)
        for day in (*posting.days, *ends)
    ]


def _row(
    posting: Posting, posting_id: str, column: str, posted: date, seen: date, minute: int, *, closed: bool
) -> dict[str, str]:
    town = posting.near.town
    return {
        "source": posting.source,
        "source_posting_id": posting_id,
        "title": posting.title,
        "employer_name": posting.employer,
        "city": town.city if posting.has_city else "",
        "state": town.state,
        "zip": town.zip if posting.has_city else "",
        column: posting.near.key if posting.states_key else "",
        "posted_on": posted.isoformat(),
        "seen_at": f"{seen.isoformat()}T{minute // 60:02d}:{minute % 60:02d}:00Z",
        "closed_on": seen.isoformat() if closed else "",
        "url": f"https://{posting.source}.example/jobs/{posting_id}",
    }


def _truth(posting: Posting, posting_id: str, column: str) -> dict[str, str]:
    return {
        "source": posting.source,
        "source_posting_id": posting_id,
        column: posting.near.key if posting.of_account else "",
        "role_family": posting.family,
    }


def _with_bad_rows(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """Rows that an import must reject among the others: without a title, without an employer, from a denied source."""
    middle = len(rows) // 2
    bad = [
        {**rows[0], "source_posting_id": "BAD-1", "title": ""},
        {**rows[middle], "source_posting_id": "BAD-2", "employer_name": ""},
        {**rows[-1], "source_posting_id": "BAD-3", "url": "https://www.linkedin.com/jobs/view/1"},
    ]
    return [bad[0], *rows[:middle], bad[1], *rows[middle:], bad[2]]


def undecided_of(sample: Sample, accounts: Sequence[Account]) -> list[dict[str, str]]:
    """Postings of the last morning that a person must resolve: a name without its city, and half of a name."""
    if not sample.undecided:
        return []
    [family, *_] = sample.postings.families.values()
    names = Counter(each.name for each in accounts)
    twice = [each for each in accounts if names[each.name] > 1][:1]
    doubtful = [(each.name, "", each) for each in twice]
    doubtful += [(" ".join(each.name.split()[:2]), each.town.city, each) for each in accounts[-2:]]
    return [
        {
            "source": "career-pages",
            "source_posting_id": f"C9000{number}",
            "title": family.titles[0],
            "employer_name": employer,
            "city": city,
            "state": account.town.state,
            "url": f"https://career-pages.example/jobs/C9000{number}",
        }
        for number, (employer, city, account) in enumerate(doubtful, 1)
    ]
