"""Which addresses can have security keys, and what is no answer of one?"""

from __future__ import annotations

import json

import pytest

from services.console.domain.security_keys import NewKey, Site, added, count_of, id_in, options_to_use, site_of

SITE = Site("console.example", "https://console.example")
KEY = NewKey(b"key", b"public", 3)
NO_ANSWERS = [
    "",
    "null",
    "[" * 100_000,
    '{"id": 1}',
    json.dumps({"id": "a", "rawId": "é", "type": "public-key", "response": {"clientDataJSON": "", "userHandle": "a"}}),
    json.dumps(
        {
            "id": "a2V5",
            "rawId": "a2V5",
            "type": "public-key",
            "response": {
                "clientDataJSON": "eyJ0eXBlIjogMX0",
                "attestationObject": "n_8",
                "authenticatorData": "AA",
                "signature": "AA",
            },
        }
    ),
]


@pytest.mark.parametrize(
    "url, host",
    [
        ("https://console.example", "console.example"),
        ("http://localhost:8084", "localhost"),
        ("http://127.0.0.1:8084", None),
        ("http://[::1]:8084", None),
        (None, None),
    ],
)
def test_keys_are_bound_to_a_name(url: str | None, host: str | None) -> None:
    site = site_of(url)
    assert (site and site.host) == host


def test_a_key_is_asked_for_the_person_but_works_without_a_pin() -> None:
    assert json.loads(options_to_use(SITE, b"asked", [b"key"]))["userVerification"] == "preferred"


@pytest.mark.parametrize("answer", NO_ANSWERS)
def test_what_is_no_answer_is_refused_whatever_it_is(answer: str) -> None:
    assert id_in(answer) in (b"", b"key")
    with pytest.raises(ValueError, match="not the answer"):
        added(SITE, b"asked", answer)
    with pytest.raises(ValueError, match="not the answer"):
        count_of(SITE, b"asked", answer, KEY)
