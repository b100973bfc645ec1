"""Can lists of accounts and people be imported, looked at beforehand, and taken back completely?"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest

from shared.contracts.events import (
    AccountMoved,
    ContactChanged,
    EnrollmentEnded,
    LeadChanged,
    LeadMoved,
    LeadRaised,
    SuppressionChanged,
)
from shared.contracts.imports import ImportedRows
from shared.contracts.refusals import AskFailed
from shared.contracts.sequencer import ImportContacts
from shared.contracts.sequencer_imports import ImportAccounts, ImportLeads, ImportRow, Imports, UndoImport, UndoneImport
from shared.contracts.sequencer_leads import MoveLead
from tests.integration.test_leads import FORM
from tests.integration.test_outcomes import CCN, MONDAY, OTHER, THURSDAY, record, worked
from tests.support.running import Running
from tests.support.sequencing import CALLABLE, contact, listed, matched, scored

THIRD = "335003"
TABLES = {
    "accounts": "facility_id, status, owner, next_follow_up_on",
    "leads": "facility_id, lead_source, stage, stage_since, stage_by, stage_reason, owner, closed_on, closed_reason,"
    " intake, amount, currency, close_on, converted_facility_id",
    "enrollments": "facility_id, covers, status, owner, blocked_on, started_on, ended_on, reason, missing, cycle",
    "tasks": "facility_id, kind, step_no, rep, channel, persona, person, due_on, status, outcome, done_on",
    "contacts": "facility_id, chain, role, name, direct_phone, email, source, source_date",
    "notes": "facility_id, text",
    "suppressions": "target, channels",
    "lead_moves": "facility_id, from_stage, to_stage",
}
"""What an undo puts back; versions only grow."""


async def tables(sequencer: Running) -> dict[str, list[dict[str, Any]]]:
    queries = {name: f"SELECT {columns} FROM {name} ORDER BY {columns}" for name, columns in TABLES.items()}
    return {name: await sequencer.sql(query) for name, query in queries.items()}


async def import_accounts(sequencer: Running, *rows: Mapping[str, Any], **options: Any) -> ImportedRows:
    numbered = [{"line": line, **row} for line, row in enumerate(rows, 2)]
    return await sequencer.ask(ImportAccounts.model_validate({"rows": numbered, "actor": "ann", **options}))


async def import_contacts(sequencer: Running, *rows: Mapping[str, Any], **options: Any) -> ImportedRows:
    return await sequencer.ask(ImportContacts.model_validate({"rows": rows, "actor": "ann", **options}))


async def undo(sequencer: Running, import_id: UUID, preview: bool = False) -> UndoneImport:
    return await sequencer.ask(UndoImport(import_id=str(import_id)[:8], preview=preview, actor="ben"))


async def the_imports(sequencer: Running) -> list[ImportRow]:
    return await sequencer.ask(Imports())


async def test_a_list_of_accounts_is_previewed_imported_and_taken_back_with_all_that_followed(
    sequencer: Running,
) -> None:
    await worked(sequencer)
    await sequencer.receive(listed(OTHER), listed(THIRD))
    before, import_id = await tables(sequencer), uuid4()
    rows = [
        {"facility_id": CCN, "status": "Customer", "owner": "rep-2"},
        {"facility_id": OTHER, "owner": "REP-1", "next_follow_up_on": "2026-08-03", "note": "Budget in August"},
        {"facility_id": "335999", "owner": "rep-1"},
        {"facility_id": THIRD, "owner": "vera"},
        {"facility_id": THIRD, "next_follow_up_on": "3/8/2026"},
        {"facility_id": THIRD, "status": "gone"},
        {"facility_id": THIRD},
    ]

    preview = await import_accounts(sequencer, *rows, preview=True, import_id=import_id)
    assert await tables(sequencer) == before
    imported = await import_accounts(sequencer, *rows, import_id=import_id, file_name="accounts.csv")
    again = await import_accounts(sequencer, *rows, import_id=uuid4())

    assert (preview.imported, preview.changed, preview.unchanged, preview.ended) == (2, 2, 1, 1)
    assert [(each.line, {f.field: (f.before, f.after) for f in each.fields}) for each in preview.changes] == [
        (2, {"status": ("prospect", "client"), "owner": ("rep-1", "rep-2")}),
        (
            3,
            {"owner": (None, "rep-1"), "next_follow_up_on": (None, "2026-08-03"), "note": (None, "Budget in August")},
        ),
    ]
    assert [(each.line, each.reason) for each in imported.rejects] == [
        (4, "ccn 335999 is not a known account; import the registry that lists it first: `pipeline import facilities`"),
        (5, "owner 'vera' is not a rep; the reps are rep-1, rep-2; `pipeline rep add` adds one"),
        (6, "next_follow_up_on '3/8/2026' is not a date; write it as YYYY-MM-DD, such as 2026-07-01"),
        (7, "status 'gone' is not client or prospect"),
    ]
    assert (imported.imported, imported.unchanged, again.imported, again.unchanged) == (2, 1, 0, 3)
    assert await sequencer.ask("worklist", {}) == []

    undone = await undo(sequencer, import_id)

    assert (undone.put_back, undone.kept, undone.changed) == ({"account": 2, "lead": 1, "note": 1}, [], True)
    assert await tables(sequencer) == before
    assert len(await sequencer.ask("worklist", {})) == 1
    moved = [(e.facility_id, e.owner, e.client, e.version) for e in await sequencer.published(AccountMoved)]
    assert [each for each in moved if each[0] == CCN][-2:] == [(CCN, "rep-2", True, 2), (CCN, "rep-1", False, 3)]
    [listed_import] = await the_imports(sequencer)
    assert (listed_import.file_name, listed_import.added, listed_import.changed, listed_import.undone_by) == (
        "accounts.csv", 1, 2, "ben",
    )  # fmt: skip


async def test_an_import_that_was_undone_is_answered_as_before_and_can_be_imported_again(sequencer: Running) -> None:
    await sequencer.receive(listed(CCN))
    first, row = uuid4(), {"facility_id": CCN, "owner": "rep-1"}
    await import_accounts(sequencer, row, import_id=first)

    undone, repeated = await undo(sequencer, first), await undo(sequencer, first)
    again = await import_accounts(sequencer, row, import_id=uuid4())

    assert repeated == undone.model_copy(update={"changed": False})
    assert again.imported == 1
    with pytest.raises(AskFailed, match="was undone; import the file again"):
        await import_accounts(sequencer, {"facility_id": CCN, "owner": "rep-2"}, import_id=first)
    with pytest.raises(AskFailed, match="There is no import abcd"):
        await sequencer.ask(UndoImport(import_id="abcd", actor="ben"))


async def test_what_was_changed_since_stays_and_is_named(sequencer: Running) -> None:
    await sequencer.receive(listed(CCN), listed(OTHER))
    first = uuid4()
    await import_accounts(
        sequencer, {"facility_id": CCN, "owner": "rep-1"}, {"facility_id": OTHER, "owner": "rep-1"}, import_id=first
    )
    await import_accounts(sequencer, {"facility_id": OTHER, "owner": "rep-2"})

    preview, undone = await undo(sequencer, first, preview=True), await undo(sequencer, first)

    assert preview == undone
    assert [(each.subject, each.key, each.why) for each in undone.kept] == [("account", OTHER, "changed since: owner")]
    owners = await sequencer.sql("SELECT facility_id, owner FROM accounts ORDER BY facility_id")
    assert [tuple(row.values()) for row in owners] == [(CCN, None), (OTHER, "rep-2")]


async def test_an_enrollment_that_began_only_because_of_a_list_ends_with_it(sequencer: Running) -> None:
    await sequencer.receive(listed(CCN), scored(CCN, 1), matched(CCN))
    await sequencer.at(THURSDAY)
    before, import_id = await tables(sequencer), uuid4()
    people = [contact(CCN, **CALLABLE), contact(CCN, "don", "Dora Elm", email="dora@example.org", do_not_contact="yes")]

    preview = await import_contacts(sequencer, *people, preview=True)
    assert await tables(sequencer) == before
    await import_contacts(sequencer, *people, import_id=import_id, file_name="people.csv")
    await sequencer.at(MONDAY)
    assert [row["status"] for row in await sequencer.sql("SELECT status FROM enrollments")] == ["active"]

    foreseen, undone = await undo(sequencer, import_id, preview=True), await undo(sequencer, import_id)

    assert foreseen == undone
    assert (preview.imported, preview.changes[0].key) == (2, f"administrator Ada Moss, {CCN}")
    assert undone.put_back == {"contact": 2, "suppression": 1}
    assert undone.stopped == 1
    assert [e.reason for e in await sequencer.published(EnrollmentEnded)] == ["The import was undone."]
    assert await sequencer.sql("SELECT * FROM contacts") == []
    assert await sequencer.ask("worklist", {}) == []
    states = [(e.role, e.version, e.has_email) for e in await sequencer.published(ContactChanged)]
    assert states[-2:] == [("administrator", 2, False), ("don", 2, False)]
    assert [e.lifted for e in await sequencer.published(SuppressionChanged)] == [False, True]


async def test_a_list_that_was_taken_back_still_stops_contact_when_it_is_imported_again(sequencer: Running) -> None:
    first, row = uuid4(), contact(CCN, do_not_contact="yes")
    await import_contacts(sequencer, row, import_id=first)
    await undo(sequencer, first)

    await import_contacts(sequencer, row, import_id=uuid4())

    assert [e.lifted for e in await sequencer.published(SuppressionChanged)] == [False, True, False]


async def test_a_correction_of_a_person_is_put_back(sequencer: Running) -> None:
    await worked(sequencer)
    before, import_id = await tables(sequencer), uuid4()
    await import_contacts(sequencer, contact(CCN, direct_phone="518-555-0199"), import_id=import_id)
    assert (await tables(sequencer))["tasks"][0]["person"]["direct_phone"] == "(518) 555-0199"

    undone = await undo(sequencer, import_id)

    assert (undone.put_back, undone.kept) == ({"contact": 1}, [])
    assert await tables(sequencer) == before


async def test_a_win_after_an_import_is_not_taken_back_with_it(sequencer: Running) -> None:
    await worked(sequencer)
    import_id = uuid4()
    await import_accounts(sequencer, {"facility_id": CCN, "owner": "rep-2"}, import_id=import_id)
    await record(sequencer, "won")

    await undo(sequencer, import_id)

    [account] = await sequencer.sql("SELECT status, owner FROM accounts")
    assert account == {"status": "active", "owner": "rep-1"}


async def import_leads(sequencer: Running, *rows: Mapping[str, Any], **options: Any) -> ImportedRows:
    numbered = [{"line": line, **row} for line, row in enumerate(rows, 2)]
    return await sequencer.ask(ImportLeads.model_validate({"rows": numbered, "actor": "ann", **options}))


async def test_a_list_of_leads_is_imported_and_taken_back_with_all_that_followed(sequencer: Running) -> None:
    await worked(sequencer)
    await sequencer.receive(listed(OTHER), listed(THIRD))
    before, import_id = await tables(sequencer), uuid4()
    rows = [
        {"facility_id": CCN, "stage": "Contract Sent", "amount": "12,000", "close_on": "2026-12-01", **FORM},
        {"facility_id": OTHER, "stage": "contacted", "owner": "rep-2", "next_follow_up_on": "2026-08-03"},
        {"facility_id": THIRD, "stage": "Closed Lost", "reason": "Do not contact us again", "Unknown": "x"},
        {"facility_id": THIRD, "stage": "new"},
    ]

    preview = await import_leads(sequencer, *rows, preview=True)
    assert await tables(sequencer) == before
    imported = await import_leads(sequencer, *rows, import_id=import_id, file_name="deals.csv")

    assert (preview.imported, preview.changed, preview.ended, len(preview.rejects)) == (3, 1, 1, 1)
    assert (imported.imported, imported.changed, imported.ended, imported.rejects) == (3, 1, 1, preview.rejects)
    [moved] = await sequencer.published(LeadMoved)
    assert (moved.from_stage, moved.stage, moved.moved_by, moved.amount) == (
        "new", "proposal", "ann", Decimal(12000),
    )  # fmt: skip
    raised = {e.facility_id: (e.stage, e.owner, e.closed_reason) for e in await sequencer.published(LeadRaised)}
    assert raised[OTHER] == ("contacted", "rep-2", None)
    assert raised[THIRD] == ("lost", None, "Do not contact us again")
    assert [e.scope for e in await sequencer.published(SuppressionChanged)] == ["facility"]
    assert await sequencer.ask("worklist", {}) == []

    undone = await undo(sequencer, import_id)

    assert (undone.put_back, undone.kept) == ({"account": 2, "lead": 3, "suppression": 1}, [])
    after = await tables(sequencer)
    closed = [lead for lead in after["leads"] if lead["facility_id"] != CCN]
    assert {(lead["stage"], lead["closed_reason"]) for lead in closed} == {("new", "The import was undone.")}
    after["leads"] = [lead for lead in after["leads"] if lead["facility_id"] == CCN]
    assert after.pop("suppressions") != before.pop("suppressions")  # it is lifted, and its statements are kept
    assert after == before
    assert [e.lifted for e in await sequencer.published(SuppressionChanged)] == [False, True]
    assert len(await sequencer.ask("worklist", {})) == 1
    versions = [e.version for e in await sequencer.published(LeadChanged) if e.facility_id == CCN]
    assert versions[-1] == moved.version + 1
    amounts = await sequencer.sql(
        "SELECT amount FROM lead_amounts WHERE lead_id = %(id)s ORDER BY version", id=moved.lead_id
    )
    assert [row["amount"] for row in amounts] == [12000, None]


async def test_what_was_done_with_an_imported_lead_stays(sequencer: Running) -> None:
    await sequencer.receive(listed(CCN), listed(OTHER))
    import_id = uuid4()
    await import_leads(
        sequencer, {"facility_id": CCN, "stage": "contacted"}, {"facility_id": OTHER}, import_id=import_id
    )
    await record(sequencer, "lost", "too dear")

    undone = await undo(sequencer, import_id)

    assert [(each.subject, each.key) for each in undone.kept] == [("lead", CCN)]
    assert "stage" in undone.kept[0].why
    leads = await sequencer.sql("SELECT facility_id, stage, closed_reason FROM leads ORDER BY facility_id")
    assert [tuple(row.values()) for row in leads] == [
        (CCN, "lost", "too dear"), (OTHER, "new", "The import was undone."),
    ]  # fmt: skip


async def test_a_lead_that_has_moved_on_since_keeps_its_moves_and_its_form(sequencer: Running) -> None:
    await worked(sequencer)
    import_id, row = uuid4(), {"facility_id": CCN, "stage": "Qualified", "amount": "100", **FORM}
    await import_leads(sequencer, row, import_id=import_id)
    await sequencer.ask(MoveLead(facility_id=CCN, stage="proposal", actor="ann"))

    undone = await undo(sequencer, import_id)

    assert [each.why for each in undone.kept] == ["changed since: intake, phase, stage, stage_by, stage_reason"]
    moves = await sequencer.sql("SELECT from_stage, to_stage FROM lead_moves ORDER BY version")
    assert [tuple(row.values()) for row in moves] == [("new", "qualified"), ("qualified", "proposal")]
    [lead] = await sequencer.sql("SELECT stage, amount, intake FROM leads")
    assert (lead["stage"], lead["amount"], set(lead["intake"])) == ("proposal", None, set(FORM))
