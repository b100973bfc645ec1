"""How long do fifteen thousand facilities take to be scored from files and calibrated, beside pandas and duckdb?

Every peer runs in a separate process, whose imports count, and reads the same files. Scores that differ from ours are
counted, so that no peer is fast by computing something else.
"""

from __future__ import annotations

import csv
import json
import random
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

from tests.benchmarks import national

Figures = dict[str, float]

FACILITIES = 15_000
DAY = date(2026, 7, 1)
PEERS = ("pandas", "duckdb")
HEADER = ["CMS Certification Number (CCN)", "Provider Name", "City/Town", "State", "QM Rating", "Staffing Rating"]
STATED = ["Medicaid Share", "Processing Date"]


def write_files(folder: Path, size: int = FACILITIES) -> Path:
    """An invented country: a fifth fined, a tenth with an open posting, a share of Medicaid in New York."""
    chance = random.Random(1)
    facility_ids = [f"{10 + n // 1000:02}{n % 1000:04}" for n in range(size)]
    _write(
        folder / "facilities.csv", [*HEADER, *STATED], [_facility(facility_id, chance) for facility_id in facility_ids]
    )
    fined = [
        (facility_id, DAY - timedelta(days=chance.randint(0, 900)), "Fine")
        for facility_id in facility_ids
        if chance.random() < 0.2
    ]
    _write(folder / "penalties.csv", ["ccn", "penalty_date", "penalty_type"], fined)
    _write(
        folder / "signals.csv",
        ["ccn", "role_family", "urgency", "last_seen_on", "expires_on"],
        [_signal(facility_id, chance) for facility_id in facility_ids if chance.random() < 0.1],
    )
    return folder


def _facility(facility_id: str, chance: random.Random) -> list[Any]:
    state = chance.choice(["NY", "NJ", "PA", "CT", "MA"])
    stars = [chance.choice(["1", "2", "3", "4", "5", ""]) for _ in range(2)]
    return [facility_id, f"HOME {facility_id}", "ALBANY", state, *stars, f"{chance.random():.3f}", "2026-06-01"]


def _signal(facility_id: str, chance: random.Random) -> list[Any]:
    seen = DAY - timedelta(days=chance.randint(0, 40))
    role = chance.choice(["mds_coordinator", "pdpm_rac", "chart_review", "qm"])
    return [facility_id, role, chance.randint(0, 4), seen, seen + timedelta(days=30)]


def _write(path: Path, header: list[str], rows: list[Any]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([header, *rows])


def ours(folder: Path) -> tuple[Figures, dict[str, float]]:
    """The seconds of each part and the scores, from a separate process; `command` is a complete `pipeline score`."""
    script = [sys.executable, "-m", "tests.benchmarks.scoring_cold", str(folder), str(DAY)]
    done = subprocess.run(script, capture_output=True, text=True, check=True)
    result = json.loads(done.stdout)
    files = [f"--{name}={folder / name}.csv" for name in ("facilities", "penalties", "signals")]
    words = ["score", *files, f"--as-of={DAY}", f"--out={folder / 'scores.csv'}"]
    began = perf_counter()
    subprocess.run([sys.executable, "-m", "cli.main", *words], capture_output=True, check=True)
    return {**result["figures"], "command": perf_counter() - began}, result["scores"]


def theirs(peer: str, python: str, folder: Path, scores: Mapping[str, float]) -> Figures:
    """A peer's seconds from the files to the scores, as it reports them, and how many scores differ from ours."""
    script = Path(__file__).parent / "peers_of_scoring" / f"with_{peer}.py"
    done = subprocess.run([python, str(script), str(folder), str(DAY)], capture_output=True, text=True, check=True)
    result = json.loads(done.stdout)
    # Theirs are floats: on a half they may round the other way, which is no disagreement.
    wrong = sum(abs(result["scores"].get(facility_id, -1) - ours) > 0.11 for facility_id, ours in scores.items())
    return {"from_files": result["seconds"], "disagreeing": wrong}


async def cohorts(repeats: int, peers: str) -> dict[str, Figures]:
    """Figures of `make bench`: the engine beside its peers, and a national refresh through the running services."""
    with tempfile.TemporaryDirectory() as name:
        folder = write_files(Path(name))
        runs: dict[str, list[Figures]] = {"scoring": [], **{f"scoring_{peer}": [] for peer in PEERS}}
        for _ in range(repeats):
            figures, scores = ours(folder)
            runs["scoring"].append(figures)
            for peer in PEERS:
                runs[f"scoring_{peer}"].append(theirs(peer, peers, folder, scores))
    return {**{name: _middle(several) for name, several in runs.items()}, "national": await national.run(write_files)}


def _middle(runs: list[Figures]) -> Figures:
    return {key: round(median(run[key] for run in runs), 3) for key in runs[0]}
