"""Does a damaged file cause only rejects, warnings, or a refusal with a sentence?"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.interpreting import read_file, summed
from tests.support.mutations import Good, good_files, mutated

SEEDS = 400


@pytest.mark.parametrize("good", good_files(), ids=lambda good: f"{good.kind}, {good.form}")
def test_a_good_file_is_accepted_completely(tmp_path: Path, good: Good) -> None:
    (tmp_path / "file").write_bytes(good.content)

    results = read_file(tmp_path / "file", good.kind)

    assert set(results) == {"accepted"}


def test_a_mutated_file_is_read_refused_or_reported_line_by_line(tmp_path: Path) -> None:
    results = []
    for seed in range(SEEDS):
        file = mutated(seed)
        (tmp_path / f"{seed}").write_bytes(file.content)
        results.append(read_file(tmp_path / f"{seed}", file.kind))

    total = summed(results)
    assert min(total["accepted"], total["rejected"], total["unread"], total["refused"]) > 0, total
