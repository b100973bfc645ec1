"""Are names in capitals converted to their usual case?"""

from __future__ import annotations

import csv
import gzip
import io
import zipfile
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from engines.naming.capitals import Spellings, usual_case

CMS = Path(__file__).parents[4] / "shared" / "data" / "cms"
PACK = Path(__file__).parents[3] / "packs" / "snf" / "names.yaml"
NAMES = yaml.safe_load(PACK.read_text(encoding="utf-8"))
TRADE = Spellings(tuple(NAMES["spellings"]), tuple(NAMES["clipped"]))


@pytest.mark.parametrize(
    "given,usual",
    [
        ("XANFERN NURSING HOME", "Xanfern Nursing Home"),
        ("XANFERN CARE AND REHAB AT THE LAKE", "Xanfern Care and Rehab at the Lake"),
        ("THE GROVE OF XANFERN", "The Grove of Xanfern"),
        ("GROVE, THE", "Grove, The"),
        ("XANFERN - THE LODGE", "Xanfern - The Lodge"),
        ("XANFERN (THE LODGE)", "Xanfern (The Lodge)"),
        ("OAK HILL SNF, LLC", "Oak Hill SNF, LLC"),
        ("OAK HILL D/P SNF", "Oak Hill D/P SNF"),
        ("QUILL LTC OF NY", "Quill LTC of NY"),
        ("QUILL ECC", "Quill ECC"),
        ("QUILL ECF II", "Quill ECF II"),
        ("QUILL HOME III, INC.", "Quill Home III, Inc."),
        ("QUILL HOME IV", "Quill Home IV"),
        ("MCDONALD MANOR", "McDonald Manor"),
        ("MCKAY-QUILL HOME", "McKay-Quill Home"),
        ("MACARTHUR HOUSE", "MacArthur House"),
        ("MACON MANOR", "Macon Manor"),
        ("O'CONNOR HOUSE", "O'Connor House"),
        ("D'YOUVILLE HOUSE", "D'Youville House"),
        ("ST. MARY'S HOME", "St. Mary's Home"),
        ("ST MARY’S HOME", "St Mary’s Home"),
        ("VETERANS' HOME", "Veterans' Home"),
        ("1ST AVENUE HOME", "1st Avenue Home"),
        ("22ND STREET HOME", "22nd Street Home"),
        ("HOUSE ON 103RD", "House on 103rd"),
        ("QUILL INC D/B/A XANFERN", "Quill Inc d/b/a Xanfern"),
        ("QUILL INC DBA XANFERN", "Quill Inc dba Xanfern"),
        ("A. Q. XANFERN HOME", "A. Q. Xanfern Home"),
        ("A.Q. XANFERN HOME", "A.Q. Xanfern Home"),
        ("XANFERN A HOME", "Xanfern A Home"),
        ("A&M HOUSE", "A&M House"),
        ("CASA DE LAS FLORES", "Casa de las Flores"),
        ("LA CASA", "La Casa"),
        ("FOND DU LAC CTR", "Fond du Lac Ctr"),
        ("CITY OF DE PERE HOME", "City of De Pere Home"),
        ("XANFERN-BY-THE-SEA", "Xanfern-by-the-Sea"),
        ("XANFERN HLTH & REHAB CTR", "Xanfern Hlth & Rehab Ctr"),
        ("NHC HEALTHCARE, MO", "NHC Healthcare, MO"),
        ("XANFERN HOME OK LLC", "Xanfern Home OK LLC"),
        ("XANFERN CT HOME", "Xanfern Ct Home"),
        ("VI AT XANFERN", "Vi at Xanfern"),
        ("XANFERN HOME VI", "Xanfern Home VI"),
        ("XANFERN HOME (IN)", "Xanfern Home (IN)"),
        ("XANFERN HOME, OR", "Xanfern Home, OR"),
        ("MT VERNON HOME", "Mt Vernon Home"),
        ("PRUITTHEALTH - XANFERN", "PruittHealth - Xanfern"),
        ("U.S. VETERANS HOME", "U.S. Veterans Home"),
        ("XANFERN  CARE", "Xanfern  Care"),
        ("CASA ÁNGEL", "Casa Ángel"),
        ("Xanfern Care", "Xanfern Care"),
        ("McDONALD CARE", "McDONALD CARE"),
        ("xanfern care", "xanfern care"),
        ("123", "123"),
        ("", ""),
    ],
)
def test_a_facility_name_in_capitals_gets_its_usual_case(given: str, usual: str) -> None:
    assert usual_case(given, TRADE) == usual


def test_a_spelling_that_is_listed_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="Snf"):
        Spellings(("SNF", "Snf"))


@given(st.text(max_size=60))
def test_only_the_case_of_a_name_changes(text: str) -> None:
    assert usual_case(text, TRADE).upper() == text.upper()


@given(st.text(max_size=60))
def test_a_name_that_is_not_in_capitals_is_unchanged(text: str) -> None:
    assert text.isupper() or usual_case(text, TRADE) == text


@pytest.mark.skipif(not CMS.is_dir(), reason="needs the registry of 2021 beside the repository")
def test_all_names_of_a_registry_in_capitals_are_converted() -> None:
    with zipfile.ZipFile(CMS / "NH_ProviderInfo_Aug2021.csv.zip") as archive:
        text = io.TextIOWrapper(archive.open(archive.namelist()[0]), encoding="utf-8", errors="replace")
        names = [row["Provider Name"] for row in csv.DictReader(text)]

    usual = [usual_case(name, TRADE) for name in names]

    changed = sum(after != before for after, before in zip(usual, names, strict=True))
    capitals = [name for name in usual if name.isupper()]
    print(f"{changed} of {len(names)} names changed, {len(capitals)} still in capitals: {capitals[:20]}")
    assert changed >= 0.999 * len(names)


@pytest.mark.skipif(not CMS.is_dir(), reason="needs the registry of 2026 beside the repository")
def test_names_in_mixed_case_in_a_registry_are_unchanged() -> None:
    with gzip.open(CMS / "registry_jul2026.csv.gz", "rt", encoding="utf-8") as text:
        names = [row["provider_name"] for row in csv.DictReader(text)]

    mixed = [name for name in names if not name.isupper()]

    assert mixed
    assert [usual_case(name, TRADE) for name in mixed] == mixed
