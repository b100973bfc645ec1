"""Are quality files recognized by their headings, and do they result in the same facts in any order?"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import reduce
from pathlib import Path

import pytest

from engines import packs
from engines.datasets.facts import Headings, Statement
from engines.datasets.headings import normal
from engines.datasets.listing import Listing
from engines.datasets.quality import Row, must_state, read, recognize
from engines.datasets.registry import Reject, UnknownLayout, layout_of, read_chunk
from services.ingest.domain.facilities import Facility, listed
from tests.support.reading import rows_of
from tests.support.reference import CMS, needs_reference_data

HEADINGS = packs.section_of(Path(__file__).parents[3] / "packs" / "snf", "fields", Headings)
Facts = dict[tuple[str, str, date], str | None]


def statements(header: list[str], *rows: list[str], on: date | None = None) -> list[tuple[str, str | None, str]]:
    found = must_state(recognize(HEADINGS, header), HEADINGS)
    read_rows = read(found, HEADINGS, enumerate(rows, 2), on)
    return [(f.field, f.value, str(f.as_of)) for row in read_rows if isinstance(row, Row) for f in row.facts]


@pytest.mark.parametrize("tag", ["F-0641", "F0641", "f641", "0641", "641", "F 641"])
def test_a_tag_is_the_same_with_and_without_prefix_punctuation_and_zeros(tag: str) -> None:
    assert normal(tag) == "F641"


@pytest.mark.parametrize("tag", ["K-0641", "F-0640", "F6410", "E0641"])
def test_other_tags_are_distinguished(tag: str) -> None:
    assert normal(tag) != "F641"


def test_a_prefix_may_have_its_own_column() -> None:
    header = ["CMS Certification Number (CCN)", "Survey Date", "Deficiency Prefix", "Deficiency Tag Number"]

    found = statements(header, ["335001", "2026-03-01", "F", "0641"], ["335001", "2026-04-01", "K", "0641"])

    assert found == [("last_f641_on", "2026-03-01", "2026-03-01")]


def test_an_empty_cell_states_nothing_and_one_with_a_footnote_states_unknown() -> None:
    header = ["ccn", "QM Rating", "QM Rating Footnote", "Staffing Rating", "Processing Date"]

    found = statements(header, ["335001", "", "18", "", "2026-06-01"])

    assert found == [("qm_rating", None, "2026-06-01")]


def test_volumes_and_shares_are_read_from_any_file_with_such_columns() -> None:
    found = statements(["ccn", "MDS Frequency", "Medicaid Share", "Quarter End"], ["335001", "120", "0.6", "3/31/2026"])

    assert sorted(found) == [("mds_volume", "120", "2026-03-31"), ("medicaid_share", "0.6", "2026-03-31")]


def test_an_invalid_cell_is_reported_and_the_rest_of_its_row_accepted() -> None:
    found = recognize(HEADINGS, ["ccn", "QM Rating", "Staffing Rating"])

    [row] = read(found, HEADINGS, [(2, ["335001", "9", "2"])], date(2026, 6, 1))

    assert isinstance(row, Row)
    assert [fact.field for fact in row.facts] == ["staffing_rating"]
    assert row.warnings == ("qm_rating '9' is not between 1 and 5",)


def test_a_row_whose_ccn_cannot_be_read_is_rejected() -> None:
    found = recognize(HEADINGS, ["ccn", "QM Rating"])

    assert [type(one) for one in read(found, HEADINGS, [(2, ["15009", "2"])], date(2026, 6, 1))] == [Reject]


def test_a_file_without_ccn_is_refused() -> None:
    with pytest.raises(UnknownLayout, match="it has no column CMS Certification Number"):
        recognize(HEADINGS, ["Chain", "Chain ID"])


def test_averages_of_chains_are_refused_with_the_reason() -> None:
    with pytest.raises(UnknownLayout, match=r"Chain Performance Measures, .* No score, letter or page uses averages"):
        recognize(HEADINGS, ["Chain", "Chain ID", "Average overall 5-star rating"])


def test_a_volume_that_was_summed_up_by_hand_is_accepted() -> None:
    found = statements(["ccn", "mds_volume", "quarter_end"], ["335001", "104", "2026-09-30"])

    assert found == [("mds_volume", "104", "2026-09-30")]


def facts_of(path: Path, on: date | None) -> Facts:
    header, lines = rows_of(path)
    found = must_state(recognize(HEADINGS, header), HEADINGS)
    rows = [row for row in read(found, HEADINGS, lines, on) if isinstance(row, Row)]
    return {(fact.facility_id, fact.field, fact.as_of): fact.value for row in rows for fact in row.facts}


def together(files: Iterable[Facts]) -> Facts:
    """The facts after reading files one after the other; of two with one date, the later import wins."""
    return reduce(lambda stored, facts: stored | facts, files, {})


@needs_reference_data
def test_the_quality_files_of_2021_and_2026_result_in_the_same_facts_in_either_order() -> None:
    files = [
        (CMS / "NH_ProviderInfo_Aug2021.csv.zip", None),
        (CMS / "NH_Penalties_Jun2021.csv.zip", None),
        (CMS / "facility_quality_feb2026.csv.gz", date(2026, 2, 1)),
        (CMS / "penalties_feb2026.csv.gz", None),
        (CMS / "health_deficiencies_feb2026_40states_noNY.csv.gz", None),
    ]

    facts = [facts_of(*file) for file in files]
    stored = together(facts)

    assert {field for _, field, _ in stored} >= {"qm_rating", "last_fine_on", "last_f641_on", "administrators_left"}
    assert sum(field == "last_f641_on" for _, field, _ in stored) > 2_500
    assert together(reversed(facts)) == stored


@needs_reference_data
def test_the_five_monthly_snapshots_result_in_the_same_registry_in_either_order() -> None:
    header, lines = rows_of(CMS / "registry_monthly_snapshots_2026.csv.gz")
    layout = layout_of(HEADINGS, header)
    months: dict[date, list[Listing]] = {}
    for one in read_chunk(layout, lines, None, date(2026, 1, 1)).listings:
        months.setdefault(one.as_of, []).append(one)

    forward = _registry(months[month] for month in sorted(months))
    backward = _registry(months[month] for month in sorted(months, reverse=True))

    assert len(months) == 5
    assert {facility_id: stored.identity.name for facility_id, stored in forward.items()} == {
        facility_id: stored.identity.name for facility_id, stored in backward.items()
    }
    assert {facility_id: stored.listed_as_of for facility_id, stored in forward.items()} == {
        facility_id: stored.listed_as_of for facility_id, stored in backward.items()
    }


def _registry(months: Iterable[list[Listing]]) -> dict[str, Facility]:
    def after(stored: dict[str, Facility], numbered: tuple[int, list[Listing]]) -> dict[str, Facility]:
        number, listings = numbered
        return {**stored, **{one.facility_id: listed(stored.get(one.facility_id), one, number) for one in listings}}

    return reduce(after, enumerate(months, 1), {})


def test_a_statement_has_the_date_of_its_event() -> None:
    rows = statements(["ccn", "penalty_date", "penalty_type"], ["335001", "2025-05-22", "Fine"], on=date(2026, 2, 1))

    assert rows == [("last_fine_on", "2025-05-22", "2025-05-22")]
    assert Statement("335001", *rows[0][:2], date(2025, 5, 22)).value == "2025-05-22"
