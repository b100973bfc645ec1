"""Are real messages, whose truth is known, read right; and whatever becomes of them, is no error raised?"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest

from engines.mail.bounces import recipients
from engines.mail.kinds import classify
from engines.mail.reading import read, text_of_html
from engines.mail.replies import reply_text
from tests.support.reference import DATA

MAIL = DATA / "mail"
MUTATIONS = int(os.environ.get("MUTATIONS", "300"))
"""`MUTATIONS=10000` tries that many messages; the default takes some seconds."""

pytestmark = pytest.mark.skipif(not MAIL.is_dir(), reason="needs the reference data in ../shared/data/mail")


def labels(folder: str) -> list[dict[str, Any]]:
    lines = (MAIL / folder / "truth.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def content(folder: str, label: dict[str, Any]) -> bytes:
    path: Path = MAIL / folder / label["file"]
    return path.read_bytes()


def truths() -> Iterator[tuple[dict[str, Any], dict[str, bool | None]]]:
    """The bounces with a truth: whether each recipient's failure is hard, as far as that is known."""
    for label in labels("bounces"):
        if label.get("table_and_reference_agree"):
            yield label, {each["recipient"].lower(): each["hard"] for each in label["reference"]}
        elif "permanent" in label and "table" not in label:
            yield label, dict.fromkeys(map(str.lower, label["permanent"] + label["temporary"]))


def test_of_100_bounces_97_name_the_right_recipients_and_of_100_recipients_90_are_hard_or_soft_rightly() -> None:
    named, hard, wrong = 0, [], []
    known = list(truths())
    for label, truth in known:
        found = {each.address: each.hard for each in recipients(read(content("bounces", label)))}
        named += set(found) == set(truth)
        wrong += [label["file"]] if set(found) != set(truth) else []
        hard += [found.get(address) == value for address, value in truth.items() if value is not None]

    assert named >= 0.97 * len(known), wrong
    assert sum(hard) >= 0.9 * len(hard)


def test_each_automatic_answer_is_recognized_and_none_by_a_person_is_taken_for_one() -> None:
    automatic = ("auto-reply", "out-of-office", "auto-by-header")
    wrong = [
        label["file"]
        for label in labels("autoreplies")
        if (classify(content("autoreplies", label)).kind == "absence") != (label["kind"] in automatic)
    ]

    assert wrong == []


def test_no_reply_and_no_absence_note_is_taken_for_a_bounce() -> None:
    people = [label for label in labels("autoreplies") if label["kind"] not in ("dsn", "mdn")]
    found = [(label["file"], classify(content("autoreplies", label)).kind) for label in people]
    found += [
        (label["file"], classify(content("replies", label)).kind)
        for label in labels("replies")
        if label["file"].endswith(".eml")
    ]

    assert [each for each in found if each[1] in ("bounce", "delay", "complaint")] == []


def test_complaints_are_recognized_and_reports_about_authentication_are_not_complaints() -> None:
    for label in labels("complaints"):
        kind = classify(content("complaints", label)).kind
        assert (label["kind"] == "complaint") == (kind in ("complaint", "unsubscribe")), label["file"]


def test_of_10_replies_9_are_cut_as_expected() -> None:
    wrong, count = [], 0
    for label in labels("replies"):
        found = " ".join(reply_text(text(label)).split())
        exact = label.get("visible") or label.get("first_fragment")
        start, patterns = label.get("visible_starts"), label.get("first_matches")
        if exact:
            right = found == " ".join(exact.split())
        elif start:
            right = found.startswith(start)
        elif patterns:
            right = all(re.search(pattern, found) for pattern in patterns)
        else:
            continue
        count += 1
        wrong += [] if right else [label["file"]]

    assert len(wrong) <= 0.1 * count, wrong


def text(label: dict[str, Any]) -> str:
    raw, name = content("replies", label), label["file"]
    if name.endswith(".eml"):
        return read(raw).text
    plain = raw.decode("utf-8", "replace")
    return text_of_html(plain) if name.endswith(".html") else plain


def mutated(raw: bytes, chance: Random) -> bytes:
    """A message that was cut, repeated, or filled with bytes that break MIME."""
    data = bytearray(raw)
    for _ in range(chance.randrange(1, 20)):
        at = chance.randrange(len(data) + 1)
        size = chance.randrange(200)
        pieces = (
            b"",
            data[at : at + size],
            chance.randbytes(20),
            b"\n\n",
            b"=?utf-8?b?////?=",
            b"charset=x-none",
            b"<" * 50,
        )
        data[at : at + (size if chance.random() < 0.5 else 0)] = chance.choice(pieces)
    return bytes(data)


def test_no_mutation_of_a_message_raises_an_error() -> None:
    chance = Random(1)
    files = sorted(
        path for path in MAIL.rglob("*.*") if path.is_file() and path.name not in ("truth.jsonl", "README.md")
    )

    for _ in range(MUTATIONS):
        assert classify(mutated(chance.choice(files).read_bytes(), chance)).kind


def test_every_message_is_classified() -> None:
    files: list[Path] = [path for path in MAIL.rglob("*.*") if path.is_file()]

    assert all(classify(path.read_bytes()).kind for path in files)
