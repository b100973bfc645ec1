"""Which postings does the invented data have, at which sources and on which days?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from cli.demo.invented.facilities import Facility
from cli.demo.invented.spellings import spell, typo
from cli.demo.invented.titles import RELEVANT, invent_title
from cli.demo.invented.words import STRANGERS, TOWNS, Town, places, weighted

PER_DAY = 15
_NOISE = 0.33
_STRANGERS = 0.10
_SOURCES = ("job-board", "career-pages", "state-exchange")


@dataclass(frozen=True, slots=True)
class Feed:
    """The feed as it would be collected, and the right answer for each posting."""

    rows: list[dict[str, str]]
    truth: list[dict[str, str]]


@dataclass(frozen=True, slots=True)
class Posting:
    """One posting at one source, with the days (counted from the start) on which it was seen."""

    source: str
    title: str
    employer: str
    town: Town
    has_city: bool
    role_family: str
    first_day: int
    seen_again: tuple[int, ...] = ()
    closed_day: int | None = None
    facility_id: str = ""
    has_facility_id: bool = False


def invent_postings(seed: int, facilities: Sequence[Facility], clients: Sequence[str], start: date, days: int) -> Feed:
    """About fifteen postings per day, in the order in which they are seen."""
    rng = Random(f"{seed}:postings:{days}")  # noqa: S311 - invented data, no secret depends on it
    total = PER_DAY * days
    noise, foreign = round(total * _NOISE), round(total * _STRANGERS)
    postings = [
        *_needs(rng, facilities, clients, days, total - noise - foreign),
        *_noise(rng, facilities, days, noise),
        *_strangers(rng, facilities, days, foreign),
    ]
    finished = [_life(rng, posting, days) for posting in postings]
    return _feed(rng, sorted(finished, key=lambda posting: posting.first_day), start)


def _needs(rng: Random, facilities: Sequence[Facility], clients: Sequence[str], days: int, count: int) -> list[Posting]:
    """Hiring needs of the relevant role families, some of them at clients, each with re-posts and copies."""
    by_facility_id = {facility.facility_id: facility for facility in facilities}
    postings: list[Posting] = []
    wanted = [by_facility_id[facility_id] for facility_id in clients[:3]]
    while len(postings) < count:
        facility = wanted.pop() if wanted else rng.choice(facilities)
        postings += _need(rng, facility, weighted(rng, RELEVANT), days)
    return postings[:count]


def _need(rng: Random, facility: Facility, role_family: str, days: int) -> Iterator[Posting]:
    """One posting, weekly re-posts under new ids, a re-post after a gap (chronic), or copies at another source."""
    first = _posting(rng, facility, role_family, _day(rng, days))
    yield first
    course = weighted(rng, (("once", 0.45), ("weekly", 0.30), ("gap", 0.25)))
    day = first.first_day
    for _ in range({"once": 0, "weekly": rng.randrange(1, 5), "gap": rng.randrange(1, 3)}[course]):
        day += 7 if course == "weekly" else rng.randrange(8, 17)
        if day < days:
            yield replace(first, first_day=day, employer=first.employer if rng.random() < 0.8 else spell(rng, facility))
    if rng.random() < 0.15 and first.first_day + 2 < days:
        elsewhere = rng.choice([source for source in _SOURCES if source != first.source])
        copied = first.first_day + rng.randrange(3)
        yield replace(first, source=elsewhere, first_day=copied, employer=spell(rng, facility))


def _noise(rng: Random, facilities: Sequence[Facility], days: int, count: int) -> list[Posting]:
    """Roles that are not signals. The first two are on the first and last day, so that the feed spans all days."""
    ends = [0, days - 1]
    return [
        _posting(rng, rng.choice(facilities), "other", ends[number] if number < len(ends) else _day(rng, days))
        for number in range(count)
    ]


def _strangers(rng: Random, facilities: Sequence[Facility], days: int, count: int) -> list[Posting]:
    """Employers that are not nursing homes; a third have the place of one in their name."""
    unused = places(rng)
    return [_stranger(rng, rng.choice(facilities), unused[number], days) for number in range(count)]


def _stranger(rng: Random, near: Facility, place: str, days: int) -> Posting:
    name = near.place if rng.random() < 0.34 else place
    role_family = weighted(rng, RELEVANT) if rng.random() < 0.7 else "other"
    employer = f"{name} {rng.choice(STRANGERS)}"
    town = near.town if name == near.place else rng.choice(TOWNS)
    bare = _posting(rng, near, role_family, _day(rng, days))
    return replace(
        bare,
        employer=typo(rng, employer) if rng.random() < 0.15 else employer,
        town=town,
        facility_id="",
        has_facility_id=False,
    )


def _posting(rng: Random, facility: Facility, role_family: str, day: int) -> Posting:
    return Posting(
        source=rng.choices(_SOURCES, (0.7, 0.18, 0.12))[0],
        title=invent_title(rng, role_family),
        employer=spell(rng, facility),
        town=facility.town,
        has_city=rng.random() < 0.72,
        role_family=role_family,
        first_day=day,
        facility_id=facility.facility_id,
        has_facility_id=rng.random() < 0.06,
    )


def _day(rng: Random, days: int) -> int:
    return rng.randrange(days)


def _life(rng: Random, posting: Posting, days: int) -> Posting:
    """Some postings are seen again on later days, and some are reported as closed."""
    last = posting.first_day
    again: list[int] = []
    if rng.random() < 0.08:
        again = [day for step in range(1, rng.randrange(2, 5)) if (day := last + step) < days]
        last = max(again, default=last)
    closed = last + rng.randrange(2, 20)
    gone = closed if rng.random() < 0.14 and closed < days else None
    return replace(posting, seen_again=tuple(again), closed_day=gone)


def _feed(rng: Random, postings: Sequence[Posting], start: date) -> Feed:
    rows, truth = [], []
    for number, posting in enumerate(postings, 1):
        posting_id = f"{posting.source[0].upper()}{number:05d}"
        rows += _sightings(rng, posting, posting_id, start)
        truth.append(_truth(posting, posting_id))
    bad = _bad_rows(rows)
    truth += [{**_truth_of_bad(row), "role_family": "", "expected": "rejected"} for row in bad]
    rows.sort(key=lambda row: (row["seen_at"], row["source"], row["source_posting_id"]))
    for at, row in zip((3, len(rows) // 2, len(rows) - 2), bad, strict=True):
        rows.insert(at, {**row, "seen_at": rows[at]["seen_at"], "closed_on": ""})
    return Feed(rows, truth)


def _sightings(rng: Random, posting: Posting, posting_id: str, start: date) -> list[dict[str, str]]:
    """One row per day on which it was seen, and one for the day on which it was closed."""
    posted = start + timedelta(days=posting.first_day - (0 if rng.random() < 0.8 else rng.randrange(1, 3)))
    minute = rng.randrange(10 * 60, 21 * 60)
    days = [posting.first_day, *posting.seen_again]
    rows = [_row(posting, posting_id, posted, start + timedelta(days=day), minute) for day in days]
    if posting.closed_day is not None:
        gone = start + timedelta(days=posting.closed_day)
        rows.append({**_row(posting, posting_id, posted, gone, minute), "closed_on": gone.isoformat()})
    return rows


def _row(posting: Posting, posting_id: str, posted: date, seen: date, minute: int) -> dict[str, str]:
    return {
        "source": posting.source,
        "source_posting_id": posting_id,
        "title": posting.title,
        "employer_name": posting.employer,
        "city": posting.town.name if posting.has_city else "",
        "state": "NY",
        "zip": posting.town.zip if posting.has_city else "",
        "ccn": posting.facility_id if posting.has_facility_id else "",
        "posted_on": posted.isoformat(),
        "seen_at": f"{seen.isoformat()}T{minute // 60:02d}:{minute % 60:02d}:00Z",
        "closed_on": "",
        "url": f"https://{posting.source}.example/jobs/{posting_id}",
    }


def _truth(posting: Posting, posting_id: str) -> dict[str, str]:
    return {
        "source": posting.source,
        "source_posting_id": posting_id,
        "ccn": posting.facility_id,
        "role_family": posting.role_family,
        "expected": "facility" if posting.facility_id else "stranger",
    }


def _bad_rows(rows: Sequence[dict[str, str]]) -> list[dict[str, str]]:
    """Rows that an import must reject: without a title, without an employer, from a denied source."""
    first, second, third = rows[0], rows[len(rows) // 2], rows[-1]
    return [
        {**first, "source_posting_id": "BAD-1", "title": ""},
        {**second, "source_posting_id": "BAD-2", "employer_name": ""},
        {**third, "source_posting_id": "BAD-3", "url": "https://www.linkedin.com/jobs/view/1"},
    ]


def _truth_of_bad(row: dict[str, str]) -> dict[str, str]:
    return {"source": row["source"], "source_posting_id": row["source_posting_id"], "ccn": ""}
