"""Does ingest accept postings as promised, on real servers?"""

from __future__ import annotations

import itertools
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.contracts.events import PostingClosed, PostingSeen
from shared.contracts.ingest import (
    ClosePosting,
    Counts,
    ExportPostings,
    PostingDetails,
    SubmitPostings,
    SubmittedPosting,
)
from shared.contracts.refusals import AskFailed
from tests.support.running import Running


def a_posting(number: int = 1, **fields: Any) -> dict[str, Any]:
    return {
        "source_posting_id": f"P{number}",
        "title": "MDS Coordinator (RN)",
        "employer_name": "Larkmoor Hollow Nursing Home",
        "city": "Albany",
        "state": "NY",
        "seen_at": "2026-07-01T08:00:00Z",
        **fields,
    }


async def submit(ingest: Running, *postings: Any, source: str | None = "csv-drop") -> list[SubmittedPosting]:
    reply = await ingest.ask(SubmitPostings(source=source, postings=list(postings), actor="ann"))
    return reply.results


async def test_a_new_posting_is_classified_and_published_with_its_complete_state(ingest: Running) -> None:
    [result] = await submit(ingest, a_posting(title="URGENT: MDS Coordinator", url="https://careers.example/1"))

    [event] = await ingest.published(PostingSeen)
    assert result.status == 201
    assert result.posting_id == event.posting_id
    assert (event.version, event.role_family, event.urgency) == (1, "mds_coordinator", 2)
    assert (str(event.first_seen_on), str(event.last_seen_on)) == ("2026-07-01", "2026-07-01")


async def test_a_posting_submitted_again_keeps_its_id_and_publishes_nothing(ingest: Running) -> None:
    [first] = await submit(ingest, a_posting())

    [again] = await submit(ingest, a_posting())

    assert (again.status, again.posting_id) == (200, first.posting_id)
    assert len(await ingest.published(PostingSeen)) == 1
    assert len(await ingest.sql("SELECT * FROM raw_postings")) == 1


async def test_changed_content_is_a_new_raw_version_and_is_classified_again(ingest: Running) -> None:
    await submit(ingest, a_posting())

    await submit(ingest, a_posting(title="PDPM Specialist"))

    events = await ingest.published(PostingSeen)
    assert [(e.version, e.role_family) for e in events] == [(1, "mds_coordinator"), (2, "pdpm_rac")]
    assert len(await ingest.sql("SELECT * FROM raw_postings")) == 2


async def test_stored_content_is_recorded_once_a_day(ingest: Running) -> None:
    for seen_at in ("2026-07-01T08:00:00Z", "2026-07-01T15:00:00Z", "2026-06-30T15:00:00Z"):
        await submit(ingest, a_posting(seen_at=seen_at), a_posting(seen_at=seen_at))

    assert [str(row["seen_on"]) for row in await ingest.sql("SELECT seen_on FROM raw_postings ORDER BY raw_no")] == [
        "2026-07-01",
        "2026-06-30",
    ]
    assert len(await ingest.published(PostingSeen)) == 2


async def test_each_posting_of_a_mixed_batch_refers_to_the_record_of_its_content(ingest: Running) -> None:
    await submit(ingest, a_posting(1), a_posting(2))

    results = await submit(ingest, a_posting(3), a_posting(2), a_posting(4), a_posting(1, title="RN"), a_posting(3))

    assert [result.status for result in results] == [201, 200, 201, 200, 200]
    assert await ingest.sql(
        """
        SELECT p.source_posting_id AS id, r.source_posting_id = p.source_posting_id AS own,
               r.content->>'title' = p.title AS current
        FROM postings AS p JOIN raw_postings AS r ON r.raw_no = p.content_raw_no ORDER BY 1
        """
    ) == [{"id": f"P{number}", "own": True, "current": True} for number in (1, 2, 3, 4)]
    assert len(await ingest.sql("SELECT * FROM raw_postings")) == 5


async def test_content_seen_again_later_that_day_is_the_current_one_in_any_order(ingest: Running) -> None:
    sighted = [("MDS Nurse", "08"), ("Cook", "09"), ("MDS Nurse", "10")]
    for number, order in enumerate(itertools.permutations(sighted)):
        for title, hour in order:
            await submit(ingest, a_posting(number, title=title, seen_at=f"2026-07-01T{hour}:00:00Z"))

    assert await ingest.sql("SELECT DISTINCT title FROM postings") == [{"title": "MDS Nurse"}]
    assert await ingest.sql("SELECT count(*) AS n FROM raw_postings GROUP BY posting_id") == [{"n": 2}] * 6


async def test_of_two_contents_of_the_same_instant_the_later_receipt_wins(ingest: Running) -> None:
    await submit(ingest, a_posting(title="MSD Nurse"))

    await submit(ingest, a_posting(title="MDS Nurse"))
    await submit(ingest, a_posting(title="MSD Nurse"))

    events = await ingest.published(PostingSeen)
    assert [(e.version, e.title) for e in events] == [(1, "MSD Nurse"), (2, "MDS Nurse")]


async def test_an_invalid_posting_never_affects_the_rest(ingest: Running) -> None:
    results = await submit(
        ingest,
        a_posting(1),
        {"title": "", "ccn": "12", "url": "ftp://x", "seen_at": "2031-01-01", "source_posting_id": "P2"},
        "no object",
        a_posting(3, applicant_email="someone@example.com"),
    )

    assert [r.status for r in results] == [201, 422, 422, 201]
    assert {"title", "employer_name", "ccn", "url"} <= results[1].errors.keys()
    assert results[3].ignored_fields == ["applicant_email"]
    assert len(await ingest.published(PostingSeen)) == 2


async def test_data_about_candidates_is_not_stored(ingest: Running) -> None:
    await submit(ingest, a_posting(resume="Jane Roe, 12 Elm Street", description="Call Jane Roe. Sign-on bonus!"))

    stored = str(await ingest.sql("SELECT to_jsonb(r) AS r FROM raw_postings r")) + str(
        await ingest.sql("SELECT body FROM outbox")
    )
    assert "Jane" not in stored
    [event] = await ingest.published(PostingSeen)
    assert event.urgency == 2


@pytest.mark.parametrize(
    "source, url",
    [
        ("Indeed", None),
        ("linked-in jobs", None),
        ("board", "https://uk.Indeed.com/viewjob?jk=1"),
        ("board", "https://www.linkedin.com./jobs/1"),
    ],
)
async def test_a_posting_from_a_denied_site_is_refused(ingest: Running, source: str, url: str | None) -> None:
    refused, *_ = await submit(ingest, a_posting(url=url), source=source)

    assert refused.status == 422
    assert "not accepted" in next(iter(refused.errors.values()))
    assert await ingest.sql("SELECT * FROM raw_postings") == []


async def test_a_closed_posting_opens_again_when_it_is_seen_later(ingest: Running) -> None:
    [result] = await submit(ingest, a_posting())

    closed = await ingest.ask(ClosePosting(posting_id=result.posting_id, closed_on=date(2026, 7, 1), actor="ann"))
    await ingest.ask(ClosePosting(source="csv-drop", source_posting_id="P1", closed_on=date(2026, 7, 1), actor="ann"))
    await ingest.at("2026-07-03T09:00")
    await submit(ingest, a_posting(seen_at="2026-07-02T12:00:00Z"))

    assert closed.closed_on == date(2026, 7, 1)
    [event] = await ingest.published(PostingClosed)
    assert str(event.closed_on) == "2026-07-01"
    assert [e.closed_on for e in await ingest.published(PostingSeen)] == [None, None]


async def test_a_posting_that_was_seen_again_is_not_closed_by_an_outdated_command(ingest: Running) -> None:
    [result] = await submit(ingest, a_posting())
    seen = (await ingest.ask(PostingDetails(posting_id=result.posting_id))).version
    await ingest.at("2026-07-03T09:00")
    await submit(ingest, a_posting(seen_at="2026-07-02T12:00:00Z"))

    with pytest.raises(AskFailed, match=r"since version 1 that you saw: It was last seen on 2026-07-02\.") as refused:
        await ingest.ask(ClosePosting(posting_id=result.posting_id, actor="ann", seen=seen))

    assert refused.value.code == 409


async def test_closing_an_unknown_posting_is_refused(ingest: Running) -> None:
    with pytest.raises(AskFailed, match="ever submitted") as refused:
        await ingest.ask(ClosePosting(source="csv-drop", source_posting_id="P9", actor="ann"))

    assert refused.value.code == 404


async def test_raw_postings_can_neither_be_changed_nor_deleted(ingest: Running) -> None:
    await submit(ingest, a_posting())

    for change in ("UPDATE raw_postings SET urgency = 4", "DELETE FROM raw_postings"):
        with pytest.raises(Exception, match="append-only"):
            await ingest.sql(change)


async def test_a_sighting_belongs_to_the_day_of_the_deployments_time_zone(ingest: Running) -> None:
    await submit(ingest, a_posting(seen_at="2026-07-01T03:00:00Z"))

    [event] = await ingest.published(PostingSeen)
    assert str(event.last_seen_on) == "2026-06-30"


async def test_a_sighting_without_a_time_has_the_time_of_its_receipt(ingest: Running) -> None:
    await submit(ingest, a_posting(seen_at=None))
    await submit(ingest, a_posting(seen_at=""))
    await ingest.at("2026-07-04T08:00")
    await submit(ingest, a_posting(seen_at=None))

    events = await ingest.published(PostingSeen)
    assert [str(e.last_seen_on) for e in events] == ["2026-07-01", "2026-07-04"]


async def test_every_posting_can_be_exported_page_by_page_and_counted(ingest: Running) -> None:
    await submit(ingest, *[a_posting(n) for n in range(5)], a_posting(9, title="Cook"))

    first = await ingest.ask(ExportPostings(limit=4))
    rest = await ingest.ask(ExportPostings(limit=4, after=str(first[-1].posting_id)))
    counts = await ingest.ask(Counts())

    assert len({row.posting_id for row in first + rest}) == 6
    assert (counts.postings_seen, counts.by_role) == (6, {"mds_coordinator": 5, "other": 1})


async def test_a_thousand_postings_are_accepted_in_one_request_and_found_the_second_time(ingest: Running) -> None:
    postings = [a_posting(n, description="We are looking for a nurse. " * 20) for n in range(1_000)]

    first = await submit(ingest, *postings)
    again = await submit(ingest, *postings)

    assert {result.status for result in first} == {201}
    assert {result.status for result in again} == {200}
    assert [result.posting_id for result in again] == [result.posting_id for result in first]


sighted = st.tuples(
    st.integers(0, 2), st.integers(0, 9), st.sampled_from(["MDS Nurse", "Cook", "QM Clerk PRN"]), st.booleans()
)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
async def test_order_repetition_and_batching_of_submissions_at_different_times_do_not_matter(
    ingest: Running, data: st.DataObject
) -> None:
    by_moment = {(number, day): (title, gone) for number, day, title, gone in data.draw(st.lists(sighted, min_size=1))}
    postings = [
        a_posting(
            number,
            title=title,
            seen_at=f"2026-06-{10 + day}T10:00:00Z",
            **({"closed_on": f"2026-06-{10 + day}"} if gone else {}),
        )
        for (number, day), (title, gone) in by_moment.items()
    ]
    shuffled = data.draw(st.permutations([*postings, *data.draw(st.lists(st.sampled_from(postings)))]))
    cut = data.draw(st.integers(0, len(shuffled)))
    await _forget(ingest)
    await submit(ingest, *postings)
    expected = await _state(ingest)

    await _forget(ingest)
    for batch in (shuffled[:cut], shuffled[cut:]):
        if batch:
            await submit(ingest, *batch)

    assert await _state(ingest) == expected


async def _state(ingest: Running) -> list[dict[str, Any]]:
    postings = await ingest.sql("SELECT * FROM postings ORDER BY posting_id")
    inner = {"version", "content_raw_no"}
    return [{name: value for name, value in row.items() if name not in inner} for row in postings]


async def _forget(ingest: Running) -> None:
    """Empty the tables; the trigger that protects raw postings is disabled meanwhile."""
    for statement in (
        "ALTER TABLE raw_postings DISABLE TRIGGER ALL",
        "TRUNCATE raw_postings, postings",
        "ALTER TABLE raw_postings ENABLE TRIGGER ALL",
    ):
        async with ingest.app.begin() as tx:
            await tx.run(statement)
