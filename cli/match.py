"""Which facility does each row of a file mean? Answered without servers, by the same engine as the matcher's."""

from __future__ import annotations

import csv
import gc
import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from cli import show
from cli.importing import Report
from cli.snapshots import newest_of
from engines.datasets.headings import column
from engines.datasets.reading import Row, Table, Unread, Unreadable, read_table
from engines.datasets.states import state_of
from engines.matching.directory import Directory, Remembered, resolved
from engines.matching.engine import Answer, Ranked
from engines.matching.facilities import Employer, Facility, OtherName
from engines.matching.model import Model, fitted
from engines.matching.registry import Layout, letters, with_aliases, zip_of
from engines.matching.source_rule import ACCEPT_AT, SourceRule
from shared.packs import section

ADDED = ("matched_ccn", "confidence", "decision", "method", "reason", "candidates")
ASKED = ("employer_name", "city", "state", "zip", "address", "phone", "ccn", "title")
Answered = dict[str, Any]


def answer_all(
    registry: Path, queries: Path, out: Path, aliases: Path | None, method: Literal["model", "source-rule"]
) -> None:
    """What `pipeline match` does."""
    facilities = read_registry(registry, aliases)
    with read_table(queries, keep_empty=True) as table:
        header, given = [title.strip() for title in table.header], list(table.rows)
    columns = [column(title) for title in header]
    if "employer_name" not in columns:
        raise Unreadable(f"{queries.name} has no column employer_name; it needs employer_name, city and state.")
    answerer = by_model(facilities) if method == "model" else by_source_rule(facilities)
    gc.freeze()  # the directory stays: looking through it again and again would cost a fifth of the time
    decisions = Counter[str]()
    with out.open("w", encoding="utf-8", newline="") as file, _shown(len(given)) as told:
        writer = csv.writer(file)
        writer.writerow([*header, *(name for name in ADDED)])
        for row in given:
            answered = _row(columns, row, answerer)
            decisions[answered["decision"]] += 1
            cells = row.cells if isinstance(row, Row) else [""] * len(header)
            writer.writerow([*cells, *(answered[name] for name in ADDED)])
            told()
    show.say(", ".join(f"{count} {name}" for name, count in sorted(decisions.items())) + f", written to {out}.")


def read_registry(path: Path, aliases: Path | None) -> list[Facility]:
    with read_table(path) as table:
        layout = Layout(table.header)
        rows = newest_of(table, path, Report())
        read = [layout.facility(row.cells) if isinstance(row, Row) else row.reason for row in rows]
    facilities = {one.ccn: one for one in reversed(read) if isinstance(one, Facility)}
    bad = sum(isinstance(one, str) for one in read)
    if bad:
        show.say(f"{bad} rows of {path.name} are no facilities and were passed over.")
    return with_aliases(sorted(facilities.values(), key=lambda each: each.ccn), _further_names(aliases))


def _further_names(path: Path | None) -> dict[str, list[OtherName]]:
    if path is None:
        return {}
    with read_table(path) as table:
        return _names_in(path.name, table)


def _names_in(file: str, table: Table) -> dict[str, list[OtherName]]:
    at = {letters(title): place for place, title in enumerate(table.header)}
    columns = [(at.get("organizationname"), "legal"), (at.get("doingbusinessasname"), "dba")]
    if "ccn" not in at:
        raise Unreadable(f"{file} has no column CCN; --aliases takes SNF Enrollments as published.")
    found: dict[str, list[OtherName]] = {}
    for cells in (row.cells for row in table.rows if isinstance(row, Row)):
        for place, kind in columns:
            if place is not None and cells[place].strip():
                found.setdefault(cells[at["ccn"]].strip().upper(), []).append(OtherName(cells[place], kind))
    return found


def by_model(facilities: list[Facility]) -> Callable[[Employer], Answered]:
    directory, model = Directory(), fitted()
    directory.replace(facilities)
    accept_at = float(section("matching", dict)["fitted"]["accept_at"])
    remembered: Remembered[Answered] = Remembered()

    def answered(employer: Employer) -> Answered:
        if employer not in remembered:
            found = resolved(employer, directory, model, accept_at)
            remembered.keep(employer, _said(found, model, directory))
        return remembered[employer]

    return answered


def _said(answer: Answer, model: Model, directory: Directory) -> Answered:
    candidates = [_candidate(each, model) for each in answer.candidates]
    if answer.ccn:
        named = directory.facilities[answer.ccn]
        candidates = [
            {"ccn": named.ccn, "name": named.name, "confidence": answer.confidence, "features": {"ccn_stated": 1.0}}
        ]
    return _answered(answer.decision, answer.confidence, answer.method, answer.reason, candidates)


def _candidate(ranked: Ranked, model: Model) -> dict[str, Any]:
    facility = ranked.entry.facility
    contributions = model.contributions(ranked.row)
    confidence = round(ranked.confidence, 4)
    return {"ccn": facility.ccn, "name": facility.name, "confidence": confidence, "features": contributions}


def by_source_rule(facilities: list[Facility]) -> Callable[[Employer], Answered]:
    """R14 exactly as written; its score stands where the model has a probability."""
    known = {facility.ccn: facility for facility in facilities}
    states: dict[str, SourceRule] = {}

    def answered(employer: Employer) -> Answered:
        stated = known.get((employer.ccn or "").upper())
        if stated:
            candidate = {"ccn": stated.ccn, "name": stated.name, "confidence": 1.0, "features": {"ccn_stated": 1.0}}
            return _answered("auto", 1.0, "ccn", "ccn", [candidate])
        state = employer.state or ""
        if state not in states:
            states[state] = SourceRule(each for each in facilities if each.state == state)
        candidates: list[Answered] = [
            {
                "ccn": each.facility.ccn,
                "name": each.facility.name,
                "confidence": round(each.score, 4),
                "features": {"token_set": each.token_set, "trigram": each.trigram, "same_city": each.same_city},
            }
            for each in states[state].ranked(employer)
        ]
        best = candidates[0]["confidence"] if candidates else 0.0
        accepted = bool(candidates) and best >= ACCEPT_AT
        reason = "likely" if accepted else "unknown_name" if candidates else "no_candidate"
        decision = "auto" if accepted else "queue" if candidates else "none"
        return _answered(decision, best, "source-rule", reason, candidates)

    return answered


def _row(columns: list[str], row: Row | Unread, answerer: Callable[[Employer], Answered]) -> Answered:
    if isinstance(row, Unread):
        return _bad(f"line {row.line}: {row.reason}")
    found = {name: cell.strip() for name, cell in zip(columns, row.cells, strict=True) if name in ASKED}
    if not found.get("employer_name"):
        return _bad("employer_name is empty")
    stated = found.get("state", "")
    state = state_of(stated)
    if stated and not state:
        return _bad(f"state {stated!r} is no state; write NY or New York")
    given: dict[str, Any] = {name: found.get(name) or None for name in ASKED[3:]}
    given["zip"] = zip_of(given["zip"] or "")
    return answerer(Employer(found["employer_name"], found.get("city") or None, state, **given))


def _bad(reason: str) -> Answered:
    return _answered("none", 0.0, "", f"bad row: {reason}", [])


def _answered(decision: str, confidence: float, method: str, reason: str, candidates: list[dict[str, Any]]) -> Answered:
    return {
        "matched_ccn": candidates[0]["ccn"] if decision == "auto" else "",
        "confidence": f"{confidence:.4f}",
        "decision": decision,
        "method": method,
        "reason": reason,
        "candidates": json.dumps(candidates, ensure_ascii=False),
    }


class _shown:  # noqa: N801  used as a context manager only
    """A bar on the error stream; called once a row."""

    def __init__(self, total: int) -> None:
        columns = (TextColumn("matching"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        self._bar = Progress(*columns, console=show.errors, transient=True)
        self._task = self._bar.add_task("matching", total=total)
        self._rows = 0

    def __enter__(self) -> Callable[[], None]:
        self._bar.start()
        return self._told

    def _told(self) -> None:
        self._rows += 1
        if self._rows % 100 == 0:
            self._bar.update(self._task, completed=self._rows)

    def __exit__(self, *_: object) -> None:
        self._bar.stop()
