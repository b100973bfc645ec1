"""How long do the running services take for a national file, the next month's, one changed facility, another model?"""

from __future__ import annotations

import csv
import random
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import monotonic
from typing import Any
from uuid import uuid4

from cli.commands.score import replayed
from cli.demo.simulate import Simulation
from cli.linting.scheme import scheme_of
from engines import packs
from shared.contracts.ingest import ImportFacilities
from shared.contracts.requests import Question
from shared.contracts.schemes import Scheme
from shared.contracts.scorer import Calibrate, PublishScheme, WhatIf
from shared.messaging.broker import Broker
from tests.benchmarks import pipeline
from tests.benchmarks.postings import DAY
from tests.benchmarks.world import World, world

Figures = dict[str, float]

CHUNK = 1_000
RATING, MONTH = 4, 7
"""Columns of the invented file."""


async def run(write_files: Callable[[Path], Path]) -> Figures:
    """Seconds until all services are quiet after a first file of the country, after the next month's with a fifth of
    the ratings changed, and after the same with one changed; then of the scorer's replies about the country."""
    async with world() as servers, pipeline.five_services(servers, imported=False) as (broker, _):
        with tempfile.TemporaryDirectory() as name, (write_files(Path(name)) / "facilities.csv").open() as file:
            header, *rows = list(csv.reader(file))
        chance = random.Random(2)
        later = [[*row[:RATING], _rated(row[RATING], chance), *row[5:MONTH], "2026-07-01"] for row in rows]
        figures = {"first_file": await _import(broker, header, rows), "refresh": await _import(broker, header, later)}
        before = await _published_scores(servers)
        again = [[*later[0][:RATING], "2" if later[0][RATING] == "1" else "1", *later[0][5:]], *later[1:]]
        figures["one_changed"] = await _import(broker, header, again)
        figures["one_changed_events"] = await _published_scores(servers) - before
        return {**figures, **await _answers(broker)}


def _rated(stars: str, chance: random.Random) -> str:
    return chance.choice("12345") if chance.random() < 0.2 else stars


async def _published_scores(servers: World) -> int:
    return (await servers.client.jetstream().stream_info("SCORER")).state.messages


async def _import(broker: Broker, header: list[str], rows: list[list[str]]) -> float:
    began, import_id = monotonic(), uuid4()
    for start in range(0, len(rows), CHUNK):
        chunk = ImportFacilities(
            import_id=import_id,
            file_name="facilities.csv",
            header=header,
            rows=rows[start : start + CHUNK],
            lines=[start + 2 + n for n in range(len(rows[start : start + CHUNK]))],
            final=start + CHUNK >= len(rows),
            actor="bench",
        )
        await broker.ask(chunk, timeout_seconds=120)
    await Simulation(broker).wait_until_idle()
    return round(monotonic() - began, 1)


async def _answers(broker: Broker) -> Figures:
    """Calibration, a model tried, the same model published, and all scores replayed."""
    tried = _with_more_fines(scheme_of(packs.pack_folder()))
    seconds = {
        "recalibrated": await _asked(broker, Calibrate(actor="bench")),
        "what_if": await _asked(broker, WhatIf(**dict(tried))),
        "published": await _asked(broker, PublishScheme(**dict(tried), actor="bench")),
    }
    await Simulation(broker).wait_until_idle()
    began = monotonic()
    answer = await replayed(broker, DAY)
    return {**seconds, "replayed": round(monotonic() - began, 1), "replay_differing": len(answer.differing)}


def _with_more_fines(scheme: Scheme) -> Scheme:
    weights = {"open_posting": 0.18, "survey_penalty": 0.36}
    for factor in scheme.model["factors"]:
        factor["weight"] = weights.get(factor["factor"], factor["weight"])
    return scheme.model_copy(update={"pack": "fines-first"})


async def _asked(broker: Broker, request: Question[Any]) -> float:
    began = monotonic()
    await broker.ask(request, timeout_seconds=120)
    return round(monotonic() - began, 2)
