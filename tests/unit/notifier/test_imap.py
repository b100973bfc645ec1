"""Is a message read from whatever a server replies?"""

from __future__ import annotations

import pytest

from services.notifier.imap import Raw, raw_of


@pytest.mark.parametrize(
    "parts, message",
    [
        ([(b"1 (RFC822.SIZE 4 BODY[]<0> {4}", b"Hi\r\n"), b" UID 7)"], Raw(7, b"Hi\r\n", 4)),
        ([(b"1 (UID 7 BODY[]<0> {4}", b"Hi\r\n"), b" RFC822.SIZE 9000000)"], Raw(7, b"Hi\r\n", 9_000_000)),
        ([(b"1 (UID 7 RFC822.SIZE 0 BODY[]<0> {0}", b""), b")"], Raw(7, b"", 0)),
        ([b'1 (UID 7 RFC822.SIZE 0 BODY[]<0> "")'], Raw(7, b"", 0)),
        ([b"1 (UID 7 RFC822.SIZE 0 BODY[] NIL)"], Raw(7, b"", 0)),
    ],
)
def test_a_message_is_read_even_if_it_is_empty(parts: list[tuple[bytes, bytes] | bytes | None], message: Raw) -> None:
    assert raw_of(7, parts) == message


@pytest.mark.parametrize("part", [None, rb"1 (FLAGS (\Seen) UID 7)"])
def test_a_message_that_was_deleted_meanwhile_is_none(part: bytes | None) -> None:
    assert raw_of(7, [part]) is None
