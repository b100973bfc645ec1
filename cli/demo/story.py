"""How are two months of work simulated?

A cohort and its postings are sent to the running services on a simulated clock, while invented reps complete due
tasks. The demo ends on the next business day, whose worklist is left open.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import holidays

from cli.client.connection import persistently
from cli.demo.invented import write_invented
from cli.demo.invented.reps import decide
from cli.demo.invented.team import invent_leave, invent_reps
from cli.demo.simulate import Simulation
from cli.files.importing import import_postings, import_rows, import_table, postings_of
from cli.files.report import Report
from engines import packs
from engines.datasets.reading import opened
from shared.clock import instant_of, local_date
from shared.contracts import ingest, matcher, notifier, scorer, sequencer
from shared.contracts.ingest import ImportFacilities, ImportFacts
from shared.contracts.sequencer import ImportClients, ImportContacts, Worklist
from shared.contracts.sequencer_capacity import Capacity
from shared.contracts.sequencer_reps import Team

if TYPE_CHECKING:
    from shared.messaging.broker import Broker

REPS_AT = time(10, 0)
FEED_AT = time(18, 0)
WORKLIST_AT = time(8, 0)

Row = tuple[int, dict[str, Any] | str]


@dataclass(frozen=True)
class Inputs:
    """The files of a demo; `facts`, `contacts` and `clients` may be missing."""

    facilities: Path
    postings: Path
    state: str | None = None
    facts: Path | None = None
    contacts: Path | None = None
    clients: Path | None = None
    seed: int = 1
    undecided: Path | None = None
    """Postings of the last morning, so that the inbox is not empty."""


@dataclass
class Feed:
    """Postings by the local day on which they were seen; rows without a valid day come first, and are rejected."""

    days: dict[date, list[Row]] = field(default_factory=dict)

    @property
    def first(self) -> date:
        return min(self.days)

    @property
    def last(self) -> date:
        return max(self.days)


class DemoProgress:
    """Progress messages of a demo; the defaults do nothing."""

    def step(self, text: str) -> None: ...

    def days(self, total: int) -> None: ...

    def day(self, day: date) -> None: ...


def inputs(
    folder: Path,
    seed: int,
    days: int,
    facilities: Path | None,
    state: str | None,
    postings: Path | None,
    contacts: Path | None,
    clients: Path | None,
) -> Inputs:
    """The given files, and invented ones for the rest; nothing is invented about real facilities."""
    if facilities and not postings:
        raise ValueError("FACILITIES needs POSTINGS: invented postings name invented facilities only.")
    if facilities and postings:
        return Inputs(facilities, postings, state, None, contacts, clients, seed)
    made = write_invented(folder, seed, days)
    return Inputs(
        made.facilities,
        postings or made.postings,
        state,
        made.facts,
        contacts or made.contacts,
        clients or made.clients,
        seed,
        None if postings else made.undecided,
    )


def check(given: Inputs) -> None:
    """Check the files before anything is started; raises `Unreadable` or `ValueError`."""
    read_feed(given.postings, packs.calendar().timezone)
    for path in (given.facilities, given.facts, given.contacts, given.clients):
        if path:
            with opened(path) as file:
                file.table()


def read_feed(path: Path, timezone: str) -> Feed:
    """The postings of a file by day; the default source is the name of the file.

    Raises `ValueError` if no row states when it was seen.
    """
    feed = Feed()
    undated: list[Row] = []
    with opened(path) as file:
        for line, row in postings_of(file):
            if isinstance(row, dict):
                row["source"] = row.get("source") or path.name.split(".")[0][:60]
            seen = _seen_on(row, timezone)
            (feed.days.setdefault(seen, []) if seen else undated).append((line, row))
    if not feed.days:
        raise ValueError(f"{path.name}: no row has a valid seen_at; a demo needs the days.")
    feed.days[feed.first] = undated + feed.days[feed.first]
    return feed


def _seen_on(row: dict[str, Any] | str, timezone: str) -> date | None:
    try:
        seen = datetime.fromisoformat(str(row["seen_at"])) if isinstance(row, dict) else None
        return local_date(instant_of(seen, timezone), timezone) if seen else None
    except (KeyError, ValueError, OverflowError):
        return None


async def run_demo(broker: Broker, given: Inputs, progress: DemoProgress) -> dict[str, Report]:
    """Simulate the days of the feed until the next business day; returns a report for each file."""
    simulation = Simulation(broker)
    feed = read_feed(given.postings, packs.calendar().timezone)
    await simulation.set_time(feed.first, time(0))
    reports = await _import_world(broker, given, progress)
    await _name_team(broker, given.seed, feed)
    await simulation.wait_until_idle()
    today = next_business_day(feed.last)
    reports["postings"] = Report()
    progress.days((today - feed.first).days + 1)
    jobs = await simulation.job_times()
    for day in _days(feed.first, today - timedelta(days=1)):
        progress.day(day)
        await _live_through(simulation, day, jobs, feed, given.seed, reports["postings"])
    progress.day(today)
    for at in [at for at in jobs if at <= WORKLIST_AT] + [WORKLIST_AT]:
        await simulation.set_time(today, at)
    if given.undecided:
        with opened(given.undecided) as file:
            _add(reports["postings"], await import_postings(broker, postings_of(file), None, lambda _: None))
        await simulation.wait_until_idle()
    reports["postings"].rejects.sort(key=lambda reject: reject.line)
    return reports


async def _import_world(broker: Broker, given: Inputs, progress: DemoProgress) -> dict[str, Report]:
    def quietly(_: int) -> None: ...

    progress.step(f"importing facilities from {given.facilities.name}")
    options = {"state": given.state}
    reports = {"facilities": await import_table(broker, ImportFacilities, given.facilities, options, quietly)}
    if given.facts:
        reports["facts"] = await import_table(broker, ImportFacts, given.facts, {}, quietly)
    lists = (("clients", ImportClients, given.clients), ("contacts", ImportContacts, given.contacts))
    for name, command, path in lists:
        if path:
            progress.step(f"importing {name} from {path.name}")
            reports[name] = await import_rows(broker, command, path, quietly)
    return reports


async def _name_team(broker: Broker, seed: int, feed: Feed) -> None:
    """Give the reps names; one of them will be away for some days."""
    ids = [each.rep for each in await persistently(broker, Team())]
    for command in invent_reps(seed, ids):
        await persistently(broker, command)
    if leave := invent_leave(ids, feed.first, feed.last):
        await persistently(broker, leave)


async def _live_through(
    simulation: Simulation, day: date, jobs: list[time], feed: Feed, seed: int, report: Report
) -> None:
    """Simulate one day: jobs at their times, the reps' work in the morning, new postings in the evening."""
    for at in sorted({*jobs, REPS_AT, FEED_AT}):
        await simulation.set_time(day, at)
        if at == REPS_AT and is_business_day(day):
            await _work(simulation, day, seed)
        if at == FEED_AT and day in feed.days:
            _add(report, await import_postings(simulation.broker, feed.days[day], None, lambda _: None))
            await simulation.wait_until_idle()


async def _work(simulation: Simulation, day: date, seed: int) -> None:
    """The invented reps work on the day's worklist."""
    for task in await persistently(simulation.broker, Worklist()):
        if command := decide(seed, task, day):
            await persistently(simulation.broker, command)
    await simulation.wait_until_idle()


def _add(total: Report, part: Report) -> None:
    total.rows += part.rows
    total.rejects += part.rejects
    total.ignored_fields |= part.ignored_fields
    for name, count in part.counts.items():
        total.counts[name] = total.counts.get(name, 0) + count


async def summary(broker: Broker, seconds: float) -> dict[str, Any]:
    """What happened, by the counts of each service."""
    seen, matched = await broker.ask(ingest.Counts()), await broker.ask(matcher.Counts())
    followed, plan = await broker.ask(sequencer.Counts()), await broker.ask(Capacity())
    return {
        "facilities": seen.facilities,
        "postings_seen": seen.postings_seen,
        "matched": matched.matched,
        "queued": matched.queued,
        "ignored": matched.ignored,
        "signals_open": matched.signals_open,
        "tiers": (await broker.ask(scorer.Counts())).tiers,
        "active_clients": followed.active_clients,
        "leads": followed.leads,
        "enrollments": followed.enrollments,
        "worked_tiers": plan.counts,
        "why_not_running": dict(Counter(_kind_of(each.reason) for each in plan.waiting).most_common()),
        "tasks_due": followed.tasks_due,
        "drafts": (await broker.ask(notifier.Counts())).drafts,
        "seconds": round(seconds, 1),
    }


def _kind_of(reason: str) -> str:
    """A reason without its days and names, to count it."""
    return re.sub(r"^Needs .*", "Needs a person to reach", re.sub(r" \d{4}-\d\d-\d\d", " a day", reason)).rstrip(".")


def is_business_day(day: date) -> bool:
    return _calendar(packs.calendar()).is_working_day(day)


def next_business_day(day: date) -> date:
    following = day + timedelta(days=1)
    return following if is_business_day(following) else next_business_day(following)


def _calendar(calendar: packs.Calendar) -> holidays.HolidayBase:
    return holidays.country_holidays(calendar.country, subdiv=calendar.subdivision)


def _days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=n) for n in range((last - first).days + 1))
