"""How are two months of work simulated?

A cohort and its postings are sent to the running services on a simulated clock, while invented reps complete due
tasks. The demo ends on the next business day, whose worklist is left open.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from cli.client.connection import persistently
from cli.demo import crm, receiver
from cli.demo.behavior import behavior_of
from cli.demo.days import DayProgress, Life, Workday, each_day, next_business_day
from cli.demo.feed import Feed, read_feed
from cli.demo.invented import Invented, has_sample, write_invented
from cli.demo.invented.team import invent_leave, invent_reps
from cli.demo.simulate import Simulation
from cli.demo.sources import counted, needs_key, pushing_of
from cli.files.importing import import_rows, import_table, postings_of
from cli.files.report import Report
from cli.stack import stackfile
from cli.stack.plan import Plan
from engines import packs
from engines.datasets.reading import opened
from engines.packs.sample import SampleSource
from shared.clock import instant_at
from shared.contracts import ingest, matcher, notifier, scorer, sequencer
from shared.contracts.ingest import ImportFacilities, ImportFacts
from shared.contracts.notifier_mail import Incoming
from shared.contracts.sequencer import ImportContacts
from shared.contracts.sequencer_capacity import Capacity
from shared.contracts.sequencer_imports import ImportAccounts
from shared.contracts.sequencer_reps import Team
from shared.contracts.sequencer_sla import SlaClocks, SlaRow
from shared.contracts.services import SERVICES

if TYPE_CHECKING:
    from shared.messaging.broker import Broker


ANSWERS = {"replied": "reply", "bounced": "bounce", "away": "absence", "unsubscribed": "unsubscribe"}
"""What came back for letters, in the words of a summary, and the kinds of messages."""


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
    listed: Path | None = None
    """The postings that fakes list, if these are fetched."""
    sources: Mapping[str, SampleSource] = field(default_factory=dict)

    def plan(self) -> Plan:
        """The stack of a demo, with fakes of outside systems unless a file has its postings."""
        licensed = tuple(name for name, each in self.sources.items() if needs_key(each))
        listed = str(self.listed) if self.listed else ""
        return Plan(str(stackfile.home()), "demo", simulation=True, listed=listed, licensed=licensed)


def inputs(
    folder: Path,
    seed: int,
    days: int | None,
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
    made = _invented(folder, seed, days)
    return Inputs(
        made.facilities,
        postings or made.postings,
        state,
        made.facts,
        contacts or made.contacts,
        clients or made.clients,
        seed,
        None if postings else made.undecided,
        None if postings else made.listed,
        {} if postings else made.sources,
    )


def _invented(folder: Path, seed: int, days: int | None) -> Invented:
    """The files of the pack in force; raises `ValueError` if nothing can be invented for it."""
    pack = packs.pack_folder()
    if not has_sample(pack):
        raise ValueError(
            f"The pack {pack.name} does not say what its demo invents: add a sample.yaml to it, or name FACILITIES and"
            " POSTINGS."
        )
    return write_invented(pack, folder, seed, days)


def check(given: Inputs) -> None:
    """Check the files before anything is started; raises `Unreadable` or `ValueError`."""
    read_feed(given.postings, packs.calendar().timezone)
    for path in (given.facilities, given.facts, given.contacts, given.clients):
        if path:
            with opened(path) as file:
                file.table()


class Lived(NamedTuple):
    """A report for each file of a demo, and its business days."""

    reports: dict[str, Report]
    workdays: list[Workday]


async def run_demo(broker: Broker, given: Inputs, progress: DayProgress) -> Lived:
    """Simulate the days of the feed until the next business day."""
    simulation = Simulation(broker)
    feed = read_feed(given.postings, packs.calendar().timezone)
    await simulation.set_time(feed.first, time(0))
    reports = await _import_world(simulation, broker, given, progress)
    await _name_team(broker, given.seed, feed)
    await simulation.wait_until_idle()
    today = next_business_day(feed.last)
    life = Life(simulation, await simulation.job_times(), behavior_of(packs.pack_folder()), given.seed, feed)
    if life.fakes and given.sources:
        progress.step(f"{len(given.sources) - 1} sources are fetched, and one pushes its postings")
        life.pushing = pushing_of(given.sources)
        life.feed = life.pushing.own(feed)
        await life.fakes.set_day(feed.first)
        await life.fakes.add(broker, given.sources, feed.first)
        await life.pushing.add(broker)
        await receiver.add(broker, life.fakes.url)
        life.crm = await crm.begin(broker, life.fakes, given.seed, instant_at(feed.first, time(0), simulation.timezone))
        await simulation.wait_until_idle()
    progress.days((today - feed.first).days + 1)
    for day in each_day(feed.first, today - timedelta(days=1)):
        progress.day(day)
        await life.live_through(day)
    progress.day(today)
    await life.begin(today)
    if given.undecided:
        with opened(given.undecided) as file:
            await life.submit(list(postings_of(file)))
    await simulation.wait_until_idle(services=SERVICES)
    life.postings.rejects.sort(key=lambda reject: reject.line)
    return Lived(reports | {"postings": life.postings}, life.workdays)


async def _import_world(
    simulation: Simulation, broker: Broker, given: Inputs, progress: DayProgress
) -> dict[str, Report]:
    def quietly(_: int) -> None: ...

    progress.step(f"importing {packs.about().accounts} from {given.facilities.name}")
    options = {"state": given.state}
    reports = {"facilities": await import_table(broker, ImportFacilities, given.facilities, options, quietly)}
    if given.facts:
        reports["facts"] = await import_table(broker, ImportFacts, given.facts, {}, quietly)
    await simulation.wait_until_idle()  # accounts are known once the sequencer has heard of the facilities
    if given.clients:
        progress.step(f"importing clients from {given.clients.name}")
        reports["clients"] = await import_rows(broker, ImportAccounts, given.clients, quietly, {"status": "client"})
    if given.contacts:
        progress.step(f"importing contacts from {given.contacts.name}")
        reports["contacts"] = await import_rows(broker, ImportContacts, given.contacts, quietly)
    return reports


async def _name_team(broker: Broker, seed: int, feed: Feed) -> None:
    """Give the reps names; one of them will be away for some days."""
    ids = [each.rep for each in await persistently(broker, Team())]
    for command in invent_reps(seed, ids):
        await persistently(broker, command)
    if leave := invent_leave(ids, feed.first, feed.last):
        await persistently(broker, leave)


async def summary(broker: Broker, seconds: float) -> dict[str, Any]:
    """What happened, by the counts of each service."""
    seen, matched = await broker.ask(ingest.Counts()), await broker.ask(matcher.Counts())
    followed, plan = await broker.ask(sequencer.Counts()), await broker.ask(Capacity())
    waiting, letters = await broker.ask(SlaClocks()), await broker.ask(notifier.Counts())
    came_back = Counter(each.kind for each in await broker.ask(Incoming(limit=5_000)))
    return {
        packs.about().accounts: seen.facilities,
        "postings_seen": seen.postings_seen,
        **await counted(broker),
        "courier": await receiver.compared(broker) | await crm.compared(broker),
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
        "sla": dict(Counter(_clock(each) for each in waiting.rows).most_common()),
        "tasks_due": followed.tasks_due,
        "drafts": letters.drafts,
        "letters": {"sent": letters.by_status.get("sent", 0)}
        | {name: came_back[kind] for name, kind in ANSWERS.items()},
        "seconds": round(seconds, 1),
    }


def _clock(row: SlaRow) -> str:
    """A clock in a few words, to count it."""
    stopped = (row.stopped or "").partition(" ")[0]
    return f"Tier {row.tier} {({'next': 'planned', 'rests': 'resting'}).get(stopped) or row.label}"


def _kind_of(reason: str) -> str:
    """A reason without its days and names, to count it."""
    return re.sub(r"^Needs .*", "Needs a person to reach", re.sub(r" \d{4}-\d\d-\d\d", " a day", reason)).rstrip(".")
