"""Are letters valid mail that no name and no text can turn into another one?"""

from __future__ import annotations

import subprocess
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from uuid import UUID

import dkim
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engines.mail.servers import InvalidUrl, server_of
from services.notifier.domain.composing import Headers, Letter, compose
from services.notifier.domain.correlating import address_for, header_id, letter_of, letters_in
from services.notifier.signing import signed

ID = UUID("0f3a0000-0000-4000-8000-000000000001")
NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
LINK = f"https://letters.seller.example/u/{'x' * 200}"
LETTER = Letter(
    message_id=ID,
    from_name="Ann Lee",
    from_email="ann@seller.example",
    to_name="Zoë O'Neil, RN",
    to_email="zoe@home.example",
    subject="While you hire – a question",
    body="Hi Zoë,\n\nDo you <have> cover?\nAnn",
    in_reply_to="<letter.1@seller.example>",
)
HEADERS = Headers(LINK, "mail@seller.example", "mail@seller.example")


def parsed(content: bytes) -> EmailMessage:
    return message_from_bytes(content, policy=policy.default)


def test_a_letter_is_read_as_it_was_written() -> None:
    content = compose(LETTER, HEADERS, NOW)
    letter = parsed(content)

    assert (letter["Subject"], letter["In-Reply-To"]) == (LETTER.subject, LETTER.in_reply_to)
    assert letter["To"].addresses[0].display_name == LETTER.to_name
    assert letter["To"].addresses[0].addr_spec == LETTER.to_email
    assert [part.get_content_type() for part in letter.iter_parts()] == ["text/plain", "text/html"]
    assert letters_in(letter["Message-ID"]) == [ID]
    assert max(map(len, content.splitlines())) <= 998
    assert b"\n" not in content.replace(b"\r\n", b"")


@pytest.mark.parametrize(
    "text,html",
    [
        ("about *~11% more* of it", "about <strong>~11% more</strong> of it"),
        ("*<b>* & *two* words", "<strong>&lt;b&gt;</strong> &amp; <strong>two</strong> words"),
        ("2*3*4, * a point *, **no** and *not\nover lines*", "2*3*4, * a point *, **no** and *not<br>\nover lines*"),
    ],
)
def test_words_between_asterisks_are_bold_in_html_and_stay_as_they_are_in_text(text: str, html: str) -> None:
    letter = parsed(compose(replace(LETTER, body=text), HEADERS, NOW))
    plain, rich = (part.get_content().replace("\r\n", "\n") for part in letter.iter_parts())

    assert plain == f"{text}\n"
    assert f"<p>{html}</p>" in rich


def test_the_links_that_end_all_letters_are_exactly_as_rfc_8058_has_them() -> None:
    content = compose(LETTER, HEADERS, NOW)

    assert f"List-Unsubscribe: <{LINK}>, <mailto:mail@seller.example?subject=unsubscribe>\r\n".encode() in content
    assert b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" in content


@given(text=st.text(max_size=60), name=st.text(max_size=60), subject=st.text(max_size=80))
def test_no_text_adds_a_header_or_a_recipient(text: str, name: str, subject: str) -> None:
    letter = replace(LETTER, to_name=name, subject=subject, body=text)
    try:
        content = compose(letter, HEADERS, NOW)
    except ValueError:
        return
    names = [name for name, _ in parsed(content).items()]
    assert len(names) == len(set(names))
    assert not {"Bcc", "Cc"} & set(names)
    assert [each.addr_spec for each in parsed(content)["To"].addresses] == [LETTER.to_email]


@pytest.mark.parametrize("hostile", ["Ada\r\nBcc: all@home.example", "Ada\nX: y", "Ada\rX: y", "Ada\0"])
def test_a_line_break_in_a_header_is_refused(hostile: str) -> None:
    for letter in (replace(LETTER, to_name=hostile), replace(LETTER, from_name=hostile)):
        with pytest.raises(ValueError, match="line break"):
            compose(letter, HEADERS, NOW)
    with pytest.raises(ValueError, match=r"address|line break"):
        compose(replace(LETTER, to_email=f"a@b.example{hostile[3:]}"), HEADERS, NOW)


def test_a_signature_covers_what_rfc_8058_requires_and_is_verified() -> None:
    key = subprocess.run(["openssl", "genrsa", "-traditional", "2048"], capture_output=True, check=True).stdout
    public = subprocess.run(["openssl", "rsa", "-pubout"], input=key, capture_output=True, check=True).stdout
    record = b"v=DKIM1; k=rsa; p=" + b"".join(public.splitlines()[1:-1])
    content = signed(compose(LETTER, HEADERS, NOW), "seller.example", "mail", key.decode())

    def dns(name: bytes, timeout: int = 5) -> bytes:
        assert name == b"mail._domainkey.seller.example."
        return record

    assert dkim.verify(content, dnsfunc=dns)
    assert not dkim.verify(content.replace(b"u/xx", b"u/xy"), dnsfunc=dns)
    covered = str(parsed(content)["DKIM-Signature"]).replace(" ", "").lower()
    assert "list-unsubscribe:list-unsubscribe-post" in covered
    with pytest.raises(ValueError, match="PIPELINE_DKIM_KEY"):
        signed(content, "seller.example", "mail", "no key")


def test_what_comes_back_names_its_letter() -> None:
    address = address_for("mail@seller.example", ID)

    assert letter_of(f"<{address.upper()}>") == ID
    assert letter_of("mail+other@seller.example") is None
    assert letters_in(f"<x@y> {header_id(ID, 'ann@seller.example')}\r\n <z@y>") == [ID]


def test_only_a_server_on_this_machine_is_spoken_to_without_encryption() -> None:
    there, here = server_of("smtp://us:p%40ss@mail.example.com"), server_of("smtp://127.0.0.1:2525")

    assert (there.user, there.password, there.port, there.start_tls) == ("us", "p@ss", 587, True)
    assert (here.port, here.start_tls, here.tls) == (2525, None, False)
    assert server_of("smtps://mail.example.com").tls
    assert server_of("smtp://mail.example.com?tls=none").start_tls is False
    with pytest.raises(InvalidUrl):
        server_of("https://mail.example.com")
