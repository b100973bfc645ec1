"""Which facilities and which labeled employers does every peer get?

Peers run in processes and environments of their own, so both are handed over as files. What a row really means stays
behind: only the judge sees it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from random import Random
from typing import Any

from engines.matching.facilities import Employer, Facility, OtherName
from engines.matching.fitting.rows import LabeledRow
from engines.matching.trade import Trade
from engines.matching.vocabulary import OtherKind, Parents, Vocabulary

SEED = 1


@dataclass(frozen=True, slots=True)
class Query:
    employer: Employer
    fold: int
    """Which of the cross-validated weights were fitted without this employer's facility."""

    @property
    def without_place(self) -> Employer:
        """Name, city and state alone, which is what every peer can use."""
        return Employer(self.employer.name, self.employer.city, self.employer.state)


def names_of(facility: Facility) -> list[str]:
    """Every name form once, the facility's own first and its chain's last: the same for every peer."""
    others = [other.name for other in facility.names]
    return list(dict.fromkeys([facility.name, *others, *([facility.chain] if facility.chain else [])]))


def forms_in(facilities: Iterable[Facility]) -> int:
    return sum(len(names_of(facility)) for facility in facilities)


def sample(rows: Sequence[LabeledRow], most: int) -> list[LabeledRow]:
    """In random order, so that the first rows represent all of them."""
    shuffled = Random(SEED).sample(list(rows), len(rows))
    return shuffled[:most] if most else shuffled


def write_facilities(path: Path, facilities: Iterable[Facility]) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(asdict(facility)) + "\n" for facility in facilities)


def read_facilities(path: Path) -> Iterator[Facility]:
    """One by one, so that a peer's memory is only what the peer stores."""
    with path.open(encoding="utf-8") as file:
        for line in file:
            content = json.loads(line)
            content["names"] = tuple(OtherName(**name) for name in content["names"])
            yield Facility(**content)


def write_trade(path: Path, vocabulary: Vocabulary, weights: dict[str, int]) -> None:
    """For peers whose environments cannot read a pack."""
    content = asdict(replace(vocabulary, labeled=None))
    path.write_text(json.dumps({"vocabulary": content, "weights": weights}), encoding="utf-8")


def read_trade(path: Path) -> Trade:
    content = json.loads(path.read_text(encoding="utf-8"))
    words = _with_tuples(content["vocabulary"])
    words["other_kinds"] = tuple(OtherKind(**kind) for kind in words["other_kinds"])
    words["parents"] = Parents(**words["parents"])
    return Trade(Vocabulary(**words), content["weights"])


def _with_tuples(content: Any) -> Any:
    """Lists from JSON, as tuples again."""
    if isinstance(content, dict):
        return {key: _with_tuples(value) for key, value in content.items()}
    return tuple(map(_with_tuples, content)) if isinstance(content, list) else content


def write_queries(path: Path, rows: Iterable[LabeledRow]) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps({"employer": asdict(row.employer), "fold": row.fold}) + "\n" for row in rows)


def read_queries(path: Path) -> list[Query]:
    with path.open(encoding="utf-8") as file:
        return [Query(Employer(**content["employer"]), content["fold"]) for content in map(json.loads, file)]
