"""What does a program read next, of what it may read?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple
from uuid import UUID

from services.courier.store import feed_keys, log
from services.courier.store.log import Logged
from services.courier.usecases.kinds import PERSONAL_TYPES, TYPES, refuse_unknown
from shared.contracts.cloudevents import structured
from shared.contracts.refusals import Refused
from shared.contracts.topology import named_by
from shared.http.json_surface import holder_of
from shared.storage.database import Tx

START: Final = 0
"""The cursor that is never too old: it means all that is left."""


class Part(NamedTuple):
    """The next events, and how far the log was read for them."""

    events: list[Logged]
    cursor: int
    is_last: bool
    """The log ended here."""


async def read(tx: Tx, key_hash: str, after: int | None, types: Sequence[str], limit: int, scanned: int) -> Part:
    """Read on after a cursor, None for the end of the log, through so many positions at most.

    Refuses what the key may not read, and cursors that the log does not have.
    """
    wanted = await _wanted(tx, key_hash, types)
    start, end = await log.start(tx), await log.end(tx)
    if after is None:
        return Part([], end, True)
    if after > end:
        raise Refused(
            f"The log ends at {end}, so the cursor {after} is of another one, or the log was restored from a backup."
            f" Begin again with after={START}.",
            410,
            {"after": "is not in the log"},
        )
    _refuse_old(after, start)
    first = max(after, start)
    until = min(end, first + scanned)
    found = await log.read(tx, first, wanted, limit, until)
    _refuse_old(after, await log.start(tx))  # what was removed in the meantime was perhaps not found
    reached = found[-1].position if len(found) == limit else until
    return Part(found, reached, reached == end)


async def one(tx: Tx, key_hash: str, event_id: UUID) -> Logged:
    """An event by its id; one that the key may not read is treated as if it did not exist."""
    wanted = await _wanted(tx, key_hash, ())
    found = await log.find(tx, event_id)
    if found is None or found.type not in wanted:
        raise Refused("The log has no event with this id that this API key may read.", 404)
    return found


def _refuse_old(after: int, start: int) -> None:
    if START < after < start:
        raise Refused(
            f"The log starts after {start}, so some events after the cursor {after} are gone. Begin again with"
            f" after={START}, which reads all that is left; most events have the complete state of their subject.",
            410,
            {"after": "is too old"},
        )


async def _wanted(tx: Tx, key_hash: str, types: Sequence[str]) -> list[str]:
    """The types that a request reads: those of its key, of which it names some perhaps."""
    allowed = await feed_keys.allowed(tx, await holder_of(tx, key_hash))
    if allowed is None:
        raise Refused("This API key is not for events; `pipeline key add NAME --feed` creates one that is.", 403)
    refuse_unknown(types)
    ours = [each for each in named_by(allowed.types, TYPES) if allowed.personal or each not in PERSONAL_TYPES]
    if not types:
        return ours
    if refused := [each for each in types if not named_by([each], ours)]:
        why = "" if allowed.personal else "; events with contact data are only for keys that were created for them"
        raise Refused(f"This API key may not read {', '.join(refused)}{why}.", 403, {"types": "are not allowed"})
    return named_by(types, ours)


def written(event: Logged) -> dict[str, Any]:
    """An event of the log as a structured CloudEvent, which states its cursor."""
    return structured(
        event.type,
        event.event_id,
        event.source,
        event.at,
        event.key,
        event.data,
        event.trace,
        cursor=str(event.position),
    )
