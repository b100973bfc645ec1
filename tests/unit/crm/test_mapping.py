"""Does a pack state which fields a CRM learns, and is a mistake found before anything is sent?"""

from __future__ import annotations

from pathlib import Path

import pytest

from engines.crm.mapping import SYSTEMS, Crm, Field, crm_of
from engines.crm.records import FIELDS, canonical
from engines.packs import section_of
from engines.packs.files import read

PACKS = Path(__file__).parents[3] / "packs"


def crm(pack: str = "basic") -> Crm:
    return section_of(PACKS / pack, "crm", Crm)


@pytest.mark.parametrize("pack", ["basic", "snf", "clinic", "referral-partner"])
def test_every_pack_states_what_a_crm_learns(pack: str) -> None:
    assert {each.field for each in crm(pack).companies} >= {"facility_id", "tier", "score", "owner", "status"}


def test_what_people_do_in_the_crm_comes_back() -> None:
    assert {each.field for each in crm().companies if each.write_back} >= {"status", "outcome", "contacted_at"}


def test_properties_of_our_own_have_the_prefix_and_our_id_is_unique_text() -> None:
    for system, names in zip(
        SYSTEMS, (("fp_facility_id", "fp_tier"), ("FP_Facility_Id__c", "FP_Tier__c")), strict=True
    ):
        found = {each.field: each for each in crm().properties(system, "companies")}
        assert (found["facility_id"].name, found["tier"].name) == names
        assert found["facility_id"].is_unique
        assert found["account_key"].type == "text"  # a number would lose its zeros
        assert not found["name"].is_custom


@pytest.mark.parametrize(
    "wrong, problem",
    [
        ("prefix: FP", "prefix: 'FP' is not up to 10"),
        ("companies: [{field: facility_id}, {field: door}]", "there is no field 'door'"),
        ("companies: [{field: facility_id}, {field: tier}, {field: tier}]", "the field tier is there twice"),
        ("companies: [{field: tier}]", "the field facility_id is missing"),
        ("companies: [{field: facility_id, write_back: true}]", "which the CRM cannot change"),
        (
            "companies: [{field: facility_id}, {field: zip, hubspot: name}, {field: city, hubspot: name}]",
            "two fields are the property name of hubspot",
        ),
        ("contacts: [{field: contact_id}]", "the field email is missing"),
        ("companies: [{field: facility_id}, {field: tier, hubspot: 'a b'}]", "'a b' is no name of a property"),
        ("companies: [{field: facility_id}, {field: tier, both_changed: theirs}]", "without write_back"),
        ("companies: [{field: facility_id}, {field: phone, write_back: true}]", "no change of phone comes back"),
        ("companies: [{field: facility_id}, {field: tier, rule: ours}]", "is not a known key"),
    ],
)
def test_a_mistake_is_reported_with_its_file(tmp_path: Path, wrong: str, problem: str) -> None:
    stated = {"prefix": "prefix: fp_", "title": "title: Pipeline", "companies": "companies: [{field: facility_id}]",
              "contacts": "contacts: [{field: contact_id}, {field: email}]"}  # fmt: skip
    stated[wrong.partition(":")[0]] = wrong
    (tmp_path / "pack.yaml").write_text("name: x\ntitle: X\nthesis: X\n")
    (tmp_path / "crm.yaml").write_text("\n".join(stated.values()))

    found, faults = read(tmp_path, "crm", Crm)

    assert found is None
    assert "crm.yaml" in str(faults[0])
    assert problem in str(faults[0])


@pytest.mark.parametrize(
    "kind, raw, text",
    [
        ("number", 87.50, "87.5"), ("number", "87.5", "87.5"), ("number", "100", "100"), ("number", "1E+2", "100"),
        ("number", "NaN", "NaN"), ("date", "2026-12-01", "2026-12-01"), ("date", "1796083200000", "2026-12-01"),
        ("time", "2026-12-01T10:00:00.000+0000", "2026-12-01T10:00:00.000Z"),
        ("time", "2026-12-01T10:00:00Z", "2026-12-01T10:00:00.000Z"), ("time", "soon", "soon"),
        ("flag", True, "true"), ("flag", "false", "false"), ("text", " 0123 ", "0123"), ("text", "", None),
        ("text", None, None), ("owner", "Ann@Example.COM", "ann@example.com"),
        ("long_text", "a\r\nb", "a\nb"), ("text", "a\x00b\ud800", "ab"), ("text", 20_000 * "a", 10_000 * "a"),
        ("number", "1E9999999", "1E9999999"), ("owner", 10_000 * "İ", 5_000 * "i̇"),
        ("time", "0001-01-01T00:00:00+10:00", "0001-01-01T00:00:00+10:00"),
        ("time", "9999-12-31T23:59:59-10:00", "9999-12-31T23:59:59-10:00"),
    ],
)  # fmt: skip
def test_a_value_has_one_form_whichever_system_wrote_it(kind: str, raw: object, text: str | None) -> None:
    assert canonical(kind, raw) == text  # type: ignore[arg-type]


def test_every_kind_begins_with_our_id() -> None:
    assert [next(iter(fields)) for fields in FIELDS.values()] == ["facility_id", "contact_id", "task_id", "note_id"]
    assert Field("tier").both_changed == "ours"


def test_a_pack_may_exchange_nothing_with_a_crm(tmp_path: Path) -> None:
    (tmp_path / "pack.yaml").write_text("name: x\ntitle: X\nthesis: X\n")

    assert crm_of(tmp_path) is None
    assert crm_of(PACKS / "clinic") == crm("basic")
