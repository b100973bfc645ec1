"""Which weights, fitted without its facility, answer each row? Run by the fitting's Python, which has numpy.

Writes one set of weights for each fold of the labeled rows, as `make fit-matcher` judges itself.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from engines.matching.directory import Directory
from engines.matching.features import NAMES
from engines.matching.fitting.logit import fit, sample_of
from engines.matching.fitting.rows import FOLDS, labeled_rows
from engines.matching.pack import trade, vocabulary_in
from engines.packs import account_key, pack_folder
from tests.benchmarks.matchers.rows import read_facilities


def main() -> None:
    facilities, folder, out = map(Path, sys.argv[1:])
    directory, files = Directory(trade()), vocabulary_in(pack_folder()).labeled
    assert files, "the pack names no labeled rows"
    directory.replace(read_facilities(facilities))
    rows = labeled_rows(folder, account_key().column, files)
    sample = sample_of([*rows, *(row.without_place for row in rows)], directory)
    models = [fit(sample, leave_out=fold) for fold in range(FOLDS)]
    content = [
        {
            "facility": dict(zip(NAMES, model.weights, strict=True)),
            "none": dict(zip(directory.trade.none_names, model.none_weights, strict=True)),
        }
        for model in models
    ]
    out.write_text(json.dumps(content), encoding="utf-8")


if __name__ == "__main__":
    main()
