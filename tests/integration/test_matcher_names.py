"""Do names from files match, have a provenance, and release their postings when they are removed?"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from shared.contracts.events import FacilityMatched, OtherName
from shared.contracts.imports import ImportedRows
from shared.contracts.matcher import AcceptGroup, FacilityDetails, ImportAliases, Inbox, RestoreName, WithdrawName
from shared.contracts.refusals import AskFailed
from tests.integration.test_matcher import a_facility, a_posting, outcome_of
from tests.support.running import Running

STRANGE = "Heronbrook Lodge"


async def take(matcher: Running, *rows: dict[str, Any], **options: Any) -> ImportedRows:
    numbered = [{"line": line, **row} for line, row in enumerate(rows, 2)]
    return await matcher.ask(ImportAliases(file_name="enrollments.csv", rows=numbered, **options, actor="ann"))


async def names(matcher: Running, facility_id: str = "335001") -> dict[str, tuple[str, str, str, str | None]]:
    facility = await matcher.ask(FacilityDetails(facility_id=facility_id))
    return {n.name: (n.kind, n.provenance, n.stated_by, n.withdrawn_by) for n in facility.names}


async def test_a_name_from_a_file_matches_waiting_postings_and_is_imported_once(matcher: Running) -> None:
    await matcher.receive(a_facility(), a_posting(1, STRANGE))
    assert (await outcome_of(matcher, a_posting(1)))[0] == "queued"

    first = await take(matcher, {"CCN": "335001", "DOING BUSINESS AS NAME": STRANGE})
    again = await take(matcher, {"CCN": "335001", "DOING BUSINESS AS NAME": STRANGE})

    assert (await outcome_of(matcher, a_posting(1)))[:2] == ("matched", "335001")
    assert (first.imported, again.imported, again.unchanged) == (1, 0, 1)
    assert (await names(matcher))[STRANGE] == ("dba", "file", "enrollments.csv", None)


async def test_a_row_without_a_facility_is_rejected_with_its_line(matcher: Running) -> None:
    await matcher.receive(a_facility())

    answer = await take(
        matcher,
        {"facility_id": "335001", "name": STRANGE},
        {"facility_id": "339999", "name": "X"},
        {"facility_id": "3"},
    )

    assert answer.imported == 1
    assert [reject.line for reject in answer.rejects] == [3, 4]


async def test_rows_of_other_states_are_counted_as_skipped_and_not_rejected(matcher: Running) -> None:
    await matcher.receive(a_facility())
    here, bad = {"CCN": "335001", "name": STRANGE}, {"CCN": "339999", "name": "X", "state": "New York"}
    others = [{"CCN": f"55500{n}", "name": "X", "state": "California"} for n in range(3)]
    spoilt = {"CCN": "5500", "name": "X", "ENROLLMENT STATE": "CA"}

    of_state = await take(matcher, here, bad, *others, spoilt, state="new york")
    of_all = await take(matcher, here, bad, *others)

    assert (of_state.imported, of_state.skipped_other_state) == (1, 4)
    assert [each.line for each in of_state.rejects] == [3]
    assert len(of_all.rejects) == 4
    assert "--state imports only the rows" in (of_all.note or "")
    with pytest.raises(AskFailed, match="state: is not a state; write NY or New York"):
        await matcher.ask("import_aliases", {"file_name": "f.csv", "rows": [here], "state": "Ontario", "actor": "ann"})


async def test_a_registry_of_several_days_gives_former_names_with_the_latest_day_of_each(
    matcher: Running,
) -> None:
    await matcher.receive(a_facility(), a_posting(1, STRANGE))
    named = [("2026-02-16", STRANGE), ("2026-03-27", STRANGE), ("2026-04-29", "Willow Bend Nursing Home")]
    rows = [{"snapshot": day, "facility_id": "335001", "name": name, "state": "NY"} for day, name in named]

    first = await take(matcher, rows[0])
    answer = await take(matcher, *rows[1:], {**rows[0], "snapshot": "soon"})

    facility = await matcher.ask(FacilityDetails(facility_id="335001"))
    (former,) = [each for each in facility.names if each.name == STRANGE]
    assert (former.kind, former.stated_on, former.provenance) == ("former", date(2026, 3, 27), "file")
    assert (first.imported, answer.imported, answer.unchanged) == (1, 0, 2)
    assert [each.reason for each in answer.rejects] == ["snapshot 'soon' is not a date like 2026-07-01"]
    assert (await outcome_of(matcher, a_posting(1)))[:2] == ("matched", "335001")


async def test_a_row_with_several_names_counts_once(matcher: Running) -> None:
    await matcher.receive(a_facility())

    answer = await take(
        matcher,
        {"CCN": "335001", "ORGANIZATION NAME": "WBX Operating LLC", "DOING BUSINESS AS NAME": STRANGE},
        {"CCN": "335001", "DOING BUSINESS AS NAME": "HERONBROOK LODGE, INC."},
        {"CCN": "335001", "DOING BUSINESS AS NAME": STRANGE},
        {"CCN": "335001", "DOING BUSINESS AS NAME": "Nul\0 Manor"},
    )

    assert (answer.imported, answer.unchanged, answer.rejects) == (3, 1, [])


async def test_a_removed_name_is_not_added_again_in_another_spelling(matcher: Running) -> None:
    await matcher.receive(a_facility(), a_posting(1, STRANGE))
    await take(matcher, {"facility_id": "335001", "name": STRANGE})
    await matcher.ask(WithdrawName(facility_id="335001", name=STRANGE, actor="ann"))

    again = await take(matcher, {"facility_id": "335001", "name": "HERONBROOK LODGE, INC."})

    assert (again.imported, again.unchanged) == (0, 1)
    assert (await outcome_of(matcher, a_posting(1)))[0] == "queued"


@pytest.mark.parametrize("from_file", [True, False])
async def test_removing_a_name_queues_its_postings_again(matcher: Running, from_file: bool) -> None:
    other_names = () if from_file else (OtherName(name=STRANGE, kind="dba"),)
    await matcher.receive(a_facility(other_names=other_names), a_posting(1, STRANGE))
    if from_file:
        await take(matcher, {"facility_id": "335001", "name": STRANGE})

    assert (await matcher.ask(WithdrawName(facility_id="335001", name=STRANGE, actor="ann"))).changed == 1
    assert (await matcher.ask(WithdrawName(facility_id="335001", name=STRANGE, actor="ann"))).changed == 0

    assert (await outcome_of(matcher, a_posting(1)))[0] == "queued"
    assert (await matcher.published(FacilityMatched))[-1].signals == ()
    assert (await names(matcher))[STRANGE][3] == "ann"
    await matcher.receive(a_facility(version=2, other_names=(OtherName(name=STRANGE, kind="dba"),)))
    assert (await outcome_of(matcher, a_posting(1)))[0] == "queued"

    assert (await matcher.ask(RestoreName(facility_id="335001", name=STRANGE, actor="ann"))).changed == 1

    assert (await outcome_of(matcher, a_posting(1)))[:2] == ("matched", "335001")
    logged = await matcher.sql("SELECT decision, facility_id FROM decisions ORDER BY decision_id")
    assert [row["decision"] for row in logged] == ["withdraw", "restore"]


async def test_a_name_is_not_removed_if_the_facility_changed_since(matcher: Running) -> None:
    await matcher.receive(a_facility())
    await take(matcher, {"facility_id": "335001", "name": STRANGE})
    seen = (await matcher.ask(FacilityDetails(facility_id="335001"))).version
    await take(matcher, {"facility_id": "335001", "name": "Gorse Hill Manor"})

    with pytest.raises(AskFailed, match=f"since version {seen} that you saw"):
        await matcher.ask(WithdrawName(facility_id="335001", name=STRANGE, actor="ann", seen=seen))

    seen = (await matcher.ask(FacilityDetails(facility_id="335001"))).version
    changed = await matcher.ask(WithdrawName(facility_id="335001", name=STRANGE, actor="ann", seen=seen))
    assert changed.facility_id == "335001"


async def test_the_provenance_of_each_name_can_be_queried(matcher: Running) -> None:
    legal = (OtherName(name="WBX Operating LLC", kind="legal"),)
    await matcher.receive(a_facility(other_names=legal), a_posting(1, "Qqq Zzz"))
    await matcher.receive(a_facility(version=2, name="Gorse Hill Manor", other_names=legal))
    (entry,) = await matcher.ask(Inbox())
    await matcher.ask(AcceptGroup(key=entry.key, facility_id="335001", actor="ann"))

    by_name = await names(matcher)

    assert by_name["WBX Operating LLC"][:3] == ("legal", "file", "registry")
    assert by_name["Willow Bend Nursing Home"][:3] == ("former", "rule", "registry")
    assert by_name["Qqq Zzz"][:3] == ("alias", "person", "ann")
    (alias,) = [n for n in (await matcher.ask(FacilityDetails(facility_id="335001"))).names if n.key]
    assert alias.key == entry.key


@pytest.mark.parametrize("name", ["Willow Bend Nursing Home", "Never Heard Of"])
async def test_the_name_of_the_registry_and_an_unknown_one_cannot_be_removed(matcher: Running, name: str) -> None:
    await matcher.receive(a_facility())

    with pytest.raises(AskFailed, match="is not another name"):
        await matcher.ask(WithdrawName(facility_id="335001", name=name, actor="ann"))
