"""Which labelled rows are fitted to, and which are they judged on?"""

from __future__ import annotations

import csv
import hashlib
from dataclasses import dataclass, replace
from pathlib import Path

from engines.matching.facilities import Employer

FOLDS = 5
FILES = ("pairs_dev.csv", "not_snf_dev.csv")
"""Of the folder of labelled rows: employers that are facilities, and strangers."""
MARKS = ("ambiguous", "shares_name_with_snf")
"""In either file, the column that says which rows are arguable."""
COLUMNS = ("employer_name", "city", "state", "zip", "address")


@dataclass(frozen=True, slots=True)
class Labelled:
    """An employer, and the facility that it means; none for a stranger."""

    employer: Employer
    facility_id: str
    kind: str
    """The facility type of a stranger."""

    @property
    def fold(self) -> int:
        """All rows of one facility are judged together; strangers by their name."""
        key = self.facility_id or self.employer.name.lower()
        return int(hashlib.sha256(key.encode()).hexdigest(), 16) % FOLDS

    @property
    def is_hospital(self) -> bool:
        return not self.facility_id and "ospital" in self.kind and "xtension" not in self.kind

    @property
    def without_place(self) -> Labelled:
        return replace(self, employer=replace(self.employer, zip=None, address=None))


def labelled(folder: Path, key: str) -> list[Labelled]:
    """The dev rows, without those that are arguable; `key` is the column of the account key."""
    pairs, strangers = (_rows(folder / name, mark, key) for name, mark in zip(FILES, MARKS, strict=True))
    return [_row(row, key) for row in (*pairs, *strangers)]


def _rows(path: Path, mark: str, key: str) -> list[dict[str, str]]:
    """Those that are not arguable; raises ValueError naming a column that is missing."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file)
        missing = [name for name in (*COLUMNS, key, mark) if name not in (rows.fieldnames or ())]
        if missing:
            raise ValueError(f"{path} has no column {missing[0]}; it needs {', '.join((*COLUMNS, key, mark))}.")
        return [row for row in rows if row[mark] == "0"]


def _row(row: dict[str, str], key: str) -> Labelled:
    employer = Employer(
        row["employer_name"], row["city"] or None, row["state"], zip=row["zip"] or None, address=row["address"] or None
    )
    return Labelled(employer, row[key], row.get("facility_type") or "")
