"""After a short run of all services: was every event processed, and was no secret logged?"""

from __future__ import annotations

import asyncio
import csv
import json
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest
from typer.testing import CliRunner

from cli import main
from cli.client.connection import ask, connected, talk
from cli.demo import story
from cli.demo.days import DayProgress
from cli.stack import lifecycle, stackfile
from cli.stack.target import StackError
from shared.contracts.ingest import AddSource
from shared.contracts.kernel import InFlight, Status
from shared.contracts.matcher import AddKey
from shared.contracts.refusals import AskFailed
from shared.contracts.sequencer import Worklist
from shared.contracts.topology import CONSUMES, SERVICES
from tests.support.keys import a_key

DAYS = 1


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The home of a stack after a day of invented work, with debug logs."""
    home = tmp_path_factory.mktemp("full-run")
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setenv("PIPELINE_HOME", str(home))
        monkeypatch.setenv("PIPELINE_LOG_LEVEL", "DEBUG")
        monkeypatch.delenv("PIPELINE_NATS_URL", raising=False)
        given = story.inputs(home / "invented", 1, DAYS, None, None, None, None, None)
        lifecycle.start("demo", lambda _: None, simulation=True)
        try:
            asyncio.run(live(given))
            yield home
        finally:
            lifecycle.wipe(home, lambda _: None)


async def live(given: story.Inputs) -> None:
    async with connected() as broker:
        await story.run_demo(broker, given, DayProgress())


def pipeline(*words: str) -> tuple[int, str]:
    result = CliRunner().invoke(main.app, list(words))
    return result.exit_code, result.stdout


def edges() -> list[dict[str, Any]]:
    code, output = pipeline("reconcile", "--json")
    assert code == 0
    found: list[dict[str, Any]] = json.loads(output)
    return found


def marked_edges() -> list[dict[str, Any]]:
    """The edges after they stop changing: rows are marked as published in bulk, about once a second."""
    found = edges()
    for _ in range(10):
        time.sleep(1.5)
        before, found = found, edges()
        if found == before:
            return found
    raise AssertionError("rows are still being marked as published")


def test_every_published_event_was_processed(stack: Path) -> None:
    found = edges()

    assert len(found) == sum(map(len, CONSUMES.values()))
    assert [edge for edge in found if edge["missing"] or edge["dead"] or edge["waiting"]] == []
    assert sum(edge["published"] for edge in found) > 1_000


def test_after_a_demo_the_inbox_has_groups_to_decide(stack: Path) -> None:
    code, output = pipeline("inbox", "--json")

    with (stack / "invented" / "undecided.csv").open() as file:
        imported = {row["employer_name"] for row in csv.DictReader(file)}
    waiting = {group["employer_name"]: group for group in json.loads(output)}
    assert code == 0
    assert len(imported) == 3
    assert imported <= waiting.keys()
    assert all(waiting[employer]["candidates"] for employer in imported)


def test_without_apply_nothing_is_published_again(stack: Path) -> None:
    before = [ask(InFlight(), service=service).delivered for service in SERVICES]

    code, output = pipeline("republish")

    assert code == 0
    assert "Nothing was published." in output
    assert [ask(InFlight(), service=service).delivered for service in SERVICES] == before


def test_republishing_all_events_does_not_change_the_worklist(stack: Path) -> None:
    worklist, before = ask(Worklist()), marked_edges()

    code, output = pipeline("republish", "--apply")

    assert code == 0
    assert [f"{service} published" in output for service in SERVICES] == [True] * len(SERVICES)
    assert ask(Worklist()) == worklist
    assert {e["durable"]: e["published"] for e in marked_edges()} == {e["durable"]: e["published"] for e in before}


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
