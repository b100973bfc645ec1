"""Does each contact state who says so, and since when?"""

from __future__ import annotations

import shutil
from pathlib import Path
from uuid import uuid4

import pytest

from engines import packs
from shared.contracts.imports import RejectedLine
from shared.contracts.refusals import AskFailed
from shared.contracts.sequencer import ContactCells, Contacts, ImportContacts, WhyContact
from shared.contracts.sequencer_contacts import AddContact
from shared.contracts.sequencer_replies import ContactRow
from tests.support.running import Running
from tests.support.sequencing import CALLABLE, contact, listed, matched, scored

CCN = "335001"
PAGE = "https://www.example.org/roster.csv"


async def named(sequencer: Running) -> list[ContactRow]:
    return await sequencer.ask(Contacts(facility_id=CCN))


async def test_a_file_names_people_with_its_own_url_or_that_of_each_row(sequencer: Running) -> None:  # R82, K12
    rows = [
        ContactCells(**contact(CCN) | {"source_url": None, "source": None}),
        ContactCells(**contact(CCN, "don", "Ben Fern")),
    ]

    answer = await sequencer.ask(ImportContacts(rows=rows, source_url=PAGE, actor="ann"))

    assert (answer.imported, answer.rejects) == (2, [])
    assert {(each.name, each.source, each.source_url) for each in await named(sequencer)} == {
        ("Ada Moss", "www.example.org", PAGE),
        ("Ben Fern", "website", "https://www.example.org/staff"),
    }


async def test_a_person_without_a_public_source_is_rejected_with_what_to_do(sequencer: Running) -> None:
    rows = [ContactCells(**contact(CCN) | {"source_url": None})]

    answer = await sequencer.ask(ImportContacts(rows=rows, actor="ann"))

    reason = (
        "source_url is missing: 'Ada Moss' may be named only as a public source does; give the address of the page that"
        " names them, in a column source_url or for the file with --source-url"
    )
    assert answer.rejects == [RejectedLine(line=1, reason=reason)]
    assert await named(sequencer) == []


async def test_the_rep_who_found_a_person_is_the_source_and_needs_no_url(sequencer: Running) -> None:
    added = AddContact(facility_id=CCN, role="don", name="Zoe Elm", direct_phone="518-555-0111", actor="rep-1")

    answer = await sequencer.ask(added)

    assert (answer.changed, answer.contact.source, answer.contact.stated_by) == (True, "front desk", "rep-1")
    [row] = await named(sequencer)
    assert (row.name, row.stated_by, str(row.source_date), row.current) == ("Zoe Elm", "rep-1", "2026-07-01", True)
    assert not (await sequencer.ask(added.model_copy(update={"command_id": uuid4()}))).changed


async def test_a_person_who_was_found_ends_the_research_for_them(sequencer: Running) -> None:
    await sequencer.receive(listed(CCN), scored(CCN, 1), matched(CCN))
    await sequencer.at("2026-07-02T09:00")
    [research] = (await sequencer.ask("day"))["tasks"]
    assert research["kind"] == "research"
    found = {"facility_id": CCN, "role": "don", "name": "Zoe Elm", "task_id": research["task_id"], "outcome": "found"}

    with pytest.raises(AskFailed, match="State a direct line or an e-mail address"):
        await sequencer.ask(AddContact(**found, actor="rep-1"))
    assert await named(sequencer) == []
    answer = await sequencer.ask(AddContact(**found, direct_phone="518-555-0111", actor="rep-1"))

    assert answer.ended
    assert [each["status"] for each in (await sequencer.ask("account", {"facility_id": CCN}))["tasks"]][:1] == ["done"]
    with pytest.raises(AskFailed, match="is no research for 335002"):
        await sequencer.ask(AddContact(**{**found, "facility_id": "335002"}, email="z@example.org", actor="rep-1"))


async def test_a_regional_contact_is_added_with_a_facility_of_the_chain(sequencer: Running) -> None:
    await sequencer.receive(listed(CCN, chain="Moss Care"))

    answer = await sequencer.ask(AddContact(facility_id=CCN, role="regional", name="Rex Fern", actor="rep-1"))

    assert (answer.contact.facility_id, answer.contact.chain) == (None, "MOSS CARE")


@pytest.mark.parametrize(
    "given, why",
    [
        ({"name": "Zoe Elm", "source_url": "javascript:alert(1)"}, "is not a web address"),
        ({"name": "N/A"}, "is a placeholder"),
        ({}, "name is missing"),
        ({"name": "Zoe Elm", "direct_phone": "12"}, "is not a telephone number"),
    ],
)
async def test_a_person_who_cannot_be_added_is_refused_with_the_reason(
    sequencer: Running, given: dict[str, str], why: str
) -> None:
    with pytest.raises(AskFailed, match=f"335001: .*{why}"):
        await sequencer.ask(AddContact(facility_id=CCN, role="don", actor="rep-1", **given))  # type: ignore[arg-type]


async def test_why_a_person_may_be_contacted_shows_where_they_were_named(sequencer: Running) -> None:
    await sequencer.ask(ImportContacts(rows=[ContactCells(**contact(CCN, **CALLABLE))], actor="ann"))

    answer = await sequencer.ask(WhyContact(facility_id=CCN, role="administrator"))

    [row] = answer.contacts
    assert (row.source, str(row.source_date), row.source_url) == (
        "website", "2026-06-01", "https://www.example.org/staff",
    )  # fmt: skip


async def test_a_pack_without_names_stores_the_number_of_the_office(
    sequencer: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:  # R84, K12
    folder = tmp_path / "snf"
    shutil.copytree(packs.pack_folder(), folder)
    stated = (folder / "contacts.yaml").read_text().replace("policy: public_record_named", "policy: role_only")
    (folder / "contacts.yaml").write_text(stated)
    monkeypatch.setenv("PIPELINE_PACKS_DIR", str(tmp_path))
    rows = [ContactCells(**contact(CCN, **CALLABLE) | {"source_url": None})]

    answer = await sequencer.ask(ImportContacts(rows=rows, actor="ann"))

    assert answer.rejects == []
    [row] = await named(sequencer)
    assert (row.name, row.direct_phone, row.current) == ("Administrator", "(518) 555-0111", True)
