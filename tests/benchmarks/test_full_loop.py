"""Is the full loop still of the right order of magnitude? `make bench` has the precise figures."""

from __future__ import annotations

import sys

import pytest

from tests.benchmarks import full_loop
from tests.benchmarks.run import OPEN_CONFIG
from tests.benchmarks.world import world

EVENTS = 3_000


@pytest.mark.benchmark
async def test_the_full_loop_spends_little_python_on_an_event() -> None:
    async with world(OPEN_CONFIG) as servers:
        figures = await full_loop.run(servers, "kernel", EVENTS, sys.executable)

    print(figures)
    assert figures["cpu_python_us"] < 200
