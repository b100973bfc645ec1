"""What do all decisions of people on groups have in common?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.matcher.domain.directory import Directory, Group
from services.matcher.domain.postings import Posting
from services.matcher.domain.verdicts import VerdictKind
from services.matcher.settings import NOWHERE
from services.matcher.store import inbox as store
from services.matcher.usecases.directory import directory_of, overlay_of
from services.matcher.usecases.outcomes import decide_postings
from shared.contracts.events import AliasLearned
from shared.contracts.matcher import AcceptGroup, RejectGroup, Resolution, UndoDecision
from shared.contracts.refusals import Refused
from shared.contracts.requests import refuse_outdated
from shared.storage.database import Tx


async def group_to_decide(
    command: AcceptGroup | RejectGroup | UndoDecision, tx: Tx
) -> tuple[Group, list[Posting], Directory]:
    """The group with the key, its postings, newest first, and the directory."""
    group = await store.group_named(tx, command.key)
    if not group:
        raise Refused(f"No group in the inbox has the key {command.key}; list it again.", code=404)
    await tx.lock("state", [group.state or NOWHERE])
    if command.seen is not None:
        version, last = await store.last_decision(tx, command.key)
        refuse_outdated(command, version, last)
    return group, await store.postings_of(tx, group), await directory_of(tx)


def verdict_named(reason: str, verdicts: dict[str, VerdictKind]) -> VerdictKind:
    """The verdict with a name. Raises `Refused` for an unknown one."""
    if reason not in verdicts:
        message = f"{reason!r} is not a verdict; use one of {', '.join(verdicts)}."
        raise Refused(message, 400, {"reason": "is not a verdict"})
    return verdicts[reason]


async def decide_again(tx: Tx, key: str, postings: list[Posting], committed: Directory) -> Resolution:
    """Decide on the postings of one group; the same name in another city may be another facility."""
    return resolution(key, await decide_postings(tx, await overlay_of(tx, committed), postings, postings))


def resolution(key: str, changed: list[Posting]) -> Resolution:
    return Resolution(
        key=key,
        matched=sum(posting.outcome == "matched" for posting in changed),
        queued=sum(posting.outcome == "queued" for posting in changed),
        dismissed=sum(posting.outcome == "queued" and not posting.waits for posting in changed),
        ignored=sum(posting.outcome == "ignored" for posting in changed),
    )


def alias_learned(alias: Mapping[str, Any]) -> AliasLearned:
    """The event about a stored alias."""
    return AliasLearned.model_validate(alias)
