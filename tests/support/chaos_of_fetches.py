"""What do sources list on which day, which faults befall them, and what must have come of it?

Days follow one another; on each, some hosts have faults. A fault is *quiet* if it may look like a site that works and
has removed postings; such a fault never befalls a host twice without a clean day between, since two misses close.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any, NamedTuple

from cli.fakes.systems import ukg
from services.ingest.adapters.career_site import DAYS_BETWEEN_LOOKS

FIRST = date(2026, 7, 1)
PER_SECOND = 50.0
CLEAN = 3
"""Days without faults at the end: two complete listings close what is gone."""
LOUD: Sequence[dict[str, Any]] = (
    {"fault": "slow", "seconds": 0.2},
    {"fault": "hang"},
    {"fault": "status", "status": 429, "retry_after": "120"},
    {"fault": "status", "status": 429},
    {"fault": "status", "status": 500},
    {"fault": "status", "status": 503, "retry_after": "60"},
    {"fault": "status", "status": 403},
    {"fault": "cut"},
    {"fault": "wrong_types"},
    {"fault": "spelling"},
    {"fault": "endless"},
    {"fault": "loop"},
    {"fault": "elsewhere", "to": "http://169.254.169.254/latest/meta-data/"},
    {"fault": "bomb", "megabytes": 12},
)
QUIET: Sequence[dict[str, Any]] = (
    {"fault": "empty"},
    {"fault": "schema"},
    {"fault": "status", "status": 404},
    {"fault": "body", "to": "<h1>We are down for maintenance</h1>"},
)
_CAREER_SITE = "career_site"


class Source(NamedTuple):
    """A source, and where the fakes list its postings."""

    name: str
    adapter: str
    host: str
    place: str
    options: dict[str, Any]


def sources(sites: int, boards: int, port: int) -> list[Source]:
    """Career sites with a host each, boards that share hosts, and one source of each other kind."""

    def base(host: str) -> str:
        return f"http://{host}:{port}"

    found = []
    for number in range(sites):
        host = f"site-{number}.example"
        found.append(Source(f"site-{number}", _CAREER_SITE, host, f"career_site/{host}", {"site": base(host)}))
    for number in range(boards):
        for adapter, host, option in (
            ("greenhouse", "boards-api.greenhouse.io", "token"),
            ("lever", "api.lever.co", "site"),
            ("smartrecruiters", "api.smartrecruiters.com", "company"),
        ):
            board = f"birch{number}"
            options = {option: board, "base": base(host)}
            found.append(Source(f"{adapter}-{number}", adapter, host, f"{adapter}/{board}", options))
    tenant = "birch.wd5.myworkdayjobs.com"
    options = {"base": base(tenant), "tenant": "birch", "site": "External"}
    found.append(Source("workday", "workday", tenant, "workday/birch", options))
    host = "recruiting.ultipro.com"
    options = {"base": base(host), "code": "BIR1000", "board": ukg.BOARD}
    found.append(Source("ukg", "ukg", host, "ukg/BIR1000", options))
    host = "api.careeronestop.org"
    search: dict[str, Any] = {
        "base": base(host),
        "user_id": "u1",
        "keywords": ["Coordinator"],
        "locations": ["NY"],
        "days": 0,
    }
    found.append(Source("careeronestop", "careeronestop", host, "careeronestop", search))
    host = "sheets.example"
    found.append(Source("sheet", "csv_url", host, "csv_url/birch", {"url": f"{base(host)}/birch.csv"}))
    return found


class Listed(NamedTuple):
    """A posting, and from when to when its source lists it."""

    source: str
    name: str
    since: date
    until: date
    row: dict[str, Any]

    def on(self, day: date) -> bool:
        return self.since <= day <= self.until


def listed(chance: Random, all_sources: Sequence[Source], each: int, days: int) -> Iterator[Listed]:
    for source in all_sources:
        for number in range(each):
            first = FIRST + timedelta(days=chance.randrange(-days // 2, days))
            last = first + timedelta(days=chance.randrange(days)) if number else FIRST + timedelta(days=10 * days)
            first = first if number else FIRST  # one is always there
            yield Listed(
                source.name,
                f"{4_000 + number}",
                first,
                last,
                {
                    "at": source.place,
                    "source_posting_id": f"{4_000 + number}",
                    "title": f"Care Coordinator {number}",
                    "employer_name": f"Birch House {number % 7}",
                    "city": "Troy",
                    "state": "NY",
                    "zip": "12180",
                    "address": f"{number + 1} Elm St",
                    "description": "Completes assessments.",
                    "posted_on": first.isoformat(),
                    "listed_from": first.isoformat(),
                    "listed_until": last.isoformat(),
                    "lastmod": bool(number % 3),
                },
            )


@dataclass
class Weather:
    """Which faults befall which host on a day, by chance; and which days were clean."""

    chance: Random
    hosts: Sequence[str]
    quiet: set[str] = field(default_factory=set)
    """Hosts with a quiet fault since their last clean day."""
    clean: dict[str, set[date]] = field(default_factory=lambda: defaultdict(set))
    misled: dict[str, set[date]] = field(default_factory=lambda: defaultdict(set))

    def of(self, day: date, faulty: bool = True) -> list[dict[str, Any]]:
        """The faults of a day. On the first there are none; on the second, pages of each site seem to be gone."""
        rules = []
        for host in self.hosts:
            rule = self._rule(host, day) if faulty and day > FIRST else None
            if rule is None:
                self.clean[host].add(day)
                self.quiet.discard(host)
                continue
            if _is_quiet(rule):
                self.quiet.add(host)
                self.misled[host].add(day)
            rules.append({**rule, "host": host})
        return rules

    def _rule(self, host: str, day: date) -> dict[str, Any] | None:
        pages = "/jobs/" if host.startswith("site-") else ""
        if day == FIRST + timedelta(days=1):
            return {**self.chance.choice(QUIET), "path": pages, "share": 0.7}
        if self.chance.random() < 0.3:
            return None
        kinds = LOUD if host in self.quiet or self.chance.random() < 0.5 else QUIET
        path = self.chance.choice(("", pages))
        return {**self.chance.choice(kinds), "path": path, "share": self.chance.choice((0.1, 0.4, 1.0))}


def _is_quiet(rule: dict[str, Any]) -> bool:
    return any(rule["fault"] == each["fault"] and rule.get("status") == each.get("status") for each in QUIET)


def must_be_known(posting: Listed, source: Source, weather: Weather) -> bool:
    """Whether its source was up on a day on which it listed the posting.

    A page of a career site that was replaced by another one when it was looked at first is looked at again in a week.
    """
    days = sorted(day for day in weather.clean[source.host] if posting.on(day))
    if not days or source.adapter != _CAREER_SITE:
        return bool(days)
    misled = [day for day in weather.misled[source.host] if posting.on(day)]
    if not misled or days[0] < min(misled):
        return True
    week = {max(misled) + timedelta(days=each) for each in range(1, DAYS_BETWEEN_LOOKS + 1)}
    return week <= set(days)
