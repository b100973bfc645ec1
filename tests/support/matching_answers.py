"""Which answers does the matcher give for many invented employers, some of them hostile? Prints a line for each."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

from engines.matching import engine
from engines.matching.directory import Directory, resolved
from engines.matching.engine import Answer
from engines.matching.facilities import Employer
from engines.matching.pack import fitted, trade
from tests.benchmarks.matchers.invent import invented_country

ODD = (
    "", " ", "-", "'", "()", "(((", "d/b/a", " - ", "&", "é", "\N{PILE OF POO}", "\0", "\ud800", "\N{ZERO WIDTH SPACE}",
    "ß", "ﬁ", "İstanbul", "’", "12", "²", "A B C", "s n f", "x" * 100_000, "care " * 5_000, "a/" * 500, "(" * 500,
    "hospital", "Villa - 2", "\N{ARABIC-INDIC DIGIT FOUR} Care", "LCC of Albany", "\x1f\x85", "sub acute health care",
)  # fmt: skip
"""Names and other texts that a source may send."""


def main() -> None:
    facilities, rows = invented_country(rows=3_000, states=6)
    directory, model = Directory(trade()), fitted()
    directory.replace(facilities)
    print(engine.__file__)
    for employer in [*employers([row.employer for row in rows]), *odd()]:
        found = resolved(employer, directory, model, 0.8)
        print(json.dumps([employer.name[:40], *as_row(found)]))
    directory.replace(replace(each, listed=number % 3 > 0) for number, each in enumerate(facilities))
    for row in rows[:500]:
        print(json.dumps(as_row(resolved(row.employer, directory.overlaid(), model, 0.8))))


def employers(given: list[Employer]) -> Iterator[Employer]:
    for number, employer in enumerate(given):
        yield employer
        yield replace(employer, zip=None, address=None, title="RN, skilled nursing" if number % 2 else None)
        yield replace(employer, city=None, phone="(518) 555-0100", facility_id="335001" if number % 9 == 0 else None)


def odd() -> Iterator[Employer]:
    for text in ODD:
        for state in ("AL", "", None):
            yield Employer(text, None, state)
            yield Employer("Fern Manor", text, state, zip=text, address=text, phone=text, title=text)
            yield Employer(text, text, state, facility_id=text, zip=text, address=text, phone=text, title=text)


def as_row(answer: Answer) -> list[object]:
    """All parts of an answer, with figures in full precision."""
    candidates = [
        [each.entry.facility.facility_id, each.confidence, each.query_covered, each.form.text, each.row]
        for each in answer.candidates
    ]
    return [answer.decision, answer.confidence, answer.method, answer.reason, answer.facility_id, candidates]


if __name__ == "__main__":
    main()
