"""How long does a day of ten thousand running enrollments take in the sequencer, and how much memory?

    python -m tests.benchmarks.planned_day [ACCOUNTS]

A team of a rep for every 40 accounts, on a real database. The first day starts the enrollments; on the next ones their
touches are done and the plan is made: read, planned, written, with its events. Prints seconds per day and the largest
memory of the process, which also holds the test's own servers' clients.
"""

from __future__ import annotations

import asyncio
import os
import resource
import shutil
import sys
import tempfile
from datetime import date, datetime, time, timedelta
from pathlib import Path
from time import perf_counter
from zoneinfo import ZoneInfo

import yaml

from engines.packs import pack_folder
from tests.support.running import Running, run_service
from tests.support.sequencing import contact, listed, scored
from tests.support.servers import test_servers

FIRST = date(2026, 7, 6)
DAYS = 4
BATCH = 1_000


def a_pack(folder: Path, reps: int) -> None:
    """The shipped pack for a large team: each rep does at most 15 touches a day, and Tier 2 starts without a limit."""
    shutil.copytree(pack_folder(), folder / "snf")
    path = folder / "snf" / "capacity.yaml"
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    content["touches_per_day"] = {"scope": "rep", "max": 15}
    content["tiers"][2]["new_per_day"] = 3 * reps
    path.write_text(yaml.safe_dump(content), encoding="utf-8")


async def main(accounts: int) -> None:
    reps = max(accounts // 40, 1)
    with tempfile.TemporaryDirectory() as folder, test_servers() as servers:
        a_pack(Path(folder), reps)
        os.environ["PIPELINE_PACKS_DIR"] = folder
        os.environ["PIPELINE_SEQUENCER_REPS"] = ",".join(f"rep-{n:03}" for n in range(reps))
        async with run_service("sequencer", servers) as sequencer:
            await fill(sequencer, accounts)
            await live(sequencer)


async def fill(sequencer: Running, accounts: int) -> None:
    ids = [f"{330000 + n}" for n in range(accounts)]
    for at in range(0, accounts, BATCH):
        part = ids[at : at + BATCH]
        rows = [contact(each, direct_phone="518-555-0111", email=f"ada{each}@example.org") for each in part]
        await sequencer.ask("import_contacts", {"actor": "ann", "rows": rows})
        await sequencer.receive(*map(listed, part), *(scored(each, 1 if int(each) % 5 == 0 else 2) for each in part))


async def live(sequencer: Running) -> None:
    day, worked = FIRST, 0
    while worked < DAYS * 5:
        now = datetime.combine(day, time(5, 59), ZoneInfo("America/New_York"))
        await sequencer.set_clock(now)
        began = perf_counter()
        await sequencer.set_clock(now + timedelta(minutes=1))
        seconds = perf_counter() - began
        if day.weekday() < 5:
            worked += 1
            [counted] = await sequencer.sql(
                "SELECT (SELECT count(*) FROM enrollments WHERE status = 'active') AS running,"
                " (SELECT count(*) FROM tasks WHERE status = 'due') AS due"
            )
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            print(
                f"{day}  running {counted['running']:,}  due {counted['due']:,}  seconds {seconds:.2f}"
                f"  largest memory {peak:.0f} MB",
                flush=True,
            )
        await sequencer.sql(
            "UPDATE tasks SET status = 'done', done_on = %(day)s, done_by = 'ann', outcome = 'sent'"
            " WHERE status = 'due' RETURNING task_id",
            day=day,
        )
        await sequencer.idle()
        day += timedelta(days=1)


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000))
