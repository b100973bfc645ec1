"""What do all decisions of a person about a group of postings have in common?"""

from __future__ import annotations

from typing import Any

from services.matcher.domain.directory import Directory, Group
from services.matcher.domain.postings import Posting
from services.matcher.settings import NOWHERE
from services.matcher.store import inbox as store
from services.matcher.usecases.directory import directory_of, overlay_of
from services.matcher.usecases.outcomes import settle
from shared.contracts.refusals import Refused
from shared.storage.database import Tx


async def decidable(key: str, tx: Tx) -> tuple[Group, list[Posting], Directory]:
    """The group of that key, its postings, newest first, and the directory to decide by."""
    group = await store.group_named(tx, key)
    if not group:
        raise Refused(f"Nothing in the inbox has the key {key}; list it again.", code=404)
    await tx.lock("state", [group.state or NOWHERE])
    return group, await store.postings_of(tx, group), await directory_of(tx)


async def decide_anew(tx: Tx, key: str, postings: list[Posting], committed: Directory) -> dict[str, Any]:
    """A word on a group settles that group: the same name in another town may mean another facility."""
    return settled(key, await settle(tx, await overlay_of(tx, committed), postings, postings))


def settled(key: str, changed: list[Posting]) -> dict[str, Any]:
    return {
        "key": key,
        "matched": sum(posting.outcome == "matched" for posting in changed),
        "queued": sum(posting.outcome == "queued" for posting in changed),
        "dismissed": sum(posting.outcome == "queued" and not posting.waits for posting in changed),
        "ignored": sum(posting.outcome == "ignored" for posting in changed),
    }
