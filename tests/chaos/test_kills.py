"""Does it matter to a salesperson that a service died?"""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from cli.stack import stackfile
from shared.contracts.topology import SERVICES
from tests.support.demo import DAYS, Outcome, kill, live_through


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    with pytest.MonkeyPatch.context() as monkeypatch:
        return live_through(tmp_path_factory.mktemp("undisturbed"), monkeypatch)


def test_a_demo_ends_with_a_worklist_that_gives_a_reason_for_every_place(undisturbed: Outcome) -> None:
    assert undisturbed.worklist
    assert [task["rank"] for task in undisturbed.worklist] == list(range(1, len(undisturbed.worklist) + 1))
    assert all(task["reason"] for task in undisturbed.worklist)
    seen = undisturbed.summary
    assert seen["postings_seen"] == seen["matched"] + seen["queued"] + sum(seen["ignored"].values())


@pytest.mark.chaos
@pytest.mark.parametrize("service", SERVICES)
def test_killing_a_service_in_the_middle_changes_nothing_in_the_final_worklist(
    service: str, undisturbed: Outcome, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance = Random(f"kill {service}")
    restarts = []

    def disturb(day: int) -> None:
        if day == DAYS // 2:
            kill(service, after=chance.uniform(0.0, 0.4))
        stack = stackfile.read(stackfile.home())
        restarts.append(stack.children[service].restarts if stack else -1)

    disturbed = live_through(tmp_path, monkeypatch, disturb)

    assert restarts[-1] == 1
    assert disturbed.worklist == undisturbed.worklist
    assert disturbed.summary == undisturbed.summary
