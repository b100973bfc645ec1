"""Is data of a person in care recognized, and ordinary mail of a business not taken for it?"""

from __future__ import annotations

import pytest

from services.notifier import settings
from services.notifier.domain.privacy import Private, private_data

PRIVATE = settings.private()


@pytest.mark.parametrize(
    "text, what",
    [
        ("Her MRN is 0048-2213, please check.", "a medical record number"),
        ("Medical record #: A100482", "a medical record number"),
        ("Claim of 1EG4-TE5-MK73 was denied.", "a Medicare number"),
        ("Medicaid ID AB12345C", "a Medicaid number"),
        ("SSN 219-09-9999", "a social security number"),
        ("219-09-9999", "a social security number"),
        ("Moss, Jane, DOB 3/14/1938", "a date of birth"),
        ("date of birth: March 14, 1938", "a date of birth"),
        ("Our resident Mary Moss was diagnosed with dementia in May.", "a person and a condition"),
        ("Mr. Reed fell on Sunday night.", "a person and a condition"),
        ("Can you code the wound of pt. J.S. before Friday?", "a person and a condition"),
        ("RESIDENT MARY MOSS\ncare plan attached", "a person and a condition"),
    ],
)
def test_data_of_one_person_in_care_is_recognized(text: str, what: str) -> None:
    assert private_data(text, PRIVATE) == what


@pytest.mark.parametrize(
    "text",
    [
        "Hi Bo, thanks, but we have filled the position. Mary Moss, RN",
        "We have 84 residents, about a third with dementia, and one open MDS position.",
        "Mr. Reed is out until Monday; call him at 518-555-0100.",
        "Our residents' falls and pressure ulcers are down since spring.",
        "Mrs. Moss asked me to reply. Please send the price list, ref. 219-555-0199.",
        "Our CCN is 335001 and the NPI 1234567893.",
        "Under the Patient Driven Payment Model a wrong diagnosis costs us. The Resident Council met about falls.",
        "Staff meeting on 3/14/2026, 2 pm.",
        "",
    ],
)
def test_ordinary_mail_of_a_business_is_not_taken_for_it(text: str) -> None:
    assert private_data(text, PRIVATE) is None


def test_what_was_found_is_named_without_a_part_of_the_text() -> None:
    found = private_data("Jane Moss, DOB 03/14/1938", PRIVATE) or ""

    assert not any(part in found for part in ("Jane", "Moss", "1938"))


def test_a_pattern_that_is_none_is_refused_with_its_name() -> None:
    with pytest.raises(ValueError, match="a number: is no regular expression"):
        Private({"a number": "("}, (), (), ())


def test_a_pack_without_such_words_seals_nothing() -> None:
    assert private_data("Mr. Reed fell. DOB 3/14/1938", Private({}, (), (), ())) is None
