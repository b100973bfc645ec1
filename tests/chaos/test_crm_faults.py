"""After any schedule of faults, do a CRM and the courier agree within one cycle?

The courier's own exchange asks the fake of HubSpot, with its records in PostgreSQL. Requests are refused, spoiled or
cut, their answers are lost after the write, some arrive twice, and now and then the courier dies before it records what
came of a slice, while both sides go on changing. A cycle is a comparison that heals, and the exchange that follows.
With LONG=1, 200 schedules.
"""

from __future__ import annotations

import json
import os
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any, Final
from uuid import UUID

import httpx
import pytest
import pytest_asyncio

from engines import packs
from engines.crm.drift import Difference
from engines.crm.exchange import Answer, Request
from engines.crm.mapping import Crm, crm_of
from engines.crm.records import Kind
from services.courier.domain.crm import Lane
from services.courier.store import calendars, crm_fields, crm_links
from services.courier.store import crm as store
from services.courier.usecases import comparing
from services.courier.usecases.comparing import Compared
from services.courier.usecases.crm import begin, record, slice_of
from services.courier.usecases.exchanging import exchange
from services.courier.usecases.stating import stated, suppressed
from shared.clock import SimulatedClock
from shared.contracts.envelope import unseal
from shared.contracts.events import (
    AccountMoved,
    CrmChanged,
    Event,
    LeadRaised,
    Origin,
    Person,
    SuppressionChanged,
    TaskDone,
    TaskDue,
    TouchLogged,
)
from shared.storage.database import Database, Tx
from tests.support.crm import Driven
from tests.support.running import a_database, drop_database
from tests.support.sequencing import listed, scored
from tests.support.servers import TestServers

LONG: Final = os.environ.get("LONG") == "1"
SEEDS: Final = range(1, 1 + int(os.environ.get("SEEDS") or ("200" if LONG else "4")))
ROUNDS: Final = 5
PLACES: Final = ("335001", "335002", "335003")
NEVER: Final = "335003"
"""Suppressed from the beginning."""
FAULTY: Final = 0.3
"""Of the requests of a round."""
TABLES: Final = "crm_fields, crm_records, crm_links, crm_lanes, crm_conflicts, crm_comparisons, crm_suppressions, work"
REPS: Final = {"rep-1": "jo@seller.example", "rep-2": "al@seller.example"}


class World:
    """Both sides, the faults between them, and what people do on each."""

    def __init__(self, database: Database, clock: SimulatedClock, crm: Crm, seed: int) -> None:
        self.database, self.clock, self.crm, self.random = database, clock, crm, Random(seed)
        self.hub = Driven("api.hubapi.com")
        self.writes = 0
        self.faulty = 0.0
        self._versions: dict[str, int] = {}
        self._touches: list[UUID] = []
        self.forward(0)

    def forward(self, seconds: float) -> None:
        self.hub.clock.now += seconds
        self.clock.set(datetime.fromtimestamp(self.hub.clock.now, UTC))

    # --- what arrives of a request and its answer ---

    async def ask(self, request: Request) -> Answer:
        self.writes += request.path.endswith(("batch/upsert", "batch/archive"))
        fault = self.random.choice(FAULTS) if self.random.random() < self.faulty else ""
        if fault == "limited":
            return Answer(429, b'{"category": "RATE_LIMITS"}', {"retry-after": str(self.random.randint(1, 30))})
        if fault in ("broken", "page", "cut"):
            return {"broken": Answer(500), "page": Answer(503, b"<h1>Later</h1>"), "cut": Answer(0)}[fault]
        if fault == "some" and request.path.endswith("batch/upsert"):
            return await self._some(request)
        answer = await self._asked(request)
        if fault == "twice":
            answer = await self._asked(request)
        return Answer(0) if fault == "lost" else answer

    async def _some(self, request: Request) -> Answer:
        """A 207: the first half was written, and the others were not for no reason of theirs."""
        inputs = request.json["inputs"]
        done, left = inputs[: len(inputs) // 2], inputs[len(inputs) // 2 :]
        results: list[Any] = []
        if done:
            found = await self._asked(Request(request.method, request.path, json.dumps({"inputs": done}).encode()))
            results = found.object.get("results", [])
        errors = [
            {"category": "INTERNAL_ERROR", "message": "Later", "context": {"objectWriteTraceId": [each["id"]]}}
            for each in left
        ]
        stated = {"status": "COMPLETE", "results": results, "numErrors": len(errors), "errors": errors}
        return Answer(207, json.dumps(stated).encode())

    async def _asked(self, request: Request) -> Answer:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(self.hub.app)) as client:
            url = f"http://localhost/{self.hub.host}{request.path}"
            headers = {"authorization": f"Bearer {self.hub.token}"}
            got = await client.request(request.method, url, content=request.body, headers=headers)
        return Answer(got.status_code, got.content, dict(got.headers))

    # --- what people do ---

    def control(self, method: str, what: str, given: Any = None) -> Any:
        return self.hub.app.kept["hubspot"].control(method, what, {}, given)

    def _version(self, name: str) -> int:
        self._versions[name] = self._versions.get(name, 0) + 1
        return self._versions[name]

    async def state(self, tx: Tx, *events: Event) -> None:
        for event in events:
            event.set_origin(Origin(UUID(int=self.random.getrandbits(128)), "/test", tx.now, ""))
            if isinstance(event, SuppressionChanged):
                await crm_fields.suppress(tx, suppressed([event]))
            else:
                await crm_fields.save(tx, stated([event]))

    def lead(self, place: str, stage: str) -> LeadRaised:
        return LeadRaised(
            lead_id=UUID(int=1), facility_id=place, lead_source="signal", owner=None, role_families=(),
            raised_on=date(2026, 7, 1), version=self._version(f"lead {place}"), stage=stage,
        )  # fmt: skip

    def task(self, number: int) -> TaskDue:
        place, who = PLACES[number % len(PLACES)], self.random.choice(("Ada Moss", "Bo Li"))
        person = Person(role="don", name=who, display_name=who, email=f"{who[:2].strip().lower()}@{place}.example")
        return TaskDue(
            task_id=UUID(int=100 + number), step_no=1, facility_id=place, facility_name="HOME", city="ALBANY",
            state="NY", tier=1, score=Decimal(self.random.randint(1, 90)), rep=self.random.choice(list(REPS)),
            channel="call", persona="don", person=person, due_on=date(2026, 7, self.random.randint(1, 30)),
            reason="Why", pack="t", version=self._version(f"task {number}"),
            marks=(f"facility:{place}", f"name:facility:{place}/{who.lower()}"),
        )  # fmt: skip

    def suppression(self, scope: Any, target: str, mark: str, lifted: bool = False) -> SuppressionChanged:
        return SuppressionChanged(
            suppression_id=UUID(int=len(mark) * 1_000 + ord(mark[-1])), scope=scope, target=target, marks=(mark,),
            version=self._version(mark), channels=("all",), lifted=lifted, label=target, reason="asked", source="t",
            stated_by="ann", stated_on=date(2026, 7, 1),
        )  # fmt: skip

    def ours(self) -> Event:
        """Something that happens here."""
        place, number = self.random.choice(PLACES), self.random.randint(0, 4)
        match self.random.randint(0, 7):
            case 0:
                return listed(place, self._version(f"list {place}"), name=f"HOME {self.random.randint(1, 9)}")
            case 1:
                return scored(place, self.random.randint(1, 4), version=self._version(f"score {place}"))
            case 2:
                owner = self.random.choice(("", *REPS))
                return AccountMoved(facility_id=place, owner=owner, version=self._version(f"account {place}"))
            case 3 | 4:
                return self.task(number)
            case 5:
                return TaskDone(
                    task_id=UUID(int=100 + number), step_no=1, facility_id=PLACES[number % 3], status="done",
                    done_by="rep-1", done_on=date(2026, 7, 1), version=self._version(f"task {number}"),
                )  # fmt: skip
            case 6:
                back = self._touches.pop() if self._touches and self.random.random() < 0.4 else None
                activity = UUID(int=self.random.getrandbits(100))
                self._touches += [] if back else [activity]
                return TouchLogged(
                    activity_id=activity, facility_id=place, task_id=UUID(int=100 + number), channel="call",
                    kind="undone" if back else "done", reverses=back, persona="don", rep="rep-1",
                    outcome=None if back else "no answer", touched_on=date(2026, 7, 1),
                )  # fmt: skip
        mark = f"name:facility:{place}/ada moss"
        return self.suppression("person", f"{place}/ada moss", mark, lifted=self.random.random() < 0.5)

    def theirs(self) -> None:
        """Something that their users do."""
        kind = self.random.choice(("companies", "companies", "contacts", "tasks", "notes"))
        known = list(self.hub.app.kept["hubspot"].things[kind])  # type: ignore[attr-defined]
        if not known:
            return
        number = self.random.choice(known)
        if self.random.random() < 0.2:
            self.hub.app.kept["hubspot"].control("DELETE", "objects", {"kind": kind, "id": number}, None)
            return
        change = {
            "companies": self.random.choice(({"fp_tier": "4"}, {"fp_status": "working"}, {"name": "Theirs"})),
            "contacts": {"firstname": "Their"}, "tasks": {"hs_task_status": "COMPLETED"},
            "notes": {"hs_note_body": "Theirs"},
        }[kind]  # fmt: skip
        self.control("POST", "changes", {"kind": kind, "id": number, "properties": change})

    # --- what the courier does ---

    async def lanes(self) -> dict[Kind, Lane]:
        async with self.database.begin_internal() as tx:
            return {each.kind: each for each in await store.lanes(tx, "hubspot")}

    async def turn(self, kind: Kind, dies: bool = False) -> bool:
        """A slice of a lane, if it is due; returns whether it was."""
        async with self.database.begin_internal() as tx:
            lane = {each.kind: each for each in await store.lanes(tx, "hubspot")}[kind]
            if lane.rests_until and lane.rests_until > tx.now:
                return False
            given = await slice_of(tx, lane, self.crm)
        if given is None:
            return False
        done = await exchange(given, self.ask)
        if dies:
            return True
        async with self.database.begin_internal() as tx:
            await record(given, done, tx)
            changed = [unseal(each.headers, each.body.encode(), CrmChanged) for each in tx.outgoing]
            tx.outgoing.clear()
            for event in changed:
                await self._follow(tx, event)
        return True

    async def _follow(self, tx: Tx, event: CrmChanged) -> None:
        """As the sequencer does: a stage counts, and the rest does not."""
        place = {"system": "hubspot", "kind": "companies", "id": event.facility_id, "at": tx.now, "why": "no"}
        for each in event.fields:
            if each.field == "status":
                await self.state(tx, self.lead(event.facility_id, each.value or "new"))
            else:
                await crm_fields.restate(tx, [{**place, "field": each.field, "theirs": each.value}])

    async def round(self) -> None:
        for kind in self.random.sample(sorted(await self.lanes()), 4):
            await self.turn(kind, dies=self.random.random() < 0.15)

    async def cycle(self) -> list[Difference]:
        """Compare and heal, and exchange until nothing is due; returns what differs then."""
        await self._compare(applies=True)
        for _ in range(20):
            if not any([await self.turn(kind) for kind in await self.lanes()]):
                break
        else:
            pytest.fail("the exchange does not come to rest")
        return await self._compare(applies=False)

    async def unassociated(self) -> list[tuple[str, str]]:
        """What is there, and not associated with its company or contact there."""
        there = {(kind, one, to, other) for kind, one, to, other, _ in self.control("GET", "associations")}
        found = list[tuple[str, str]]()
        async with self.database.begin_internal() as tx:
            for kind in await self.lanes():
                for each in await store.everything(tx, "hubspot", kind):
                    pairs = {(kind, each.their_id, to, other) for to, other in each.belongs.items()}
                    found += [] if each.suppressed or pairs <= there else [(kind, each.id)]
        return found

    async def _compare(self, applies: bool) -> list[Difference]:
        found = list[Difference]()
        for lane in (await self.lanes()).values():
            async with self.database.begin_internal() as tx:
                wanted = await store.everything(tx, "hubspot", lane.kind)
                given = Compared(lane, self.crm, wanted, applies, await crm_links.forgotten(tx, "hubspot", lane.kind))
            result = await comparing.compare(given, self.ask)
            assert result.error is None
            found += result.differences
            async with self.database.begin_internal() as tx:
                await comparing.record(given, result, tx)
        return found


FAULTS: Final = ("limited", "broken", "page", "cut", "lost", "some", "twice")


@pytest.fixture(scope="module")
def url(servers: TestServers) -> Iterator[str]:
    made = a_database(servers, "courier")
    yield made
    drop_database(servers, made)


@pytest_asyncio.fixture
async def database(url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[tuple[Database, SimulatedClock]]:
    monkeypatch.setenv("PIPELINE_COURIER_CRM", "hubspot")
    clock = SimulatedClock("UTC")
    opened = Database(url, 2, "courier", clock)
    await opened.open()
    yield opened, clock
    await opened.close()


async def started(world: World) -> None:
    world.control("PUT", "settings", {"owners": {email: str(n) for n, email in enumerate(REPS.values(), 70)},
                                      "per_ten_seconds": 1_000_000})  # fmt: skip
    async with world.database.begin_internal() as tx:
        await tx.run(f"TRUNCATE {TABLES}")
        await calendars.save_reps(tx, [{"rep": rep, "version": 1, "name": rep, "email": REPS[rep]} for rep in REPS])
        await begin(tx, "hubspot", world.crm)
        await world.state(tx, world.suppression("facility", NEVER, f"facility:{NEVER}"))
        for place in PLACES:
            await world.state(tx, listed(place, world._version(f"list {place}")), scored(place, 1, version=1))
            world._version(f"score {place}")
            await world.state(tx, world.lead(place, "new"))


@pytest.mark.timeout(3_600 if LONG else 300)
async def test_after_any_schedule_of_faults_both_sides_agree_within_one_cycle(
    database: tuple[Database, SimulatedClock],
) -> None:
    crm = crm_of(packs.pack_folder())
    assert crm
    for seed in SEEDS:
        world = World(*database, crm, seed)
        await started(world)
        world.faulty = FAULTY
        for _ in range(ROUNDS):
            async with world.database.begin_internal() as tx:
                for _ in range(world.random.randint(1, 6)):
                    await world.state(tx, world.ours())
            for _ in range(world.random.randint(0, 3)):
                world.theirs()
            await world.round()
            world.forward(world.random.choice((61, 400)))
        world.faulty = 0.0
        world.forward(timedelta(hours=2).total_seconds())
        assert await world.cycle() == [], f"seed {seed}"

        assert await world.unassociated() == [], f"seed {seed}"
        there = world.hub.app.kept["hubspot"]
        ids = [each["fp_facility_id"] for each in there.control("GET", "objects", {"kind": "companies"}, None)]
        assert NEVER not in ids, f"seed {seed}: it must not be contacted"
        assert len(ids) == len({*ids}), f"seed {seed}: twice"
        world.forward(61)
        before = world.writes
        for kind in await world.lanes():
            await world.turn(kind)
        assert world.writes == before, f"seed {seed}: what agrees is sent again"
