"""How are the fakes of outside systems started, whose postings a simulation fetches?"""

import json
import os
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from cli.fakes.asking import TOKEN
from cli.stack.children import Program

HOST = "127.0.0.1"
OWNER, SENDER = "ingest", "courier"
"""The services that ask them: for postings, and to deliver events."""
ALLOWED = "PIPELINE_OUTBOUND_ALLOW"
HUBSPOT = "api.hubapi.com"
SECRETS = "PIPELINE_INGEST_SOURCE_SECRETS"


def fakes_program(listed: Path, day: Path, port: int, log: Path) -> Program:
    """They list the postings of a file; the day that they were given last is kept in another one."""
    files = ("--postings", str(listed), "--day-file", str(day))
    command = (sys.executable, "-m", "cli.fakes", *files, "--port", str(port))
    return Program("fakes", command, log, {"PATH": os.environ.get("PATH", os.defpath), "TZ": "UTC"})


def settings_to_fetch(environment: Mapping[str, str], port: int, licensed: Iterable[str]) -> dict[str, str]:
    """What ingest needs to ask the fakes, beside what else it may ask."""
    return settings_to_ask(OWNER, environment, port) | {SECRETS: json.dumps(dict.fromkeys(licensed, TOKEN))}


def settings_to_send(environment: Mapping[str, str], port: int) -> dict[str, str]:
    """What the courier needs to deliver events to the fakes, and to exchange accounts with that of HubSpot."""
    hubspot = {"CRM": "hubspot", "HUBSPOT_URL": f"http://{HOST}:{port}/{HUBSPOT}", "HUBSPOT_TOKEN": TOKEN}
    named = {f"PIPELINE_COURIER_{name}": value for name, value in hubspot.items()}
    return settings_to_ask(SENDER, environment, port) | named


def settings_to_ask(service: str, environment: Mapping[str, str], port: int) -> dict[str, str]:
    """What a service needs to ask the fakes, beside what else it may ask."""
    own = f"PIPELINE_{service.upper()}_OUTBOUND_ALLOW"
    allowed = environment.get(own) or environment.get(ALLOWED)
    return {own: ",".join(filter(None, (allowed, f"{HOST}:{port}")))}
