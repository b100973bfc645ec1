"""Does a source learn what came of each of its postings, missing nothing, and nothing of others?"""

from __future__ import annotations

import asyncio
from datetime import date, timedelta

import httpx
import psycopg
import pytest

from shared.contracts.events import PostingClosed, PostingSeen
from shared.contracts.ingest import AddSource
from shared.contracts.matcher import AcceptGroup, Inbox, OutcomesOfSource
from shared.contracts.matcher_replies import SourceOutcome
from shared.contracts.refusals import AskFailed
from tests.integration.test_matcher import DAY, a_facility, a_posting
from tests.support.keys import a_key
from tests.support.running import Running

STRANGE = "WBNH Holdings of Albany"


async def ask(matcher: Running, after: int = 0, source: str = "board", limit: int = 1_000) -> list[SourceOutcome]:
    return await matcher.ask(OutcomesOfSource(source=source, after=after, limit=limit))


def seen(outcomes: list[SourceOutcome]) -> dict[str, str]:
    return {each.source_posting_id: each.outcome for each in outcomes}


async def test_a_source_sees_the_outcome_of_each_of_its_postings_and_none_of_others(matcher: Running) -> None:
    await matcher.receive(a_facility())
    await matcher.receive(
        a_posting(1), a_posting(2, STRANGE), a_posting(3, role_family="other"), a_posting(4, source="another")
    )

    outcomes = await ask(matcher)

    assert seen(outcomes) == {"P1": "matched", "P2": "queued", "P3": "ignored"}
    assert [each.no for each in outcomes] == [1, 2, 3], "numbers would reveal how many postings others have"
    (matched,) = [each for each in outcomes if each.outcome == "matched"]
    assert (matched.facility_id, matched.facility_name) == ("335001", "Willow Bend Nursing Home")
    assert seen(await ask(matcher, source="another")) == {"P4": "matched"}
    assert await ask(matcher, source="unknown") == []


async def test_what_changes_comes_after_what_was_read_and_a_repeated_sighting_does_not(matcher: Running) -> None:
    await matcher.receive(a_facility())
    await matcher.receive(a_posting(1), a_posting(2, STRANGE))
    read = (await ask(matcher))[-1].no
    later = a_posting(1, version=2, last_seen_on=DAY + timedelta(1))

    await matcher.receive(later, later, a_posting(1))
    unchanged = await ask(matcher, read)
    (entry,) = await matcher.ask(Inbox(limit=10))
    await matcher.ask(AcceptGroup(key=entry.key, facility_id="335001", actor="ann"))
    await matcher.receive(PostingClosed(**later.model_dump() | {"version": 3, "closed_on": DAY + timedelta(1)}))
    changed = await ask(matcher, read)

    assert unchanged == []
    assert seen(changed) == {"P1": "matched", "P2": "matched"}
    assert {each.source_posting_id: each.closed_on for each in changed} == {"P1": DAY + timedelta(1), "P2": None}
    assert await ask(matcher, changed[-1].no) == []


async def test_a_posting_on_which_no_one_decides_in_time_is_dismissed(matcher: Running) -> None:
    await matcher.receive(a_posting(1, STRANGE))
    read = (await ask(matcher))[-1].no

    await matcher.at("2026-09-15T06:00")
    (dismissed,) = await ask(matcher, read)

    assert dismissed.outcome == "dismissed"
    assert dismissed.changed_at
    assert dismissed.changed_at.date() > date(2026, 7, 1)


async def test_what_commits_later_than_it_was_written_is_not_skipped(matcher: Running) -> None:
    await matcher.receive(a_posting(1), a_posting(2), a_posting(3))
    async with await psycopg.AsyncConnection.connect(matcher.url) as open_still:
        await open_still.execute("UPDATE postings SET outcome = 'ignored' WHERE source_posting_id = 'P2'")
        first = await asyncio.wait_for(ask(matcher), 5)
    second = await ask(matcher, first[-1].no)

    assert seen(first) == {"P1": "queued", "P3": "queued"}
    assert seen(second) == {"P2": "ignored"}


async def test_pages_that_several_read_at_once_have_each_outcome_once(matcher: Running) -> None:
    await matcher.receive(*(a_posting(number) for number in range(60)))
    asked = await asyncio.gather(*(ask(matcher, limit=7) for _ in range(4)))
    pages, after = list[SourceOutcome](), 0
    while page := await ask(matcher, after, limit=7):
        assert len(page) <= 7
        pages += page
        after = page[-1].no

    assert all(page == asked[0] for page in asked)
    assert [each.no for each in pages] == list(range(1, 61))
    assert len({each.posting_id for each in pages}) == 60


async def test_a_number_that_was_never_given_is_refused(matcher: Running) -> None:
    await matcher.receive(a_posting(1))

    with pytest.raises(AskFailed, match="begin again without"):
        await ask(matcher, 2)


async def test_a_source_asks_over_http_with_its_own_key(ingest: Running, matcher: Running) -> None:
    key = await a_key(ingest.cli, AddSource, "board")
    posting = {"title": "MDS Nurse", "employer_name": "Willow Bend Nursing Home", "city": "Albany", "state": "NY"}
    await matcher.receive(a_facility())
    base = f"http://127.0.0.1:{ingest.app.http_port}"
    async with httpx.AsyncClient(base_url=base, headers={"Authorization": f"Bearer {key}"}, trust_env=False) as client:
        sent = await client.post("/postings", json=[{**posting, "source_posting_id": f"P{n}"} for n in range(3)])
        await matcher.receive(*await ingest.published(PostingSeen))
        first = (await client.get("/outcomes", params={"limit": 2})).json()
        second = (await client.get("/outcomes", params={"after": first["after"]})).json()
        end = (await client.get("/outcomes", params={"after": second["after"]})).json()
        wrong = [await client.get("/outcomes", params=each) for each in ({"after": "x"}, {"limit": 0}, {"from": 1})]

    assert [len(sent.json()["results"]), len(first["outcomes"]), len(second["outcomes"])] == [3, 2, 1]
    assert (first["more"], second["more"], end) == (True, False, {"outcomes": [], "after": 3, "more": False})
    assert first["outcomes"][0].keys() == {
        "source_posting_id",
        "posting_id",
        "outcome",
        "facility_id",
        "facility_name",
        "closed_on",
        "changed_at",
    }
    assert {reply.status_code for reply in wrong} == {422}
