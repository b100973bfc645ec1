"""Does the next batch of every replica of the matcher use the changes of the others?"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from services.matcher import handlers
from services.matcher.app import service
from services.matcher.commands.accept_group import accept_group
from services.matcher.commands.undo_decision import undo_decision
from services.matcher.usecases.directory import directory_of
from shared.application import Application
from shared.contracts.events import FacilityDelisted, PostingSeen
from shared.contracts.matcher import AcceptGroup, Counts, Inbox, UndoDecision
from shared.runtime import Runtime
from tests.integration.test_matcher import DAY, a_facility, a_posting, outcome_of
from tests.support.running import Running

Replicas = tuple[Runtime, Runtime]


@pytest.fixture
async def replicas(matcher: Running) -> AsyncIterator[Replicas]:
    """The matcher, and a second one with the same database and the same consumers."""
    async with Application(service, matcher.app.settings) as second:
        yield matcher.app, second.runtime


async def handle(app: Runtime, handler: Any, *events: Any) -> None:
    """A batch that only this replica processes."""
    async with app.begin() as tx:
        await handler(list(events), tx)


async def matched_by(app: Runtime, posting: PostingSeen, matcher: Running) -> str | None:
    await handle(app, handlers.match_postings, posting)
    return (await outcome_of(matcher, posting))[1]


@pytest.mark.parametrize("writer", [0, 1])
async def test_a_facility_listed_renamed_or_delisted_by_one_replica_is_so_for_the_other(
    matcher: Running, replicas: Replicas, writer: int
) -> None:
    one, other = replicas[writer], replicas[1 - writer]
    assert await matched_by(other, a_posting(1), matcher) is None

    await handle(one, handlers.list_facilities, a_facility())
    assert await matched_by(other, a_posting(2), matcher) == "335001"

    await handle(one, handlers.list_facilities, a_facility(version=2, name="Heron Lodge"))
    assert await matched_by(other, a_posting(3, "Heron Lodge"), matcher) == "335001"

    await handle(one, handlers.delist_facilities, FacilityDelisted(facility_id="335001", version=3, delisted_as_of=DAY))
    assert await matched_by(other, a_posting(4, "Heron Lodge"), matcher) is None


async def test_an_alias_learned_or_undone_at_one_replica_is_so_for_the_other(
    matcher: Running, replicas: Replicas
) -> None:
    one, other = replicas
    strange = "WBNH Holdings of Albany"
    await handle(one, handlers.list_facilities, a_facility())
    assert await matched_by(other, a_posting(1, strange), matcher) is None
    (entry,) = await matcher.ask(Inbox())

    await handle(one, answered(accept_group, AcceptGroup(key=entry.key, facility_id="335001", actor="ann")))
    assert await matched_by(other, a_posting(2, strange), matcher) == "335001"

    await handle(one, answered(undo_decision, UndoDecision(key=entry.key, actor="ann")))
    assert await matched_by(other, a_posting(3, strange), matcher) is None


def answered(ask: Any, request: Any) -> Any:
    async def handler(_: list[Any], tx: Any) -> None:
        await ask(request, tx)

    return handler


async def test_replicas_that_share_the_stream_end_with_the_same_directory(matcher: Running, replicas: Replicas) -> None:
    words = "Amber Birch Cedar Dove Elm Fern Gorse Heron".split()
    named = [f"{one} {other} Manor" for one in words for other in words if one < other]
    await matcher.receive(*(a_facility(f"335{n:03}", name) for n, name in enumerate(named)))
    await matcher.receive(*(a_posting(n, name) for n, name in enumerate(named)))

    assert (await matcher.ask(Counts())).matched == len(named)
    known = []
    for app in replicas:
        async with app.begin() as tx:
            known.append((await directory_of(tx)).facilities)
    assert known[0] == known[1]
    assert len(known[0]) == len(named)
