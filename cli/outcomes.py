"""How did the leads end that scores had put first? Read from a file, with the breakdown that each score had."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

from cli.reading import Unreadable, table
from scoring.feedback import Decided

OUTCOMES = ("ccn", "outcome")


def decided(scores: Path, outcomes: Path) -> list[Decided]:
    """Joins what `pipeline score` wrote with rows of `ccn, outcome`; an outcome without a score is passed over."""
    known = dict(_scored(scores))
    lines = table(outcomes)
    header = [name.strip().casefold() for name in next(lines, (0, []))[1]]
    if missing := [name for name in OUTCOMES if name not in header]:
        raise Unreadable(f"{outcomes.name}: outcomes have the columns {', '.join(OUTCOMES)}; missing: {missing[0]}.")
    ccn, outcome = (header.index(name) for name in OUTCOMES)
    return [
        Decided(cells[ccn], known[cells[ccn]][0], cells[outcome].strip().casefold(), known[cells[ccn]][1])
        for _, cells in lines
        if len(cells) == len(header) and cells[ccn] in known
    ]


def _scored(path: Path) -> Iterator[tuple[str, tuple[Decimal, dict[str, Decimal]]]]:
    csv.field_size_limit(1_000_000)
    with path.open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            try:
                lines = json.loads(row["breakdown"], parse_float=Decimal, parse_int=Decimal)
                yield row["ccn"], (Decimal(row["score"]), {line["factor"]: line["points"] for line in lines})
            except (KeyError, TypeError, ValueError) as error:
                raise Unreadable(f"{path.name} is not what `pipeline score` writes: {error!r}.") from error
