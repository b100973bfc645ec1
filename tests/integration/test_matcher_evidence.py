"""Does the matcher use all data of a posting and the registry, beyond name and city?"""

from __future__ import annotations

from shared.contracts.events import FacilityMatched, OtherName
from tests.integration.test_matcher import a_facility, a_posting, outcome_of
from tests.support.running import Running


async def test_zip_and_address_of_a_posting_distinguish_namesakes_in_one_city(matcher: Running) -> None:
    await matcher.receive(
        a_facility("335001", zip="12203", address="12 Larch Street", phone="5185550101"),
        a_facility("335002", zip="12207", address="90 Gorse Road", phone="5185550102"),
    )

    await matcher.receive(a_posting(1), a_posting(2, zip="12207", address="90 Gorse Rd"), a_posting(3, zip="12203"))

    assert (await outcome_of(matcher, a_posting(1)))[2] == "ambiguous"
    assert (await outcome_of(matcher, a_posting(2)))[:2] == ("matched", "335002")
    assert (await outcome_of(matcher, a_posting(3)))[1] in ("335001", None)


async def test_a_hospital_is_queued_unless_the_title_names_the_nursing_unit(matcher: Running) -> None:
    legal = (OtherName(name="Larch Hill Hospital", kind="legal"),)
    await matcher.receive(a_facility("335001", "Larch Hill Pavilion", other_names=legal))

    await matcher.receive(
        a_posting(1, "Larch Hill Hospital"), a_posting(2, "Larch Hill Hospital", title="MDS RN, Skilled Nursing Unit")
    )

    assert await outcome_of(matcher, a_posting(1)) == ("queued", None, "parent_organization")
    assert (await outcome_of(matcher, a_posting(2)))[:2] == ("matched", "335001")


async def test_a_name_becomes_suspect_for_postings_already_matched_in_another_state(matcher: Running) -> None:
    platform = (OtherName(name="Quillshift", kind="dba"),)
    await matcher.receive(a_facility(other_names=platform), a_posting(1, "Quillshift"))
    assert (await outcome_of(matcher, a_posting(1)))[0] == "matched"

    await matcher.receive(a_facility("395001", "Tern Point", city="Erie", state="PA", other_names=platform))

    assert await outcome_of(matcher, a_posting(1)) == ("queued", None, "suspect_alias")
    assert (await matcher.published(FacilityMatched))[-1].signals == ()
