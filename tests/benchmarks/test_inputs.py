"""Does the pipeline still accept the inputs of the benchmarks?"""

from __future__ import annotations

from pathlib import Path

from services.ingest.usecases.submissions import form
from tests.benchmarks import bench_scorer
from tests.benchmarks.postings import postings


def test_every_benchmark_posting_is_a_valid_submission() -> None:
    rows = postings(50)

    assert len({row["source_posting_id"] for row in rows}) == 50
    for row in rows:
        form().model_validate(row)


def test_every_benchmark_facility_gets_a_score(tmp_path: Path) -> None:
    figures, scores = bench_scorer.ours(bench_scorer.write_files(tmp_path, 50))

    assert len(scores) == 50
    assert max(scores.values()) > min(scores.values())
    assert figures["command"] > 0
