"""Which statements does a page send to the database?"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, NamedTuple

from shared.storage.database import Tx

MOST = 12
"""Of a page, whatever it shows (line 33 of the console's acceptance)."""


class Statement(NamedTuple):
    sql: str
    params: dict[str, Any]


_sent: ContextVar[list[Statement] | None] = ContextVar("statements", default=None)


@contextmanager
def statements() -> Iterator[list[Statement]]:
    """What this task and those that it starts send meanwhile, except the beginnings and ends of transactions."""
    sent: list[Statement] = []
    token = _sent.set(sent)
    try:
        yield sent
    finally:
        _sent.reset(token)


def _noted(name: str) -> Any:
    """A method of a transaction that notes its statement."""
    original = getattr(Tx, name)

    @wraps(original)
    async def send(self: Tx, *given: Any, **params: Any) -> Any:
        if (sent := _sent.get()) is not None:
            sent.append(Statement(given[-1], params))
        return await original(self, *given, **params)

    return send


for _name in ("run", "all", "dicts", "value"):
    setattr(Tx, _name, _noted(_name))
