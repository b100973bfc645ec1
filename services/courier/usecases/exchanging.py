"""How is a slice of records exchanged with a CRM?

Nothing is sent that was not read and merged just before. The adapter states the requests; this asks them.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from time import monotonic
from typing import Final, TypeVar

from engines.crm import hubspot
from engines.crm.exchange import Answer, Failed, Failure, Outcome, Request, SetUp, Steps
from engines.crm.hubspot import HubSpot
from engines.crm.mapping import Crm, Rule, System
from engines.crm.merging import Merged, merge
from engines.crm.records import Kind, Record
from services.courier.domain.crm import LATE, OWNERS, Lane
from services.courier.domain.wanted import Wanted
from services.courier.usecases.agreeing import agreed_of
from shared import outbound

T = TypeVar("T")
Ask = Callable[[Request], Awaitable[Answer]]
PER_TEN_SECONDS: Final = 100
"""HubSpot allows at least these to each app."""


@dataclass(frozen=True, slots=True)
class Slice:
    """What is done now."""

    lane: Lane
    crm: Crm
    wanted: Sequence[Wanted]
    polls: bool
    now: datetime


@dataclass(slots=True)
class Exchanged:
    """What came of a slice. What was not reached is due again."""

    owners: dict[str, str] | None = None
    set_up: SetUp | None = None
    merged: dict[str, tuple[Wanted, Merged, Outcome]] = field(default_factory=dict)
    """By our id; also records that were even already."""
    withheld: list[Wanted] = field(default_factory=list)
    polled_until: datetime | None = None
    """What they changed until then is known, if we looked."""
    seen: list[Record] = field(default_factory=list)
    """Those of theirs that changed."""
    page: str | None = None
    failure: Failure | None = None
    """Why the slice ended, if it concerns more than a record."""


async def exchange(given: Slice, ask: Ask, now: Callable[[], datetime]) -> Exchanged:
    """Send what we changed, and see what they changed; ends at the first failure that concerns more than a record.

    `now`: the real time, by which they state when a record changed.
    """
    done = Exchanged()
    try:
        await _exchange(given, ask, done, now)
    except Failed as failed:
        done.failure = failed.failure
    return done


async def _exchange(given: Slice, ask: Ask, done: Exchanged, now: Callable[[], datetime]) -> None:
    lane = given.lane
    owners = lane.owners
    if lane.owners_at is None or lane.owners_at + OWNERS <= given.now:
        owners = done.owners = await run(hubspot.owners(), ask)
    system = HubSpot(given.crm, owners)
    if lane.set_up_at is None:
        done.set_up = await run(system.set_up(lane.kind), ask)
        if done.set_up.wrong:
            raise Failed(Failure("setup", "WRONG_PROPERTIES", " ".join(done.set_up.wrong)))
    done.withheld = [each for each in given.wanted if each.is_withheld]
    await _send(given, system, ask, done)
    if given.polls:
        began = now()
        page = await run(system.modified(lane.kind, lane.polled_until or began - LATE, lane.page), ask)
        done.seen, done.page = [each for each in page.records if each.id], page.after
        done.polled_until = lane.polled_until or began - LATE if page.after else began - LATE


async def _send(given: Slice, system: HubSpot, ask: Ask, done: Exchanged) -> None:
    kind, rules = given.lane.kind, known_rules(given.crm, given.lane.system, given.lane.kind)
    wanted = {each.id: each for each in given.wanted if not each.is_withheld}
    if not wanted:
        return
    theirs = {each.id: each for each in await run(system.read(kind, list(wanted)), ask)}
    merged = dict[str, Merged]()
    for name, each in wanted.items():
        other = theirs.get(name)
        base = agreed_of(each.agreed) if other else {}  # one that they removed is made again
        merged[name] = merge(base, ours_of(each, system, kind), other, rules, given.now)
    records = [Record(kind, name, one.push) for name, one in merged.items() if one.push or name not in theirs]
    outcomes = {each.id: each for each in await run(system.upsert(kind, records), ask)} if records else {}
    for record in records:
        failure = outcomes[record.id].failure
        if failure and failure.existing_id:
            outcomes[record.id] = await run(system.adopt(record, failure.existing_id), ask)
    for name, one in merged.items():
        outcome = outcomes.get(name) or Outcome(name, theirs[name].their_id)
        done.merged[name] = (wanted[name], one, outcome)
    stopped = [each.failure for each in outcomes.values() if each.failure and each.failure.concerns_all]
    if stopped and len(stopped) == len(records):
        raise Failed(stopped[0])


def ours_of(wanted: Wanted, system: HubSpot, kind: Kind) -> Record:
    """Ours, without an owner whom they do not know, so that nothing follows from theirs."""
    record = wanted.record(kind)
    owner = record.values.get("owner")
    if owner is None or owner in system.owners:
        return record
    return replace(record, values={name: value for name, value in record.values.items() if name != "owner"})


def known_rules(crm: Crm, system: System, kind: Kind) -> dict[str, tuple[bool, Rule]]:
    """The rules of the fields that a system has."""
    known = {each.field for each in crm.properties(system, kind)}
    return {name: rule for name, rule in crm.rules(kind).items() if name in known}


async def run(steps: Steps[T], ask: Ask) -> T:
    """What an adapter returns, whose requests are asked one after the other."""
    try:
        request = next(steps)
        while True:
            request = steps.send(await ask(request))
    except StopIteration as done:
        return done.value  # type: ignore[no-any-return]


class Asking:
    """Asks a CRM with its token, at a pace that it allows."""

    def __init__(self, client: outbound.Outbound, url: str, token: str) -> None:
        self._client = client
        self._url = url.rstrip("/")
        self._token = token
        self._times: deque[float] = deque(maxlen=PER_TEN_SECONDS)

    async def __call__(self, request: Request) -> Answer:
        if len(self._times) == PER_TEN_SECONDS:
            await asyncio.sleep(max(0.0, self._times[0] + 10 - monotonic()))
        self._times.append(monotonic())
        headers = [("authorization", f"Bearer {self._token}")] if request.is_signed_in else []
        headers += [("content-type", request.content_type)] if request.content_type else []
        try:
            got = await self._client.send(
                outbound.Request(f"{self._url}{request.path}", request.method, tuple(headers), request.body or None)
            )
        except outbound.Refused as refused:
            raise Failed(Failure("setup", "REFUSED", f"{refused}")) from None
        except (outbound.TooLarge, outbound.Unreachable):
            return Answer(0)
        return Answer(got.status, got.body, got.headers)

    async def close(self) -> None:
        await self._client.aclose()
