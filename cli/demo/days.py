"""What happens on a simulated day?

The services' jobs run at their times. In the morning of a business day invented people decide the inbox, then work on
the due tasks and on their leads; in the evening answers to their letters arrive, and new postings are seen. The demo
and `pipeline simulate` live through the same days.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from uuid import UUID

import holidays

from cli.client.connection import pages, persistently
from cli.demo.behavior import Behavior
from cli.demo.crm import CrmUsers
from cli.demo.feed import Feed, Row
from cli.demo.invented.inbox import decide_group
from cli.demo.invented.leads import commands, happens
from cli.demo.invented.reps import decide, found_contact
from cli.demo.letters import answer_letters, send_off
from cli.demo.mail import MailServer, mail_server_of_this_machine
from cli.demo.simulate import EXCHANGING, Simulation
from cli.demo.sources import Fakes, Pushing, fakes_of_this_machine
from cli.files.importing import import_postings
from cli.files.report import Report
from engines import packs
from shared.clock import instant_at
from shared.contracts.matcher import Inbox, Verdicts
from shared.contracts.sequencer import Worklist
from shared.contracts.sequencer_leads import LeadRow, Leads, ShowLead
from shared.contracts.sequencer_replies import WorklistTask
from shared.contracts.sequencer_touches import CompleteTask, SkipTask

REPS_AT = time(10, 0)
CRM_AT, SEEN_AT = time(10, 5), time(10, 10)
"""The users of a CRM change something, which the next look there finds."""
LETTERS_AT = time(10, 1)
"""Letters leave that were sent off at `REPS_AT`: the seconds to take them back are over."""
FEED_AT = ANSWERS_AT = time(18, 0)
WORKLIST_AT = time(8, 0)


class DayProgress:
    """Progress messages of a simulation; the defaults do nothing."""

    def step(self, text: str) -> None: ...

    def days(self, total: int) -> None: ...

    def day(self, day: date) -> None: ...


@dataclass(frozen=True, slots=True)
class Workday:
    """A business day of the reps: the touches on their worklists, overdue ones included, and what became of them."""

    on: date
    due: dict[str, int]
    """By rep, when the work begins."""
    done: int = 0
    skipped: int = 0
    left: int = 0

    @property
    def total(self) -> int:
        return sum(self.due.values())


@dataclass
class Life:
    """What a simulation is made of besides the services, and what has happened until now."""

    simulation: Simulation
    jobs: list[time]
    rates: Behavior
    seed: int
    feed: Feed = field(default_factory=Feed)
    postings: Report = field(default_factory=Report)
    workdays: list[Workday] = field(default_factory=list)
    mail: MailServer | None = field(default_factory=mail_server_of_this_machine)
    """Without one, letters are not sent, and their tasks are completed by hand."""
    fakes: Fakes | None = field(default_factory=fakes_of_this_machine)
    """Without any, all postings are those of the feed."""
    pushing: Pushing | None = None
    """The source that pushes the feed; without one, it is submitted by commands."""
    crm: CrmUsers | None = None
    """Those who work in a CRM, if accounts are exchanged with one."""
    letters: Counter[str] = field(default_factory=Counter)
    """Letters that left, and what came back for them."""

    async def live_through(self, day: date, after: time | None = None) -> None:
        """Simulate one day, or what is left of it after a time of day."""
        works = is_business_day(day)
        await self._list(day)
        times = {*self.jobs, REPS_AT, FEED_AT} | ({LETTERS_AT} if works and self.mail else set())
        users = self.crm if works and self.crm and self.crm.works() else None
        times |= {CRM_AT, SEEN_AT} if users else set()
        for at in sorted(times):
            if after is not None and at <= after:
                continue
            await self.simulation.set_time(day, at)
            if at == REPS_AT and works:
                await self._work(day)
            if users and at in (CRM_AT, SEEN_AT):
                await self.simulation.wait_until_idle(services=EXCHANGING)
                if at == CRM_AT:
                    await users.change(day, instant_at(day, at, self.simulation.timezone))
            if at == ANSWERS_AT and works and self.mail:
                await self._answer_letters(self.mail, instant_at(day, at, self.simulation.timezone))
            if at == FEED_AT and day in self.feed.days:
                await self.submit(self.feed.days[day])

    async def begin(self, day: date) -> None:
        """Simulate a day until its worklist can be read."""
        await self._list(day)
        for at in [at for at in self.jobs if at <= WORKLIST_AT] + [WORKLIST_AT]:
            await self.simulation.set_time(day, at)

    async def _work(self, day: date) -> None:
        """Invented people decide the inbox, then work on the day's worklist and on their leads."""
        await self._decide_inbox(day)
        tasks = await persistently(self.simulation.broker, Worklist())
        commands = [decide(self.rates, self.seed, task, day) for task in tasks]
        leaving = await self._send_letters(tasks, commands)
        for task, command in zip(tasks, commands, strict=True):
            if command and task.task_id not in leaving:
                await persistently(self.simulation.broker, command)
            if isinstance(command, CompleteTask) and command.outcome == "found":
                await persistently(self.simulation.broker, found_contact(self.seed, task))
        self.workdays.append(_workday(day, tasks, commands))
        await self._work_leads(day)
        await self.simulation.wait_until_idle()

    async def _send_letters(self, tasks: Sequence[WorklistTask], commands: Sequence[object]) -> set[UUID]:
        """The tasks that the letters complete when they have left."""
        decided = zip(tasks, commands, strict=True)
        letters = [task for task, command in decided if task.channel == "email" and isinstance(command, CompleteTask)]
        return await send_off(self.simulation.broker, letters) if self.mail else set()

    async def _answer_letters(self, mail: MailServer, now: datetime) -> None:
        """Recipients answer what has left."""
        self.letters += await answer_letters(mail, self.rates, self.seed, now)
        await self.simulation.wait_until_idle()

    async def _decide_inbox(self, day: date) -> None:
        broker = self.simulation.broker
        groups = await persistently(broker, Inbox(limit=5_000))
        verdict = (await persistently(broker, Verdicts()))[0].name if groups else ""
        for group in groups:
            if command := decide_group(self.rates, self.seed, group, verdict, day):
                await persistently(broker, command)

    async def _work_leads(self, day: date) -> None:
        for lead in [*await self._leads(Leads(open=True)), *await self._leads(Leads(to_reopen=True))]:
            if what := happens(self.rates, self.seed, lead, day):
                story = await persistently(self.simulation.broker, ShowLead(facility_id=lead.facility_id))
                for command in commands(self.rates, self.seed, what, story, day):
                    await persistently(self.simulation.broker, command)

    async def _leads(self, question: Leads) -> list[LeadRow]:
        return [lead async for page in pages(self.simulation.broker, question, ("lead_id",)) for lead in page]

    async def _list(self, day: date) -> None:
        """Outside systems list the postings of a day; ingest fetches them when its schedules say."""
        if self.fakes:
            await self.fakes.set_day(day)

    async def submit(self, rows: Sequence[Row]) -> None:
        """Submit postings of the feed."""
        if self.pushing:
            report = await self.pushing.push(rows)
        else:
            report = await import_postings(self.simulation.broker, rows, None, lambda _: None)
        self.postings.add(report)
        await self.simulation.wait_until_idle()


def _workday(day: date, tasks: Sequence[WorklistTask], commands: Sequence[object]) -> Workday:
    due = Counter(task.rep for task in tasks)
    skipped = sum(isinstance(command, SkipTask) for command in commands)
    left = sum(command is None for command in commands)
    return Workday(day, dict(sorted(due.items())), len(tasks) - skipped - left, skipped, left)


def is_business_day(day: date) -> bool:
    return _calendar(packs.calendar()).is_working_day(day)


def next_business_day(day: date) -> date:
    following = day + timedelta(days=1)
    return following if is_business_day(following) else next_business_day(following)


def _calendar(calendar: packs.Calendar) -> holidays.HolidayBase:
    return holidays.country_holidays(calendar.country, subdiv=calendar.subdivision)


def each_day(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=n) for n in range((last - first).days + 1))
