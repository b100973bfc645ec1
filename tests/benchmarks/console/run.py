"""Measures the console on 15,000 accounts and 100,000 events, and prints what holds.

Each line states the number of the specification's section on acceptance that it measures. Figures depend on the
machine's other load: compare each page with the smallest answer of the same run.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import psutil

from engines.datasets.paths import file_to_write
from services.console.rendering.environment import STATIC
from shared.contracts.sequencer_reps import Team
from tests.benchmarks.console import browser, visits
from tests.benchmarks.console.people import at_work, newcomers
from tests.benchmarks.console.touches import touches
from tests.benchmarks.console.visits import LIMITS, Timed, Visitor
from tests.benchmarks.console.world import ACCOUNTS, EVENTS, World, world
from tests.support.statements import MOST

SESSIONS = 20


@dataclass(frozen=True)
class Line:
    """One measured promise."""

    number: int
    what: str
    measured: float
    limit: float
    unit: str = ""

    @property
    def holds(self) -> bool:
        return self.measured <= self.limit


async def measure(made: World, parts: Sequence[str]) -> dict[str, Any]:
    people = {role: Visitor(link) for role, link in made.links.items()}
    result: dict[str, Any] = {"machine": {"cores": os.cpu_count(), "load": round(os.getloadavg()[0], 1)}}
    lines: list[Line] = []
    if "pages" in parts:
        found = await _pages(made, people)
        result["pages"] = [{**each.figures(), "kind": each.visit.kind, "role": each.visit.role} for each in found]
        lines += _of_pages(found)
    if "browser" in parts:
        first, later = await browser.loads(people)
        result["loads"] = [asdict(each) for each in (first, *later)]
        lines += _of_loads(first, later)
    if "sessions" in parts:
        console = psutil.Process(made.stack.children["console"].pid)
        await at_work(made, await newcomers(made, SESSIONS), seconds=30)
        result["rss_mb"] = round(console.memory_info().rss / 1e6)
        lines.append(Line(36, f"{SESSIONS} live sessions", result["rss_mb"], 300, "MB"))
    if "touches" in parts:
        [people["watcher"]] = await newcomers(made, 1, "watcher")
        reps = [each.rep for each in await made.broker.ask(Team())]
        ended = (await touches(people, reps)).figures()
        result["touches"] = ended
        lines.append(Line(12, "outcome to next touch, p95", ended["next_p95_ms"], 200, "ms"))
        lines.append(Line(19, "event to another's screen, p95", ended["other_p95_ms"], 1_000, "ms"))
    result["lines"] = [{**asdict(each), "holds": each.holds} for each in sorted(lines, key=lambda each: each.number)]
    return result


async def _pages(made: World, people: dict[str, Visitor]) -> list[Timed]:
    found = await asyncio.to_thread(visits.timed, made, people, visits.visits(made), visits.ROUNDS)
    await visits.note_statements(made, people, found)
    await visits.time_statements(made, found)
    print(f"{'page':58}{'p50':>8}{'p95':>8}{'CPU':>7}{'SQL':>7}{'alone':>8}{'CPU':>7}{'kB':>8}")
    for each in found:
        one, slow = each.figures(), each.p95 >= LIMITS.get(each.visit.kind, 1e9)
        print(
            f"{each.visit.path[-57:]:58}{one['p50_ms']:8}{one['p95_ms']:8}{one['cpu_ms']:7}{one['statements']:7}"
            f"{one['sql_alone_ms']:8}{one['sql_cpu_ms']:7}{one['kilobytes']:8}{'  slow' if slow else ''}"
        )
    return found


def _of_pages(found: Sequence[Timed]) -> list[Line]:
    """The slowest of each kind, and the one with most statements."""
    lines = []
    for kind, limit in LIMITS.items():
        slowest = max((each for each in found if each.visit.kind == kind), key=lambda each: each.p95)
        lines.append(Line(33, f"slowest {kind}, p95: {slowest.visit.path}", round(slowest.p95, 1), limit, "ms"))
        dearest = max((each for each in found if each.visit.kind == kind), key=lambda each: each.all_cpu_ms)
        lines.append(Line(33, f"most CPU of a {kind}: {dearest.visit.path}", round(dearest.all_cpu_ms, 1), limit, "ms"))
    most = max(found, key=lambda each: len(each.sent))
    lines.append(Line(33, f"most statements: {most.visit.path}", len(most.sent), MOST))
    return lines


def _of_loads(first: browser.Loaded, later: Sequence[browser.Loaded]) -> list[Line]:
    largest = max(later, key=lambda each: each.kilobytes)
    slowest, moved = max(later, key=lambda each: each.lcp_s), max((first, *later), key=lambda each: each.cls)
    own = len((STATIC / "console.js").read_text().splitlines())
    return [
        Line(34, "first view", first.kilobytes, 180, "kB"),
        Line(34, f"largest later view: {largest.path}", largest.kilobytes, 40, "kB"),
        Line(34, "requests of the first view", first.requests, 8),
        Line(34, "scripts", first.script_kilobytes, 45, "kB"),
        Line(34, "own script", own, 200, "lines"),
        Line(35, "largest paint of the first view", first.lcp_s, 0.8, "s"),
        Line(35, f"slowest later largest paint: {slowest.path}", slowest.lcp_s, 0.8, "s"),
        Line(35, f"largest shift of the layout: {moved.path}", moved.cls, 0.02),
    ]


PARTS = ("pages", "browser", "sessions", "touches")


async def _run(arguments: argparse.Namespace) -> dict[str, Any]:
    async with world(lambda text: print(text, file=sys.stderr, flush=True)) as made:
        return await measure(made, arguments.only.split(","))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=file_to_write, help="where to write the figures")
    parser.add_argument("--only", default=",".join(PARTS), help=f"parts, by comma: {', '.join(PARTS)}")
    arguments = parser.parse_args()
    result = asyncio.run(_run(arguments))
    print(f"\n{ACCOUNTS:,} accounts, {EVENTS:,} events")
    for each in result["lines"]:
        measured = f"{each['measured']:>9} of {each['limit']:g} {each['unit']:6}"
        print(f"{each['number']:>4}  {each['what'][:76]:78}{measured}{'holds' if each['holds'] else 'DOES NOT HOLD'}")
    if arguments.json:
        Path(arguments.json).write_text(json.dumps(result, indent=2, default=str) + "\n")


if __name__ == "__main__":
    main()
