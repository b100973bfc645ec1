"""What waits for a person, and what can a person decide?"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from services.matcher.domain.directory import Directory, Group
from services.matcher.domain.inbox import InboxEntry, in_order
from services.matcher.domain.postings import Posting, reopened
from services.matcher.domain.resolve import DISPUTED
from services.matcher.memory import FINAL, directory_of, overlay_of
from services.matcher.outcomes import settle
from services.matcher.settings import NOWHERE
from services.matcher.store import directory as directory_store
from services.matcher.store import inbox as inbox_store
from shared.contracts.events import AliasLearned
from shared.contracts.limits import Count, FacilityId, Name, ShortText
from shared.contracts.refusals import Refused
from shared.contracts.requests import Request
from shared.service import Router
from shared.storage.database import Tx

router = Router()


class Page(Request):
    limit: int = Field(50, ge=1, le=5_000)
    offset: Count = 0


class InboxPage(Page):
    """What waits, or what was dismissed undecided."""

    dismissed: bool = False


class Accept(Request):
    """These postings mean that facility."""

    key: ShortText
    facility_id: FacilityId
    by: Name


class Reject(Request):
    """These postings mean none of the facilities shown, or nobody can say."""

    key: ShortText
    by: Name
    reason: Literal["none_of_these", "new_facility", "not_an_snf", "unsure"]


class Undo(Request):
    key: ShortText
    by: Name


@router.ask("inbox")
async def inbox(request: InboxPage, tx: Tx) -> list[InboxEntry]:
    entries = in_order(await inbox_store.queued(tx, request.dismissed))
    return entries[request.offset : request.offset + request.limit]


@router.ask("accept")
async def accept(request: Accept, tx: Tx) -> dict[str, Any]:
    group, postings, committed = await decidable(request.key, tx)
    facility = committed.facilities.get(request.facility_id)
    if not facility or not facility.listed:
        raise Refused(f"No facility {request.facility_id} is listed; look it up and try again.", code=404)
    if group.state and group.state != facility.state:
        raise Refused(
            f"{facility.name} ({request.facility_id}) is in {facility.state}, the postings are in {group.state}.",
            code=409,
        )
    known = committed.aliases.get(group)
    if known and known.facility_id != request.facility_id:
        raise Refused(
            f"{postings[0].employer_name!r} was accepted as {known.facility_id} by {known.by}; undo that first.",
            code=409,
        )
    if known:
        return _answer(request.key, [])
    change = await directory_store.raise_version(tx)
    await inbox_store.withdraw(tx, group, change)
    shown = postings[0]
    alias_id = await inbox_store.learn_alias(tx, group, request.facility_id, shown.employer_name, request.by, change)
    await inbox_store.log_decision(
        tx, "accept", request.key, shown.employer, request.by, facility_id=request.facility_id
    )
    tx.emit(
        AliasLearned(
            alias_id=alias_id,
            facility_id=request.facility_id,
            employer_name=shown.employer_name,
            city=shown.city,
            state=shown.state,
            learned_by=request.by,
            learned_at=tx.now,
        )
    )
    return await decide_anew(tx, request.key, postings, committed)


@router.ask("reject")
async def reject(request: Reject, tx: Tx) -> dict[str, Any]:
    group, postings, committed = await decidable(request.key, tx)
    known, alias = committed.verdicts.get(group), committed.aliases.get(group)
    if alias:
        raise Refused(
            f"{postings[0].employer_name!r} was accepted as {alias.facility_id} by {alias.by}; undo that first.",
            code=409,
        )
    if known and known.reason == request.reason:
        return _answer(request.key, [])
    if known and known.reason == DISPUTED and request.reason not in FINAL:
        raise Refused(
            f"{known.by}, asked blind, disputed the automatic match of {postings[0].employer_name!r}, so it goes on"
            " waiting: accept a facility, or reject it as none_of_these or not_an_snf.",
            code=409,
        )
    change = await directory_store.raise_version(tx)
    await inbox_store.record_verdict(tx, group, request.reason, request.by, change)
    await inbox_store.log_decision(tx, "reject", request.key, postings[0].employer, request.by, reason=request.reason)
    return await decide_anew(tx, request.key, postings, committed)


@router.ask("undo")
async def undo(request: Undo, tx: Tx) -> dict[str, Any]:
    """Take a decision back: what it had matched or ignored is decided as if it had never been.

    A doubt raised before it stands again; only when the doubt itself is taken back does the engine's word count. What
    had been dismissed before it was settled is dismissed again, unless it was seen since.
    """
    group, postings, committed = await decidable(request.key, tx)
    alias, verdict = committed.aliases.get(group), committed.verdicts.get(group)
    if not alias and not verdict:
        return _answer(request.key, [])
    change = await directory_store.raise_version(tx)
    await inbox_store.withdraw(tx, group, change)
    is_doubt = verdict is not None and verdict.reason == DISPUTED
    doubter = None if is_doubt else await inbox_store.doubter_of(tx, request.key)
    if doubter:
        await inbox_store.record_verdict(tx, group, DISPUTED, doubter, change)
    undone = "undispute" if is_doubt else "undo"
    await inbox_store.log_decision(tx, undone, request.key, postings[0].employer, request.by)
    return await decide_anew(tx, request.key, [reopened(posting) for posting in postings], committed)


async def decidable(key: str, tx: Tx) -> tuple[Group, list[Posting], Directory]:
    """The group of that key, its postings, newest first, and the directory to decide by."""
    group = await inbox_store.group_named(tx, key)
    if not group:
        raise Refused(f"Nothing in the inbox has the key {key}; list it again.", code=404)
    await tx.lock("state", [group.state or NOWHERE])
    return group, await inbox_store.postings_of(tx, group), await directory_of(tx)


async def decide_anew(tx: Tx, key: str, postings: list[Posting], committed: Directory) -> dict[str, Any]:
    """A word on a group settles that group: the same name in another town may mean another facility."""
    return _answer(key, await settle(tx, await overlay_of(tx, committed), postings, postings))


def _answer(key: str, changed: list[Posting]) -> dict[str, Any]:
    return {
        "key": key,
        "matched": sum(posting.outcome == "matched" for posting in changed),
        "queued": sum(posting.outcome == "queued" for posting in changed),
        "dismissed": sum(posting.outcome == "queued" and not posting.waits for posting in changed),
        "ignored": sum(posting.outcome == "ignored" for posting in changed),
    }
