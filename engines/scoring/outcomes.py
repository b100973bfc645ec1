"""What were the outcomes of scored leads? Outcomes and scores are read from files."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from enum import StrEnum
from pathlib import Path

from engines.datasets.headings import column
from engines.datasets.reading import Row, Unread, Unreadable, read_table
from engines.scoring.feedback import Decided


class LeadOutcome(StrEnum):
    """The outcome of a lead."""

    MEETING = "meeting"
    WON = "won"
    LOST = "lost"


def decided(scores: Path, outcomes: Path, key: str) -> list[Decided]:
    """Join scores from `pipeline score` with rows of `key` and `outcome`, one per lead; unscored leads are dropped.

    Raises `Unreadable` with the line that is invalid.
    """
    known, columns = dict(_scored(scores, key)), (key, "outcome")
    with read_table(outcomes) as table:
        header = [column(title) for title in table.header]
        if missing := [name for name in columns if name not in header]:
            wanted = ", ".join(columns)
            raise Unreadable(f"{outcomes.name}: outcomes have the columns {wanted}; missing: {missing[0]}.")
        facility_id, outcome = (header.index(name) for name in columns)
        outcomes_read = [_outcome(outcomes.name, row, facility_id, outcome) for row in table.rows]
    return [
        Decided(who, score, word, points, tier=tier)
        for who, word in outcomes_read
        if who in known
        for score, tier, points in [known[who]]
    ]


def _outcome(file: str, row: Row | Unread, facility_id: int, outcome: int) -> tuple[str, str]:
    if isinstance(row, Unread):
        raise Unreadable(f"{file}, line {row.line}: {row.reason}.")
    word = row.cells[outcome].strip().casefold()
    if word not in list(LeadOutcome):
        raise Unreadable(f"{file}, line {row.line}: outcome {word!r} is not one of {', '.join(LeadOutcome)}.")
    return row.cells[facility_id].strip().upper(), word


def _scored(path: Path, key: str) -> Iterator[tuple[str, tuple[Decimal, int, dict[str, Decimal]]]]:
    with read_table(path) as table:
        for line in table.records():
            row = {} if isinstance(line, Unread) else line.values
            try:
                lines = json.loads(row["breakdown"], parse_float=Decimal, parse_int=Decimal)
                points = {line["factor"]: line["points"] for line in lines if line["weight"]}
                yield row[key], (Decimal(row["score"]), int(row["tier"]), points)
            except (KeyError, TypeError, ValueError, ArithmeticError) as error:
                raise Unreadable(f"{path.name} is not what `pipeline score` writes: {error!r}.") from error
