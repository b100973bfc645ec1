"""Which postings are invented, at which sources and on which days?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random
from zlib import crc32

from cli.demo.invented.accounts import Account
from cli.demo.invented.spellings import spelled, typo
from cli.demo.invented.words import places, weighted
from engines.packs.sample import Adapter, Sample, SampleSource

OTHER = "other"
LISTED = (7, 21)
"""For how many days a posting is listed, at least and at most."""
STYLES = ("json_ld", "graph", "microdata")
"""How pages of a career site state a posting."""
MARKS = (
    ("{}", 0.46),
    ("{} - Full Time", 0.12),
    ("Urgent: {}", 0.10),
    ("{} - Immediate Start", 0.07),
    ("{} - $5,000 Sign-On Bonus", 0.09),
    ("Urgently hiring: {} - Sign-On Bonus", 0.05),
    ("{} (2 openings)", 0.04),
    ("{} - Per Diem", 0.04),
    ("{}, PRN", 0.03),
)


@dataclass(frozen=True, slots=True)
class Feed:
    """Postings in the order in which they are seen, and the right answer for each of them."""

    rows: list[dict[str, str]]
    """What a source states about a posting on a day, by the fields of a submission; `seen_at` is the time."""
    truth: list[dict[str, str]]
    listed: list[dict[str, str]]
    """The postings of the sources that are fetched, with the days on which they are listed."""


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
    until: int | None = None
    """The last day before it is posted again."""
    of_account: bool = True
    states_key: bool = False


def feed_of(
    seed: int, sample: Sample, accounts: Sequence[Account], clients: Sequence[str], column: str, start: date, days: int
) -> Feed:
    """So many postings a day as the sample says, some of them on the first and the last day."""
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
    rows, truth, listed = list[dict[str, str]](), list[dict[str, str]](), list[dict[str, str]]()
    for number, posting in enumerate(lived, 1):
        posting_id = f"{posting.source[0].upper()}{number:05d}"
        sightings = _sightings(rng, posting, posting_id, column, start)
        rows += sightings
        truth.append(_truth(posting, posting_id, column))
        if adapter := stated.sources[posting.source].adapter:
            listed.append(_listing(posting, adapter, sightings[0], start))
    rows.sort(key=lambda row: (row["seen_at"], row["source"], row["source_posting_id"]))
    bad = _bad_rows(rows, pushing(stated.sources))
    return Feed(_among(rows, bad), truth + [_truth_of_bad(row, column) for row in bad], listed)


def pushing(sources: Mapping[str, SampleSource]) -> str:
    """The source that pushes its postings."""
    return next(name for name, each in sources.items() if each.adapter is None)


def place_of(source: str, adapter: Adapter) -> str:
    """Where a fake lists the postings of a source."""
    if adapter == "careeronestop":
        return adapter
    return f"{adapter}/{source}.example" if adapter == "career_site" else f"{adapter}/{source}"


def family_of(rng: Random, sample: Sample) -> str:
    """One of the pack's families, by its share; `other` for a pack without any."""
    shares = tuple((name, each.share) for name, each in sample.postings.families.items())
    return weighted(rng, shares) if shares else OTHER


def title_of(rng: Random, sample: Sample, family: str) -> str:
    """A title of this family, sometimes with a mark of urgency, a bonus, several openings, or a pool."""
    titles = sample.postings.other if family == OTHER else sample.postings.families[family].titles
    return weighted(rng, MARKS).format(rng.choice(titles))


def _needs(
    rng: Random, sample: Sample, accounts: Sequence[Account], clients: Sequence[str], days: int, count: int
) -> list[Posting]:
    """Needs of the pack's families, the first few at clients, each with re-posts and copies."""
    buying = [each for each in accounts if each.key in clients][:3]
    postings: list[Posting] = []
    while len(postings) < count:
        postings += _need(rng, sample, buying.pop() if buying else rng.choice(accounts), days)
    return postings[: max(count, 0)]


def _need(rng: Random, sample: Sample, account: Account, days: int) -> Iterator[Posting]:
    """One posting, weekly re-posts under new ids, a re-post after a gap (chronic), or a copy at another source."""
    first = latest = _posting(rng, sample, account, family_of(rng, sample), rng.randrange(days))
    course = weighted(rng, (("once", 0.45), ("weekly", 0.30), ("gap", 0.25)))
    [day] = first.days
    for _ in range({"once": 0, "weekly": rng.randrange(1, 5), "gap": rng.randrange(1, 3)}[course]):
        gap = 7 if course == "weekly" else rng.randrange(8, 17)
        day += gap
        if day < days:
            again = first.employer if rng.random() < 0.8 else spelled(rng, sample, account)
            yield replace(latest, until=day - (1 if course == "weekly" else gap // 2))
            latest = replace(first, days=(day,), employer=again)
    yield latest
    copied = first.days[0] + rng.randrange(3)
    if rng.random() < 0.15 and copied < days:
        elsewhere = rng.choice([source for source in sample.postings.sources if source != first.source])
        yield replace(first, source=elsewhere, days=(copied,), employer=spelled(rng, sample, account))


def _noise(rng: Random, sample: Sample, accounts: Sequence[Account], days: int, count: int) -> list[Posting]:
    """Titles that are no signals; the first two are on the first and the last day, so that the feed spans all days."""
    ends = [0, days - 1]
    return [
        _posting(rng, sample, rng.choice(accounts), OTHER, ends[number] if number < len(ends) else rng.randrange(days))
        for number in range(count)
    ]


def _strangers(rng: Random, sample: Sample, accounts: Sequence[Account], days: int, count: int) -> list[Posting]:
    """Employers that are no accounts; a third have the place of one in their name."""
    words = places(rng)
    return [_stranger(rng, sample, rng.choice(accounts), words[number % len(words)], days) for number in range(count)]


def _stranger(rng: Random, sample: Sample, near: Account, place: str, days: int) -> Posting:
    family = family_of(rng, sample) if rng.random() < 0.7 else OTHER
    employer = f"{near.place if rng.random() < 0.34 else place} {rng.choice(sample.postings.strangers_are)}"
    bare = _posting(rng, sample, near, family, rng.randrange(days))
    name = typo(rng, employer) if rng.random() < 0.15 else employer
    return replace(bare, employer=name, of_account=False, states_key=False)


def _posting(rng: Random, sample: Sample, account: Account, family: str, day: int) -> Posting:
    return Posting(
        source=weighted(rng, [(name, each.share) for name, each in sample.postings.sources.items()]),
        title=title_of(rng, sample, family),
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


def _listing(posting: Posting, adapter: Adapter, row: dict[str, str], start: date) -> dict[str, str]:
    """A posting as a source lists it, some days long, or until it is closed or posted again."""
    chance = crc32(f"listing of {row['source_posting_id']}".encode())
    if posting.closed_day is not None:
        last = posting.closed_day - 1
    else:
        last = posting.days[-1] + LISTED[0] + chance % (LISTED[1] - LISTED[0])
    if posting.until is not None:
        last = max(min(last, posting.until), posting.days[-1])
    until = (start + timedelta(days=last)).isoformat()
    style = STYLES[chance % len(STYLES)]
    own = {"style": style, "closes_on": until} if adapter == "career_site" else {"url": row["url"]}
    named = ("source_posting_id", "title", "employer_name", "city", "state", "zip", "posted_on")
    return {
        "at": place_of(posting.source, adapter),
        **{name: row[name] for name in named if row[name]},
        **own,
        "listed_from": (start + timedelta(days=posting.days[0])).isoformat(),
        "listed_until": until,
    }


def _truth(posting: Posting, posting_id: str, column: str) -> dict[str, str]:
    return {
        "source": posting.source,
        "source_posting_id": posting_id,
        column: posting.near.key if posting.of_account else "",
        "role_family": posting.family,
        "expected": "account" if posting.of_account else "stranger",
    }


def _bad_rows(rows: Sequence[dict[str, str]], source: str) -> list[dict[str, str]]:
    """Rows that must be rejected: without a title, without an employer, from a denied source."""
    return [
        {**rows[0], "source": source, "source_posting_id": "BAD-1", "title": ""},
        {**rows[len(rows) // 2], "source": source, "source_posting_id": "BAD-2", "employer_name": ""},
        {**rows[-1], "source": source, "source_posting_id": "BAD-3", "url": "https://www.linkedin.com/jobs/view/1"},
    ]


def _among(rows: Sequence[dict[str, str]], bad: Sequence[dict[str, str]]) -> list[dict[str, str]]:
    """The rows with the bad ones at the beginning, in the middle and at the end, each at the time of its neighbor."""
    middle = len(rows) // 2
    return [bad[0], *rows[:middle], bad[1], *rows[middle:], bad[2]]


def _truth_of_bad(row: dict[str, str], column: str) -> dict[str, str]:
    names = ("source", "source_posting_id")
    return {name: row[name] for name in names} | {column: "", "role_family": "", "expected": "rejected"}
