"""What do all decisions of a person about a group of postings have in common?"""

from __future__ import annotations

from services.matcher.domain.directory import Directory, Group
from services.matcher.domain.postings import Posting
from services.matcher.domain.verdicts import VerdictKind
from services.matcher.settings import NOWHERE
from services.matcher.store import inbox as store
from services.matcher.usecases.directory import directory_of, overlay_of
from services.matcher.usecases.outcomes import settle
from shared.contracts.matcher import AcceptGroup, RejectGroup, Settled, UndoDecision
from shared.contracts.refusals import Refused
from shared.contracts.requests import refuse_outdated
from shared.storage.database import Tx


async def decidable(
    command: AcceptGroup | RejectGroup | UndoDecision, tx: Tx
) -> tuple[Group, list[Posting], Directory]:
    """The group of that key, its postings, newest first, and the directory to decide by."""
    group = await store.group_named(tx, command.key)
    if not group:
        raise Refused(f"Nothing in the inbox has the key {command.key}; list it again.", code=404)
    await tx.lock("state", [group.state or NOWHERE])
    if command.seen is not None:
        version, last = await store.last_decision(tx, command.key)
        refuse_outdated(command, version, last)
    return group, await store.postings_of(tx, group), await directory_of(tx)


def known_verdict(reason: str, known: dict[str, VerdictKind]) -> VerdictKind:
    """The verdict of that name; refuses any other."""
    if reason not in known:
        raise Refused(f"{reason!r} is no verdict; write {', '.join(known)}.", 400, {"reason": "is no verdict"})
    return known[reason]


async def decide_anew(tx: Tx, key: str, postings: list[Posting], committed: Directory) -> Settled:
    """A word on a group settles that group: the same name in another town may mean another facility."""
    return settled(key, await settle(tx, await overlay_of(tx, committed), postings, postings))


def settled(key: str, changed: list[Posting]) -> Settled:
    return Settled(
        key=key,
        matched=sum(posting.outcome == "matched" for posting in changed),
        queued=sum(posting.outcome == "queued" for posting in changed),
        dismissed=sum(posting.outcome == "queued" and not posting.waits for posting in changed),
        ignored=sum(posting.outcome == "ignored" for posting in changed),
    )
