"""Which types of events are there, and which of them have contact data?"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from shared.contracts.refusals import Refused
from shared.contracts.topology import CONSUMES, PERSONAL, named_by

TYPES: Final = tuple(sorted(event.SUBJECT for event in CONSUMES["courier"]))
PERSONAL_TYPES: Final = tuple(event.SUBJECT for event in PERSONAL)


def refuse_unknown(types: Collection[str]) -> None:
    """Refuse types that no event has."""
    if wrong := [each for each in types if not named_by([each], TYPES)]:
        raise Refused(
            f"No event has the type {', '.join(wrong)}. There are: {', '.join(TYPES)}.", 422, {"types": "unknown"}
        )
