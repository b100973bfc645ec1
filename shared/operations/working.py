"""How are calls outside made, several at once, while no transaction waits for them?

For each kind of work one loop claims items in a transaction, has them called, and records in another one what came of
all calls that have ended meanwhile. If items cannot be claimed or recorded together, they are one by one, so that the
one that fails delays no other. A process that ends leaves its items leased; another one claims them after the lease.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from uuid import uuid4

import structlog

from shared.messaging.failures import text_of
from shared.messaging.relay import Relay
from shared.metrics import CALL_SECONDS, DEAD_LETTERED, WORK_DONE, WORK_FAILED, begin_at_zero
from shared.operations import outcomes
from shared.operations.marking import Marking
from shared.operations.outcomes import GivenBack
from shared.storage import work
from shared.storage.database import DatabaseUnavailable, Tx
from shared.storage.work import Item
from shared.work import Ask, Attempt, Call, Declared, Done, LeaseLost, Retry, Verdict

log = structlog.get_logger()

DRAIN_SECONDS = 8.0
"""How long a stop waits for calls in progress."""
WAIT_SECONDS = 1.0
"""Until the next try while the database is unavailable."""
LEASE_SHARE = 0.8
"""The part of its lease after which a call is canceled, so that it never ends after its lease."""


NOT_ITS_FAULT = (LeaseLost, DatabaseUnavailable)
"""Errors of a call for which no try of its item is counted."""


class Working:
    """Does one kind of work in this process."""

    def __init__(self, service: str, declared: Declared, relay: Relay, ask: Ask) -> None:
        self.kind = declared.kind
        begin_at_zero(self.kind, WORK_DONE, WORK_FAILED, DEAD_LETTERED)
        self.declared = declared
        self.recorded = 0
        """The number of calls that were recorded so far."""
        self.failing: str | None = None
        """Why items cannot be claimed or recorded at the moment."""
        self.task: asyncio.Task[None] | None = None
        self._service = service
        self._relay = relay
        self._ask = ask
        self._worker = declared.make()
        self._holder = uuid4()
        self._marking = Marking(relay.begin_internal, self._holder)
        self._slots = asyncio.Semaphore(declared.parallel)
        self._woken = asyncio.Event()
        self._stopping = False
        self._claim_singly = 0
        """How many items are claimed one by one, because claiming them together failed."""
        self._calls: set[asyncio.Task[None]] = set()
        self._ended: list[Attempt] = []

    def start(self) -> None:
        """Work in a task, which ends by itself only if something broke."""
        self.task = asyncio.create_task(self._run(), name=f"work {self.kind}")

    def wake(self) -> None:
        """Look for items that are due."""
        self._woken.set()

    async def stop(self) -> None:
        """Drain: finish the calls in progress, give back the other items, and record what came of them."""
        self._stopping = True
        self.wake()
        if self.task is not None:
            await asyncio.wait([self.task], timeout=DRAIN_SECONDS)
            self.task.cancel()
        if self._calls and not self.declared.waits:
            await asyncio.wait(self._calls, timeout=DRAIN_SECONDS)
        calls = list(self._calls)
        for call in calls:
            call.cancel()
        await asyncio.gather(*calls, return_exceptions=True)
        try:
            await self._record()
        except DatabaseUnavailable as error:
            log.warning("work.unrecorded", kind=self.kind, items=len(self._ended), error=str(error))
        await self._worker.close()

    async def _run(self) -> None:
        while not self._stopping:
            self._woken.clear()
            try:
                busy = await self._record()
                busy = await self._claim() or busy
            except DatabaseUnavailable as error:
                log.warning("work.postponed", kind=self.kind, error=str(error))
                await asyncio.sleep(WAIT_SECONDS)
            else:
                if not busy:
                    await self._woken.wait()

    # --- claiming ------------------------------------------------------------------------------------------------

    async def _claim(self) -> bool:
        """Claim the items that there is room for; returns whether more may be due."""
        room = self.declared.claimable - len(self._calls)
        if self._stopping or self._relay.congested or 2 * room < self.declared.claimable:
            return False
        limit = 1 if self._claim_singly else room
        deadline = asyncio.get_running_loop().time() + LEASE_SHARE * self.declared.lease.total_seconds()
        claimed: list[Item] = []
        try:
            attempts = await self._claimed(claimed, limit)
        except DatabaseUnavailable:
            raise
        except Exception as error:
            await self._claim_failed(claimed, error)
            return True
        self._claim_singly = max(0, self._claim_singly - 1)
        self.failing = self.failing if self._claim_singly else None
        for attempt in attempts:
            self._start(attempt, deadline)
        return len(claimed) == limit

    async def _claimed(self, claimed: list[Item], limit: int) -> list[Attempt]:
        """Claim up to `limit` items, which are added to `claimed`; returns those to be called."""
        async with self._relay.begin() as tx:
            claimed += await work.claim(tx, self.kind, self._holder, self.declared.lease, limit)
            if not claimed:
                return []
            decided = await self._decide(claimed, tx)
            calls = {item: each for item, each in decided.items() if isinstance(each, Call)}
            await self._apply(tx, {i: each for i, each in decided.items() if not isinstance(each, Call)}, called=False)
        return [
            Attempt(item, call.given, self.declared.is_last(item.tries), self._marking.mark, self._ask)
            for item, call in calls.items()
        ]

    async def _decide(self, items: Sequence[Item], tx: Tx) -> dict[Item, Verdict | Call]:
        """What becomes of claimed items; an item that ended its process at each try is not called again by itself."""
        over = [item for item in items if self.declared.is_last(item.tries - 1)]
        lost = [item for item in items if item.irrevocable or item in over]
        others = [item for item in items if item not in lost]
        decided = {**(await self._worker.lost(lost, tx) if lost else {})}
        decided |= await self._worker.claim(others, tx) if others else {}
        ended = {item.key: Retry("The process ended during each of its calls.", item.irrevocable) for item in over}
        return {item: decided.get(item.key) or ended.get(item.key) or Call() for item in (*lost, *others)}

    async def _claim_failed(self, claimed: Sequence[Item], error: Exception) -> None:
        """Let the item fail that cannot be claimed alone; claim several one by one."""
        log.error("work.claim_failed", kind=self.kind, items=len(claimed), error=text_of(error))
        self.failing = f"work {self.kind}: items cannot be claimed: {text_of(error)}"
        if len(claimed) == 1:
            async with self._relay.begin() as tx:
                number = [claimed[0].work_no]
                again = await work.claim(tx, self.kind, self._holder, self.declared.lease, 1, only=number)
                await self._apply(tx, {item: Retry(text_of(error), item.irrevocable) for item in again}, called=True)
        self._claim_singly = max(len(claimed), self._claim_singly - 1)
        if not claimed:
            await asyncio.sleep(WAIT_SECONDS)

    # --- calling -------------------------------------------------------------------------------------------------

    def _start(self, attempt: Attempt, deadline: float) -> None:
        task = asyncio.create_task(self._call(attempt, deadline), name=f"call {self.kind} {attempt.item.key}")
        self._calls.add(task)
        task.add_done_callback(self._ended_call)

    def _ended_call(self, task: asyncio.Task[None]) -> None:
        self._calls.discard(task)
        self.wake()

    async def _call(self, attempt: Attempt, deadline: float) -> None:
        """Call as soon as fewer than `parallel` calls run."""
        try:
            async with asyncio.timeout_at(deadline), self._slots:
                if not self._stopping:
                    await self._called(attempt)
        except asyncio.CancelledError:
            attempt.called = False
        except Exception as error:
            attempt.error = error
            attempt.called &= not isinstance(error, NOT_ITS_FAULT)
        self._ended.append(attempt)

    async def _called(self, attempt: Attempt) -> None:
        attempt.called = True
        with CALL_SECONDS.labels(self.kind).time():
            attempt.value = await self._worker.call(attempt)

    # --- recording -----------------------------------------------------------------------------------------------

    async def _record(self) -> bool:
        """Record what came of the calls that have ended; returns whether there were any."""
        attempts, self._ended = self._ended, []
        groups = [attempts] if attempts else []
        while groups:
            try:
                groups = groups[1:] + await self._record_group(groups[0])
            except DatabaseUnavailable:
                self._ended += [attempt for group in groups for attempt in group]
                raise
        return bool(attempts)

    async def _record_group(self, attempts: list[Attempt]) -> list[list[Attempt]]:
        """Record calls; returns its halves if that fails. An item whose call cannot be recorded alone fails."""
        try:
            await self._record_together(attempts)
        except DatabaseUnavailable:
            raise
        except Exception as error:
            log.error("work.record_failed", kind=self.kind, items=len(attempts), error=text_of(error))
            if half := len(attempts) // 2:
                return [attempts[:half], attempts[half:]]
            await self._fail(attempts[0], error)
        return []

    async def _fail(self, attempt: Attempt, error: Exception) -> None:
        async with self._relay.begin() as tx:
            if await work.lock_claimed(tx, [attempt.item.work_no], self._holder):
                await self._apply(tx, {attempt.item: Retry(text_of(error), attempt.irrevocable)})

    async def _record_together(self, attempts: Sequence[Attempt]) -> None:
        async with self._relay.begin() as tx:
            ours = await work.lock_claimed(tx, [each.item.work_no for each in attempts], self._holder)
            current = [each for each in attempts if each.item.work_no in ours]
            called = [each for each in current if each.called]
            given_back = {each.item: GivenBack(each.irrevocable) for each in current if not each.called}
            verdicts = await self._worker.record(called, tx) if called else {}
            await self._apply(tx, {each.item: verdicts.get(each.item.key) or _default(each) for each in called})
            await self._apply(tx, given_back, called=False)
        if len(current) < len(attempts):
            log.warning("work.lease_lost", kind=self.kind, items=len(attempts) - len(current))
        failed = sum(each.error is not None for each in called)
        WORK_FAILED.labels(self.kind).inc(failed)
        WORK_DONE.labels(self.kind).inc(len(called) - failed)
        self.recorded += len(called)

    async def _apply(self, tx: Tx, verdicts: Mapping[Item, Verdict | GivenBack], *, called: bool = True) -> None:
        await outcomes.apply(tx, self.declared, verdicts, called=called, service=self._service)


def _default(attempt: Attempt) -> Verdict:
    """An item is done unless its call failed."""
    return Done() if attempt.error is None else Retry(text_of(attempt.error), attempt.irrevocable)
