"""Fits the weights to the labeled rows, evaluates them on other rows, and writes both into the pack."""

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

from engines.datasets import paths
from engines.datasets.facts import Headings
from engines.datasets.paths import file_to_read
from engines.datasets.reading import Row, Unreadable, read_table
from engines.matching.directory import Directory, resolved
from engines.matching.facilities import Entry, Facility
from engines.matching.features import NAMES
from engines.matching.fitting.ablation import without_each
from engines.matching.fitting.judge import figures, judged
from engines.matching.fitting.logit import fit, sample_of
from engines.matching.fitting.rows import FOLDS, LabeledRow, labeled_rows
from engines.matching.model import Model
from engines.matching.pack import REPORT, WEIGHTS, WORDS, trade_in, vocabulary_in
from engines.matching.registry import Layout, with_aliases
from engines.matching.trade import Trade
from engines.packs import PackInvalid, folder_of, pack_folder, section_of

LEAST_FACILITIES = 12
"""Words of fewer facilities have the weight of a rare word, because such low counts are not reliable."""


def main() -> None:
    arguments = options()
    try:
        pack = folder_of(arguments.pack) if arguments.pack else pack_folder()
        if arguments.words:
            count(pack, arguments.registry)
        else:
            fit_pack(pack, arguments.registry, arguments.labeled, arguments.accept_at, arguments.ablation)
    except (Unreadable, PackInvalid, ValueError) as error:
        raise SystemExit(f"make fit-matcher: {error}") from error


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make fit-matcher", description=__doc__)
    parser.add_argument("--registry", type=file_to_read, required=True)
    parser.add_argument("--labeled", default="", help="folder of the files that the pack's trade.yaml names")
    parser.add_argument("--pack", default="", help="a pack's name or folder; by default the one in force")
    parser.add_argument("--accept-at", type=float, default=0.80)
    parser.add_argument("--words", action="store_true", help="only count the words again; run once more to fit")
    parser.add_argument("--ablation", action="store_true", help="also fit without each feature (some minutes)")
    return parser.parse_args()


def count(pack: Path, registry: Path) -> None:
    trade = Trade(vocabulary_in(pack), {})
    write(pack / f"{WORDS}.yaml", count_words(read_registry(registry, headings_in(pack), trade), trade))


def fit_pack(pack: Path, registry: Path, folder: str, accept_at: float, ablation: bool) -> None:
    headings, files, directory = headings_in(pack), vocabulary_in(pack).labeled, Directory(trade_in(pack))
    if not files:
        raise ValueError(f"{pack.name}/trade.yaml does not state which rows are `labeled`.")
    rows = labeled_rows(paths.folder_of(*files.names)(folder), headings.key.column, files)
    directory.replace(read_registry(registry, headings, directory.trade))
    weights, report = fit_and_judge(directory, rows, accept_at, ablation, files.state)
    write(pack / f"{WEIGHTS}.yaml", weights)
    (pack / REPORT).write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    sys.stdout.write(json.dumps({"name_city_state": report["name_city_state"], "with_place": report["with_place"]}))


def headings_in(pack: Path) -> Headings:
    return section_of(pack, "fields", Headings)


def write(path: Path, content: dict[str, Any]) -> None:
    path.parent.mkdir(exist_ok=True)
    head = "# Written by `make fit-matcher` (docs/matching.md).\n"
    path.write_text(head + yaml.safe_dump(content, sort_keys=False, allow_unicode=True), encoding="utf-8")


def read_registry(path: Path, headings: Headings, trade: Trade) -> list[Facility]:
    with read_table(path) as table:
        layout = Layout(headings, table.header)
        found = [layout.facility(row.cells) for row in table.rows if isinstance(row, Row)]
    return with_aliases([one for one in found if isinstance(one, Facility)], {}, trade)


def count_words(facilities: Sequence[Facility], trade: Trade) -> dict[str, int]:
    counts = Counter(word for facility in facilities for word in Entry(facility, trade).words)
    return {word: round(100 * log(len(facilities) / n)) for word, n in sorted(counts.items()) if n >= LEAST_FACILITIES}


def fit_and_judge(
    directory: Directory, rows: list[LabeledRow], accept_at: float, ablation: bool, state: str | None
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The weights, and their report."""
    arguments = {"name_city_state": [row.without_place for row in rows], "with_place": rows}
    # A rule decides on parent organizations, not weights; their rows would lower the weights of names like theirs.
    seen = [row for each in arguments.values() for row in each if not row.is_parent]
    sample = sample_of(seen, directory)
    everything = fit(sample)
    weights = {
        "facility": dict(zip(NAMES, everything.weights, strict=True)),
        "none": dict(zip(directory.trade.none_names, everything.none_weights, strict=True)),
    }
    models = [fit(sample, leave_out=fold) for fold in range(FOLDS)]
    report: dict[str, Any] = {"accept_at": accept_at, "folds": FOLDS}
    for name, those in arguments.items():
        report[name] = figures(_judged(directory, those, models, accept_at), state)
    if ablation:
        report["without"] = without_each(sample, models)
    return weights, report


def _judged(directory: Directory, rows: Sequence[LabeledRow], models: Sequence[Model], accept_at: float) -> Any:
    """Each row is resolved with weights that were fitted without its facility."""
    return judged(rows, lambda row: resolved(row.employer, directory, models[row.fold], accept_at))


if __name__ == "__main__":
    main()
