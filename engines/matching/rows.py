"""Which facility does each row of a file refer to? Works without any server."""

from __future__ import annotations

import csv
import gc
import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engines.datasets.account_key import AccountKey
from engines.datasets.facts import Headings
from engines.datasets.headings import column, letters
from engines.datasets.reading import Row, Table, Unread, Unreadable, read_table
from engines.datasets.snapshots import NewestRows
from engines.datasets.states import state_of
from engines.matching.by_rule import RuleAnswer, RuleDirectory, resolved_by_rule
from engines.matching.directory import AnswerCache, Directory, resolved
from engines.matching.engine import Answer, Ranked
from engines.matching.facilities import Employer, Facility, OtherName
from engines.matching.model import Model
from engines.matching.registry import Layout, with_aliases, zip_of
from engines.matching.source_rule import ACCEPT_AT, Likely
from engines.matching.trade import Trade

ADDED = ("confidence", "decision", "method", "reason", "candidates")
ASKED = ("employer_name", "city", "state", "zip", "address", "phone", "facility_id", "title")
Answered = dict[str, Any]
Answerer = Callable[[Employer], Answered]


@dataclass(frozen=True)
class Registry:
    """The facilities of a file, and how many of its rows are invalid."""

    facilities: list[Facility]
    skipped: int


def match_file(
    answerer: Answerer,
    queries: Path,
    out: Path,
    key: AccountKey,
    started: Callable[[int], None],
    answered: Callable[[int], None],
) -> Counter[str]:
    """Write every row of `queries` to `out` with its answer; returns the number of each decision.

    `started` is called with the number of rows, `answered` with the number done, after every hundred.
    """
    with read_table(queries, keep_empty=True) as table:
        header, given = [title.strip() for title in table.header], list(table.rows)
    columns = ["facility_id" if (name := column(title)) == key.column else name for title in header]
    if "employer_name" not in columns:
        raise Unreadable(f"{queries.name} has no column employer_name; it needs employer_name, city and state.")
    gc.freeze()  # the directory is permanent; scanning it repeatedly would take a fifth of the time
    started(len(given))
    decisions = Counter[str]()
    with out.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([*header, f"matched_{key.column}", *ADDED])
        for number, row in enumerate(given, start=1):
            found = _row(columns, row, answerer)
            decisions[found["decision"]] += 1
            cells = row.cells if isinstance(row, Row) else [""] * len(header)
            writer.writerow([*cells, found["facility_id"], *_written(found, key)])
            if number % 100 == 0:
                answered(number)
    return decisions


def _written(found: Answered, key: AccountKey) -> list[str]:
    """The cells of an answer, with the candidates as JSON; the key has its name from the header."""
    candidates = [
        {(key.column if name == "facility_id" else name): value for name, value in each.items()}
        for each in found["candidates"]
    ]
    return [*(found[name] for name in ADDED[:-1]), json.dumps(candidates, ensure_ascii=False)]


def read_registry(path: Path, aliases: Path | None, headings: Headings, trade: Trade) -> Registry:
    """The newest facilities of a registry, with further names from another file."""
    with read_table(path) as table:
        layout = Layout(headings, table.header)
        rows = NewestRows(table, path, headings)
        read = [layout.facility(row.cells) if isinstance(row, Row) else row.reason for row in rows]
    facilities = {one.facility_id: one for one in reversed(read) if isinstance(one, Facility)}
    ordered = sorted(facilities.values(), key=lambda each: each.facility_id)
    named = with_aliases(ordered, _further_names(aliases, headings), trade)
    return Registry(named, sum(isinstance(one, str) for one in read))


def _further_names(path: Path | None, headings: Headings) -> dict[str, list[OtherName]]:
    if path is None:
        return {}
    with read_table(path) as table:
        return _names_in(path.name, table, headings)


def _names_in(file: str, table: Table, headings: Headings) -> dict[str, list[OtherName]]:
    at = {letters(title): place for place, title in enumerate(table.header)}
    stated = at.get(letters(headings.key.column))
    columns = [(at[title], kind) for title, kind in headings.names.kinds.items() if title in at]
    if stated is None:
        raise Unreadable(f"{file} has no column {headings.key.name}; --aliases takes {headings.names.title}.")
    found: dict[str, list[OtherName]] = {}
    for cells in (row.cells for row in table.rows if isinstance(row, Row)):
        for place, kind in columns:
            if cells[place].strip():
                found.setdefault(cells[stated].strip().upper(), []).append(OtherName(cells[place], kind))
    return found


def by_model(facilities: list[Facility], trade: Trade, model: Model, accept_at: float) -> Answerer:
    """Answers of the fitted model, which accepts a facility with at least this probability."""
    directory = Directory(trade)
    directory.replace(facilities)
    remembered: AnswerCache[Answered] = AnswerCache()

    def answered(employer: Employer) -> Answered:
        if employer not in remembered:
            found = resolved(employer, directory, model, accept_at)
            remembered.keep(employer, _as_answer(found, model, directory))
        return remembered[employer]

    return answered


def _as_answer(answer: Answer | RuleAnswer, model: Model | None, directory: Directory) -> Answered:
    candidates = [_candidate(each, model) for each in answer.candidates]
    if answer.facility_id:
        named = directory.facilities[answer.facility_id]
        candidates = [
            {
                "facility_id": named.facility_id,
                "name": named.name,
                "confidence": answer.confidence,
                "features": {"id_stated": 1.0},
            }
        ]
    return _answered(answer.decision, answer.confidence, answer.method, answer.reason, candidates)


def _candidate(ranked: Ranked | Likely, model: Model | None) -> dict[str, Any]:
    """A candidate, with the parts of its score or the weighed features of its probability."""
    if isinstance(ranked, Likely):
        facility, confidence = ranked.facility, ranked.score
        parts = {"token_set": ranked.token_set, "trigram": ranked.trigram, "same_city": ranked.same_city}
    else:
        facility, confidence = ranked.entry.facility, ranked.confidence
        parts = model.contributions(ranked.row) if model else {}
    return {
        "facility_id": facility.facility_id,
        "name": facility.name,
        "confidence": round(confidence, 4),
        "features": parts,
    }


def by_source_rule(facilities: list[Facility], trade: Trade, accept_at: float = ACCEPT_AT) -> Answerer:
    """Answers of the source's rule (R14), with its score in place of a probability."""
    directory, rules = Directory(trade), RuleDirectory(trade)
    directory.replace(facilities)
    remembered: AnswerCache[Answered] = AnswerCache()

    def answered(employer: Employer) -> Answered:
        if employer not in remembered:
            found = resolved_by_rule(employer, directory, rules, accept_at)
            remembered.keep(employer, _as_answer(found, None, directory))
        return remembered[employer]

    return answered


def _row(columns: list[str], row: Row | Unread, answerer: Answerer) -> Answered:
    if isinstance(row, Unread):
        return _bad(f"line {row.line}: {row.reason}")
    found = {name: cell.strip() for name, cell in zip(columns, row.cells, strict=True) if name in ASKED}
    if not found.get("employer_name"):
        return _bad("employer_name is empty")
    stated = found.get("state", "")
    state = state_of(stated)
    if stated and not state:
        return _bad(f"state {stated!r} is not a state; write NY or New York")
    given: dict[str, Any] = {name: found.get(name) or None for name in ASKED[3:]}
    given["zip"] = zip_of(given["zip"] or "")
    return answerer(Employer(found["employer_name"], found.get("city") or None, state, **given))


def _bad(reason: str) -> Answered:
    return _answered("none", 0.0, "", f"bad row: {reason}", [])


def _answered(decision: str, confidence: float, method: str, reason: str, candidates: list[dict[str, Any]]) -> Answered:
    return {
        "facility_id": candidates[0]["facility_id"] if decision == "auto" else "",
        "confidence": f"{confidence:.4f}",
        "decision": decision,
        "method": method,
        "reason": reason,
        "candidates": candidates,
    }
