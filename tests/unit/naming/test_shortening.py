"""What do people call a facility for short?"""

from __future__ import annotations

import pytest

from engines.naming.shortening import short_name

GENERIC = {"care", "center", "nursing", "home", "and", "&", "rehabilitation", "llc", "at", "for"}


@pytest.mark.parametrize(
    "name,short",
    [
        ("Maple Glen Nursing and Rehabilitation Center, LLC", "Maple Glen"),
        ("Oak Hill Care Center at Albany", "Oak Hill at Albany"),
        ("The Grand Rehabilitation and Nursing at Elm", "The Grand at Elm"),
        ("The Grand Rehabilitation and Nursing At Rome", "The Grand at Rome"),
        ("The Grand Rehabilitation and Nursing at South Poin", "The Grand"),
        ("Park Care Center of Elm", "Park Care Center of Elm"),
        ("Elm Home of the Mount", "Elm Home of the Mount"),
        ("The Nursing Home of Elm", "The Nursing Home of Elm"),
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
