"""`make bench-sources`: what does a sweep of many career sites cost, and a second one that finds nothing changed?

The sites are a fake in a process of its own, at names that lead to this machine. Ingest fetches them with its queues,
ledger and database on real servers; beside it a Scrapy spider at the same rate, which writes a file.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from engines.datasets.paths import file_to_write
from tests.benchmarks.sources import ours
from tests.benchmarks.sources.sites import TODAY, postings, site
from tests.support.fakes import Fakes, fakes

PARALLEL = 200
"""Requests of the spider at once, as ingest has fetches."""
SPIDER = Path(__file__).with_name("spider.py")
LIMITS = {"first sweep, s": 300.0, "second sweep, s": 60.0, "memory, MB": 300.0}


def main() -> None:
    asked = options()
    results: dict[str, Any] = {
        "machine": {"cores": os.cpu_count(), "python": platform.python_version(), "load": round(os.getloadavg()[0], 1)},
        "sites": asked.sites,
        "postings": asked.sites * asked.postings,
        "per_second": asked.per_second,
    }
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if "ours" in asked.only:
            with fakes(postings(asked.sites, asked.postings), folder, TODAY) as found:
                results["ours"] = asyncio.run(ours.sweeps(found, asked.sites, asked.per_second))
            show("ingest", results["ours"])
        if "scrapy" in asked.only:
            with fakes(postings(asked.sites, asked.postings), folder, TODAY) as found:
                results["scrapy"] = spider(asked, found, folder)
            show("Scrapy", results["scrapy"])
    if asked.json:
        asked.json.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    if "ours" in results:
        judge(results["ours"])


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench-sources", description=__doc__)
    parser.add_argument("--sites", type=int, default=500)
    parser.add_argument("--postings", type=int, default=100, help="of each site")
    parser.add_argument("--per-second", type=float, default=5.0, help="requests to one host")
    parser.add_argument("--only", default="ours,scrapy", help="ours or scrapy")
    parser.add_argument("--scrapy", type=Path, default=Path(".cache/scrapy/bin/python"), help="Python that has Scrapy")
    parser.add_argument("--json", type=file_to_write, help="where the results are written")
    asked = parser.parse_args()
    asked.only = asked.only.split(",")
    return asked


def spider(asked: argparse.Namespace, found: Fakes, folder: Path) -> list[dict[str, Any]]:
    """The same two sweeps by the spider, each a process of its own."""
    sites = folder / "sites.json"
    sites.write_text(json.dumps([f"http://{site(number)}:{found.port}/robots.txt" for number in range(asked.sites)]))
    command = [asked.scrapy, SPIDER, sites, folder / "memory.json", folder / "items.jsonl", asked.per_second, PARALLEL]
    sweeps = []
    for _ in range(2):
        ended = subprocess.run([*map(str, command)], capture_output=True, text=True, check=False)
        if ended.returncode:
            raise SystemExit(f"The spider has failed:\n{ended.stderr[-3_000:]}")
        sweeps.append(json.loads(ended.stdout.splitlines()[-1]))
    return sweeps


def show(name: str, sweeps: list[dict[str, Any]]) -> None:
    for number, figures in enumerate(sweeps, 1):
        print(f"{name:7} sweep {number}  " + "  ".join(f"{key} {value}" for key, value in figures.items()), flush=True)


def judge(sweeps: list[dict[str, Any]]) -> None:
    """Prints what holds; ends with an error if anything does not."""
    measured = (sweeps[0]["seconds"], sweeps[1]["seconds"], max(each["rss_mb"] for each in sweeps))
    failed = False
    for (what, limit), value in zip(LIMITS.items(), measured, strict=True):
        failed |= value > limit
        print(f"{'holds' if value <= limit else 'FAILS'}  {what}: {value:g}, at most {limit:g}")
    if failed:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
