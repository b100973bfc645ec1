"""How long do fifteen thousand facilities take: scored from files, calibrated, and refreshed in running services?

pandas and duckdb compute the same formula from the same files in an environment of their own. Whoever disagrees with
us about a score is counted, so that nobody is fast by computing something else.
"""

from __future__ import annotations

import csv
import json
import random
import subprocess
import tempfile
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from statistics import median
from time import monotonic, perf_counter, process_time
from typing import Any
from uuid import uuid4

from cli.cohort import Cohort, candidate, read_cohort
from cli.simulate import Simulation
from datasets.facts import Headings
from scoring.formula import score
from scoring.pack import scheme_in
from scoring.tiers import calibrate
from shared import packs
from shared.broker import Broker
from tests.benchmarks import pipeline
from tests.benchmarks.world import world

Figures = dict[str, float]

FACILITIES = 15_000
DAY = date(2026, 7, 1)
CHUNK = 1_000
PEERS = ("pandas", "duckdb")
HEADER = ["CMS Certification Number (CCN)", "Provider Name", "City/Town", "State", "QM Rating", "Staffing Rating"]
STATED = ["Medicaid Share", "Processing Date"]


def write_files(folder: Path, size: int = FACILITIES) -> Path:
    """An invented country: a fifth fined, a tenth with an open posting, a share of Medicaid in New York."""
    chance = random.Random(1)
    ccns = [f"{10 + n // 1000:02}{n % 1000:04}" for n in range(size)]
    _write(folder / "facilities.csv", [*HEADER, *STATED], [_facility(ccn, chance) for ccn in ccns])
    fined = [(ccn, DAY - timedelta(days=chance.randint(0, 900)), "Fine") for ccn in ccns if chance.random() < 0.2]
    _write(folder / "penalties.csv", ["ccn", "penalty_date", "penalty_type"], fined)
    _write(
        folder / "signals.csv",
        ["ccn", "role_family", "urgency", "last_seen_on", "expires_on"],
        [_signal(ccn, chance) for ccn in ccns if chance.random() < 0.1],
    )
    return folder


def _facility(ccn: str, chance: random.Random) -> list[Any]:
    state = chance.choice(["NY", "NJ", "PA", "CT", "MA"])
    stars = [chance.choice(["1", "2", "3", "4", "5", ""]) for _ in range(2)]
    return [ccn, f"HOME {ccn}", "ALBANY", state, *stars, f"{chance.random():.3f}", "2026-06-01"]


def _signal(ccn: str, chance: random.Random) -> list[Any]:
    seen = DAY - timedelta(days=chance.randint(0, 40))
    role = chance.choice(["mds_coordinator", "pdpm_rac", "chart_review", "qm"])
    return [ccn, role, chance.randint(0, 4), seen, seen + timedelta(days=30)]


def _write(path: Path, header: list[str], rows: list[Any]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([header, *rows])


def ours(folder: Path) -> tuple[Figures, dict[str, float]]:
    """Seconds of each part, and the scores. `from_files` is all of them, and `cpu` of these
    what a core was really busy; `one_ms` is one facility's."""
    scheme, began, burnt = scheme_in(packs.pack_folder()), perf_counter(), process_time()
    cohort = _read(folder, scheme.model)
    inputs = cohort.inputs()
    read = perf_counter()
    scored = [(one.ccn, score(one, DAY, scheme.model)) for one in inputs]
    done = perf_counter()
    calibrate([candidate(ccn, found) for ccn, found in scored], None, scheme.policy, DAY)
    calibrated, burnt = perf_counter(), process_time() - burnt
    for _ in range(100):
        score(inputs[0], DAY, scheme.model)
    one = (perf_counter() - calibrated) * 10
    seconds = {
        "from_files": calibrated - began,
        "scored": done - read,
        "calibrated": calibrated - done,
        "one_ms": one,
        "cpu": burnt,
    }
    return seconds, {ccn: float(found.score) for ccn, found in scored}


def _read(folder: Path, model: Any) -> Cohort:
    headings = packs.section_of(packs.pack_folder(), "fields", Headings)
    return read_cohort(
        headings, folder / "facilities.csv", [folder / "penalties.csv"], folder / "signals.csv", model, DAY
    )


def theirs(peer: str, python: str, folder: Path, scores: Mapping[str, float]) -> Figures:
    """A peer's seconds from the files to the scores, as it says itself, and how many of its scores are not ours."""
    script = Path(__file__).parent / "peers_of_scoring" / f"with_{peer}.py"
    done = subprocess.run([python, str(script), str(folder), str(DAY)], capture_output=True, text=True, check=True)
    said = json.loads(done.stdout)
    # Theirs are floats: on a half they may round the other way, which is no disagreement.
    wrong = sum(abs(said["scores"].get(ccn, -1) - ours) > 0.11 for ccn, ours in scores.items())
    return {"from_files": said["seconds"], "disagreeing": wrong}


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
    return {**{name: _middle(several) for name, several in runs.items()}, "national": await national()}


def _middle(runs: list[Figures]) -> Figures:
    return {key: round(median(run[key] for run in runs), 3) for key in runs[0]}


async def national(size: int = FACILITIES) -> Figures:
    """Seconds until all services are quiet after a first file of the country, and after the next month's, in which a
    fifth of the ratings changed."""
    async with world() as servers, pipeline.five_services(servers, imported=False) as (broker, _):
        chance = random.Random(2)
        with tempfile.TemporaryDirectory() as name:
            write_files(Path(name), size)
            with (Path(name) / "facilities.csv").open() as file:
                header, *rows = list(csv.reader(file))
        first = await _import(broker, header, rows)
        later = [[*row[:4], _rated(row[4], chance), *row[5:7], "2026-07-01"] for row in rows]
        return {"first_file": first, "refresh": await _import(broker, header, later)}


def _rated(stars: str, chance: random.Random) -> str:
    return chance.choice("12345") if chance.random() < 0.2 else stars


async def _import(broker: Broker, header: list[str], rows: list[list[str]]) -> float:
    began, import_id = monotonic(), str(uuid4())
    for start in range(0, len(rows), CHUNK):
        chunk = {
            "import_id": import_id,
            "file_name": "facilities.csv",
            "header": header,
            "rows": rows[start : start + CHUNK],
            "first_line": start + 2,
            "final": start + CHUNK >= len(rows),
        }
        await broker.ask("ingest.ask.import_facilities", chunk, 120)
    await Simulation(broker).settle()
    return round(monotonic() - began, 1)
