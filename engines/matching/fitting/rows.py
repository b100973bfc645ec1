"""Which labeled rows are for fitting, and which for evaluation?"""

from __future__ import annotations

import csv
import hashlib
import re
from dataclasses import dataclass, replace
from pathlib import Path

from engines.matching.facilities import Employer
from engines.matching.vocabulary import LabeledFiles

FOLDS = 5
COLUMNS = ("employer_name", "city", "state", "zip", "address")


@dataclass(frozen=True, slots=True)
class LabeledRow:
    """An employer, and the facility that it refers to; none for a stranger."""

    employer: Employer
    facility_id: str
    is_parent: bool = False
    """A stranger that is a parent organization, such as a hospital."""
    may_be_campus: bool = False
    """A stranger that may be a wing for another kind of business."""

    @property
    def fold(self) -> int:
        """All rows of one facility are in the same fold; strangers by their name."""
        key = self.facility_id or self.employer.name.lower()
        return int(hashlib.sha256(key.encode()).hexdigest(), 16) % FOLDS

    @property
    def without_place(self) -> LabeledRow:
        return replace(self, employer=replace(self.employer, zip=None, address=None))


def labeled_rows(folder: Path, key: str, files: LabeledFiles) -> list[LabeledRow]:
    """All rows that are not arguable; `key` is the column of the account key."""
    rows = [
        row for each in (files.facilities, files.strangers) for row in _rows(folder / each.file, each.arguable, key)
    ]
    return [_row(row, key, files) for row in rows]


def _rows(path: Path, mark: str, key: str) -> list[dict[str, str]]:
    """The rows that are not arguable; raises `ValueError` if a column is missing."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file)
        missing = [name for name in (*COLUMNS, key, mark) if name not in (rows.fieldnames or ())]
        if missing:
            raise ValueError(f"{path} has no column {missing[0]}; it needs {', '.join((*COLUMNS, key, mark))}.")
        return [row for row in rows if row[mark] == "0"]


def _row(row: dict[str, str], key: str, files: LabeledFiles) -> LabeledRow:
    employer = Employer(
        row["employer_name"], row["city"] or None, row["state"], zip=row["zip"] or None, address=row["address"] or None
    )
    facility_id, kind = row[key], row.get("facility_type") or ""
    is_parent = not facility_id and re.search(files.parents, kind) is not None
    return LabeledRow(employer, facility_id, is_parent, re.search(files.campuses, kind) is not None)
