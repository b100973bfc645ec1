"""Does ingest import registry files and facts as promised, on real servers?"""

from __future__ import annotations

import re
from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from shared.contracts.events import FacilityAssessed, FacilityDelisted, FacilityListed
from shared.contracts.ingest import ImportFacts, ImportQuality, ImportReport
from shared.contracts.refusals import AskFailed
from tests.support.running import Running

HEADER = [
    "CCN",
    "Provider Name",
    "City",
    "State",
    "Legal Business Name",
    "QM Rating",
    "QM Rating Footnote",
    "Processing Date",
]


def a_row(
    facility_id: str, name: str = "LARKMOOR", state: str = "NY", qm: str = "2", day: str = "2026-06-01"
) -> list[str]:
    return [facility_id, name, "ALBANY", state, "", qm, "" if qm else "18", day]


async def import_rows(ingest: Running, *rows: list[str], **fields: Any) -> ImportReport:
    chunk = {
        "import_id": uuid4(),
        "file_name": "f.csv",
        "header": HEADER,
        "rows": rows,
        "final": True,
        "actor": "ann",
        **fields,
    }
    first = chunk.pop("first_line", 2)
    chunk.setdefault("lines", [first + n for n in range(len(chunk["rows"]))])
    return ImportReport.model_validate(await ingest.ask("import_facilities", {"actor": "ann", **chunk}))


async def test_a_registry_file_lists_facilities_and_their_facts(ingest: Running) -> None:
    rows = [[*row, "5550100"] for row in (a_row("335001"), a_row("335002", qm=""), a_row("015009", state="AL"))]
    report = await import_rows(ingest, *rows, header=[*HEADER, "Fax"], state="NY")

    assert report.ignored_fields == ["Fax"]
    assert (report.imported, report.changed, report.facts, report.skipped_other_state) == (2, 2, 2, 1)
    assert [e.facility_id for e in await ingest.published(FacilityListed)] == ["335001", "335002"]
    facts = {e.facility_id: [(f.field, f.value) for f in e.facts] for e in await ingest.published(FacilityAssessed)}
    assert facts == {"335001": [("qm_rating", "2")], "335002": [("qm_rating", None)]}


async def test_the_same_file_twice_changes_and_publishes_nothing(ingest: Running) -> None:
    rows = [a_row("335001"), a_row("335002", qm="")]
    await import_rows(ingest, *rows, complete="NY")
    before = await ingest.sql("SELECT to_jsonb(f) - 'import_no' AS f FROM facilities f ORDER BY facility_id")

    report = await import_rows(ingest, *rows, complete="NY")

    assert (report.changed, report.facts, report.delisted) == (0, 0, 0)
    assert await ingest.sql("SELECT to_jsonb(f) - 'import_no' AS f FROM facilities f ORDER BY facility_id") == before
    assert len(await ingest.published(FacilityListed)) == len(await ingest.published(FacilityAssessed)) == 2


async def test_an_older_file_adds_facts_but_changes_no_identity(ingest: Running) -> None:
    await import_rows(ingest, a_row("335001", "NEW NAME", qm="3", day="2026-06-01"))

    report = await import_rows(ingest, a_row("335001", "OLD NAME", qm="1", day="2021-08-01"), complete="NY")

    assert (report.changed, report.facts) == (0, 1)
    assert [row["name"] for row in await ingest.sql("SELECT name FROM facilities")] == ["NEW NAME"]
    assert "is of 2021-08-01" in (report.note or "")


async def test_at_equal_dates_the_later_import_wins(ingest: Running) -> None:
    await import_rows(ingest, a_row("335001", qm="3"))
    await import_rows(ingest, a_row("335001", qm="1"))

    assert await ingest.sql("SELECT value, import_no FROM facility_facts") == [{"value": "1", "import_no": 2}]
    assert [e.facts[0].value for e in await ingest.published(FacilityAssessed)] == ["3", "1"]


UNDATED = {"header": HEADER[:-1], "sha256": "a1"}


async def test_an_undated_file_keeps_the_day_of_its_first_import(ingest: Running) -> None:
    rows = [a_row("335001")[:-1], a_row("335002", qm="")[:-1]]
    first = await import_rows(ingest, *rows, **UNDATED)
    await ingest.at("2026-07-20T08:00")

    again = await import_rows(ingest, *rows, **UNDATED)
    other = await import_rows(ingest, *rows, **{**UNDATED, "sha256": "a2"})

    assert [(r.changed, r.facts) for r in (first, again, other)] == [(2, 2), (0, 0), (0, 2)]
    assert "does not state its date; 2026-07-01 is assumed. Use --as-of" in (first.note or "")
    assert again.note == first.note
    assert "2026-07-20 is assumed" in (other.note or "")


async def test_a_stated_date_replaces_an_assumed_one(ingest: Running) -> None:
    row = a_row("335001", "REGISTRY NAME")[:-1]
    await import_rows(ingest, row, **UNDATED)
    lost = await import_rows(ingest, a_row("335001", "CMS NAME", day="2026-06-01"))

    stated = await import_rows(ingest, row, as_of="2026-05-15", **UNDATED)
    await ingest.at("2026-07-20T08:00")
    again = await import_rows(ingest, row, **UNDATED)
    newer = await import_rows(ingest, a_row("335001", "CMS NAME", day="2026-06-01"))

    assert (lost.changed, stated.changed, again.changed, newer.changed) == (0, 0, 0, 1)
    assert (stated.note, again.note) == (None, None)
    assert [e.name for e in await ingest.published(FacilityListed)] == ["REGISTRY NAME", "CMS NAME"]


async def test_only_a_complete_file_delists_and_only_facilities_without_a_rejected_row(ingest: Running) -> None:
    rows = [a_row(f"33500{n}") for n in range(4)]
    await import_rows(ingest, *rows, a_row("015009", state="AL"))

    partial = await import_rows(ingest, rows[0], rows[1])
    unnamed = ["335001", "", "", "NY", "", "", "", ""]
    complete = await import_rows(ingest, rows[0], unnamed, rows[2], complete="NY", delist=1)
    back = await import_rows(ingest, rows[3])

    assert (partial.delisted, complete.delisted, back.changed) == (0, 1, 1)
    assert [(e.facility_id, e.version) for e in await ingest.published(FacilityDelisted)] == [("335003", 2)]
    assert (await ingest.published(FacilityListed))[-1].version == 3


def many(count: int, day: str = "2026-06-01") -> list[list[str]]:
    return [a_row(f"335{n:03d}", day=day) for n in range(count)]


async def test_a_delisting_of_a_large_share_waits_for_a_person_who_confirms_the_number(ingest: Running) -> None:
    rows = many(40)
    await import_rows(ingest, *rows)

    first = await import_rows(ingest, *rows[3:], complete="NY")
    wrong = await import_rows(ingest, *rows[3:], complete="NY", delist=2)
    none_yet = await ingest.published(FacilityDelisted)
    confirmed = await import_rows(ingest, *rows[3:], complete="NY", delist=3)
    small = await import_rows(ingest, *rows[4:], complete="NY")

    assert "3 of 40 listed facilities are missing, 8%, and more than 5% need a confirmation" in (first.note or "")
    assert [one.facility_id for one in first.gone] == ["335000", "335001", "335002"]
    assert "2 were to be delisted, but 3 are missing" in (wrong.note or "")
    assert (first.delisted, wrong.delisted, none_yet) == (0, 0, [])
    assert (confirmed.delisted, confirmed.note, small.delisted) == (3, None, 1)


@pytest.mark.parametrize(
    "fields, words",
    [
        ({"cut": "line 41, the last one, does not end like the others"}, "may be truncated"),
        ({"unread": [{"line": 41, "reason": "a quote opens here"}]}, r"1 row was rejected \(line 41\)"),
    ],
    ids=["cut", "swallowed"],
)
async def test_a_file_that_lost_lines_delists_nothing_without_a_confirmation(
    ingest: Running, fields: dict[str, Any], words: str
) -> None:
    rows = many(40)
    await import_rows(ingest, *rows)

    report = await import_rows(ingest, *rows[1:], complete="NY", **fields)
    none_yet = await ingest.published(FacilityDelisted)
    confirmed = await import_rows(ingest, *rows[1:], complete="NY", delist=1, **fields)

    assert re.search(words, report.note or "")
    assert (report.delisted, none_yet, confirmed.delisted) == (0, [], 1)


async def test_a_national_file_without_any_facility_of_a_state_delists_nothing(ingest: Running) -> None:
    rows = [*many(40), a_row("015009", state="AL")]
    await import_rows(ingest, *rows)

    report = await import_rows(ingest, *rows[:40], complete="US")

    assert report.delisted == 0
    assert "the file has no facility of AL any more" in (report.note or "")


async def test_the_last_chunk_of_an_import_sent_again_delists_nothing(ingest: Running) -> None:
    rows = many(40)
    await import_rows(ingest, *rows)
    end = {"import_id": uuid4(), "complete": "NY"}
    first = await import_rows(ingest, *rows[1:], **end)
    await import_rows(ingest, a_row("335900"))

    again = await import_rows(ingest, *rows[1:], **end)

    assert (first.delisted, again.delisted) == (1, 1)
    assert [event.facility_id for event in await ingest.published(FacilityDelisted)] == ["335000"]


async def test_the_last_chunk_sent_again_gets_the_same_report(
    ingest: Running,
) -> None:
    rows = many(10)
    await import_rows(ingest, *rows)
    end = {"import_id": uuid4(), "complete": "NY", "delist": 3}
    first = await import_rows(ingest, *rows[3:], **end)

    again = await import_rows(ingest, *rows[3:], **end)

    assert [(each.delisted, each.note) for each in (first, again)] == [(3, None)] * 2


async def test_an_older_file_with_facilities_that_a_newer_one_lacks_has_a_warning(ingest: Running) -> None:
    await import_rows(ingest, a_row("335001"))

    report = await import_rows(ingest, a_row("335002", day="2021-08-01"), a_row("015009", state="AL", day="2021-08-01"))

    [warning] = report.warnings
    assert warning.facility_id == "335002"
    assert "listed as of 2021-08-01, but the newer data of NY, as of 2026-06-01, lacks it" in warning.reason
    assert "with --complete NY" in warning.reason


async def test_an_unread_line_that_begins_with_a_facility_prevents_its_delisting(ingest: Running) -> None:
    rows = many(40)
    await import_rows(ingest, *rows)
    unread = [{"line": 41, "reason": "a quote opens here", "begins": '"335000","Larkm'}]

    report = await import_rows(ingest, *rows[2:], complete="NY", unread=unread)

    assert [one.facility_id for one in report.gone] == ["335001"]


async def test_a_delisted_facility_stays_delisted_after_an_older_file(ingest: Running) -> None:
    rows = many(40, "2026-06-01")
    await import_rows(ingest, *rows)
    await import_rows(ingest, *many(40, "2026-06-10")[1:], complete="NY")
    await import_rows(ingest, *many(40, "2026-06-30")[1:], complete="NY")

    between = await import_rows(ingest, a_row("335000", day="2026-06-20"))

    assert (between.changed, [one.facility_id for one in between.warnings]) == (0, ["335000"])
    assert await ingest.sql("SELECT facility_id FROM facilities WHERE delisted") == [{"facility_id": "335000"}]


async def test_a_facility_that_a_newer_complete_file_lacks_is_not_listed_by_an_older_one(ingest: Running) -> None:
    await import_rows(ingest, a_row("335001", day="2026-06-01"), complete="NY")

    report = await import_rows(ingest, a_row("335002", day="2021-08-01"), a_row("015009", state="AL", day="2021-08-01"))

    assert [(r.line, r.facility_id) for r in report.warnings] == [(2, "335002")]
    assert [e.facility_id for e in await ingest.published(FacilityListed)] == ["335001", "015009"]


async def test_an_unreadable_row_prevents_every_delisting(ingest: Running) -> None:
    await import_rows(ingest, a_row("335001"), a_row("335002"))

    report = await import_rows(ingest, a_row("335001"), a_row("35002"), complete="NY")

    assert report.delisted == 0
    assert "line 3" in (report.note or "")
    assert [one.facility_id for one in report.gone] == ["335002"]


async def test_a_file_is_sent_in_chunks_and_a_chunk_sent_again_changes_nothing(ingest: Running) -> None:
    await import_rows(ingest, a_row("335001"), a_row("335002"), a_row("335003"))
    chunk = {"import_id": uuid4(), "complete": "NY", "delist": 1}

    await import_rows(ingest, a_row("335001"), final=False, **chunk)
    first = await import_rows(ingest, a_row("335001"), final=False, **chunk)
    await import_rows(ingest, a_row("335002"), a_row("335001", "AGAIN"), first_line=3, **chunk)
    last = await import_rows(ingest, a_row("335002"), a_row("335001", "AGAIN"), first_line=3, **chunk)

    assert first.import_no == last.import_no == 2
    assert [r.reason for r in last.rejects] == ["335001 is on line 2 already"]
    assert [e.facility_id for e in await ingest.published(FacilityDelisted)] == ["335003"]
    assert await ingest.sql("SELECT listed, rejected, delisted FROM imports WHERE import_no = 2") == [
        {"listed": 2, "rejected": 1, "delisted": 1}
    ]


async def test_a_row_with_a_future_date_is_rejected_and_does_not_affect_later_files(ingest: Running) -> None:
    await import_rows(ingest, *(a_row(f"3350{number}") for number in range(10, 40)))

    report = await import_rows(ingest, *(a_row(f"3350{n}", day="2099-06-01") for n in range(10, 40)), complete="NY")
    later = (a_row(f"3350{number}", "RENAMED", day="2026-06-08") for number in range(11, 40))
    after = await import_rows(ingest, *later, complete="NY")

    assert report.imported == report.delisted == 0
    assert {reject.reason for reject in report.rejects} == {
        "processing date 2099-06-01 is in the future; check the year"
    }
    assert (after.changed, after.delisted) == (29, 1)


@pytest.mark.parametrize(
    "fields, words",
    [
        ({"as_of": "2099-06-01"}, "2099-06-01 is in the future"),
        ({"header": ["Name", "State"], "rows": [["x", "NY"]]}, "missing ccn"),
        ({"header": ["CCN", "Name", "City", "State", "Fine"], "rows": []}, "not a registry: it has none of"),
        ({"state": "NY", "complete": "US"}, "cannot be complete for US"),
        ({"lines": [0]}, "lines"),
        ({"lines": [2, 3]}, "Every row needs its line number"),
        ({"state": "Ontario"}, "state: is not a state; write NY or New York"),
    ],
)
async def test_an_invalid_import_is_refused(ingest: Running, fields: dict[str, Any], words: str) -> None:
    with pytest.raises(AskFailed, match=words):
        await import_rows(ingest, **{"rows": [a_row("335001")], **fields})


async def test_facts_are_imported_row_by_row_with_rejects(ingest: Running) -> None:
    rows = [
        ["335001", "medicaid_share", "0.71", "2026-03-31"],
        ["335001", "mds_volume", "", "2026-03-31"],
        ["335001", "charm", "9", "2026-03-31"],
        ["335001"],
        ["335001", "medicaid_share", "0.9", "2099-03-31"],
    ]
    header = ["ccn", "field", "value", "as_of"]

    def facts() -> ImportFacts:
        return ImportFacts(
            import_id=uuid4(), file_name="facts.csv", header=header, rows=rows, lines=[2, 3, 4, 5, 6], actor="ann"
        )

    report = await ingest.ask(facts())
    again = await ingest.ask(facts())

    assert (report.facts, [r.line for r in report.rejects], again.facts) == (2, [4, 5, 6], 0)
    [event] = await ingest.published(FacilityAssessed)
    assert [(f.field, f.value) for f in event.facts] == [("mds_volume", None), ("medicaid_share", "0.71")]


PENALTIES = ["Federal Provider Number", "Provider Name", "Penalty Date", "Penalty Type", "Processing Date"]
FINES = [
    ["335001", "LARKMOOR", "2021-03-01", "Fine", "2021-06-01"],
    ["335001", "LARKMOOR", "2021-04-01", "Payment Denial", "2021-06-01"],
    ["335001", "LARKMOOR", "12/01/2020", "Fine", "2021-06-01"],
]


async def import_quality(
    ingest: Running, header: list[str], *rows: list[str], as_of: date | None = None
) -> ImportReport:
    lines = [2 + n for n in range(len(rows))]
    chunk = ImportQuality(
        import_id=uuid4(),
        file_name="q.csv",
        header=header,
        rows=list(rows),
        lines=lines,
        final=True,
        as_of=as_of,
        actor="ann",
    )
    return await ingest.ask(chunk)


async def test_a_file_of_penalties_states_the_day_of_every_fine(ingest: Running) -> None:
    report = await import_quality(ingest, PENALTIES, *FINES)

    assert (report.dataset, report.fields, report.facts) == ("penalties", ["last_fine_on"], 2)
    [assessed] = await ingest.published(FacilityAssessed)
    assert [(fact.field, fact.value, str(fact.as_of)) for fact in assessed.facts] == [
        ("last_fine_on", "2020-12-01", "2020-12-01"),
        ("last_fine_on", "2021-03-01", "2021-03-01"),
    ]


async def test_a_quality_file_without_a_date_needs_one(ingest: Running) -> None:
    header = ["ccn", "stars", "admin_turnover"]
    with pytest.raises(AskFailed, match="give it with --as-of"):
        await import_quality(ingest, header, ["335001", "2", "1.0"])

    report = await import_quality(ingest, header, ["335001", "2", "1.0"], as_of=date(2026, 2, 1))

    assert (report.dataset, report.facts) == ("assessments", 2)
    facts = await ingest.sql("SELECT field, value FROM facility_facts ORDER BY field")
    assert [(fact["field"], fact["value"]) for fact in facts] == [("administrators_left", "1"), ("overall_rating", "2")]


async def test_an_unknown_file_is_refused_with_the_known_ones(ingest: Running) -> None:
    with pytest.raises(AskFailed, match=r"not a known quality file. Known are CMS Penalties"):
        await import_quality(ingest, ["ccn", "rain"], ["335001", "3"])

    assert await ingest.sql("SELECT * FROM imports") == []


async def test_files_of_two_vintages_result_in_the_same_facts_in_either_order(ingest: Running) -> None:
    later = [["335001", "2026-01-05", "Fine"], ["335002", "2026-01-06", "Fine"]]
    old = (PENALTIES, *FINES), ("ccn", "penalty_date", "penalty_type")
    query = "SELECT facility_id, field, as_of, value FROM facility_facts ORDER BY 1, 2, 3"

    await import_quality(ingest, list(old[1]), *later)
    await import_quality(ingest, old[0][0], *FINES)
    reverse = await ingest.sql(query)
    await ingest.sql("DELETE FROM facility_facts RETURNING 1")
    await import_quality(ingest, old[0][0], *FINES)
    await import_quality(ingest, list(old[1]), *later)

    assert len(reverse) == 4
    assert await ingest.sql(query) == reverse
