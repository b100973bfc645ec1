"""How is one peer run: in which environment, with which inputs, and what happens if it fails?"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from engines.matching.pack import SECTIONS
from engines.packs import pack_folder

REPOSITORY = Path(__file__).resolve().parents[3]
CACHE = REPOSITORY / ".cache" / "matchers"
FRAME = "tests.benchmarks.matchers.answering"


@dataclass(frozen=True, slots=True)
class Peer:
    name: str
    title: str
    environment: str = ""
    """The lock of its environment; the product's own environment has all that our matcher needs."""
    largest: int = 200
    """The largest size at which it is measured, in thousands of name forms."""
    compiled: bool = True
    """Whether the compiled matcher may be used, which also normalizes the names for every peer."""

    @property
    def is_ours(self) -> bool:
        return self.name.startswith("ours")


PEERS = (
    Peer("ours", "this engine", largest=1_000),
    Peer("ours_and_place", "this engine, with zip and street"),
    Peer("ours_from_sources", "this engine, not compiled", compiled=False),
    Peer("source_rule", "the source's rule"),
    Peer("rapidfuzz_ratio", "rapidfuzz `ratio`", "rapidfuzz"),
    Peer("rapidfuzz_token_sort", "rapidfuzz `token_sort_ratio`", "rapidfuzz"),
    Peer("sparse_dot_topn", "sparse_dot_topn TF-IDF", "sparse_dot_topn"),
    Peer("tantivy", "tantivy BM25", "tantivy", largest=1_000),
    Peer("splink", "Splink", "splink"),
)


class Failed(RuntimeError):
    """A peer could not be installed, failed or took too long; the others are still measured."""


def measured(peer: Peer, folder: Path, seconds: float, limit: float) -> dict[str, Any]:
    """The output of `answering`; `folder` has the facilities, the trade, the queries and our settings."""
    out = folder / f"{peer.name}.json"
    files = [folder / "facilities.jsonl", folder / "trade.json", folder / "queries.jsonl", out]
    more = [folder / "settings.json"] if peer.is_ours else []
    command = [python_of(peer), "-m", FRAME, peer.name, *map(str, files), str(seconds), *map(str, more)]
    _run(command, limit, PIPELINE_COMPILED=str(int(peer.compiled)))
    content: dict[str, Any] = json.loads(out.read_text(encoding="utf-8"))
    return content


def python_of(peer: Peer) -> str:
    if not peer.environment:
        return sys.executable
    return in_apart(f"matchers/{peer.environment}")


def in_apart(name: str) -> str:
    """The Python of a separate environment, created if it does not exist."""
    _run([str(REPOSITORY / "requirements" / "apart"), name], 600)
    return str(REPOSITORY / ".cache" / name / "bin" / "python")


def cross_validated(facilities: Path, labeled: Path) -> list[dict[str, Any]]:
    """Weights for each fold of the labeled rows; cached until the matcher, the registry or the rows change."""
    pack = pack_folder()
    parts = [
        *sorted((REPOSITORY / "engines" / "matching").rglob("*.py")),
        *(pack / f"{name}.yaml" for name in SECTIONS),
    ]
    key = sha256(b"".join(path.read_bytes() for path in (*parts, facilities, *sorted(labeled.glob("*.csv")))))
    out = CACHE / f"folds-{key.hexdigest()[:16]}.json"
    if not out.exists():
        print("Fitting the weights of each fold ...", flush=True)
        CACHE.mkdir(parents=True, exist_ok=True)
        command = [
            in_apart("fitting"),
            "-m",
            "tests.benchmarks.matchers.folds",
            str(facilities),
            str(labeled),
            str(out),
        ]
        _run(command, 1_800)
    content: list[dict[str, Any]] = json.loads(out.read_text(encoding="utf-8"))
    return content


def _run(command: Sequence[str], limit: float, **settings: str) -> None:
    alone = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "PYTHONHASHSEED": "0"}
    try:
        done = subprocess.run(
            command,
            cwd=REPOSITORY,
            env={**os.environ, **alone, **settings},
            capture_output=True,
            text=True,
            timeout=limit,
        )
    except subprocess.TimeoutExpired as error:
        raise Failed(f"took longer than {limit / 60:g} minutes") from error
    if done.returncode:
        last = (done.stderr.strip() or done.stdout.strip() or f"exit code {done.returncode}").splitlines()[-1]
        raise Failed(last[:200])
