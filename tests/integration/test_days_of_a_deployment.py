"""Do all commands use the deployment's day, in every time zone of machine and pack and at every hour?"""

from __future__ import annotations

import asyncio
import contextlib
import csv
import io
import json
import os
import shutil
import sys
import time as machine_time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, time, timedelta
from pathlib import Path

import pytest

from cli.client.connection import connected
from cli.client.since import instant
from cli.demo.invented import write_invented
from cli.demo.simulate import Simulation
from cli.main import main
from cli.stack import lifecycle
from cli.stack.target import REPOSITORY
from engines import packs
from shared.clock import instant_at
from shared.contracts.topology import SERVICES

FRIDAY = date(2026, 7, 10)
ZONES = (
    # of the machine, of the pack; and times of the pack's day at which the other zone has another date
    ("America/New_York", "Pacific/Kiritimati", (time(0, 20), time(13, 30))),
    ("Pacific/Kiritimati", "Pacific/Honolulu", (time(6, 30), time(23, 50))),
)
"""tests/unit/shared covers every hour of the day and the days of clock changes."""


@contextmanager
def deployed(home: Path, machine: str, zone: str) -> Iterator[None]:
    """A stack on a simulated clock, with our pack in another time zone."""
    shutil.copytree(REPOSITORY / "packs" / "snf", home / "packs" / "elsewhere")
    (home / "packs" / "elsewhere" / "calendar.yaml").write_text(f"timezone: {zone}\ncountry: US\nsubdivision: NY\n")
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("PIPELINE_HOME", str(home))
        environment.setenv("PIPELINE_PACKS_DIR", str(home / "packs"))
        environment.setenv("PIPELINE_PACK", "elsewhere")
        environment.setenv("TZ", machine)
        environment.setenv("PGTZ", machine)  # the zone of every session with PostgreSQL
        machine_time.tzset()
        environment.delenv("PIPELINE_NATS_URL", raising=False)
        lifecycle.start("demo", lambda _: None, simulation=True)
        try:
            yield
        finally:
            lifecycle.wipe(home, lambda _: None)
    machine_time.tzset()


def set_clock(day: date, at: time) -> None:
    async def set_time() -> None:
        async with connected() as broker:
            await Simulation(broker).set_time(day, at)

    asyncio.run(set_time())


def pipeline(*words: str) -> str:
    """The output of a command on a machine that has only the shipped pack, in New York."""
    out = io.StringIO()
    with pytest.MonkeyPatch.context() as patch, contextlib.redirect_stdout(out), contextlib.suppress(SystemExit):
        patch.delenv("PIPELINE_PACKS_DIR")
        patch.delenv("PIPELINE_PACK")
        patch.setattr(sys, "argv", ["pipeline", *words])
        main()
    return out.getvalue()


def first_with(facilities: Path, cells: dict[str, str]) -> str:
    """The key of the first facility with these cells."""
    with facilities.open(encoding="utf-8", newline="") as file:
        rows = (row for row in csv.DictReader(file) if cells.items() <= row.items())
        return next(rows)["CMS Certification Number (CCN)"]


long = pytest.mark.skipif(
    os.environ.get("LONG") != "1", reason="a second pair of zones takes half a minute: LONG=1 make test TESTS=THIS_FILE"
)


@pytest.mark.parametrize("machine, zone, hours", [ZONES[0], pytest.param(*ZONES[1], marks=long)])
def test_every_command_uses_the_deployments_day(
    tmp_path: Path, machine: str, zone: str, hours: tuple[time, ...]
) -> None:
    with deployed(tmp_path, machine, zone):
        thursday = FRIDAY - timedelta(days=1)
        set_clock(thursday, time(12))
        world = write_invented(packs.pack_folder(), tmp_path / "invented", seed=1, days=10)
        pipeline("import", "facilities", str(world.facilities))
        set_clock(thursday, time(12, 1))  # once everything that was imported has a score of its day
        without_points = first_with(world.facilities, {"QM Rating": "5", "Staffing Rating": "5"})
        set_clock(FRIDAY, time(0, 1))
        for at in hours:
            set_clock(FRIDAY, at)

            assert f"{FRIDAY}" in pipeline("worklist").splitlines()[0], at
            assert f"replayed to {FRIDAY}: every score equals" in pipeline("score", "replay"), at
            assert f"unchanged since {thursday}" in pipeline("why", without_points, "--on", f"{FRIDAY}"), at
            assert pipeline("status").count(f" {FRIDAY} {at:%H:%M}:00 ") == len(SERVICES), at
            statuses = json.loads(pipeline("status", "--json"))["services"]
            assert {(each["today"], each["timezone"]) for each in statuses} == {(f"{FRIDAY}", zone)}, at
        assert instant(f"{FRIDAY}T06:00") == instant_at(FRIDAY, time(6), zone)
