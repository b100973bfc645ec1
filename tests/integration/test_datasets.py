"""Do published datasets arrive by themselves, with the facts that they have when they are imported by hand?"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from cli.files.importing import import_table
from shared.contracts.ingest import ImportFacilities, ImportQuality, SubmitPostings
from shared.contracts.ingest_datasets import (
    AcceptVintage,
    CheckDataset,
    Dataset,
    Datasets,
    RefuseVintage,
    ShowDataset,
    Vintage,
)
from shared.contracts.kernel import Status
from shared.contracts.refusals import AskFailed
from tests.support.catalogue import Catalogue, catalogue
from tests.support.running import Running, run_service
from tests.support.servers import TestServers

FIRST = date(2026, 7, 1)
"""The day on which a service of a test starts."""
REGISTRY = (
    "CMS Certification Number (CCN),Provider Name,City/Town,State,Provider Address,ZIP Code,Number of Certified Beds,"
    "QM Rating,QM Rating Footnote,Number of administrators who have left the nursing home,Processing Date"
)
PENALTIES = "CMS Certification Number (CCN),Penalty Date,Penalty Type,Fine Amount,Processing Date"
DEFICIENCIES = "CMS Certification Number (CCN),Survey Date,Deficiency Prefix,Deficiency Tag Number,Processing Date"
MEASURES = "CMS Certification Number (CCN),Measure Code,Four Quarter Average Score,Processing Date"
OWNERSHIP = (
    "CMS Certification Number (CCN),Role Played by Owner or Manager in Facility,Owner Name,Association Date,"
    "Processing Date"
)
FREQUENCY = "CCN,Report Date,MDS Item Question/Description,MDS Item Response,Total Residents"
TABLES = {
    "facilities": "facility_id, name, other_names, address, city, state, zip, listed_as_of, delisted, delisted_as_of",
    "facility_facts": "facility_id, field, as_of, value, unknown, dataset",
}
Files = dict[str, Path]


@pytest.fixture
def published(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Catalogue]:
    with catalogue(tmp_path, monkeypatch, FIRST) as found:
        yield found


def ccn(number: int) -> str:
    return f"33{number:04}"


def registry(month: int, day: date) -> list[str]:
    """60 facilities, of which each month closes one, opens one, and renames one."""
    rows = []
    for number in range(month, 60 + month):
        name = f"MAPLE {number}" if number % 60 != month else f"BIRCH {number}"
        stars = "" if number % 7 == 0 else str(1 + (number + month) % 5)
        left, note = number % 3 + month // 3, "18" if not stars else ""
        rows.append(f"{ccn(number)},{name},ALBANY,NY,{number} ELM ST,12207,100,{stars},{note},{left},{day}")
    return rows


def month_of(published: Catalogue, month: int) -> tuple[date, Files]:
    """The files of a month, and the day on which they are offered."""
    day = FIRST + timedelta(days=30 * month)
    fined = [
        f"{ccn(n)},{day - timedelta(days=n)},{'Fine' if n % 2 else 'Payment Denial'},650,{day}" for n in range(5, 30)
    ]
    cited = [f"{ccn(n)},{day - timedelta(days=9 * n)},F,06{41 + n % 2},{day}" for n in range(5, 40)]
    scores = [f"{ccn(n)},{code},{n % 9}.5,{day}" for n in range(5, 60) for code in ("410", "451", "430")]
    managed = [
        f'{ccn(n)},W-2 MANAGING EMPLOYEE,"DOE, JANE",since {day - timedelta(days=5 * n):%m/%d/%Y},{day}'
        for n in range(5, 40)
    ]
    counted = [
        f"{ccn(n)},Q{1 + month % 4} 2025,A0800: Gender,{sex},{40 + n + month}"
        for sex in ("F", "M")
        for n in range(5, 60)
    ]
    given = {
        "provider-information": (REGISTRY, registry(month, day)),
        "penalties": (PENALTIES, fined),
        "deficiencies": (DEFICIENCIES, cited),
        "quality-measures": (MEASURES, scores),
        "ownership": (OWNERSHIP, managed),
        "frequency": (FREQUENCY, counted),
    }
    return day, {name: published.file(f"{name}-{day}.csv", *of) for name, of in given.items()}


async def next_day(ingest: Running, day: date) -> None:
    """Let a day's polls pass."""
    await ingest.at(f"{day}T12:00")


async def tables(ingest: Running) -> dict[str, list[dict[str, Any]]]:
    found = {}
    for name, columns in TABLES.items():
        found[name] = await ingest.sql(f"SELECT {columns} FROM {name} ORDER BY {columns.replace('other_names, ', '')}")
    return found


async def dataset(ingest: Running, name: str = "provider-information") -> Dataset:
    [found] = [each for each in await ingest.ask(Datasets()) if each.name == name]
    return found


async def vintages(ingest: Running, name: str = "provider-information") -> list[Vintage]:
    return (await ingest.ask(ShowDataset(name=name))).vintages


async def test_five_months_of_files_end_in_the_same_facts_as_their_imports_by_hand(
    published: Catalogue, servers: TestServers
) -> None:
    months = [month_of(published, month) for month in range(5)]

    async with run_service("ingest", servers) as ingest:
        for day, files in months:
            published.offer(day, files)
            await next_day(ingest, day)
            await next_day(ingest, day + timedelta(days=1))
        fetched = await tables(ingest)
        latest = {each.name: each.vintage for each in await ingest.ask(Datasets())}
    downloads = published.downloads()
    published.offer(FIRST, {})
    async with run_service("ingest", servers) as ingest:
        for day, files in months:
            await ingest.at(f"{day}T12:00")
            await import_by_hand(ingest, files)
        by_hand = await tables(ingest)

    assert fetched == by_hand
    assert {(each.vintage, each.state) for each in latest.values() if each} == {(5, "imported")}
    assert {name for name, vintage in latest.items() if vintage} == set(months[0][1])
    assert len(downloads) == 5 * len(months[0][1]), "each file is downloaded once"
    assert {row["field"] for row in fetched["facility_facts"]} == {
        "certified_beds", "qm_rating", "administrators_left", "last_fine_on", "last_f641_on", "falls_with_major_injury",
        "mobility_worsened", "manager_associated_on", "mds_volume",
    }  # fmt: skip
    assert sum(row["delisted"] for row in fetched["facilities"]) == 4


async def test_a_dataset_is_downloaded_only_if_the_catalogue_and_the_content_have_changed(
    published: Catalogue, ingest: Running
) -> None:
    _, files = month_of(published, 0)
    only = {"penalties": files["penalties"]}
    for day in range(3):
        published.offer(FIRST, only)
        await next_day(ingest, FIRST + timedelta(days=day))
    published.offer(FIRST + timedelta(days=3), only)
    await next_day(ingest, FIRST + timedelta(days=3))

    [vintage] = await vintages(ingest, "penalties")
    found = await dataset(ingest, "penalties")

    assert (vintage.state, vintage.rows, vintage.facilities, vintage.modified) == ("imported", 25, 25, "2026-07-01")
    assert len(published.downloads()) == 2, "the file was offered anew, with the same content"
    assert (found.modified, found.error) == ("2026-07-04", None)
    assert found.next_at is not None
    assert FIRST + timedelta(days=4) == found.next_at.date()


async def test_a_suspicious_vintage_waits_with_its_reasons_until_a_person_accepts_it(
    published: Catalogue, ingest: Running
) -> None:
    rows = registry(0, FIRST)
    published.offer(FIRST, {"provider-information": published.file("whole.csv", REGISTRY, rows)})
    await next_day(ingest, FIRST)
    before = await tables(ingest)
    day = FIRST + timedelta(days=30)
    half = published.file("half.csv", REGISTRY.replace(",Number of Certified Beds", ",Beds"), rows[:30])
    published.offer(day, {"provider-information": half})
    await next_day(ingest, day)

    waiting, imported = await vintages(ingest)
    warned = (await ingest.ask(Status())).warnings
    assert (waiting.state, imported.state) == ("waiting", "imported")
    assert waiting.reasons == [
        "Columns of the last vintage are missing: Number of Certified Beds.",
        "The last vintage had 60 rows, and this one has 30 (-50%).",
        "30 of 60 facilities of the last vintage are missing (330030, 330031, 330032, 330033, 330034, ...).",
    ]
    assert [text.partition(": Columns of")[0] for text in warned] == [
        "dataset provider-information: its file of 2026-07-31 waits for a person"
        " (`pipeline dataset accept provider-information 2`, or `refuse`)"
    ]
    assert await tables(ingest) == before

    accepted = await ingest.ask(AcceptVintage(name="provider-information", vintage=2, actor="ann"))
    await ingest.idle()
    after, _ = await vintages(ingest)
    with pytest.raises(AskFailed, match="waits no more: it is imported by ann"):
        await ingest.ask(AcceptVintage(name="provider-information", vintage=2, actor="ben"))

    assert (accepted.state, accepted.decided_by) == ("importing", "ann")
    assert (after.state, after.decided_by, after.counts["imported"]) == ("imported", "ann", 30)
    assert after.note is not None
    assert after.note.startswith("Nothing was delisted: 30 of 60 listed facilities are missing")


async def test_a_refused_vintage_is_not_imported_and_the_next_one_is_compared_with_the_last_imported(
    published: Catalogue, ingest: Running
) -> None:
    rows = registry(0, FIRST)
    offered = [rows, rows[:30], rows[:59]]
    for number, each in enumerate(offered):
        day = FIRST + timedelta(days=number)
        published.offer(day, {"provider-information": published.file(f"{number}.csv", REGISTRY, each)})
        await next_day(ingest, day)
        if number == 1:
            refused = await ingest.ask(
                RefuseVintage(name="provider-information", vintage=2, reason="half is missing", actor="ann")
            )
            assert (refused.state, refused.note) == ("refused", "half is missing")

    assert [each.state for each in await vintages(ingest)] == ["imported", "refused", "imported"]


async def test_an_accepted_vintage_whose_file_was_replaced_meanwhile_gives_way_to_the_newer_one(
    published: Catalogue, ingest: Running
) -> None:
    rows = registry(0, FIRST)
    for number, each in enumerate([rows, rows[:30]]):
        day = FIRST + timedelta(days=number)
        published.offer(day, {"provider-information": published.file(f"{number}.csv", REGISTRY, each)})
        await next_day(ingest, day)
    day = FIRST + timedelta(days=2)
    published.offer(day, {"provider-information": published.file("2.csv", REGISTRY, rows[:58])})
    await ingest.ask(AcceptVintage(name="provider-information", vintage=2, actor="ann"))
    await ingest.idle()

    newest, replaced, _ = await vintages(ingest)

    assert (newest.state, newest.rows) == ("imported", 58)
    assert (replaced.state, replaced.note) == ("replaced", "Its file was replaced before it was imported.")


@pytest.mark.parametrize(
    "fault,error",
    [
        ({"fault": "status", "status": 503}, "127.0.0.1 answers 503"),
        ({"fault": "cut"}, "127.0.0.1 did not answer completely"),
        ({"fault": "loop"}, "127.0.0.1 redirects in a circle"),
        ({"fault": "elsewhere", "to": "http://127.0.0.1:9/x"}, "redirected by 127.0.0.1: 127.0.0.1 is an address"),
        ({"fault": "wrong_types"}, "the catalogue"),
    ],
)
async def test_a_fault_of_the_catalogue_is_shown_and_tried_again_and_nothing_is_imported(
    published: Catalogue, ingest: Running, fault: dict[str, Any], error: str
) -> None:
    _, files = month_of(published, 0)
    published.offer(FIRST, {"penalties": files["penalties"]})
    published.fakes.faults({"host": "data.cms.gov", **fault})
    await ingest.ask(CheckDataset(name="penalties", actor="ann"))
    await ingest.idle()

    failing = await dataset(ingest, "penalties")
    published.fakes.faults()
    await ingest.at("2026-07-01T14:00")

    assert failing.vintage is None
    assert error in (failing.error or "")
    found = await dataset(ingest, "penalties")
    assert found.vintage is not None
    assert (found.vintage.state, found.error) == ("imported", None)


async def test_what_is_no_table_is_never_imported(published: Catalogue, ingest: Running) -> None:
    page = published.folder / "page.csv"
    page.write_text("<!DOCTYPE html><html><body>Scheduled maintenance</body></html>")
    published.offer(FIRST, {"penalties": page})
    await ingest.ask(CheckDataset(name="penalties", actor="ann"))
    await ingest.idle()

    found = await dataset(ingest, "penalties")

    assert found.vintage is None
    assert "is a web page or XML, not a table" in (found.error or "")


async def test_a_file_of_another_kind_waits_with_the_reason_and_cannot_be_imported_even_if_accepted(
    published: Catalogue, ingest: Running
) -> None:
    published.offer(FIRST, {"penalties": published.file("other.csv", "CCN,Color", ["330001,red"])})
    await next_day(ingest, FIRST)
    await ingest.ask(AcceptVintage(name="penalties", vintage=1, actor="ann"))
    await ingest.idle()

    [vintage] = await vintages(ingest, "penalties")

    assert vintage.state == "waiting"
    assert [each.partition(".")[0] for each in vintage.reasons] == [
        "The file is not a known quality file",
        "It could not be imported: This is not a known quality file",
    ]


async def test_an_import_that_a_restart_interrupted_goes_on_with_its_id_and_each_part_has_one_effect(
    published: Catalogue, servers: TestServers
) -> None:
    _, files = month_of(published, 0)
    published.offer(FIRST, {"provider-information": files["provider-information"]})
    async with run_service("ingest", servers) as ingest:
        await next_day(ingest, FIRST)
        done = await tables(ingest)
        # As if the process had ended after its last command, before the result was recorded.
        await ingest.sql("UPDATE vintages SET state = 'importing', imported_at = NULL")
        await ingest.ask(CheckDataset(name="provider-information", actor="ann"))
        await ingest.idle()

        [vintage] = await vintages(ingest)
        imports = await ingest.sql("SELECT import_id, listed FROM imports")
        assert await tables(ingest) == done

    assert (vintage.state, vintage.counts["imported"]) == ("imported", 60)
    assert len(imports) == 1
    assert len(published.downloads()) == 2, "the file was not here any more"


async def import_by_hand(ingest: Running, files: Mapping[str, Path]) -> None:
    for name, file in files.items():
        kind = ImportFacilities if name == "provider-information" else ImportQuality
        options = {"complete": "US"} if kind is ImportFacilities else {}
        await import_table(ingest.cli, kind, file, options, lambda _: None)


ENROLLMENTS = "ENROLLMENT ID,CCN,ORGANIZATION NAME,DOING BUSINESS AS NAME,CITY,STATE"


async def submit(ingest: Running, number: int, **fields: Any) -> None:
    posting = {"source_posting_id": str(number), "title": "MDS Coordinator", "city": "Albany", "state": "NY", **fields}
    await ingest.ask(SubmitPostings(source="board", postings=[posting], actor="ann"))


async def outcomes(matcher: Running) -> dict[str, tuple[str, str | None]]:
    rows = await matcher.sql("SELECT source_posting_id, outcome, facility_id FROM postings")
    return {row["source_posting_id"]: (row["outcome"], row["facility_id"]) for row in rows}


async def test_names_and_keys_that_arrive_match_the_postings_that_wait_also_names_of_a_later_registry(
    published: Catalogue, ingest: Running, matcher: Running
) -> None:
    first, second = registry(0, FIRST), registry(1, FIRST + timedelta(days=30))
    names = published.file(
        "names.csv",
        ENROLLMENTS,
        ["1,330007,SEVENTH LLC,ZINNIA VALLEY CARE – CAFÉ,ALBANY,NY", "2,330060,SIXTIETH LLC,QUAIL RUN MANOR,ALBANY,NY"],
        encoding="cp1252",
    )
    await submit(ingest, 1, employer_name="Zinnia Valley Care – Café")
    await submit(ingest, 2, employer_name="Quail Run Manor")
    await submit(ingest, 3, employer_name="Somewhere Else", ccn="330060")
    await both_idle(ingest, matcher)
    before = await outcomes(matcher)

    published.offer(FIRST, {"provider-information": published.file("1.csv", REGISTRY, first), "enrollments": names})
    await ingest.ask(CheckDataset(name="provider-information", actor="ann"))
    await both_idle(ingest, matcher)
    await next_day(ingest, FIRST + timedelta(days=1))
    await both_idle(ingest, matcher)
    between = await outcomes(matcher)

    day = FIRST + timedelta(days=30)
    published.offer(day, {"provider-information": published.file("2.csv", REGISTRY, second), "enrollments": names})
    for number in range(2):
        await next_day(ingest, day + timedelta(days=number))
        await both_idle(ingest, matcher)
    after = await outcomes(matcher)

    assert {outcome for outcome, _ in before.values()} == {"queued"}
    assert [between[each] for each in "12"] == [("matched", "330007"), ("queued", None)]
    assert {each: after[each][1] for each in after} == {"1": "330007", "2": "330060", "3": "330060"}
    assert [each.state for each in await vintages(ingest, "enrollments")] == ["imported", "imported"]


async def both_idle(ingest: Running, matcher: Running) -> None:
    """Wait until what ingest published has reached the matcher."""
    for _ in range(3):
        await ingest.idle()
        for consumer in matcher.app.consumers:
            await drained(matcher, consumer.stream, consumer.durable)
        await matcher.idle()


async def drained(matcher: Running, stream: str, durable: str) -> None:
    for _ in range(500):
        if not (await matcher.app.broker.stream.consumer_info(stream, durable)).num_pending:
            return
        await asyncio.sleep(0.01)
    raise AssertionError(f"{durable} does not get to the end")
