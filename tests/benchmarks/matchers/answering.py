"""What does one peer answer, how fast, and in how much memory? Run in the peer's own process and environment.

A peer gets one core, however many threads it starts. Its module has `build`, which receives the facilities one by one
and the trade whose words normalize names. It returns a function that answers one query or, if `BATCH` is set, one that
prepares to answer all of them at once.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

from engines.matching import COMPILED, names
from tests.benchmarks.matchers.rows import Query, read_facilities, read_queries, read_trade

Found = tuple[str, float, bool]
"""The most likely CCN, the peer's confidence by its own measure, and whether the peer itself would accept it."""
NO_MATCH: Found = ("", 0.0, False)


def main() -> None:
    peer, facilities, trade, queries, out, seconds = sys.argv[1:7]
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    module = importlib.import_module(f"tests.benchmarks.matchers.peers.with_{peer}")
    asked, words = read_queries(Path(queries)), read_trade(Path(trade))
    before, began = resident_mb(), process_time()
    answerer = module.build(read_facilities(Path(facilities)), words, *map(Path, sys.argv[7:]))
    built = process_time() - began
    gc.collect()
    gc.freeze()
    measured = in_a_batch(answerer, asked) if module.BATCH else one_by_one(answerer, asked, float(seconds))
    measured |= {"build_seconds": round(built, 2), "process_mb": round(resident_mb())}
    measured["grown_mb"] = round(measured["process_mb"] - before)
    measured["compiled"] = COMPILED in Path(names.__file__).parents
    Path(out).write_text(json.dumps(measured), encoding="utf-8")


def one_by_one(answer: Callable[[Query], Found], asked: Sequence[Query], seconds: float) -> dict[str, Any]:
    """Stops when the time is up: the rows are shuffled, so the answered ones represent all of them."""
    answers, took = [], []
    began, burnt = perf_counter(), process_time()
    for query in asked:
        start = perf_counter()
        answers.append(answer(query))
        end = perf_counter()
        took.append(end - start)
        if end - began > seconds:
            break
    burnt = process_time() - burnt
    took.sort()
    at = {"p50_ms": took[len(took) // 2] * 1e3, "p99_ms": took[len(took) * 99 // 100] * 1e3}
    return {"answers": answers, "per_second": round(len(answers) / burnt, 1), **{k: round(v, 3) for k, v in at.items()}}


def in_a_batch(
    prepare: Callable[[Sequence[Query]], Callable[[], list[Found]]], asked: Sequence[Query]
) -> dict[str, Any]:
    answer = prepare(asked)
    burnt = process_time()
    answers = answer()
    burnt = process_time() - burnt
    return {"answers": answers, "per_second": round(len(answers) / burnt, 1), "p50_ms": None, "p99_ms": None}


def resident_mb() -> float:
    """The current memory of this process; 0 if the system does not report it (only Linux does)."""
    known = Path("/proc/self/statm")
    return int(known.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6 if known.exists() else 0.0


if __name__ == "__main__":
    main()
