"""Do running services import mutated files without harm?"""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

from tests.support.mutations import good_files_once, mutated
from tests.support.servers import TestServers
from tests.support.serving import served

FILES = 600 if os.environ.get("LONG") == "1" else 30


async def test_a_mutated_file_delists_nothing_against_the_rule_and_stops_no_service(
    servers: TestServers, tmp_path: Path
) -> None:
    total = Counter[str]()
    async with served(servers, tmp_path) as import_file:
        whole = [await import_file(good) for good in good_files_once()]
        for seed in range(FILES):
            total += await import_file(mutated(seed))

    assert all(set(became) <= {"accepted"} for became in whole), whole
    assert min(total["accepted"], total["rejected"], total["refused"]) > 0, total
