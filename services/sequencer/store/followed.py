"""What followed from the touches that people recorded?"""

from __future__ import annotations

from uuid import UUID

from pydantic import TypeAdapter

from services.sequencer.domain.undoing import Followed
from shared.storage.database import Tx
from shared.storage.writing import insert

_FOLLOWED = TypeAdapter(Followed)


async def record(tx: Tx, activity_id: UUID, made: Followed) -> None:
    stored = _FOLLOWED.dump_python(made, mode="json")
    await insert(tx, "touch_effects", [{"activity_id": activity_id, "followed": stored}])


async def forget(tx: Tx, activity_id: UUID) -> None:
    await tx.run("DELETE FROM touch_effects WHERE activity_id = %(id)s", id=activity_id)


async def of_activity(tx: Tx, activity_id: UUID) -> Followed:
    """What followed from an activity; nothing, if nothing is recorded."""
    stored = await tx.value("SELECT followed FROM touch_effects WHERE activity_id = %(id)s", id=activity_id)
    return _FOLLOWED.validate_python(stored) if stored else Followed()
