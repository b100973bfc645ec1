"""Fits the weights to the labelled rows, judges them on rows they did not see, and writes both with the report."""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Sequence
from math import log
from pathlib import Path
from typing import Any

import yaml
from pydantic import TypeAdapter

from engines.datasets.facts import Headings
from engines.datasets.paths import file_to_read, folder_of
from engines.datasets.reading import Row, Unreadable, read_table
from engines.matching.directory import Directory, resolved
from engines.matching.facilities import Entry, Facility
from engines.matching.features import NAMES, NONE_NAMES
from engines.matching.fitting.ablation import without_each
from engines.matching.fitting.judge import figures, judged
from engines.matching.fitting.logit import fit, sample_of
from engines.matching.fitting.rows import FILES, FOLDS, Labelled, labelled
from engines.matching.model import FITTED, Model
from engines.matching.registry import Layout, with_aliases

LEAST_BEARERS = 12
"""Words that fewer facilities bear all tell as much as the rarest: their counts say more about the file."""


def main() -> None:
    options = argparse.ArgumentParser(prog="make fit-matcher", description=__doc__)
    options.add_argument("--registry", type=file_to_read, required=True)
    options.add_argument("--labelled", type=folder_of(*FILES), required=True, help=f"folder of {' and '.join(FILES)}")
    options.add_argument("--fields", type=file_to_read, required=True, help="the pack's table of headings")
    options.add_argument("--accept-at", type=float, default=0.80)
    options.add_argument("--words", action="store_true", help="count the words anew, then stop: run once more to fit")
    options.add_argument("--ablation", action="store_true", help="also fit without each feature (some minutes)")
    asked = options.parse_args()
    try:
        headings = headings_in(asked.fields)
        facilities, rows = read_registry(asked.registry, headings), labelled(asked.labelled, headings.key.column)
    except (Unreadable, ValueError) as error:
        raise SystemExit(f"make fit-matcher: {error}") from error
    if asked.words:
        count_words(facilities)
        return
    directory = Directory()
    directory.replace(facilities)
    report = fit_and_judge(directory, rows, asked.accept_at, asked.ablation)
    FITTED.with_name("report.json").write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    sys.stdout.write(json.dumps({"name_city_state": report["name_city_state"], "with_place": report["with_place"]}))


def headings_in(path: Path) -> Headings:
    """The headings of a pack, from its `fields.yaml`; raises ValueError."""
    return TypeAdapter(Headings).validate_python(yaml.safe_load(path.read_text(encoding="utf-8")))


def read_registry(path: Path, headings: Headings) -> list[Facility]:
    with read_table(path) as table:
        layout = Layout(headings, table.header)
        found = [layout.facility(row.cells) for row in table.rows if isinstance(row, Row)]
    return with_aliases([one for one in found if isinstance(one, Facility)], {})


def count_words(facilities: Sequence[Facility]) -> None:
    bearers = Counter(word for facility in facilities for word in Entry(facility).words)
    told = {word: round(100 * log(len(facilities) / n)) for word, n in sorted(bearers.items()) if n >= LEAST_BEARERS}
    content = json.dumps(told, indent=0, separators=(",", ":"))
    FITTED.with_name("words.json").write_text(content + "\n", encoding="utf-8")


def fit_and_judge(directory: Directory, rows: list[Labelled], accept_at: float, ablation: bool) -> dict[str, Any]:
    asked = {"name_city_state": [row.without_place for row in rows], "with_place": rows}
    # What is a hospital is settled by rule, not by weights: left in, they would speak against hospital-like names.
    seen = [row for each in asked.values() for row in each if not row.is_hospital]
    sample = sample_of(seen, directory)
    everything = fit(sample)
    content = {
        "facility": dict(zip(NAMES, everything.weights, strict=True)),
        "none": dict(zip(NONE_NAMES, everything.none_weights, strict=True)),
    }
    FITTED.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    models = [fit(sample, leave_out=fold) for fold in range(FOLDS)]
    report: dict[str, Any] = {"accept_at": accept_at, "folds": FOLDS}
    report |= {said: _figures(directory, those, models, accept_at) for said, those in asked.items()}
    if ablation:
        report["without"] = without_each(sample, models)
    return report


def _figures(
    directory: Directory, rows: Sequence[Labelled], models: Sequence[Model], accept_at: float
) -> dict[str, Any]:
    """Each row is answered with the weights that did not see its facility."""
    return figures(judged(rows, lambda row: resolved(row.employer, directory, models[row.fold], accept_at)))


if __name__ == "__main__":
    main()
