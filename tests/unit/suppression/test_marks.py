"""Which letters does a suppression of an address or a domain stop? (R85)"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engines.datasets.emails import address_of, domain_of, mailbox_of
from engines.suppression.marks import address_marks, domain_marks, recipient_marks

LOCAL = st.text("abcxyz0189._-", min_size=1, max_size=12).filter(lambda text: address_of(f"{text}@a.example"))
TAG = st.text("abc0189.-", min_size=1, max_size=8).filter(
    lambda text: not {text[0], text[-1]} & {"."} and ".." not in text
)
DOMAIN = st.lists(st.text("abcxyz019", min_size=2, max_size=8), min_size=2, max_size=4).map(".".join)


@given(LOCAL, TAG, DOMAIN, st.sampled_from([str.lower, str.upper, str.title]))
def test_a_mailbox_has_one_mark_whatever_the_case_and_the_tag(local: str, tag: str, domain: str, spell: object) -> None:
    assert callable(spell)
    [mark] = address_marks(f"{local}@{domain}")

    tagged = address_marks(spell(f"{local}+{tag}@{domain}"))

    assert mark == f"address:{local}@{domain}"
    assert tagged == [f"address:{local}+{tag}@{domain}", mark]


@given(LOCAL, DOMAIN, st.text("abcxyz019", min_size=1, max_size=8))
def test_a_domain_covers_its_subdomains_and_no_other_domain(local: str, domain: str, sub: str) -> None:
    below, beside = domain_marks(f"{local}@{sub}.{domain}"), domain_marks(f"{local}@{sub}{domain}")

    assert f"domain:{domain}" in below
    assert f"domain:{domain}" not in beside


@given(st.text(max_size=40))
def test_normalizing_twice_is_normalizing_once_and_never_fails(text: str) -> None:
    once = address_of(text)

    assert once is None or (address_of(once), mailbox_of(mailbox_of(once))) == (once, mailbox_of(once))
    assert (found := domain_of(text)) is None or domain_of(found) == found
    assert bool(recipient_marks(text)) is (once is not None)


@pytest.mark.parametrize(
    "text,address",
    [
        ("Ada@BÜCHER.example", "ada@xn--bcher-kva.example"),
        ("Ada Moss <ADA@xn--bcher-kva.example>", "ada@xn--bcher-kva.example"),
        ("ada@bu\u0308cher.example", "ada@xn--bcher-kva.example"),
        ("ada@example。com", "ada@example.com"),
        ("ädä@example.com", None),
        ("ada@" + "ü" * 80 + ".example", None),
        ("ada@.example", None),
    ],
)
def test_an_international_domain_has_one_form(text: str, address: str | None) -> None:
    assert address_of(text) == address


def test_a_tag_is_left_out_of_a_mailbox_but_an_address_that_is_only_a_tag_stays() -> None:
    assert mailbox_of("ada+a+b@example.com") == "ada@example.com"
    assert mailbox_of("+tag@example.com") == "+tag@example.com"
