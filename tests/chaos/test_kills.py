"""Does a crashed service change the worklist of a rep?"""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from cli.stack import stackfile
from shared.contracts.topology import SERVICES
from tests.support.demo import DAYS, Outcome, kill, live_through

PAIRS = {2 + number: SERVICES[2 * number : 2 * number + 2] for number in range((len(SERVICES) + 1) // 2)}
"""The services that are killed on each day, in the middle of the demo."""


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    with pytest.MonkeyPatch.context() as monkeypatch:
        return live_through(tmp_path_factory.mktemp("undisturbed"), monkeypatch)


def test_a_demo_ends_with_a_worklist_that_gives_a_reason_for_every_place(undisturbed: Outcome) -> None:
    assert undisturbed.worklist
    assert [task.rank for task in undisturbed.worklist] == list(range(1, len(undisturbed.worklist) + 1))
    assert all(task.reason for task in undisturbed.worklist)
    seen = undisturbed.summary
    assert seen["postings_seen"] == seen["matched"] + seen["queued"] + sum(seen["ignored"].values())


@pytest.mark.chaos
def test_killing_every_service_in_the_middle_changes_nothing_in_the_final_worklist(
    undisturbed: Outcome, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert max(PAIRS) < DAYS, "the last day shows what kills left"
    restarts: dict[str, int] = {}

    def disturb(day: int) -> None:
        for service in PAIRS.get(day, ()):
            kill(service, after=Random(f"kill {service}").uniform(0.0, 0.4))
        if stack := stackfile.read(stackfile.home()):
            restarts.update({service: stack.children[service].restarts for service in SERVICES})

    disturbed = live_through(tmp_path, monkeypatch, disturb)

    assert restarts == dict.fromkeys(SERVICES, 1)
    assert disturbed.worklist == undisturbed.worklist
    assert disturbed.summary == undisturbed.summary
