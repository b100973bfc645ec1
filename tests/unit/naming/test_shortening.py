"""What do people call a facility for short?"""

from __future__ import annotations

import pytest

from engines.naming.shortening import short_name

GENERIC = {"care", "center", "nursing", "home", "and", "&", "rehabilitation", "llc", "at", "for"}


@pytest.mark.parametrize(
    "name,short",
    [
        ("Maple Glen Nursing and Rehabilitation Center, LLC", "Maple Glen"),
        ("Oak Hill Care Center at Albany", "Oak Hill Care Center at Albany"),
        ("Albany Center for Nursing", "Albany Center"),
        ("Albany Nursing Home", "Albany Nursing Home"),
        ("University Center for Rehabilitation and Nursing", "University Center"),
        ("Park & Nursing", "Park & Nursing"),
        ("Park Gardens Nursing Home", "Park Gardens"),
        ("Sky View Rehabilitation & Care Center L L C", "Sky View"),
        ("Waterview Heights Rehabilitation and Nursing Cente", "Waterview Heights"),
        ("Waterview Cente", "Waterview Cente"),
        ("The Nursing Home", "The Nursing Home"),
        ("Elm & Rehabilitation", "Elm & Rehabilitation"),
        ("Nursing Home", "Nursing Home"),
        ("Apex Rehabilitation & Care Center", "Apex"),
        ("St. Mary's Care Center", "St. Mary's"),
    ],
)
def test_generic_words_at_the_end_are_left_out_unless_too_little_is_left(name: str, short: str) -> None:
    assert short_name(name, GENERIC, ["Albany", "NY"], {"park", "university"}) == short
