"""Measures everything, prints it, and writes it as a JSON object of objects.

Peers run in turn with what they are compared to, repeat by repeat; a ratio is the median of the repeats' ratios. That
holds on a machine with other work to do, where events per second do not.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from statistics import median

from engines.datasets.paths import file_to_write
from tests.benchmarks import (
    bench_figures,
    bench_planning,
    bench_scorer,
    bench_sending,
    bench_suppression,
    full_loop,
    growth,
    hop,
    limits,
    pipeline,
    relay,
)
from tests.benchmarks.world import world

Figures = dict[str, float]

OPEN_CONFIG = Path(__file__).parent / "nats.conf"
LOOP_EVENTS = {"kernel": 12_000, "stock_batch": 5_000, "per_message": 300}
RELAY_EVENTS = 30_000
PIPELINE_POSTINGS = 3_000
HOP_SECONDS = 4.0


async def full_loops(repeats: int, peers: str) -> dict[str, Figures]:
    async with world(OPEN_CONFIG) as servers:
        runs = [
            {loop: await full_loop.run(servers, loop, events, peers) for loop, events in LOOP_EVENTS.items()}
            for _ in range(repeats)
        ]
    figures = _middle([run["kernel"] for run in runs])
    for peer in ("stock_batch", "per_message"):
        figures[f"vs_{peer}"] = _ratio([(run["kernel"], run[peer]) for run in runs])
    return {
        "full_loop": figures,
        **{f"full_loop_{p}": _middle([run[p] for run in runs]) for p in LOOP_EVENTS if p != "kernel"},
    }


async def relays(repeats: int, peers: str) -> dict[str, Figures]:
    async with world() as servers:
        runs = [
            {loop: await relay.run(servers, loop, RELAY_EVENTS) for loop in ("kernel", "bare_publish")}
            for _ in range(repeats)
        ]
        physical = await limits.run(servers)
    figures = _middle([run["kernel"] for run in runs])
    figures["vs_bare_publish"] = _ratio([(run["kernel"], run["bare_publish"]) for run in runs])
    return {"relay": figures, "bare_publish": _middle([run["bare_publish"] for run in runs]), "limits": physical}


async def pipelines(repeats: int, peers: str) -> dict[str, Figures]:
    async with world() as servers:
        runs = [
            {
                "real": await pipeline.run_services(servers, PIPELINE_POSTINGS),
                "bare": await pipeline.run_chain(servers, PIPELINE_POSTINGS),
            }
            for _ in range(repeats)
        ]
    figures = _middle([run["real"] for run in runs])
    figures["postings_per_second"] = figures.pop("per_second")
    figures["vs_bare_chain"] = _ratio([(run["real"], run["bare"]) for run in runs])
    return {"pipeline": figures, "bare_chain": _middle([run["bare"] for run in runs])}


async def hops(repeats: int, peers: str) -> dict[str, Figures]:
    async with world() as servers:
        runs = [
            (await hop.of_services(servers, HOP_SECONDS), await hop.of_chain(servers, HOP_SECONDS))
            for _ in range(repeats)
        ]
    figures = _middle([real for real, _ in runs])
    figures["vs_bare"] = round(median(real["p50"] / bare["p50"] for real, bare in runs), 2)
    return {"hop_ms": figures, "bare_hop_ms": _middle([bare for _, bare in runs])}


PARTS: dict[str, Callable[[int, str], Awaitable[dict[str, Figures]]]] = {
    "full_loop": full_loops,
    "relay": relays,
    "pipeline": pipelines,
    "hop": hops,
    "scoring": bench_scorer.cohorts,
    "figures": bench_figures.key_figures,
    "planning": bench_planning.planning,
    "sending": bench_sending.sending,
    "suppression": bench_suppression.suppression,
}


def _middle(runs: list[Figures]) -> Figures:
    return {name: round(median(run[name] for run in runs), 2) for name in runs[0]}


def _ratio(pairs: list[tuple[Figures, Figures]]) -> float:
    return round(median(ours["per_second"] / theirs["per_second"] for ours, theirs in pairs), 2)


def _machine(repeats: int) -> dict[str, float | str]:
    return {
        "cores": os.cpu_count() or 0,
        "load_before": round(os.getloadavg()[0], 2),
        "repeats": repeats,
        "python": platform.python_version(),
    }


def _show(part: dict[str, Figures]) -> None:
    for name, figures in part.items():
        print(f"{name:24}" + "  ".join(f"{figure} {value:,}" for figure, value in figures.items()), flush=True)


async def measure(arguments: argparse.Namespace) -> dict[str, dict[str, float | str]]:
    measured: dict[str, dict[str, float | str]] = {"machine": _machine(arguments.repeats)}
    parts = [] if arguments.only == "growth" else (arguments.only or ",".join(PARTS)).split(",")
    for name in parts:
        part = await PARTS[name](arguments.repeats, arguments.peers)
        _show(part)
        measured.update(part)  # type: ignore[arg-type]
    if arguments.long or arguments.only == "growth":
        part = await growth.run(arguments.long)
        _show(part)
        measured.update(part)  # type: ignore[arg-type]
    return measured


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=file_to_write, help="where to write the figures")
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--peers", default=sys.executable, help="a Python that has FastStream and SQLAlchemy")
    parser.add_argument("--only", default="", help=f"parts, by comma: {', '.join(PARTS)}; or growth")
    parser.add_argument("--long", action="store_true", help="how the figures grow, up to a million events")
    arguments = parser.parse_args()
    measured = asyncio.run(measure(arguments))
    if arguments.json:
        arguments.json.write_text(json.dumps(measured, indent=2) + "\n")


if __name__ == "__main__":
    main()
