"""Which kinds of work does this process do, and is any of it due?"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from shared.metrics import WORK_DUE, WORK_OLDEST, WORK_RUNNING
from shared.operations.working import Working
from shared.storage import work
from shared.storage.database import Begin, Tx

POLL_SECONDS = 1.0
"""How often this process looks for items that another replica added, and that have become due."""


@dataclass(frozen=True, slots=True)
class Workers:
    """The workers of one process, by kind."""

    kinds: Sequence[Working]
    begin_internal: Begin

    def wake(self, kinds: Collection[str] | None = None) -> None:
        """Look for items that are due, of these kinds, or of every kind."""
        for each in self.kinds:
            if kinds is None or each.kind in kinds:
                each.wake()

    async def poll(self) -> None:
        """Wake the workers that have items to claim, with one query for all kinds."""
        if self.kinds:
            async with self.begin_internal() as tx:
                due = await work.due(tx)
            for each in self.kinds:
                if each.kind in due:
                    each.wake()

    def problems(self) -> list[str]:
        """Why the work of a kind is not done."""
        return [each.failing for each in self.kinds if each.failing]

    async def in_flight(self) -> int:
        """How many items are due or claimed, except those whose calls wait for something outside."""
        kinds = [each.kind for each in self.kinds if not each.declared.waits]
        if not kinds:
            return 0
        async with self.begin_internal() as tx:
            return await work.in_flight(tx, kinds)

    async def measure(self, tx: Tx) -> None:
        """Update the gauges."""
        states = {each.kind: each for each in await work.status(tx)} if self.kinds else {}
        for kind in (each.kind for each in self.kinds):
            state = states.get(kind)
            waited = (tx.now - state.oldest_due).total_seconds() if state and state.oldest_due else 0.0
            WORK_DUE.labels(kind).set(state.due if state else 0)
            WORK_OLDEST.labels(kind).set(waited)
            WORK_RUNNING.labels(kind).set(state.running if state else 0)
