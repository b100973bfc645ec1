"""Can a link to unsubscribe be used for its own letter, by its recipient, at any time? (RFC 8058)"""

from __future__ import annotations

from string import ascii_letters, digits
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notifier.domain.tokens import LENGTH, is_signed, message_of, token_of

OLD, NEW = "an old key of at least 32 characters", "a new key of at least 32 characters"
ADA = "ada@example.com"


@given(st.uuids())
def test_a_token_names_its_letter_in_letters_that_a_url_needs_not_escape(message_id: UUID) -> None:
    token = token_of(message_id, ADA, NEW)

    assert (len(token), message_of(token), is_signed(token, "Ada@Example.com", [NEW])) == (LENGTH, message_id, True)
    assert set(token) <= {*ascii_letters, *digits, "-", "_"}


def test_a_key_that_was_replaced_still_verifies_the_tokens_that_it_signed() -> None:
    token = token_of(uuid4(), ADA, OLD)

    assert is_signed(token, ADA, [NEW, OLD])
    assert not is_signed(token, ADA, [NEW])


@given(st.uuids(), st.integers(0, LENGTH - 1), st.sampled_from([*ascii_letters, *digits, "-", "_"]))
def test_a_token_with_another_character_is_refused(message_id: UUID, at: int, character: str) -> None:
    token = token_of(message_id, ADA, NEW)
    forged = token[:at] + character + token[at + 1 :]

    assert is_signed(forged, ADA, [NEW]) is (forged == token)


def test_a_token_is_of_one_letter_and_one_address() -> None:
    token, other = token_of(uuid4(), ADA, NEW), token_of(uuid4(), ADA, NEW)

    assert not is_signed(token[:22] + other[22:], ADA, [NEW])
    assert not is_signed(token, "ben@example.com", [NEW])


@given(st.text(max_size=60))
def test_any_other_text_is_no_token(text: str) -> None:
    assert not is_signed(text, ADA, [NEW])


@pytest.mark.parametrize("text", ["", "ü" * LENGTH, "=" * LENGTH, "A" * (LENGTH - 1)])
def test_a_text_that_is_no_token_names_no_letter(text: str) -> None:
    assert message_of(text) is None
