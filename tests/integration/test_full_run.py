"""After a run of all services: is every event processed, are figures right, is no secret logged, do kills matter?"""

from __future__ import annotations

import asyncio
import csv
import json
import os
import signal
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

import httpx
import psutil
import psycopg
import pytest
from pydantic_core import from_json

from cli.client.connection import ask, connected, pages, talk
from cli.client.recalling import stored_events
from cli.client.settling import wait_until_listed
from cli.demo.invented import START
from cli.stack import stackfile
from cli.stack.target import StackError
from shared.contracts.ingest import AddSource, ExportedPosting, ExportPostings
from shared.contracts.ingest_sources import LedgerTotals, PostingLedger
from shared.contracts.kernel import History, InFlight, Status
from shared.contracts.matcher import AddKey
from shared.contracts.refusals import AskFailed
from shared.contracts.sequencer import Worklist
from shared.contracts.sequencer_leads import OutcomeKind, RecordOutcome, UndoOutcome
from shared.contracts.topology import CONSUMES, SERVICES
from shared.messaging.broker import Broker
from tests.support import plain_figures as plain
from tests.support.demo import DAYS, Outcome, kill, lived_through
from tests.support.keys import a_key
from tests.support.plain_figures import Events, Stored
from tests.support.toy import pipeline

PAIRS = {2 + number: SERVICES[2 * number : 2 * number + 2] for number in range((len(SERVICES) + 1) // 2)}
"""The services that are killed on each day, in the middle of a demo."""
OUTCOMES: tuple[tuple[OutcomeKind, str | None], ...] = (
    ("won", None),
    ("lost", "no budget"),
    ("lost", "no budget"),
    ("meeting", None),
)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Outcome]:
    """The stack after days of invented work, with debug logs."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("PIPELINE_LOG_LEVEL", "DEBUG")
        with lived_through(tmp_path_factory.mktemp("full-run")) as outcome:
            yield outcome


@pytest.fixture(scope="module")
def stack(undisturbed: Outcome) -> Path:
    """Its home."""
    return undisturbed.home


def edges(stack: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(pipeline(stack, "reconcile", "--json"))
    return found


def test_a_demo_ends_with_a_worklist_that_gives_a_reason_for_every_place(undisturbed: Outcome) -> None:
    assert undisturbed.worklist
    assert [task.rank for task in undisturbed.worklist] == list(range(1, len(undisturbed.worklist) + 1))
    assert all(task.reason for task in undisturbed.worklist)
    seen = undisturbed.summary
    assert seen["postings_seen"] == seen["matched"] + seen["queued"] + sum(seen["ignored"].values())


def test_what_was_listed_has_arrived_as_its_source_stated_it_and_is_closed_once_it_is_gone(
    undisturbed: Outcome, stack: Path
) -> None:
    stored = {each.source_posting_id: each for each in talk(exported)}
    last = START + timedelta(days=DAYS - 1)
    listed = [json.loads(line) for line in (stack / "invented" / "listed.jsonl").read_text().splitlines()]
    gone = {row["source_posting_id"] for row in listed if date.fromisoformat(row["listed_until"]) < last}
    here = {row["source_posting_id"] for row in listed if date.fromisoformat(row["listed_until"]) > last + timedelta(1)}

    assert len(listed) > 100
    for row in listed:
        found = stored[row["source_posting_id"]]
        assert (found.title, found.employer_name) == (row["title"], row["employer_name"])
        assert found.state == row["state"]
        assert str(found.first_seen_on) == row["listed_from"]
    assert gone
    assert here
    assert [name for name in gone if stored[name].closed_on is None] == []
    assert [name for name in here if stored[name].closed_on is not None] == []


async def exported(broker: Broker) -> list[ExportedPosting]:
    return [each async for page in pages(broker, ExportPostings(), ("posting_id",)) for each in page]


def test_another_system_got_each_change_of_a_lead_once(undisturbed: Outcome) -> None:
    courier = undisturbed.summary["courier"]

    assert courier["delivered"] > 50
    assert (courier["failed"], courier["received"]) == (0, courier["delivered"])


def test_a_crm_has_what_we_have_and_what_its_users_did_counts_here(undisturbed: Outcome, events: Events) -> None:
    courier = undisturbed.summary["courier"]
    changed = {each["field"] for event in events if event.subject == "crm.changed" for each in event.body["fields"]}
    refused = [each["value"] for event in events if event.subject == "crm.refused" for each in event.body["fields"]]

    assert courier["crm_accounts"] == sum(undisturbed.summary["tiers"].values())
    assert courier["crm_drift"] == 0
    assert {"status", "owner", "outcome", "contacted_at"} <= changed
    assert refused == ["on hold"]
    there = [event for event in events if event.subject == "touch.logged" and event.body["rep"] == "HubSpot"]
    assert len(there) == 1


def test_the_ledger_has_the_rule_that_allowed_each_posting_of_a_demo(undisturbed: Outcome) -> None:
    totals = ask(LedgerTotals())
    by_source = {each.source: each for each in talk(exported)}
    rules = {}
    for source, posting in by_source.items():
        account = ask(PostingLedger(posting_id=posting.posting_id))
        rules[source] = {sighting.row.rule for sighting in account.sightings if sighting.row}
        assert all(sighting.row for sighting in account.sightings)

    assert (totals.postings, totals.missing) == (undisturbed.summary["postings_seen"], 0)
    assert undisturbed.summary["postings_without_rule"] == 0
    assert rules == {
        "association-list": {"robots"},
        "career-pages": {"robots"},
        "chain-board": {"public_api"},
        "company-board": {"public_api"},
        "county-pages": {"robots"},
        "group-board": {"public_api"},
        "job-board": {"key"},
        "state-exchange": {"licensed_api"},
    }


def test_a_source_can_be_fetched_once_a_demo_is_over(stack: Path) -> None:
    output = pipeline(stack, "source", "fetch", "chain-board")

    assert "chain-board: complete" in output


def test_every_published_event_was_processed(stack: Path) -> None:
    found = edges(stack)

    assert len(found) == sum(map(len, CONSUMES.values()))
    assert [edge for edge in found if edge["missing"] or edge["dead"] or edge["waiting"]] == []
    assert sum(edge["published"] for edge in found) > 1_000


def test_after_a_demo_the_inbox_has_groups_to_decide(stack: Path) -> None:
    output = pipeline(stack, "inbox", "--json")

    with (stack / "invented" / "undecided.csv").open() as file:
        imported = {row["employer_name"] for row in csv.DictReader(file)}
    waiting = {group["employer_name"]: group for group in json.loads(output)}
    assert len(imported) == 3
    assert imported <= waiting.keys()
    assert all(waiting[employer]["candidates"] for employer in imported)


@pytest.fixture(scope="module")
def events(undisturbed: Outcome) -> Events:
    """All events of these days, and of a few outcomes."""
    return asyncio.run(_with_outcomes())


async def _with_outcomes() -> Events:
    async with connected() as broker:
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


@pytest.fixture(scope="module")
def figures(stack: Path, events: Events) -> dict[str, dict[str, Any]]:
    """The figures, which count these events, by name."""
    return {figure["name"]: figure for figure in json.loads(pipeline(stack, "kpi", "list", "--json"))}


@pytest.mark.parametrize("name", plain.PLAIN)
def test_a_figure_is_what_a_plain_computation_finds(
    events: Events, figures: dict[str, dict[str, Any]], name: str
) -> None:
    figure = figures[name]

    expected = plain.PLAIN[name](events, date.fromisoformat(figure["until"]))

    assert (figure["numerator"], figure["denominator"]) == expected
    assert expected[1], "nothing was compared"


def test_medians_and_counts_are_what_a_plain_computation_finds(
    events: Events, figures: dict[str, dict[str, Any]]
) -> None:
    assert figures["days_to_contact"]["value"] == plain.days_to_contact(events)
    stages = figures["time_in_stage"]["parts"]["stage"]
    assert {name: part["value"] for name, part in stages.items()} == plain.days_in_stage(events)
    assert figures["days_since_contact"]["denominator"] == plain.clients(events) > 1
    reasons = {name: part["value"] for name, part in figures["lost_reasons"]["parts"]["reason"].items()}
    assert reasons == plain.lost_reasons(events)
    assert reasons["no budget"] == 2


def test_the_events_behind_a_figure_add_up_to_it(stack: Path, events: Events) -> None:
    shown = json.loads(pipeline(stack, "kpi", "show", "touch_completion", "--by", "rep", "--events", "--json"))

    assert (len(shown["counted"]), len(shown["missing"])) == (
        shown["numerator"],
        shown["denominator"] - shown["numerator"],
    )
    due = {event.body["task_id"] for event in events if event.subject == "task.due"}
    assert {case["first"]["task"] for case in shown["counted"] + shown["missing"]} <= due
    assert sum(part["denominator"] for part in shown["parts"]["rep"].values()) == shown["denominator"]


def test_a_figure_is_explained_in_words(stack: Path, events: Events) -> None:
    text = " ".join(pipeline(stack, "kpi", "show", "touch_completion").split())

    assert "Of the touches due: the share followed by touches done on the same day, joined by task." in text
    assert "the target is at least 85 %" in text


def test_an_unknown_figure_and_an_unknown_column_are_refused(stack: Path, events: Events) -> None:
    with pytest.raises(AssertionError):
        pipeline(stack, "kpi", "show", "win_rat")
    with pytest.raises(AssertionError):
        pipeline(stack, "kpi", "show", "win_rate", "--by", "moon")


def marked_edges(stack: Path) -> list[dict[str, Any]]:
    """The edges after they stop changing: rows are marked as published in bulk, about once a second."""
    found = edges(stack)
    for _ in range(10):
        time.sleep(1.5)
        before, found = found, edges(stack)
        if found == before:
            return found
    raise AssertionError("rows are still being marked as published")


def test_views_of_analysts_have_the_figures_that_the_command_line_shows(stack: Path) -> None:
    urls = stackfile.read(stack).target.service_urls  # type: ignore[union-attr]
    days = json.loads(pipeline(stack, "kpi", "show", "days_to_contact", "--json"))
    with psycopg.connect(urls["sequencer"]) as database:
        # A figure counts a lead for the rep for whom it was raised; the view has the one who has it now.
        contacted = database.execute(
            """
            SELECT raised.owner, count(contacted_on), count(*) FROM analytics.leads JOIN (
                SELECT DISTINCT ON (body::jsonb ->> 'lead_id', body::jsonb ->> 'raised_on')
                    (body::jsonb ->> 'lead_id')::uuid AS lead_id, (body::jsonb ->> 'raised_on')::date AS raised_on,
                    body::jsonb ->> 'owner' AS owner
                FROM outbox WHERE subject = 'lead.raised'
                ORDER BY body::jsonb ->> 'lead_id', body::jsonb ->> 'raised_on', event_id
            ) AS raised USING (lead_id, raised_on) GROUP BY raised.owner
            """
        )
        by_rep = {rep: (found, leads) for rep, found, leads in contacted.fetchall()}
    assert by_rep == {rep: (part["numerator"], part["denominator"]) for rep, part in days["parts"]["rep"].items()}
    seen = json.loads(pipeline(stack, "kpi", "show", "signal_matched", "--json"))
    with psycopg.connect(urls["matcher"]) as database:
        matches = database.execute(
            "SELECT role_family, count(*) FILTER (WHERE is_matched), count(*) FROM analytics.matches GROUP BY 1"
        )
        by_role = {role: (found, postings) for role, found, postings in matches.fetchall()}
    for role, part in seen["parts"]["role_family"].items():
        assert by_role[role] == (part["numerator"], part["denominator"])


def test_without_apply_nothing_is_published_again(stack: Path) -> None:
    before = [ask(InFlight(), service=service).delivered for service in SERVICES]

    output = pipeline(stack, "republish")

    assert "Nothing was published." in output
    assert [ask(InFlight(), service=service).delivered for service in SERVICES] == before


def test_republishing_all_events_does_not_change_the_worklist(stack: Path) -> None:
    worklist, before = ask(Worklist()), marked_edges(stack)

    output = pipeline(stack, "republish", "--apply")

    assert [f"{service} published" in output for service in SERVICES] == [True] * len(SERVICES)
    assert ask(Worklist()) == worklist
    assert {e["durable"]: e["published"] for e in marked_edges(stack)} == {e["durable"]: e["published"] for e in before}
    asyncio.run(stored())  # does not wait for copies, which no service lists


def secrets_of(home: Path, keys: dict[str, str]) -> dict[str, str]:
    stored = json.loads((home / "demo" / "secrets.json").read_text())
    named = {f"{kind} {user}": word for kind in ("nats", "databases") for user, word in stored[kind].items()}
    return {**named, "postgres": stored["postgres"], "mail": stored["mail"], **keys}


async def ready() -> None:
    """Wait until the killed servers are running again."""
    async with asyncio.timeout(60):
        while True:
            try:
                async with connected() as broker:
                    states = [await broker.ask(Status(), timeout_seconds=2, service=service) for service in SERVICES]
                if not any(state.problems for state in states):
                    return
            except (AskFailed, StackError):
                pass
            await asyncio.sleep(0.2)


def test_no_secret_is_in_a_log_or_in_the_list_of_processes(stack: Path) -> None:
    keys = {
        "key of a source": talk(lambda broker: a_key(broker, AddSource, "board")),
        "key in a URL": talk(lambda broker: a_key(broker, AddKey, "board")),
    }
    running = stackfile.read(stack)
    assert running
    secrets = secrets_of(stack, keys)
    url = f"http://127.0.0.1:{running.children['matcher'].http_port}/reconcile?key={keys['key in a URL']}"
    assert httpx.get(url, trust_env=False).status_code == 200
    # When servers vanish, every service logs errors with all details.
    for server in ("nats", "postgres"):
        os.kill(running.children[server].pid, signal.SIGKILL)
    status = httpx.get(url, trust_env=False, timeout=30).status_code
    asyncio.run(ready())

    logs = {path.name: path.read_text() for path in (stack / "demo" / "logs").iterdir()}
    children = psutil.Process(running.supervisor.pid).children(recursive=True)
    commands = {str(child.pid): " ".join(child.cmdline()) for child in children}

    assert status in {200, 503}
    assert {f"{service}.log" for service in SERVICES} <= logs.keys()
    assert any("away" in text or "disconnected" in text for text in logs.values())
    assert len(commands) > len(SERVICES)
    leaked = [
        (place, name) for name, word in secrets.items() for place, text in (logs | commands).items() if word in text
    ]
    assert leaked == []


@pytest.mark.chaos
def test_killing_every_service_in_the_middle_changes_nothing_in_the_final_worklist(
    undisturbed: Outcome, tmp_path: Path
) -> None:
    assert max(PAIRS) < DAYS, "the last day shows what kills left"
    restarts: dict[str, int] = {}

    def disturb(day: int) -> None:
        for service in PAIRS.get(day, ()):
            kill(service, after=Random(f"kill {service}").uniform(0.0, 0.4))
        if stack := stackfile.read(stackfile.home()):
            restarts.update({service: stack.children[service].restarts for service in SERVICES})

    with lived_through(tmp_path, disturb) as disturbed:
        assert restarts == dict.fromkeys(SERVICES, 1)
        assert disturbed.worklist == undisturbed.worklist
        assert disturbed.summary == undisturbed.summary
