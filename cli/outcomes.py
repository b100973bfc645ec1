"""How did the leads end that scores had put first? Read from a file, with the breakdown that each score had."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from decimal import Decimal
from enum import StrEnum
from pathlib import Path

from cli.reading import Unreadable, opened, table
from scoring.feedback import Decided

OUTCOMES = ("ccn", "outcome")


class Word(StrEnum):
    """What may come of a lead."""

    MEETING = "meeting"
    WON = "won"
    LOST = "lost"


def decided(scores: Path, outcomes: Path) -> list[Decided]:
    """Joins what `pipeline score` wrote with rows of `ccn, outcome`, one a lead; those without a score are passed over.

    Raises `Unreadable` naming the line that is none of that.
    """
    known = dict(_scored(scores))
    lines = table(outcomes)
    header = [name.strip().casefold() for name in next(lines, (0, []))[1]]
    if missing := [name for name in OUTCOMES if name not in header]:
        raise Unreadable(f"{outcomes.name}: outcomes have the columns {', '.join(OUTCOMES)}; missing: {missing[0]}.")
    ccn, outcome = (header.index(name) for name in OUTCOMES)
    said = [_said(outcomes.name, line, cells, len(header), ccn, outcome) for line, cells in lines]
    return [Decided(who, known[who][0], word, known[who][1]) for who, word in said if who in known]


def _said(file: str, line: int, cells: list[str], width: int, ccn: int, outcome: int) -> tuple[str, str]:
    if len(cells) != width:
        raise Unreadable(f"{file}, line {line}: {len(cells)} cells where the header has {width}.")
    word = cells[outcome].strip().casefold()
    if word not in list(Word):
        raise Unreadable(f"{file}, line {line}: outcome {cells[outcome]!r} is none of {', '.join(Word)}.")
    return cells[ccn].strip().upper(), word


def _scored(path: Path) -> Iterator[tuple[str, tuple[Decimal, dict[str, Decimal]]]]:
    with opened(path) as file:
        for row in csv.DictReader(file):
            try:
                lines = json.loads(row["breakdown"], parse_float=Decimal, parse_int=Decimal)
                yield row["ccn"], (Decimal(row["score"]), {line["factor"]: line["points"] for line in lines})
            except (KeyError, TypeError, ValueError, ArithmeticError) as error:
                raise Unreadable(f"{path.name} is not what `pipeline score` writes: {error!r}.") from error
