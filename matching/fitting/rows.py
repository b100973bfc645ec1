"""Which labelled rows are fitted to, and which are they judged on?"""

from __future__ import annotations

import csv
import hashlib
from dataclasses import dataclass, replace
from pathlib import Path

from matching.facilities import Employer

FOLDS = 5


@dataclass(frozen=True, slots=True)
class Labelled:
    """An employer, and the facility that it means; none for a stranger."""

    employer: Employer
    ccn: str
    kind: str
    """The facility type of a stranger."""

    @property
    def fold(self) -> int:
        """All rows of one facility are judged together; strangers by their name."""
        key = self.ccn or self.employer.name.lower()
        return int(hashlib.sha256(key.encode()).hexdigest(), 16) % FOLDS

    @property
    def is_hospital(self) -> bool:
        return not self.ccn and "ospital" in self.kind and "xtension" not in self.kind

    @property
    def without_place(self) -> Labelled:
        return replace(self, employer=replace(self.employer, zip=None, address=None))


def labelled(folder: Path) -> list[Labelled]:
    """The dev rows, without those that are arguable."""
    pairs = [_row(row) for row in _rows(folder / "pairs_dev.csv") if row["ambiguous"] == "0"]
    strangers = [_row(row) for row in _rows(folder / "not_snf_dev.csv") if row["shares_name_with_snf"] == "0"]
    return pairs + strangers


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _row(row: dict[str, str]) -> Labelled:
    employer = Employer(
        row["employer_name"], row["city"] or None, row["state"], zip=row["zip"] or None, address=row["address"] or None
    )
    return Labelled(employer, row["ccn"], row.get("facility_type") or "")
