"""On which values do a CRM and we agree, as they are stored and read back?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from engines.crm.merging import Agreed, Merged
from engines.crm.records import Record, text_of, time_of


def agreed_of(stated: Mapping[str, Mapping[str, Any]]) -> dict[str, Agreed]:
    """What both sides agreed on, as it is stored."""
    return {
        name: Agreed(
            each["value"],
            each["by"],
            time_of(each["changed_at"]),
            datetime.fromisoformat(each["seen_at"]),
            each["replaced"],
            each.get("shown"),
        )
        for name, each in stated.items()
    }


def stored(agreed: Mapping[str, Agreed]) -> dict[str, dict[str, str | None]]:
    return {
        name: {
            "value": each.value,
            "by": each.by,
            "changed_at": text_of(each.changed_at) if each.changed_at else None,
            "seen_at": text_of(each.seen_at),
            "replaced": each.replaced,
            **({} if each.shown is None else {"shown": each.shown}),
        }
        for name, each in agreed.items()
    }


def taken(base: Mapping[str, Agreed], merged: Merged) -> dict[str, str | None]:
    """What we have to accept and do not know of yet: a value is taken once, though ours shows the old one longer."""
    return {name: value for name, value in merged.take.items() if base.get(name) != merged.agreed[name]}


def differs(record: Record, agreed: Mapping[str, Agreed]) -> bool:
    """Whether they show something else than what was agreed on."""
    return any(not each.is_shown_as(record.values.get(name)) for name, each in agreed.items())
