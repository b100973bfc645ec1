"""Do ten simulated days keep every promise about the days of a sequence, the same for the same seed?"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from cli.client.connection import talk
from cli.demo import story
from cli.demo.behavior import behavior
from cli.demo.days import DayProgress, Workday
from cli.demo.feed import read_feed
from cli.demo.run import Given, Run, go_on
from cli.stack import lifecycle
from shared.contracts.sequencer_reps import AddRep, RecordLeave
from shared.messaging.broker import Broker
from tests.support.promises import Rules, broken, history

DAYS, SEED = 10, 7
THURSDAY, HOLIDAY, SATURDAY = date(2026, 7, 2), date(2026, 7, 3), date(2026, 7, 11)
"""The first day of the simulation, the day on which Independence Day is observed, and the last day."""
LEAVE = ("rep-2", date(2026, 7, 7), date(2026, 7, 8))
RULES = Rules(
    most=15,
    per_rep=8,
    new_per_rep_and_week=2,
    gap_days={"ny-snf-21-day": 1, "tier-2-nurture": 7},
    steps={"ny-snf-21-day": 9, "tier-2-nurture": 3},
    leaves=[LEAVE],
)

Touch = tuple[str, int, str, str, str | None, date | None]


def simulated(home: Path) -> tuple[Run, list[str], list[Touch]]:
    """Ten days after a demo of one day, with a leave and a third rep: the run, what it broke, and every touch."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("PIPELINE_HOME", str(home))
        environment.delenv("PIPELINE_NATS_URL", raising=False)
        inputs = story.inputs(home / "invented", 1, 1, None, None, None, None, None)
        lifecycle.start("demo", lambda _: None, simulation=True)
        try:
            return talk(lambda broker: _live(broker, inputs))
        finally:
            lifecycle.wipe(home, lambda _: None)


async def _live(broker: Broker, inputs: story.Inputs) -> tuple[Run, list[str], list[Touch]]:
    await story.run_demo(broker, inputs, DayProgress())
    rep, first, last = LEAVE
    await broker.ask(RecordLeave(rep=rep, from_on=first, to_on=last, actor="test"))
    cara = AddRep(rep="cara", name="Cara Elm", actor="test")
    feed = read_feed(inputs.postings, "America/New_York")
    run = await go_on(broker, Given(DAYS, SEED, behavior(), feed, [cara]), DayProgress(), lambda: False)
    tasks, enrollments = await history(broker)
    touches = [(t.facility_id, t.step_no, t.rep, t.status, t.outcome, t.done_on) for t in tasks]
    return run, broken(tasks, enrollments, RULES), sorted(touches, key=str)


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> tuple[Run, list[str], list[Touch]]:
    return simulated(tmp_path_factory.mktemp("simulate"))


def test_ten_days_keep_every_promise(outcome: tuple[Run, list[str], list[Touch]]) -> None:
    _, faults, touches = outcome

    assert faults == []
    assert sum(done_on is not None for *_, done_on in touches) > 30


def test_reps_work_on_business_days_only_and_never_above_the_cap(outcome: tuple[Run, list[str], list[Touch]]) -> None:
    run, _, _ = outcome
    days: dict[date, Workday] = {day.on: day for day in run.workdays}

    assert (run.first, run.last) == (THURSDAY, SATURDAY)
    assert list(days) == [THURSDAY, *(date(2026, 7, number) for number in range(6, 11))]
    assert HOLIDAY not in days
    assert max(day.total for day in run.workdays) <= RULES.most
    rep, first, last = LEAVE
    assert not any(rep in day.due for on, day in days.items() if first <= on <= last)


def test_the_postings_of_a_repeated_feed_are_new(outcome: tuple[Run, list[str], list[Touch]]) -> None:
    assert set(outcome[0].postings.counts) == {"new"}


def test_the_same_seed_gives_the_same_days(outcome: tuple[Run, list[str], list[Touch]], tmp_path: Path) -> None:
    run, _, touches = outcome

    again, _, same = simulated(tmp_path)

    assert (again.workdays, again.letters, same) == (run.workdays, run.letters, touches)


def test_letters_leave_by_the_mail_server_and_complete_their_touches(
    outcome: tuple[Run, list[str], list[Touch]],
) -> None:
    run, _, touches = outcome
    completed = [done_on for *_, result, done_on in touches if result == "sent" and done_on and done_on >= run.first]

    assert 0 < run.letters["sent"] <= len(completed)
