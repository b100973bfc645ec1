"""Does the complete chain work for a trade that the engine does not know, and is a snapshot the last event of a key?"""

from __future__ import annotations

import asyncio
import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta
from decimal import Decimal
from importlib import import_module
from pathlib import Path
from time import sleep
from typing import Any

import pytest
from psycopg import AsyncConnection
from pydantic_core import from_json

from cli.client.clock import deployment
from cli.client.connection import connected, talk
from cli.demo.simulate import Simulation
from shared.contracts import events as e
from shared.contracts.kernel import History, Snapshot
from shared.contracts.matcher import AcceptGroup, Inbox
from shared.contracts.notifier_suppressions import AddSuppression
from shared.contracts.sequencer import StopContact, Worklist
from shared.contracts.sequencer_engagement import RecordEngagement
from shared.contracts.sequencer_leads import AddNote, RecordOutcome, StateAmount, UndoOutcome
from shared.contracts.sequencer_reps import EndLeave, RecordLeave
from shared.contracts.topology import SERVICES, owner_of
from shared.messaging.broker import Broker
from shared.service import Service, SnapshotReader
from shared.storage.connecting import configure
from shared.storage.database import Tx
from tests.support.running import START, a_database
from tests.support.servers import TestServers
from tests.support.toy import FACILITIES, POSTINGS, answered, pipeline, toy_stack


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The stack after eight days of work."""
    with toy_stack(tmp_path_factory.mktemp("toy")) as folder:
        yield folder


def exported(folder: Path, what: str) -> list[dict[str, Any]]:
    pipeline(folder, "export", what, "--out", str(folder / f"{what}.csv"))
    with (folder / f"{what}.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def test_postings_are_matched_to_workshops_by_name_and_by_permit(folder: Path) -> None:
    found = {row["source_posting_id"]: (row["outcome"], row["permit"]) for row in exported(folder, "postings")}

    assert found["1"] == ("matched", "BK-0001")
    assert found["2"] == ("matched", "BK-0002")
    assert found["3"][0] == "ignored"
    assert found["4"][0] == "queued"


def test_scores_and_tiers_are_computed_by_the_packs_factors(folder: Path) -> None:
    scores = {row["permit"]: row for row in exported(folder, "scores")}

    assert {permit: float(row["score"]) for permit, row in scores.items()} == {
        "BK-0001": pytest.approx(86.0),
        "BK-0002": pytest.approx(39.5),
        "BK-0003": 0.0,
    }
    assert (scores["BK-0001"]["tier"], scores["BK-0003"]["tier"]) == ("1", "3")


def test_the_day_has_calls_to_owners_and_emails_to_foremen(folder: Path) -> None:
    tasks = exported(folder, "tasks")
    letters = exported(folder, "drafts")

    assert {(row["permit"], row["channel"], row["persona"]) for row in tasks} >= {("BK-0001", "call", "owner")}
    assert all(row["persona"] in ("owner", "foreman", "franchisor") for row in tasks)
    letter = next(row for row in letters if row["permit"] == "BK-0001")
    assert letter["subject"] == "Wheels at Larkspur Wheelworks"
    assert "Hi Ben," in letter["body"]
    assert "You are looking for a wheelbuilder. Spoke & Sons trues wheels by post." in letter["body"]


def test_output_has_the_words_of_the_trade(folder: Path) -> None:
    why = pipeline(folder, "why", "bk-0001")
    refused = pipeline(folder, "import", "contacts", str(folder / "contacts.csv"))
    rejects = (folder / "contacts.csv.rejects.csv").read_text()

    assert "Larkspur Wheelworks" in why
    story = why[why.index("\nStory") :]
    expected = ["facility.matched", "lead.raised", "enrollment.started"]
    assert [story.index(each) for each in expected] == sorted(story.index(each) for each in expected)
    assert "permit 'BK-0009X' is not two letters and four digits like BK-0042" in rejects
    assert "role 'administrator' is not one of owner, foreman, franchisor" in rejects
    assert "2" in refused


def test_figures_are_those_of_the_pack(folder: Path) -> None:
    [figure] = json.loads(pipeline(folder, "kpi", "list", "--json"))

    assert (figure["name"], figure["numerator"], figure["denominator"]) == ("posting_matched", 2, 3)


def test_a_report_of_the_stack_states_what_one_of_its_files_states(folder: Path) -> None:
    exported(folder, "signals")
    of_files = ("facilities.csv", "--signals", "signals.csv", "--as-of", str(deployment().today))

    stack = json.loads(pipeline(folder, "report", "workshops", "--json"))["rows"]
    files = json.loads(pipeline(folder, "report", "workshops", *of_files, "--json"))["rows"]

    assert [row["permit"] for row in stack] == ["BK-0001", "BK-0002", "BK-0003"]
    same = ("permit", "workshop", "town", "hiring", "score", "tier", "text")
    assert [[row[name] for name in same] for row in stack] == [[row[name] for name in same] for row in files]
    assert stack[0]["owner"].startswith("rep-")
    assert stack[0]["late"] in ("LATE", "SOON LATE", "FINE")
    pipeline(folder, "playbook", "export", "wheels", "--min-score", "50")
    with (folder / "wheels.csv").open(newline="") as file:
        assert [row["permit"] for row in csv.DictReader(file)] == ["BK-0001"]


def test_drafts_are_shown_together_and_tasks_without_one_are_named(folder: Path) -> None:
    letter = json.loads(pipeline(folder, "draft", "list", "--json"))[0]
    pipeline(folder, "worklist")

    code, shown, missing = answered(folder, "draft", "show", letter["task_id"], "998-999,ffff")
    alone = answered(folder, "draft", "show", "999")

    assert (code, letter["subject"] in shown) == (1, True)
    assert "No draft was found for 998, 999, ffff; the others are shown." in missing
    assert (alone[0], "There is no rank 999" in alone[2]) == (1, True)


Key = tuple[Any, ...]
ID = "00000000-0000-0000-0000-000000000001"


@dataclass(frozen=True)
class State:
    """The fields that identify a state, and the other events that change or end it."""

    key: tuple[str, ...]
    after: str = ID
    changed_by: tuple[type[e.Event], ...] = ()
    ended_by: tuple[type[e.Event], ...] = ()
    not_compared: tuple[str, ...] = ()
    """Fields that describe the last change, or that change without an event."""
    may_vanish: bool = False
    """It ends without an event of the same service."""


STATES: dict[type[e.Event], State] = {
    e.PostingSeen: State(("posting_id",), changed_by=(e.PostingClosed,)),
    e.FacilityListed: State(("facility_id",), "BK-0001"),
    e.FacilityDelisted: State(("facility_id",), "BK-0001", ended_by=(e.FacilityListed,)),
    e.FacilityAssessed: State(("facility_id", "field", "as_of"), "BK-0001/stands/2026-06-01"),
    e.FacilityMatched: State(
        ("facility_id", "role_family"), "BK-0001/welder", changed_by=(e.SignalExpired,), not_compared=("posting_ids",)
    ),
    e.PostingUnmatched: State(("posting_id",), may_vanish=True),
    e.AliasLearned: State(("alias_id",), may_vanish=True),
    e.ScoreChanged: State(("facility_id",), "BK-0001", not_compared=("previous_score", "previous_tier", "cause")),
    e.TiersCalibrated: State(("calibration_id",)),
    e.PackPublished: State(("pack",), "1"),
    e.LeadRaised: State(("lead_id",), changed_by=(e.LeadMoved, e.LeadChanged, e.LeadReopened)),
    e.LeadMet: State(("lead_id", "version"), f"{ID}/1"),
    e.LeadWon: State(("lead_id", "version"), f"{ID}/1"),
    e.LeadLost: State(("lead_id", "version"), f"{ID}/1"),
    e.AccountMoved: State(("facility_id",), "BK-0001"),
    e.LeadOutcomeUndone: State(("lead_id", "version"), f"{ID}/1"),
    e.NoteAdded: State(("note_id",)),
    e.ContactChanged: State(("facility_id", "role"), "BK-0001/owner"),
    e.EnrollmentStarted: State(
        ("enrollment_id",), ended_by=(e.EnrollmentBlocked, e.EnrollmentPaused, e.EnrollmentEnded)
    ),
    e.EnrollmentBlocked: State(("enrollment_id",), ended_by=(e.EnrollmentStarted, e.EnrollmentEnded)),
    e.EnrollmentPaused: State(("enrollment_id",), ended_by=(e.EnrollmentStarted, e.EnrollmentEnded)),
    e.EnrollmentEnded: State(("enrollment_id",), ended_by=(e.EnrollmentStarted, e.EnrollmentBlocked)),
    e.TaskDue: State(("task_id",), changed_by=(e.TaskChanged, e.TaskReopened), ended_by=(e.TaskDone, e.TaskMoved)),
    e.TaskMoved: State(("task_id",), ended_by=(e.TaskDue, e.TaskDone)),
    e.TaskDone: State(("task_id",)),
    e.TouchLogged: State(("activity_id",)),
    e.SuppressionChanged: State(("suppression_id",)),
    e.RepChanged: State(("rep",), "rep-1"),
    e.RepAway: State(("leave_id",), changed_by=(e.RepBack,)),
    e.EmailDrafted: State(("draft_id",), may_vanish=True),
    e.AddressSuppressionChanged: State(("suppression_id",)),
    e.EngagementRecorded: State(("engagement_id",)),
}
UNTRIED = {e.EnrollmentBlocked, e.EnrollmentPaused, e.TaskMoved}
"""Events that this run does not have."""


def readers(service: str) -> list[SnapshotReader]:
    declared: Service = import_module(f"services.{service}.app").service
    return list(declared.snapshots)


@pytest.fixture(scope="module")
def worked(folder: Path) -> Path:
    """The same after the decisions of people."""
    fewer = folder / "fewer.csv"
    fewer.write_text("\n".join(FACILITIES.splitlines()[:3]) + "\n")
    pipeline(folder, "import", "facilities", str(fewer), "--complete", "WI", "--delist", "1")
    talk(decide)
    late = folder / "late.csv"
    late.write_text(POSTINGS.splitlines()[0] + "\nboard,5,Wheel Builder,Unknown,Kenosha,WI,,2026-07-09T09:00:00\n")
    pipeline(folder, "import", "postings", str(late))
    talk(lambda broker: Simulation(broker).wait_until_idle())
    sleep(2)  # rows are marked as published in bulk, about once a second, and are then in the history
    return folder


async def decide(broker: Broker) -> None:
    (group,) = await broker.ask(Inbox())
    await broker.ask(AcceptGroup(key=group.key, facility_id="BK-0001", actor="ann"))
    await broker.ask(RecordOutcome(facility_id="BK-0001", outcome="meeting", actor="ann"))
    await broker.ask(StopContact(chain="Elsewhere", reason="asked us to", actor="ann"))
    await broker.ask(RecordEngagement(kind="visit", facility_id="BK-0002", actor="ann"))
    await broker.ask(AddSuppression(domain="elsewhere.example", reason="asked us to", actor="ann"))
    await broker.ask(RecordOutcome(facility_id="BK-0002", outcome="lost", reason="too dear", actor="ann"))
    await broker.ask(UndoOutcome(facility_id="BK-0002", actor="ann"))
    await broker.ask(StateAmount(facility_id="BK-0002", amount=Decimal(900), actor="ann"))
    await broker.ask(AddNote(facility_id="BK-0002", text="likes red", next_follow_up_on=date(2026, 8, 3), actor="ann"))
    await broker.ask(RecordOutcome(facility_id="BK-0002", outcome="lost", reason="too dear", actor="ann"))
    await broker.ask(RecordOutcome(facility_id="BK-0002", outcome="won", actor="ann"))
    for to_on in (date(2026, 12, 24), date(2026, 12, 31)):
        leave = RecordLeave(rep="rep-1", from_on=date(2026, 12, 21), to_on=to_on, cover="rep-2", actor="ann")
        await broker.ask(leave)
    await broker.ask(EndLeave(rep="rep-1", on=date(2026, 12, 28), actor="ann"))
    simulation, day = Simulation(broker), date(2026, 7, 9)
    await simulation.wait_until_idle()
    while not await broker.ask(Worklist()) and day < date(2026, 8, 1):
        await simulation.set_time(day, time(7))
        day += timedelta(1)


@pytest.mark.parametrize("event", STATES, ids=lambda event: event.SUBJECT)
async def test_a_snapshot_equals_the_last_event_about_each_key(worked: Path, event: type[e.Event]) -> None:
    async with connected() as broker:
        stated = {key_of(event, each): compared(event, each) for each in await snapshot(broker, event)}
        last = await published(broker, event)

    assert stated if STATES[event].may_vanish else stated.keys() == last.keys()
    assert stated == {key: compared(event, last[key]) for key in stated}
    assert bool(stated) is (event not in UNTRIED)


async def snapshot(broker: Broker, event: type[e.Event]) -> list[e.Event]:
    """All pages, of two states each."""
    request, found = Snapshot(subject=event.SUBJECT, limit=2), list[dict[str, Any]]()
    while True:
        page = await broker.ask(request, service=owner_of(event))
        found += page.events
        if page.after is None:
            return [state for each in found for state in states(event, each)]
        request = request.model_copy(update={"after": page.after})


async def published(broker: Broker, event: type[e.Event]) -> dict[Key, e.Event]:
    """The last event of each key that has not ended."""
    of = STATES[event]
    subjects = [kind.SUBJECT for kind in (event, *of.changed_by, *of.ended_by)]
    ended = {kind.SUBJECT for kind in of.ended_by}
    last: dict[Key, e.Event] = {}
    for past in await broker.ask(History(subjects=subjects), service=owner_of(event)):
        if past.subject in ended:
            kind = next(kind for kind in of.ended_by if past.subject == kind.SUBJECT)
            last.pop(key_of(event, kind.model_validate_json(past.body)), None)
        else:
            last |= {key_of(event, state): state for state in states(event, from_json(past.body))}
    return last


def states(event: type[e.Event], body: dict[str, Any]) -> list[e.Event]:
    """The event; one with several facts as an event for each."""
    state = event.model_validate(body)
    if isinstance(state, e.FacilityAssessed):
        return [state.model_copy(update={"facts": (fact,)}) for fact in state.facts]
    return [state]


def compared(event: type[e.Event], state: e.Event) -> dict[str, Any]:
    return state.model_dump(exclude=set(STATES[event].not_compared))


def key_of(event: type[e.Event], state: e.Event) -> Key:
    if isinstance(state, e.FacilityAssessed):
        return (state.facility_id, state.facts[0].field, state.facts[0].as_of)
    return tuple(getattr(state, name) for name in STATES[event].key)


def test_the_command_line_lists_a_snapshot(worked: Path) -> None:
    lines = [from_json(line) for line in pipeline(worked, "snapshot", "facility.delisted").splitlines()]

    assert [line["facility_id"] for line in lines] == ["BK-0003"]


class Explaining(Tx):
    """Keeps the plan of the first query, which returns no rows."""

    plan: str | None = None

    async def dicts(self, sql: str, **params: Any) -> list[dict[str, Any]]:
        if self.plan is not None:
            return await super().dicts(sql, **params)
        lines = await super().dicts(f"EXPLAIN {sql}", **params)
        self.plan = "\n".join(line["QUERY PLAN"] for line in lines)
        return []


@pytest.mark.parametrize("service", SERVICES)
async def test_a_page_is_read_in_the_order_of_an_index(servers: TestServers, service: str) -> None:
    url = await asyncio.to_thread(a_database, servers, service)
    async with await AsyncConnection.connect(url) as connection:
        await configure(connection)
        # For an empty table all plans cost the same; these settings leave only the order of an index, if there is one.
        for plan in ("seqscan", "bitmapscan", "sort"):
            await connection.execute(f"SET enable_{plan} = off".encode())
        for reader in readers(service):
            tx = Explaining(connection, service, START, START.date(), {})

            assert await reader.read(STATES[reader.event].after, 10, tx) == []

            assert "Index Cond" in str(tx.plan), f"{reader.event.SUBJECT}\n{tx.plan}"
            assert "Sort" not in str(tx.plan), f"{reader.event.SUBJECT}\n{tx.plan}"
