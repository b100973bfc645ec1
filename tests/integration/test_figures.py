"""Are the key figures of a run those that a plain computation finds, and can a person follow each of them?"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pydantic_core import from_json

from cli.client.connection import connected
from cli.client.recalling import stored_events
from cli.client.settling import wait_until_listed
from cli.demo import story
from cli.demo.days import DayProgress
from cli.stack import lifecycle
from shared.contracts.kernel import History
from shared.contracts.sequencer_leads import OutcomeKind, RecordOutcome, UndoOutcome
from shared.contracts.topology import SERVICES
from tests.support import plain_figures as plain
from tests.support.plain_figures import Events, Stored
from tests.support.toy import pipeline

DAYS = 12
OUTCOMES: tuple[tuple[OutcomeKind, str | None], ...] = (
    ("won", None),
    ("lost", "no budget"),
    ("lost", "no budget"),
    ("meeting", None),
)


@pytest.fixture(scope="module")
def worked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Events]]:
    """A stack after some days of invented work and a few outcomes, and all events of these days."""
    home = tmp_path_factory.mktemp("figures")
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("PIPELINE_HOME", str(home))
        environment.delenv("PIPELINE_NATS_URL", raising=False)
        given = story.inputs(home / "invented", 1, DAYS, None, None, None, None, None)
        lifecycle.start("demo", lambda _: None, simulation=True)
        try:
            yield home, asyncio.run(live(given))
        finally:
            lifecycle.wipe(home, lambda _: None)


async def live(given: story.Inputs) -> Events:
    async with connected() as broker:
        await story.run_demo(broker, given, DayProgress())
        done = [event for event in await stored() if event.subject == "task.done" and event.body["status"] == "done"]
        facilities = sorted({event.body["facility_id"] for event in done})
        for facility_id, (outcome, reason) in zip(facilities, OUTCOMES, strict=False):
            await broker.ask(RecordOutcome(facility_id=facility_id, outcome=outcome, reason=reason, actor="ann"))
        taken_back = facilities[len(OUTCOMES)]
        await broker.ask(RecordOutcome(facility_id=taken_back, outcome="won", actor="ann"))
        await broker.ask(UndoOutcome(facility_id=taken_back, actor="ann"))
    return await stored()


async def stored() -> Events:
    async with connected() as broker:
        await wait_until_listed(broker)
        found = [event for service in SERVICES async for event in stored_events(broker, service, History(subjects=[]))]
    return [Stored(event.subject, from_json(event.body)) for event in sorted(found, key=lambda each: each.event_id)]


def listed(home: Path) -> dict[str, dict[str, Any]]:
    return {figure["name"]: figure for figure in json.loads(pipeline(home, "kpi", "list", "--json"))}


@pytest.mark.parametrize("name", plain.PLAIN)
def test_a_figure_is_what_a_plain_computation_finds(worked: tuple[Path, Events], name: str) -> None:
    home, events = worked
    figure = listed(home)[name]

    expected = plain.PLAIN[name](events, date.fromisoformat(figure["until"]))

    assert (figure["numerator"], figure["denominator"]) == expected
    assert expected[1], "nothing was compared"


def test_medians_and_counts_are_what_a_plain_computation_finds(worked: tuple[Path, Events]) -> None:
    home, events = worked
    figures = listed(home)

    assert figures["days_to_contact"]["value"] == plain.days_to_contact(events)
    stages = figures["time_in_stage"]["parts"]["stage"]
    assert {name: part["value"] for name, part in stages.items()} == plain.days_in_stage(events)
    assert figures["days_since_contact"]["denominator"] == plain.clients(events) > 1
    reasons = figures["lost_reasons"]["parts"]["reason"]
    assert {name: part["value"] for name, part in reasons.items()} == plain.lost_reasons(events) == {"no budget": 2}


def test_the_events_behind_a_figure_add_up_to_it(worked: tuple[Path, Events]) -> None:
    home, events = worked

    shown = json.loads(pipeline(home, "kpi", "show", "touch_completion", "--by", "rep", "--events", "--json"))

    assert (len(shown["counted"]), len(shown["missing"])) == (
        shown["numerator"],
        shown["denominator"] - shown["numerator"],
    )
    due = {event.body["task_id"] for event in events if event.subject == "task.due"}
    assert {case["first"]["task"] for case in shown["counted"] + shown["missing"]} <= due
    assert sum(part["denominator"] for part in shown["parts"]["rep"].values()) == shown["denominator"]


def test_a_figure_is_explained_in_words(worked: tuple[Path, Events]) -> None:
    text = " ".join(pipeline(worked[0], "kpi", "show", "touch_completion").split())

    assert "Of the touches due: the share followed by touches done on the same day, joined by task." in text
    assert "the target is at least 85 %" in text


def test_an_unknown_figure_and_an_unknown_column_are_refused(worked: tuple[Path, Events]) -> None:
    with pytest.raises(AssertionError):
        pipeline(worked[0], "kpi", "show", "win_rat")
    with pytest.raises(AssertionError):
        pipeline(worked[0], "kpi", "show", "win_rate", "--by", "moon")
