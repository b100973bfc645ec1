"""Do all days of a deployment on real files replay, with a refresh and another model on the way?

The published files of 2021, postings from the July feed, and the files of February 2026 in the middle, through all
all services on a simulated clock. Then every facility is replayed to every day, and to the day before the first.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from cli.client.connection import connected
from cli.commands.score import Replayed, replayed
from cli.demo.feed import Feed, read_feed
from cli.demo.simulate import Simulation
from cli.files.importing import import_postings, import_table
from cli.stack import lifecycle
from engines import packs
from shared.contracts.ingest import FileChunk, ImportFacilities, ImportQuality
from shared.contracts.schemes import Scheme
from shared.contracts.scorer import Calibrations, Counts, Publications, PublishScheme, WhatIf
from shared.messaging.broker import Broker
from tests.support.reference import CMS, DATA, needs_reference_data

FIRST = date(2026, 7, 1)
REFRESH, CHANGED, BACK = 2, 3, 5
"""The days of the refresh and of the two publications, counted from the first."""


@dataclass(frozen=True)
class Lived:
    """The results of a deployment about its days."""

    replays: dict[date, Replayed]
    packs: dict[date, str]
    crossings: int
    tried_in_vain: bool
    """Whether trying a model changed nothing."""


@contextmanager
def stack(home: Path) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setenv("PIPELINE_HOME", str(home))
        monkeypatch.delenv("PIPELINE_NATS_URL", raising=False)
        lifecycle.start("demo", lambda _: None, simulation=True)
        try:
            yield
        finally:
            lifecycle.wipe(home, lambda _: None)


takes_long = pytest.mark.skipif(
    os.environ.get("LONG") != "1", reason="the country takes a minute and a half: LONG=1 make test TESTS=THIS_FILE"
)


@asynccontextmanager
async def imported(state: str | None) -> AsyncIterator[Simulation]:
    """The facilities of the country, or of a state, in the files of 2021."""
    async with connected() as broker:
        simulation = Simulation(broker)
        await simulation.set_time(FIRST, time(0))
        await take(broker, ImportFacilities, "NH_ProviderInfo_Aug2021.csv.zip", state=state)
        await take(broker, ImportQuality, "NH_Penalties_Jun2021.csv.zip")
        await simulation.wait_until_idle()
        yield simulation


async def take(broker: Broker, kind: type[FileChunk], name: str, **options: Any) -> None:
    await import_table(broker, kind, CMS / name, options, lambda _: None)


async def live(state: str | None, days: int) -> Lived:
    feed = read_feed(DATA / "postings" / "ny_feed.csv", packs.calendar().timezone)
    async with imported(state) as simulation:
        jobs = await simulation.job_times()
        tried, forces = False, {}
        for number in range(days):
            day = FIRST + timedelta(days=number)
            await pass_morning(simulation, day, jobs, feed)
            if number == REFRESH:
                await refresh(simulation.broker)
            if number in (CHANGED, BACK):
                tried |= await change_model(simulation.broker, back=number == BACK)
            await pass_evening(simulation, day, jobs)
            forces[day] = (await simulation.broker.ask(Publications(limit=1)))[0].pack
        asked = [FIRST + timedelta(days=number) for number in range(-1, days)]
        replays = {day: await replayed(simulation.broker, day) for day in asked}
        made = await simulation.broker.ask(Calibrations())
        return Lived(replays, forces, sum(len(one.crossings) for one in made), tried)


async def pass_morning(simulation: Simulation, day: date, jobs: list[time], feed: Feed) -> None:
    for at in [at for at in jobs if at < time(18)]:
        await simulation.set_time(day, at)
    await import_postings(simulation.broker, feed.days.get(day, []), None, lambda _: None)
    await simulation.wait_until_idle()


async def pass_evening(simulation: Simulation, day: date, jobs: list[time]) -> None:
    await simulation.wait_until_idle()
    for at in [at for at in jobs if at >= time(18)]:
        await simulation.set_time(day, at)


async def refresh(broker: Broker) -> None:
    await take(broker, ImportQuality, "facility_quality_feb2026.csv.gz", as_of="2026-02-01")
    await take(broker, ImportQuality, "penalties_feb2026.csv.gz")


async def change_model(broker: Broker, back: bool) -> bool:
    """Publish a model with high weights for fines, or the pack's again; returns whether trying it changed nothing."""
    given = scheme() if back else fines_first()
    before = await broker.ask(Counts()), await broker.ask(Publications())
    await broker.ask(WhatIf(**dict(given)), timeout_seconds=120)
    after = await broker.ask(Counts()), await broker.ask(Publications())
    await broker.ask(PublishScheme(**dict(given), actor="ada"), timeout_seconds=120)
    return bool(before == after)


def scheme() -> Scheme:
    folder = packs.pack_folder()
    files = {"model": "scoring.yaml", "policy": "tiers.yaml"}
    read = {name: yaml.safe_load((folder / file).read_text()) for name, file in files.items()}
    return Scheme(pack=packs.hash_of(folder), **read)


def fines_first() -> Scheme:
    weights = {"open_posting": 0.18, "survey_penalty": 0.36}
    given = scheme()
    for factor in given.model["factors"]:
        factor["weight"] = weights.get(factor["factor"], factor["weight"])
    return given.model_copy(update={"pack": "fines-first"})


@needs_reference_data
@pytest.mark.parametrize(
    "state,days,facilities",
    [
        pytest.param("NY", 9, 616, id="New York"),
        pytest.param(None, 6, 15_283, id="the country", marks=[takes_long]),
    ],
)
def test_every_facility_replays_to_every_day(tmp_path: Path, state: str | None, days: int, facilities: int) -> None:
    with stack(tmp_path):
        lived = asyncio.run(live(state, days))

    assert {str(day): one.differing for day, one in lived.replays.items() if one.differing} == {}
    assert [one.facilities for one in lived.replays.values()] == [0, *[facilities] * days]
    assert len(set(lived.packs.values())) == 2
    assert {day: one.pack for day, one in lived.replays.items() if day >= FIRST} == lived.packs
    assert lived.tried_in_vain
    assert lived.crossings > 0
