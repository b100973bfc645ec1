"""Which commands were carried out, and with which replies?"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from pydantic_core import to_json

from shared.contracts.refusals import Refused
from shared.contracts.requests import Command
from shared.storage.database import Tx

C = TypeVar("C", bound=Command[Any])


async def once(tx: Tx, command: C, handle: Callable[[C, Tx], Awaitable[Any]]) -> bytes:
    """Carry out a command, or return the reply (JSON) that is stored under its id."""
    tx.actor = command.actor
    stored = await begin(tx, command.command_id, command.NAME)
    if stored is not None:
        return stored.encode()
    reply = to_json(await handle(command, tx))
    await finish(tx, command.command_id, reply.decode())
    return reply


async def begin(tx: Tx, command_id: UUID, name: str) -> str | None:
    """Insert a command of `tx.actor` before its effects; returns the stored reply (JSON) of a repeated command.

    Waits for another transaction that carries out the same command. Refuses an id that another command has.
    """
    inserted = await tx.run(
        "INSERT INTO commands (command_id, name, actor) VALUES (%(command_id)s, %(name)s, %(actor)s)"
        " ON CONFLICT DO NOTHING",
        command_id=command_id,
        name=name,
        actor=tx.actor,
    )
    if inserted:
        return None
    # A separate statement, which sees what was committed while the first one waited.
    (stored,) = await tx.dicts("SELECT name, reply FROM commands WHERE command_id = %(id)s", id=command_id)
    if stored["name"] != name:
        raise Refused(f"The command {command_id} was {stored['name']}; give this one an id of its own.", 409)
    return str(stored["reply"])


async def finish(tx: Tx, command_id: UUID, reply: str) -> None:
    """Store the reply, in the transaction of the effects."""
    await tx.run("UPDATE commands SET reply = %(reply)s WHERE command_id = %(id)s", reply=reply, id=command_id)


async def prune(tx: Tx, before: datetime) -> None:
    """Delete commands that are too old to be repeated."""
    await tx.run("DELETE FROM commands WHERE received_at < %(before)s", before=before)
