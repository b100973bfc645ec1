"""Does AsyncAPI's own parser read the generated description, and does it have every subject?"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from importlib import import_module
from typing import Any

import pytest
import yaml

from cli.generate.__main__ import SCHEMAS
from cli.stack.target import REPOSITORY
from shared.application import Application
from shared.contracts import topology
from shared.contracts.requests import EVERY_SERVICE, requests_of
from shared.service import Service
from shared.settings import Settings

GENERATED = SCHEMAS / "asyncapi.yaml"
PARSER = REPOSITORY / ".cache" / "javascript" / "node_modules"
PARSE = """
const { Parser, fromFile } = require("@asyncapi/parser");
async function parse(path) {
  const { document, diagnostics } = await fromFile(new Parser(), path).parse();
  const errors = diagnostics.filter((each) => each.severity < 2);
  const problems = errors.map((each) => `${each.path.join(".")}: ${each.message}`);
  const channels = document ? document.channels().all().map((each) => each.address()) : [];
  return { problems, channels };
}
(async () => {
  const parsed = {};
  for (const path of process.argv.slice(1)) parsed[path] = await parse(path);
  console.log(JSON.stringify(parsed));
})();
"""


@pytest.fixture(scope="module")
def parsed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The errors and warnings of the parser, and the addresses that it found, by service and for the entire pipeline.

    One process parses all of them, since most of its time is its start.
    """
    node = shutil.which("node")
    if node is None:
        pytest.skip("Node is not installed")
    if not PARSER.exists():
        pytest.skip("AsyncAPI's parser is not installed; run requirements/javascript")
    folder = tmp_path_factory.mktemp("asyncapi")
    paths = {"pipeline": GENERATED, **{service: folder / f"{service}.json" for service in topology.SERVICES}}
    for service in topology.SERVICES:
        description = Application(declared(service), Settings()).describe()
        paths[service].write_text(json.dumps(description, default=str))
    run = subprocess.run(
        [node, "-e", PARSE, *map(str, paths.values())],
        capture_output=True,
        text=True,
        env={**os.environ, "NODE_PATH": str(PARSER)},
    )
    assert run.returncode == 0, run.stderr
    by_path = json.loads(run.stdout)
    return {name: by_path[str(path)] for name, path in paths.items()}


def subjects() -> set[str]:
    """All subjects of events and requests."""
    events = {subject for service in topology.SERVICES for subject in topology.subjects_of(service)}
    kernel = {each.subject_at(service) for service in topology.SERVICES for each in requests_of(EVERY_SERVICE)}
    return events | kernel | {each.SUBJECT for service in topology.SERVICES for each in requests_of(service)}


def declared(service: str) -> Service:
    found: Service = import_module(f"services.{service}.app").service
    return found


def test_the_parser_finds_every_subject_in_the_generated_description(parsed: dict[str, Any]) -> None:
    assert parsed["pipeline"]["problems"] == []
    assert set(parsed["pipeline"]["channels"]) - {None} == subjects()


@pytest.mark.parametrize("service", topology.SERVICES)
def test_the_parser_reads_the_description_of_a_running_service(service: str, parsed: dict[str, Any]) -> None:
    assert parsed[service]["problems"] == []
    assert parsed[service]["channels"]


def test_every_subject_is_described_with_its_payload_and_its_reply() -> None:
    document = yaml.safe_load(GENERATED.read_text())
    channels, messages = document["channels"], document["components"]["messages"]
    operations = {
        channels[each["channel"]["$ref"].rpartition("/")[2]]["address"]: each
        for each in document["operations"].values()
    }

    assert {each["address"] for each in channels.values()} - {None} == subjects()
    assert all(message["payload"] for message in messages.values())
    assert {subject for subject, operation in operations.items() if "reply" in operation} == {
        subject for subject in subjects() if ".ask." in subject or subject == "ingest.submit"
    }


@pytest.mark.parametrize("service", topology.SERVICES)
def test_a_service_handles_exactly_the_requests_of_its_contract(service: str) -> None:
    handled = {each.request for each in declared(service).requests}

    assert handled == set(requests_of(service))
