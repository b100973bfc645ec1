"""Does a damaged answer or page raise nothing but `Unreadable`, in bounded time?"""

from __future__ import annotations

import os
import random
import time
from collections import Counter
from contextlib import suppress

from engines.postings import Unreadable, read
from tests.support.reference import DATA
from tests.unit.postings import test_schema_org
from tests.unit.postings.examples import ANSWERS, CSV, encoded

SEEDS = 10_000 if os.environ.get("LONG") == "1" else 600
SLOWEST = 1.0
PIECES = (
    b"{", b"}", b"[", b"]", b'"', b"\\", b",", b":", b"<", b">", b"&", b"<script>", b"</script>", b"<!--", b"]]>",
    b"\0",
    b"\xff", b"null", b"1e999", b"-0", b"NaN", b"9" * 5_000, b'"@id"', b'"@type":"JobPosting"', b"&amp;" * 50, b"/*",
    b"@" * 2_000, b'itemref="where"', b'resource="#at"', b" " * 5_000, "\u202e\ud7ff".encode(), b"\x1f\x8b", b"'",
)  # fmt: skip


def originals() -> list[bytes]:
    own = [*map(encoded, ANSWERS.values()), CSV.encode()]
    own += [test_schema_org.MICRODATA.encode(), test_schema_org.RDFA.encode()]
    own.append(test_schema_org.page(encoded(test_schema_org.STATED).decode()))
    return own + [path.read_bytes() for path in sorted((DATA / "jobs").glob("*/*"))]


def mutated(content: bytes, chance: random.Random) -> bytes:
    for _ in range(chance.randint(1, 6)):
        at = chance.randint(0, len(content))
        to = min(len(content), at + chance.choice([1, 5, 50, 500]))
        kind = chance.randrange(7)
        if kind == 0:
            content = content[:at] + bytes([chance.randrange(256)]) + content[at + 1 :]
        elif kind == 1:
            content = content[:at]
        elif kind == 2:
            content = content[:at] + content[to:]
        elif kind == 3:
            content = content[:to] + content[at:to] * chance.choice([1, 2, 50]) + content[to:]
        elif kind == 4:
            content = content[:at] + chance.choice(PIECES) + content[at:]
        elif kind == 5:
            depth = chance.choice([10, 200, 3_000])
            opens, closes = chance.choice([(b"[", b"]"), (b'{"a":', b"}"), (b"<div>", b"</div>"), (b"<b>", b"")])
            content = content[:at] + opens * depth + content[at:to] + closes * depth + content[to:]
        else:
            content = content.replace(content[at : at + 4] or b"x", chance.choice(PIECES), 5)
    return content


def test_a_mutated_file_is_read_or_refused_with_a_reason_and_never_slowly() -> None:
    files = originals()
    outcomes: Counter[str] = Counter()
    for seed in range(SEEDS):
        content = mutated(files[seed % len(files)], random.Random(seed))
        begun = time.process_time()
        try:
            outcomes["read"] += bool(read(content).postings)
        except Unreadable as unreadable:
            reason = str(unreadable)
            outcomes["refused"] += 1
            outcomes["without a sentence"] += not reason.endswith(".")
        assert time.process_time() - begun < SLOWEST, seed

    assert min(outcomes["read"], outcomes["refused"]) > SEEDS / 20, outcomes
    assert not outcomes["without a sentence"]


def bombs() -> dict[str, bytes]:
    laughs = (
        b'<!DOCTYPE html [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]><html><p>JobPosting &b;</p>'
    )
    item = b'<div itemscope itemtype="https://schema.org/JobPosting" id=a itemref="a b c d">'
    link = b'<b property="jobLocation" resource="#r"></b>' * 300
    place = b'<div resource="#r" typeof="Place">' + link + b"</div>"
    markup = b"<b <b" * 100_000 + b'"},"hostedUrl":"' + b"&" * 99_999
    return {
        "entities": laughs * 1_000,
        "quotes": b'<html><script type="application/ld+json">{"@type":"JobPosting","title":' + b'"a' * 300_000,
        "comments": b'<html><script type="application/ld+json">{"JobPosting":' + b"/*" * 300_000,
        "commas": b'<html><script type="application/ld+json">{"JobPosting":' + b", " * 300_000,
        "deep JSON": b'<html><script type="application/ld+json">' + b'{"JobPosting":' * 200_000,
        "deep HTML": b"<html>JobPosting" + b"<div itemscope>" * 200_000,
        "a circle": item + b"".join(b'<p id=%c itemprop=x itemscope itemref="a b c d"></p>' % c for c in b"bcd"),
        "references": b'<div typeof="JobPosting">' + link + b"</div>" + place,
        "attributes": b'<html><script>JobPosting</script><p class="' + b"a " * 2_000_000 + b'">',
        "assignments": b"<html><script>JobPosting" + b"=[" * 300_000 + b"</script>",
        "addresses": b'<html><script type="application/ld+json">{"@type":"JobPosting","title":"' + b"a." * 500_000
        + b'@"}</script>',
        "tags": b'[{"id":1,"text":"a","categories":{"location":"' + markup
        + b'"}]',
    }  # fmt: skip


def test_content_that_is_made_to_be_slow_is_not() -> None:
    for name, content in bombs().items():
        begun = time.process_time()
        with suppress(Unreadable):
            read(content)
        assert time.process_time() - begun < 2 * SLOWEST, name
