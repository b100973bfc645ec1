"""Which commands were carried out, and how were they answered?"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from shared.contracts.refusals import Refused
from shared.storage.database import Tx


async def begin(tx: Tx, command_id: UUID, name: str) -> str | None:
    """Note a command before its effects; returns the answer (JSON) if it has been carried out already.

    Waits for another transaction that carries out the same one. Refuses an id that another command had.
    """
    entered = await tx.run(
        "INSERT INTO commands (command_id, name) VALUES (%(command_id)s, %(name)s) ON CONFLICT DO NOTHING",
        command_id=command_id,
        name=name,
    )
    if entered:
        return None
    # A statement of its own, which sees what was committed while the first one waited.
    (known,) = await tx.dicts("SELECT name, answer FROM commands WHERE command_id = %(id)s", id=command_id)
    if known["name"] != name:
        raise Refused(f"The command {command_id} was {known['name']}; give this one an id of its own.", 409)
    return str(known["answer"])


async def keep(tx: Tx, command_id: UUID, answer: str) -> None:
    """Store the answer with the effects."""
    await tx.run(
        "UPDATE commands SET answer = %(answer)s WHERE command_id = %(command_id)s",
        answer=answer,
        command_id=command_id,
    )


async def prune(tx: Tx, before: datetime) -> None:
    """Forget commands that nobody asks again."""
    await tx.run("DELETE FROM commands WHERE answered_at < %(before)s", before=before)
