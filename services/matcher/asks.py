"""What can be asked of the matcher, and what can a person decide?"""

from __future__ import annotations

from collections import Counter
from typing import Any, Literal
from uuid import UUID

from pydantic import Field

from services.matcher.domain.directory import Directory, Group
from services.matcher.domain.inbox import InboxEntry, in_order
from services.matcher.domain.postings import Posting
from services.matcher.memory import directory_of, overlay_of
from services.matcher.outcomes import settle
from services.matcher.settings import NOWHERE
from services.matcher.store import directory as directory_store
from services.matcher.store import inbox as inbox_store
from services.matcher.store import postings as posting_store
from shared.asking import Nothing, Request
from shared.database import Tx
from shared.events import AliasLearned
from shared.handling import Refused, ask


class Page(Request):
    limit: int = Field(50, ge=1, le=5_000)
    offset: int = Field(0, ge=0)


class Accept(Request):
    """These postings mean that facility."""

    key: str
    ccn: str
    by: str = Field(min_length=1)


class Reject(Request):
    """These postings mean none of the facilities shown, or nobody can say."""

    key: str
    by: str = Field(min_length=1)
    reason: Literal["none_of_these", "new_facility", "not_an_snf", "unsure"]


class Undo(Request):
    key: str
    by: str = Field(min_length=1)


class Outcomes(Request):
    posting_ids: list[UUID] = Field(max_length=5_000)


class OutcomePage(Request):
    after: UUID | None = None
    limit: int = Field(1_000, ge=1, le=5_000)


class SignalPage(Request):
    """`after` is the `ccn/role_family` of the last row received."""

    after: str | None = None
    limit: int = Field(1_000, ge=1, le=5_000)


class OneFacility(Request):
    ccn: str


@ask("inbox")
async def inbox(request: Page, tx: Tx) -> list[InboxEntry]:
    entries = in_order(await inbox_store.waiting(tx))
    return entries[request.offset : request.offset + request.limit]


@ask("accept")
async def accept(request: Accept, tx: Tx) -> dict[str, Any]:
    group, postings, committed = await _decidable(request.key, tx)
    facility = committed.facilities.get(request.ccn)
    if not facility or not facility.listed:
        raise Refused(f"No listed facility has the CCN {request.ccn}; look it up and try again.", code=404)
    if group.state and group.state != facility.state:
        raise Refused(
            f"{facility.name} ({request.ccn}) is in {facility.state}, the postings are in {group.state}.", code=409
        )
    known = committed.aliases.get(group)
    if known and known.ccn != request.ccn:
        raise Refused(
            f"{postings[0].employer_name!r} was accepted as {known.ccn} by {known.by}; undo that first.", code=409
        )
    if known:
        return _answer(request.key, [])
    change = await directory_store.raise_version(tx)
    await inbox_store.withdraw(tx, group, change)
    shown = postings[0]
    alias_id = await inbox_store.learn_alias(tx, group, request.ccn, shown.employer_name, request.by, change)
    await inbox_store.log_decision(tx, "accept", request.key, shown, request.by, ccn=request.ccn)
    tx.emit(
        AliasLearned(
            alias_id=alias_id,
            ccn=request.ccn,
            employer_name=shown.employer_name,
            city=shown.city,
            state=shown.state,
            learned_by=request.by,
            learned_at=tx.now,
        )
    )
    return await _decide_anew(tx, request.key, postings, committed)


@ask("reject")
async def reject(request: Reject, tx: Tx) -> dict[str, Any]:
    group, postings, committed = await _decidable(request.key, tx)
    known, alias = committed.verdicts.get(group), committed.aliases.get(group)
    if alias:
        raise Refused(
            f"{postings[0].employer_name!r} was accepted as {alias.ccn} by {alias.by}; undo that first.", code=409
        )
    if known and known.reason == request.reason:
        return _answer(request.key, [])
    change = await directory_store.raise_version(tx)
    await inbox_store.record_verdict(tx, group, request.reason, request.by, change)
    await inbox_store.log_decision(tx, "reject", request.key, postings[0], request.by, reason=request.reason)
    return await _decide_anew(tx, request.key, postings, committed)


@ask("undo")
async def undo(request: Undo, tx: Tx) -> dict[str, Any]:
    """Take a decision back: what it had matched or ignored is decided as if it had never been."""
    group, postings, committed = await _decidable(request.key, tx)
    alias, verdict = committed.aliases.get(group), committed.verdicts.get(group)
    if not alias and not verdict:
        return _answer(request.key, [])
    change = await directory_store.raise_version(tx)
    await inbox_store.withdraw(tx, group, change)
    await inbox_store.log_decision(tx, "undo", request.key, postings[0], request.by)
    return await _decide_anew(tx, request.key, postings, committed)


@ask("outcome")
async def outcome(request: Outcomes, tx: Tx) -> list[dict[str, Any]]:
    return await posting_store.outcomes(tx, request.posting_ids)


@ask("export_outcomes")
async def export_outcomes(request: OutcomePage, tx: Tx) -> list[dict[str, Any]]:
    return await posting_store.page_of_outcomes(tx, request.after, request.limit)


@ask("export_signals")
async def export_signals(request: SignalPage, tx: Tx) -> list[dict[str, Any]]:
    """One row per signal; all signals of a facility and role family are on one page."""
    ccn, _, role = (request.after or "").partition("/")
    pairs = await posting_store.page_of_signals(tx, (ccn, role), request.limit)
    return [
        {"ccn": pair["ccn"], "facility": pair["name"], "role_family": pair["role_family"], **signal}
        for pair in pairs
        for signal in pair["signals"]
    ]


@ask("counts")
async def counts(request: Nothing, tx: Tx) -> dict[str, Any]:
    found = await posting_store.counts(tx)
    by_outcome: Counter[str] = Counter()
    for row in found:
        by_outcome[row["outcome"]] += row["postings"]
    return {
        "matched": by_outcome["matched"],
        "queued": by_outcome["queued"],
        "ignored": {row["reason"]: row["postings"] for row in found if row["outcome"] == "ignored"},
        "queued_reasons": {row["reason"]: row["postings"] for row in found if row["outcome"] == "queued"},
        "signals_open": await posting_store.open_signals(tx),
        "inbox_groups": await inbox_store.groups_waiting(tx),
    }


@ask("facility")
async def facility(request: OneFacility, tx: Tx) -> dict[str, Any]:
    found = await directory_store.facility(tx, request.ccn)
    if not found:
        raise Refused(f"No facility with the CCN {request.ccn} was ever listed.", code=404)
    names = await directory_store.names_of(tx, request.ccn)
    return found | {"names": names, "signals": await posting_store.signals_at(tx, request.ccn)}


async def _decidable(key: str, tx: Tx) -> tuple[Group, list[Posting], Directory]:
    """The group of that key, its postings, newest first, and the directory to decide by."""
    group = await inbox_store.group_named(tx, key)
    if not group:
        raise Refused(f"Nothing in the inbox has the key {key}; list it again.", code=404)
    await tx.lock("state", [group.state or NOWHERE])
    return group, await inbox_store.postings_of(tx, group), await directory_of(tx)


async def _decide_anew(tx: Tx, key: str, postings: list[Posting], committed: Directory) -> dict[str, Any]:
    """A word on a group settles that group: the same name in another town may mean another facility."""
    return _answer(key, await settle(tx, await overlay_of(tx, committed), postings, postings))


def _answer(key: str, changed: list[Posting]) -> dict[str, Any]:
    return {
        "key": key,
        "matched": sum(posting.outcome == "matched" for posting in changed),
        "queued": sum(posting.outcome == "queued" for posting in changed),
        "ignored": sum(posting.outcome == "ignored" for posting in changed),
    }
