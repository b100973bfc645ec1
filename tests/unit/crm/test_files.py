"""Are the files for imports exactly those that HubSpot and Salesforce take, and does no cell run in a spreadsheet?"""

from __future__ import annotations

import csv
import io
import os
from pathlib import Path

import pytest

from cli.files.crm import files
from engines.crm.mapping import Crm
from engines.crm.records import FIELDS, Record
from engines.packs import section_of
from engines.reports.cells import FORMULA

GOLDEN = Path(__file__).parent / "golden"
CRM = section_of(Path(__file__).parents[3] / "packs" / "basic", "crm", Crm)
USERS = {"ann@ours.example": "005000000000001AAA"}
COMPANIES = [
    Record("companies", "f2", {
        "account_key": "33E123", "name": 'Maple "Grove", Inc.', "street": "1 Elm St", "city": "Albany", "state": "NY",
        "zip": "01234", "phone": "+15185550100", "website": "https://maple.example", "tier": "1", "score": "87.5",
        "reasons": "Open posting\nFine of 9,750 dollars", "owner": "ann@ours.example", "next_touch_on": "2026-12-01",
        "status": "open", "contacted_at": "2026-11-02T09:00:00.000Z", "suppressed": "false",
    }),
    Record("companies", "f1", {"account_key": "012345", "name": "=HYPERLINK(1)", "city": "@Troy", "score": "-3",
                               "owner": "bo@ours.example", "suppressed": "false"}),
    Record("companies", "f3", {"name": "Cedar", "phone": "+15185550101", "suppressed": "true"}),
]  # fmt: skip
CONTACTS = [
    Record("contacts", "c1", {"facility_id": "f2", "email": "lee@b.example", "first_name": "Jo", "last_name": "Lee",
                              "title": "-Manager", "role": "manager", "suppressed": "false"}),
    Record("contacts", "c2", {"facility_id": "f2", "email": "ray@b.example", "first_name": "Al", "suppressed": "true"}),
]  # fmt: skip


def written() -> dict[str, str]:
    return files(CRM, {"companies": COMPANIES, "contacts": CONTACTS}, USERS)


@pytest.mark.parametrize(
    "name", ["hubspot-companies.csv", "hubspot-contacts.csv", "salesforce-accounts.csv", "salesforce-contacts.csv"]
)
def test_each_file_is_the_one_that_was_checked_by_hand(name: str) -> None:
    content = written()[name]
    if os.environ.get("GOLDEN"):
        (GOLDEN / name).write_text(content, newline="")

    assert content == (GOLDEN / name).read_bytes().decode()


def test_owners_are_addresses_for_hubspot_and_ids_for_salesforce() -> None:
    found = written()
    hubspot = list(csv.DictReader(io.StringIO(found["hubspot-companies.csv"], newline="")))
    salesforce = list(csv.DictReader(io.StringIO(found["salesforce-accounts.csv"], newline="")))

    assert [each["Company owner"] for each in hubspot] == ["bo@ours.example", "ann@ours.example", ""]
    assert [each["OwnerId"] for each in salesforce] == ["", USERS["ann@ours.example"], ""]
    without = files(CRM, {"companies": COMPANIES}, {})["salesforce-accounts.csv"]
    assert "OwnerId" not in without.splitlines()[0]


def test_a_suppressed_account_has_no_more_than_its_suppression() -> None:
    rows = list(csv.DictReader(io.StringIO(written()["hubspot-companies.csv"], newline="")))

    assert {name: value for name, value in rows[2].items() if value} == {
        "fp_facility_id": "f3",
        "fp_suppressed": "true",
    }


@pytest.mark.parametrize("start", FORMULA)
def test_no_text_of_any_field_is_a_formula(start: str) -> None:
    hostile = Record("companies", "f1", dict.fromkeys(FIELDS["companies"], f"{start}cmd|' /C calc'!A0"))

    for content in files(CRM, {"companies": [hostile]}, {}).values():
        for row in csv.reader(io.StringIO(content, newline="")):
            assert not any(cell.startswith(FORMULA) for cell in row)
