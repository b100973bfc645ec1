"""How are the fakes of outside systems started, whose postings a simulation fetches?"""

import json
import os
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from cli.fakes.asking import TOKEN
from cli.stack.children import Program

HOST = "127.0.0.1"
OWNER = "ingest"
"""The only service that asks them."""
ALLOWED, OWN_ALLOWED = "PIPELINE_OUTBOUND_ALLOW", "PIPELINE_INGEST_OUTBOUND_ALLOW"
SECRETS = "PIPELINE_INGEST_SOURCE_SECRETS"


def fakes_program(listed: Path, day: Path, port: int, log: Path) -> Program:
    """They list the postings of a file; the day that they were given last is kept in another one."""
    files = ("--postings", str(listed), "--day-file", str(day))
    command = (sys.executable, "-m", "cli.fakes", *files, "--port", str(port))
    return Program("fakes", command, log, {"PATH": os.environ.get("PATH", os.defpath), "TZ": "UTC"})


def settings_to_fetch(environment: Mapping[str, str], port: int, licensed: Iterable[str]) -> dict[str, str]:
    """What ingest needs to ask the fakes, beside what else it may ask."""
    allowed = environment.get(OWN_ALLOWED) or environment.get(ALLOWED)
    return {
        OWN_ALLOWED: ",".join(filter(None, (allowed, f"{HOST}:{port}"))),
        SECRETS: json.dumps(dict.fromkeys(licensed, TOKEN)),
    }
