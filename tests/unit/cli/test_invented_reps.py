"""Do invented reps behave like people, and the same in every run?"""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from uuid import uuid4

import pytest

from cli.demo.behavior import behavior
from cli.demo.invented.reps import decide, found_contact
from engines.packs import section
from services.sequencer.domain.touches import Touches
from shared.contracts.sequencer_replies import OutcomeChoice, WorklistTask
from shared.contracts.sequencer_touches import CompleteTask, EndTask, SkipTask
from tests.support.sequencing import on_the_worklist

TODAY = date(2026, 7, 14)


def tasks() -> list[WorklistTask]:
    return [
        on_the_worklist(facility_id=f"33X{number:03d}", step_no=step, due_on=TODAY)
        for number in range(500)
        for step in range(1, 5)
    ]


def test_the_decision_of_a_rep_does_not_depend_on_id_or_rank() -> None:
    def words(task: WorklistTask) -> tuple[type[EndTask], str | None] | None:
        command = decide(behavior(), 1, task, TODAY)
        return (type(command), outcome_of(command)) if command else None

    others = [task.model_copy(update={"task_id": uuid4(), "rank": 7}) for task in tasks()]

    assert [words(task) for task in tasks()] == [words(task) for task in others]


def test_most_tasks_are_done_and_some_are_skipped_or_left_open() -> None:
    counts = Counter(type(decide(behavior(), 1, task, TODAY)) for task in tasks())

    assert 0.84 < counts[CompleteTask] / 2000 < 0.92
    assert 0.02 < counts[SkipTask] / 2000 < 0.07
    assert 0.05 < counts[type(None)] / 2000 < 0.11


def test_no_task_is_left_open_for_a_second_day() -> None:
    late = [task.model_copy(update={"due_on": TODAY - timedelta(days=1)}) for task in tasks()[:500]]

    assert all(decide(behavior(), 1, task, TODAY) for task in late)


@pytest.mark.parametrize("channel", ["call", "email", "linkedin", "research"])
def test_a_completed_task_has_an_outcome(channel: str) -> None:
    commands = [
        decide(behavior(), 1, on_the_worklist(step_no=step, channel=channel, due_on=TODAY), TODAY) for step in range(50)
    ]

    assert all(outcome_of(command) for command in commands if command)


def test_calls_have_the_stated_outcomes_at_the_stated_rates() -> None:
    done = [command for task in tasks() if isinstance(command := decide(behavior(), 1, task, TODAY), CompleteTask)]
    counts = Counter(command.outcome for command in done)

    for outcome, rate in behavior().outcomes["call"].items():
        assert abs(counts[outcome] / len(done) - rate) < 0.03, outcome
    losses = [command.outcome for command in done if command.confirm_loss]
    assert losses == ["not_interested"] * counts["not_interested"]


def test_the_stated_rates_are_these() -> None:
    rates = behavior()

    assert (rates.left_for_tomorrow, rates.skipped) == (0.08, 0.04)
    assert rates.letters == {"replied": 0.04, "bounced": 0.02, "away": 0.06, "unsubscribed": 0.01}
    assert rates.outcomes["call"] == {
        "no_answer": 0.27,
        "left_voicemail": 0.30,
        "gatekeeper": 0.20,
        "reached": 0.10,
        "interested": 0.05,
        "meeting": 0.05,
        "not_interested": 0.03,
    }


def test_every_stated_outcome_is_one_of_the_pack() -> None:
    known = {channel: {each.id for each in found} for channel, found in section("touches", Touches).outcomes.items()}

    for name, rates in behavior().outcomes.items():
        assert set(rates) <= known.get(name, known["call"]), name  # type: ignore[call-overload]


def test_a_call_that_was_promised_has_rates_of_its_own() -> None:
    promised = [task.model_copy(update={"kind": "follow_up"}) for task in tasks()]
    done = [command for task in promised if isinstance(command := decide(behavior(), 1, task, TODAY), CompleteTask)]

    met = sum(command.outcome == "meeting" for command in done)
    assert abs(met / len(done) - behavior().outcomes["follow_up"]["meeting"]) < 0.04


def test_a_rep_has_an_outcome_in_a_pack_without_stated_rates() -> None:
    [only] = [OutcomeChoice(id="talked", title="talked")]
    commands = [decide(behavior(), 1, task.model_copy(update={"outcomes": [only]}), TODAY) for task in tasks()]

    assert {outcome_of(command) for command in commands if isinstance(command, CompleteTask)} == {"talked"}


def outcome_of(command: EndTask) -> str | None:
    return command.outcome if isinstance(command, CompleteTask) else command.reason


def test_what_research_finds_is_a_contact_of_the_role_with_a_direct_line() -> None:
    task = on_the_worklist(facility_id="33X007", channel="research", persona="don", person=None)

    row = found_contact(1, task)

    assert found_contact(1, task).name == row.name
    assert (row.facility_id, row.role, row.actor) == ("33X007", "don", task.rep)
    assert str(row.direct_phone).startswith("21255501")
    assert str(row.email).endswith("@33x007.example")
