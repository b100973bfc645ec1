"""Which records are exchanged with a CRM now? An item of work is a lane: one kind of records of one system."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Final

from services.courier import settings
from services.courier.store import crm as store
from services.courier.store import crm_links
from services.courier.usecases import comparing
from services.courier.usecases.asking import Asking, access_of
from services.courier.usecases.comparing import Compared, Found
from services.courier.usecases.crm import KIND, next_at, record, slice_of
from services.courier.usecases.exchanging import Exchanged, exchange
from shared.outbound import Outbound
from shared.service import Router
from shared.storage.database import Tx
from shared.storage.work import Item
from shared.work import Attempt, Call, Done, Later, Verdict, Verdicts, Worker

LEASE: Final = timedelta(minutes=10)
"""Longer than the requests of a slice, each of which has at most 30 seconds."""
LONG_LEASE: Final = timedelta(hours=1)
"""For all records of a CRM."""


def router_of(outbound: Callable[[], Outbound] = settings.crm_outbound) -> Router:
    """The worker that exchanges records; `outbound` makes its client when it asks first."""
    router = Router()
    router.worker(KIND, parallel=4, lease=LEASE, delays=(10.0, 60.0, 300.0), endless=True)(lambda: Exchange(outbound))
    router.worker(comparing.KIND, parallel=1, lease=LONG_LEASE, delays=(60.0,))(lambda: Comparison(outbound))
    return router


class Asks(Worker):
    """Asks the CRM of the deployment."""

    def __init__(self, outbound: Callable[[], Outbound]) -> None:
        self._make = outbound
        self._asking: Asking | None = None

    @property
    def asking(self) -> Asking:
        if self._asking is None:
            self._asking = Asking(self._make(), access_of(settings.deployed()))
        return self._asking

    async def close(self) -> None:
        if self._asking is not None:
            await self._asking.close()


class Exchange(Asks):
    """Exchanges a slice of records of each lane at a time, and records what came of it."""

    async def claim(self, items: Sequence[Item], tx: Tx) -> Mapping[str, Verdict | Call]:
        """A lane that rests waits; one of a CRM that is not ours any more ends."""
        system, crm = settings.deployed().crm, settings.crm_map()
        if not system or crm is None:
            return {item.key: Done() for item in items}
        lanes = {each.key: each for each in await store.lanes(tx, system)}
        decided: dict[str, Verdict | Call] = {}
        for item in items:
            lane = lanes.get(item.key)
            if lane is None:
                decided[item.key] = Done()
            elif lane.rests_until and lane.rests_until > tx.now:
                decided[item.key] = Later(lane.rests_until)
            else:
                found = await slice_of(tx, lane, crm)
                decided[item.key] = Call(found) if found else Later(await next_at(tx, lane))
        return decided

    async def call(self, attempt: Attempt) -> Exchanged:
        return await exchange(attempt.given, self.asking)

    async def record(self, attempts: Sequence[Attempt], tx: Tx) -> Verdicts:
        """Store what came of every slice, and how far each lane has come."""
        lanes = {each.item.key: await record(each.given, each.value, tx) for each in attempts if each.error is None}
        return {key: Later(await next_at(tx, lane)) for key, lane in lanes.items()}  # one lane may wake another


class Comparison(Asks):
    """Compares all records of a lane once."""

    async def claim(self, items: Sequence[Item], tx: Tx) -> Mapping[str, Verdict | Call]:
        system, crm = settings.deployed().crm, settings.crm_map()
        lanes = {each.key: each for each in await store.lanes(tx, system)} if crm else {}
        decided: dict[str, Verdict | Call] = {}
        for item in items:
            lane = lanes.get(item.key)
            if lane is None or crm is None:
                decided[item.key] = Done()
                continue
            wanted = await store.everything(tx, system, lane.kind)
            forgotten = await crm_links.forgotten(tx, system, lane.kind)
            decided[item.key] = Call(Compared(lane, crm, wanted, bool(item.payload.get("apply")), forgotten))
        return decided

    async def call(self, attempt: Attempt) -> Found:
        return await comparing.compare(attempt.given, self.asking)

    async def record(self, attempts: Sequence[Attempt], tx: Tx) -> Verdicts:
        for each in attempts:
            if each.error is None:
                await comparing.record(each.given, each.value, tx)
        return {}
