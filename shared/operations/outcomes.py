"""What becomes of items of work: finished, due again later, or dead letters?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pydantic_core import to_json

from shared.messaging.failures import dead_letter
from shared.storage import work
from shared.storage.database import Tx
from shared.storage.deadletters import Failure
from shared.storage.work import Item, Release
from shared.work import Declared, Done, Later, Retry, Verdict

IRREVOCABLE = "irrevocable"
"""The header of a dead letter whose call may have taken effect."""


@dataclass(frozen=True, slots=True)
class GivenBack:
    """The item was not called; it is due as before, and no try is counted."""

    irrevocable: bool = False


async def apply(
    tx: Tx, declared: Declared, verdicts: Mapping[Item, Verdict | GivenBack], *, called: bool, service: str
) -> None:
    """Finish items, release them until they are due again, or make them dead letters.

    If they were not called, an item that is postponed keeps the tries that it has left.
    """
    dead = {
        item: verdict
        for item, verdict in verdicts.items()
        if isinstance(verdict, Retry) and declared.is_last(item.tries)
    }
    for item, retry in dead.items():
        await _dead_letter(tx, item, retry, service)
    done = [item.work_no for item, verdict in verdicts.items() if isinstance(verdict, Done) or item in dead]
    await work.finish(tx, done)
    await work.release(
        tx,
        [
            _release(tx, declared, item, verdict, called)
            for item, verdict in verdicts.items()
            if not isinstance(verdict, Done) and item not in dead
        ],
    )


def _release(tx: Tx, declared: Declared, item: Item, verdict: Later | Retry | GivenBack, called: bool) -> Release:
    match verdict:
        case Later(due_at):
            return Release(item.work_no, due_at, 0 if called else item.tries - 1, None, irrevocable=False)
        case Retry(error, irrevocable):
            due_at = tx.now + declared.delay(item.key, item.tries)
            return Release(item.work_no, due_at, item.tries, error, irrevocable)
        case GivenBack(irrevocable):
            return Release(item.work_no, item.due_at, item.tries - 1, None, irrevocable or item.irrevocable)


async def _dead_letter(tx: Tx, item: Item, retry: Retry, service: str) -> None:
    headers = {IRREVOCABLE: "true"} if retry.irrevocable else {}
    body = to_json(item.payload).decode()
    await dead_letter(tx, service, Failure(item.key, item.kind, item.kind, headers, body, retry.error), item.tries)
