"""Are e-mail addresses and domains read as people and programs write them?"""

from __future__ import annotations

import pytest

from engines.datasets.emails import address_of, domain_of, is_address


@pytest.mark.parametrize(
    "text",
    ["Ada@Moss.example", " ada@moss.example. ", "mailto:ada@moss.example", "Ada Moss <ada@moss.example>;"],
)
def test_an_address_is_found_in_what_people_and_mail_programs_write(text: str) -> None:
    assert address_of(text) == "ada@moss.example"


@pytest.mark.parametrize("address", ["o'hara+rn@mail.moss.example", "a_b@c-d.co", "nurse/night@moss.example"])
def test_punctuation_that_mail_servers_accept_is_part_of_an_address(address: str) -> None:
    assert is_address(address)


@pytest.mark.parametrize(
    "text",
    [
        "", "ada", "a@b", "a b@moss.example", "a@b..example", ".a@moss.example", "a:b@moss.example",
        "ada@moss.example?subject=x", "a@moss.example, b@moss.example", "a@moss.example\nBcc: b@moss.example",
        f"{'a' * 250}@moss.example",
    ],
)  # fmt: skip
def test_anything_but_one_address_is_not_an_address(text: str) -> None:
    assert not is_address(text)
    assert address_of(text) is None


@pytest.mark.parametrize(
    "text, domain",
    [("example.com", "example.com"), ("@Mail.Example.COM.", "mail.example.com"), ("com", None), ("a b.com", None)],
)
def test_a_domain_is_read_as_people_write_it(text: str, domain: str | None) -> None:
    assert domain_of(text) == domain
