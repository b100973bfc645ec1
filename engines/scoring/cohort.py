"""How are facilities scored from files, without any server?"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_OID, uuid5

from engines.datasets.facts import Headings, day
from engines.datasets.headings import column
from engines.datasets.quality import Recognized, Row, must_state, read, recognize
from engines.datasets.reading import Row as Cells
from engines.datasets.reading import Table, Unreadable, read_table
from engines.datasets.registry import Reject, UnknownLayout
from engines.scoring.formula import Scored, score
from engines.scoring.inputs import Fact, Inputs, Signal, gather, number
from engines.scoring.kinds import SignalFactor
from engines.scoring.model import Model
from engines.scoring.pack import Scheme
from engines.scoring.tiers import Calibration, Candidate, Record, calibrate, in_force, tier_of

SIGNAL_COLUMNS = ("role_family", "urgency", "last_seen_on", "expires_on")
COLUMNS = ("score", "tier", "breakdown", "multiplier")


@dataclass
class Cohort:
    """The contents of files: facilities, facts about them, signals, and warnings about rows and cells."""

    states: dict[str, str | None] = field(default_factory=dict)
    facts: list[Fact] = field(default_factory=list)
    signals: list[Signal] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def inputs(self) -> list[Inputs]:
        facts = (fact for fact in self.facts if fact.facility_id in self.states)
        return gather(self.states, facts, self.signals, ())


def read_cohort(
    headings: Headings, facilities: Path, others: Sequence[Path], signals: Path | None, model: Model, on: date
) -> Cohort:
    """The facilities of one file, with the facts from all files that the model reads; raises `Unreadable`."""
    cohort, wanted = Cohort(), frozenset(model.fields)
    for row in _rows(headings, facilities, on, cohort, wanted, facilities_only=True):
        cohort.states[row.facility_id] = row.state or cohort.states.get(row.facility_id)
        cohort.facts += _facts(row, wanted)
    for path in others:
        for row in _rows(headings, path, on, cohort, wanted):
            cohort.facts += _facts(row, wanted)
    if signals:
        cohort.signals = list(read_signals(signals, model, on, cohort, headings.key.column))
    return cohort


def _rows(
    headings: Headings, path: Path, on: date, cohort: Cohort, wanted: Set[str], facilities_only: bool = False
) -> Iterator[Row]:
    """The rows of a file; `on` is the day of rows without one. With `facilities_only`, it may have no facts."""
    with read_table(path) as table:
        found = _recognize(headings, table, facilities_only)
        # Reading the cells that no factor uses would take half of the time of reading a national file.
        found = replace(found, facts=tuple(column for column in found.facts if column[0].name in wanted))
        for one in read(found, headings, _good(table, cohort), on):
            if isinstance(one, Reject):
                cohort.warnings.append(f"{path.name}, line {one.line}: {one.reason}")
                continue
            cohort.warnings += [f"{path.name}, line {one.line}: {warning}" for warning in one.warnings]
            yield one


def _recognize(headings: Headings, table: Table, facilities_only: bool) -> Recognized:
    try:
        found = recognize(headings, table.header)
        if not facilities_only:
            must_state(found, headings)
        elif found.event:
            raise UnknownLayout(f"{found.event.rule.title}, which is not a list of facilities")
    except UnknownLayout as error:
        raise Unreadable(f"{table.file.name} is {error}.") from error
    return found


def _good(table: Table, cohort: Cohort) -> Iterator[tuple[int, list[str]]]:
    """Line and cells of each valid row; other rows become warnings."""
    for row in table.rows:
        if isinstance(row, Cells):
            yield row.line, row.cells
        else:
            cohort.warnings.append(f"{table.file.name}, line {row.line}: {row.reason}")


def _facts(row: Row, wanted: Set[str]) -> list[Fact]:
    return [Fact(fact.facility_id, fact.field, fact.as_of, fact.value) for fact in row.facts if fact.field in wanted]


def read_signals(path: Path, model: Model, on: date, cohort: Cohort, key: str) -> Iterator[Signal]:
    """The signals seen until the day; a posting seen later is unknown on that day."""
    with read_table(path) as table:
        header, wanted = [column(title) for title in table.header], (key, *SIGNAL_COLUMNS)
        missing = [name for name in wanted if name not in header]
        if missing:
            columns = ", ".join(wanted)
            raise Unreadable(f"{path.name}: signals have the columns {columns}; missing: {missing[0]}.")
        for line, cells in _good(table, cohort):
            try:
                one = _signal(dict(zip(header, cells, strict=True)), key, f"{path.name}:{line}", model)
            except ValueError as error:
                cohort.warnings.append(f"{path.name}, line {line}: {error}")
                continue
            if one.facility_id not in cohort.states:
                cohort.warnings.append(f"{path.name}, line {line}: {one.facility_id!r} is not one of the facilities")
            elif one.last_seen_on <= on:
                yield one


def _signal(row: Mapping[str, str], key: str, at: str, model: Model) -> Signal:
    factors = [factor for factor in model.parts if isinstance(factor, SignalFactor)]
    urgency, role = number(row["urgency"].strip() or "1"), row["role_family"].strip()
    if urgency is None or urgency != int(urgency) or not all(0 <= urgency < len(factor.lift) for factor in factors):
        raise ValueError(f"urgency {row['urgency']!r} is not an integer from 0 to 4")
    if not any(role in factor.roles for factor in factors):
        raise ValueError(f"role_family {role!r} has no weight in the model")
    seen, expires = day(row["last_seen_on"]), day(row["expires_on"])
    return Signal(row[key].strip().upper(), role, uuid5(NAMESPACE_OID, at), seen, expires, int(urgency))


@dataclass(frozen=True)
class Placed:
    """A facility with its score and tier."""

    facility_id: str
    scored: Scored
    tier: int


@dataclass(frozen=True)
class Outcome:
    """A scored cohort, with the calibration that determines its tiers."""

    placed: list[Placed]
    record: Record | None
    calibration: Calibration | None


def score_cohort(inputs: Iterable[Inputs], scheme: Scheme, on: date, record: Record | None = None) -> Outcome:
    """Score all facilities; the tiers come from a given calibration, or else from one of this cohort."""
    scored = [(one.facility_id, score(one, on, scheme.model)) for one in inputs]
    calibration = None
    if record is None:
        calibration = calibrate(
            [candidate(facility_id, found) for facility_id, found in scored], None, scheme.policy, on
        )
        record = in_force(scheme.policy, calibration.record)
    lowest = scheme.policy.lowest
    placed = [
        Placed(facility_id, found, tier_of(facility_id, found.score, record, lowest)) for facility_id, found in scored
    ]
    return Outcome(placed, record, calibration)


def candidate(facility_id: str, found: Scored) -> Candidate:
    return Candidate(facility_id, found.score, found.urgency, found.last_seen_on, found.measure)


def write_scores(path: Path, placed: Iterable[Placed], key: str) -> None:
    """Write a row for each facility; the file is replaced atomically."""
    draft = path.with_name(f".{path.name}.part")
    with draft.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow([key, *COLUMNS])
        writer.writerows(_cells(one) for one in placed)
    draft.replace(path)


def _cells(one: Placed) -> list[Any]:
    return [one.facility_id, one.scored.score, one.tier, _breakdown(one.scored), one.scored.multiplier]


def _breakdown(scored: Scored) -> str:
    """The breakdown as JSON, with exact decimals, which `json` cannot write.

    `!s`, because formatting a decimal takes three times as long as `str`.
    """
    lines = [
        f'{{"factor": {_quoted(line.factor)}, "weight": {line.weight!s}, "value": {line.value!s},'
        f' "points": {line.points!s}, "evidence": {_quoted(line.evidence)}}}'
        for line in scored.breakdown
    ]
    return f"[{', '.join(lines)}]"


@lru_cache(maxsize=4_096)
def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def read_record(path: Path) -> Record:
    """Read a calibration as `pipeline score --save-calibration` writes it, or as the scorer replies with its own."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
        stored = content[0] if isinstance(content, list) else content
        return Record(
            calibrated_on=date.fromisoformat(stored["calibrated_on"]),
            cuts={int(tier): Decimal(cut) for tier, cut in stored["cuts"].items()},
            hysteresis=Decimal(stored["hysteresis"]),
            members={str(facility_id): int(tier) for facility_id, tier in (stored.get("members") or {}).items()},
        )
    except (OSError, ValueError, KeyError, TypeError, IndexError, AttributeError, ArithmeticError) as error:
        raise Unreadable(f"{path.name} is not a calibration: {type(error).__name__} {error}.") from error


def write_record(path: Path, record: Record) -> None:
    content = {
        "calibrated_on": record.calibrated_on.isoformat(),
        "cuts": {str(tier): str(cut) for tier, cut in record.cuts.items()},
        "hysteresis": str(record.hysteresis),
        "members": dict(record.members),
    }
    path.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
