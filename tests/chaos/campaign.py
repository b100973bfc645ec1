"""How do many seeded chaos runs end? `make chaos SEEDS=20` runs them and prints the tables of the report.

`AWAY=600` adds two runs in which NATS and PostgreSQL are down for that many seconds. `CLUSTER=1` runs all on three
NATS servers and a PostgreSQL with a standby, with the faults of these.
"""

from __future__ import annotations

import argparse
import asyncio
import shutil
import statistics
import sys
import tempfile
from collections import Counter
from pathlib import Path

import structlog

from cli.stack.target import REPOSITORY
from tests.support.chaos import Outcome, Schedule, live, schedule
from tests.support.chaos_cluster import CLUSTER_KINDS, clustered_machines
from tests.support.chaos_faults import KINDS, OUTAGES
from tests.support.chaos_stack import Machines, machines
from tests.support.chaos_world import World, invent

LOGS = REPOSITORY / ".cache" / "chaos"


async def campaign(seeds: int, away: float, cluster: bool) -> int:
    """Executes the runs and prints the result of each; returns the number of violations."""
    with tempfile.TemporaryDirectory() as folder:
        world = invent(Path(folder))
    kinds, started = (CLUSTER_KINDS, clustered_machines()) if cluster else (KINDS, machines())
    async with started as servers:
        undisturbed = await live(servers, world)
        print(f"undisturbed: {undisturbed.facts} facts, {undisturbed.dead} dead letters, {undisturbed.violations}\n")
        print("| Run | Faults | Restarts | Facts | Dead | Violations | Seconds to converge: median, longest |")
        print("|---|---|---|---|---|---|---|", flush=True)
        outcomes = []
        for seed in range(1, seeds + 1):
            outcomes.append(await _one(f"seed {seed}", servers, world, schedule(seed, kinds), seed, undisturbed, 0.0))
        for name in OUTAGES if away and not cluster else ():
            planned = {"feed 1": [(0.3, name)]}
            outcomes.append(await _one(f"{name} {away:g} s", servers, world, planned, 1, undisturbed, away))
    _print_kinds(outcomes)
    return sum(len(outcome.violations) for outcome in [undisturbed, *outcomes])


async def _one(
    name: str, servers: Machines, world: World, planned: Schedule, seed: int, undisturbed: Outcome, away: float
) -> Outcome:
    outcome = await live(servers, world, planned, seed, undisturbed.state, outage_seconds=away)
    converged = f"{statistics.median(outcome.converged):.1f}, {max(outcome.converged):.1f}"
    cells = (name, outcome.faults.total(), outcome.restarts, outcome.facts, outcome.dead, len(outcome.violations))
    print(f"| {' | '.join(map(str, cells))} | {converged} |", flush=True)
    if outcome.violations:
        logs = LOGS / name.replace(" ", "-")
        shutil.rmtree(logs, ignore_errors=True)
        shutil.copytree(servers.home / "logs", logs)
        print(*outcome.violations, f"logs in {logs}", sep="\n  ", flush=True)
    return outcome


def _print_kinds(outcomes: list[Outcome]) -> None:
    kinds = sum((outcome.faults for outcome in outcomes), Counter[str]())
    converged = sorted(seconds for outcome in outcomes for seconds in outcome.converged)
    print("\n| Fault | Times |\n|---|---|")
    for kind, count in kinds.most_common():
        print(f"| {kind} | {count} |")
    print(
        f"\n{len(outcomes)} runs, {kinds.total()} faults, {sum(o.facts for o in outcomes)} facts,"
        f" {sum(len(o.violations) for o in outcomes)} violations; seconds to converge: median"
        f" {statistics.median(converged):.1f}, nine tenths within {converged[int(len(converged) * 0.9)]:.1f},"
        f" longest {converged[-1]:.1f}"
    )


def main() -> None:
    options = argparse.ArgumentParser(prog="python -m tests.chaos.campaign", description=__doc__)
    options.add_argument("--seeds", type=int, default=20)
    options.add_argument("--away", type=float, default=0.0, help="seconds for which each server is down in a run")
    options.add_argument("--cluster", action="store_true", help="on three NATS servers and a PostgreSQL with a standby")
    given = options.parse_args()
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    sys.exit(1 if asyncio.run(campaign(given.seeds, given.away, given.cluster)) else 0)


if __name__ == "__main__":
    main()
