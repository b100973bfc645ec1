"""How does a call record that it may take effect from here on, together with the calls beside it?"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from uuid import UUID

from shared.storage import work
from shared.storage.database import Begin
from shared.storage.work import Item
from shared.work import LeaseLost


@dataclass(eq=False)
class Marking:
    """Marks items as irrevocable; those that wait during one transaction share the next one."""

    begin: Begin
    holder: UUID
    _waiting: dict[int, asyncio.Future[bool]] = field(default_factory=dict)
    _task: asyncio.Task[None] | None = None

    async def mark(self, item: Item) -> None:
        """Returns once the mark is stored; raises `LeaseLost` if the item is no longer leased to this process."""
        stored = self._waiting[item.work_no] = asyncio.get_running_loop().create_future()
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._store(), name="marking")
        if not await stored:
            raise LeaseLost(f"{item.kind} {item.key}: its lease ran out before its call took effect")

    async def _store(self) -> None:
        while self._waiting:
            waiting, self._waiting = self._waiting, {}
            try:
                async with self.begin() as tx:
                    marked = await work.mark_irrevocable(tx, list(waiting), self.holder)
            except Exception as error:  # every call gets it
                for each in waiting.values():
                    if not each.done():
                        each.set_exception(error)
            else:
                for work_no, each in waiting.items():
                    if not each.done():
                        each.set_result(work_no in marked)
