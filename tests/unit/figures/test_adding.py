"""Are figures the same whether events are known at once or little by little?"""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from engines.figures.occurrences import KINDS
from engines.figures.tables import Event, Occurrences, tables_of
from tests.unit.figures.building import event, lead_decided, lead_moved, lead_raised, lead_reopened, on

PHASES = ("new", "contacted", "qualified", "proposal", "won")


def some_events(chance: Random) -> list[Event]:
    """What happens to a few accounts, often again, and undone, so that one event changes what others led to."""
    found, today, week = [], str(on(0)), str(on(7))
    for _ in range(150):
        lead, days = str(chance.randrange(4)), chance.randrange(40)
        kind: dict[str, Any] = {"facility_id": f"F-{lead}", "kind": "step", "tier": chance.randrange(3)}
        task: dict[str, Any] = {
            "task_id": lead,
            "enrollment_id": lead,
            "due_on": str(on(days)),
            "done_on": str(on(days)),
            **kind,
        }
        posting: dict[str, Any] = {
            "posting_id": lead,
            "role_family": "welder",
            "source": "board",
            "first_seen_on": str(on(days)),
        }
        enrollment: dict[str, Any] = {
            "enrollment_id": f"{lead}/{chance.randrange(2)}",
            "started_on": str(on(days)),
            **kind,
        }
        found.append(
            chance.choice([
                lead_raised(lead, days, amount=chance.choice([None, days])),
                lead_reopened(lead, days),
                lead_moved(lead, days, chance.choice([days, 7]), chance.choice(PHASES), version=days, amount=days),
                lead_decided(chance.choice(["met", "won", "lost"]), lead, days, chance.choice([days, 7])),
                event("lead.outcome_undone", days, lead_id=lead, raised_on=week, outcome="won", undone_on=today),
                event("task.due", days, **task),
                event("task.done", days, status=chance.choice(["done", "canceled"]), **task),
                event("task.reopened", days, **task),
                event("enrollment.started", days, **enrollment),
                event("enrollment.ended", days, ended_on=str(on(days)), status="completed", **enrollment),
                event("account.moved", days, client=chance.random() < 0.5, facility_id=f"F-{lead}", owner="ann"),
                event("posting.seen", days, **posting),
                event("posting.unmatched", days, **posting),
                event("facility.matched", days, facility_id=f"F-{days % 3}", posting_ids=[lead, "1", lead]),
            ])
        )  # fmt: skip
    return found


@pytest.mark.parametrize("seed", range(20))
def test_events_that_arrive_in_any_order_and_repeatedly_lead_to_the_same_as_all_at_once(seed: int) -> None:
    chance = Random(seed)
    events = some_events(chance)
    chance.shuffle(events)
    growing, count = Occurrences(KINDS), 0

    while count < len(events):
        more = chance.choice([1, 1, 1, 40])
        growing.add([*events[:count][-2:], *events[count : count + more]])
        count += more
        assert growing.tables == tables_of(KINDS, reversed(events[:count]))


def test_what_was_read_does_not_change_with_later_events() -> None:
    growing = Occurrences(["lead_raised"])
    before = growing.add([lead_raised("1", 9)])["lead_raised"]
    growing.add([event("enrollment.started", 9, enrollment_id="1", facility_id="F-1", tier=2, started_on=str(on(9)))])

    assert [each.columns["tier"] for each in before] == [None]
    assert [each.columns["tier"] for each in growing.tables["lead_raised"]] == [2]
