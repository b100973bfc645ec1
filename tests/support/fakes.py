"""How is a fake of an outside system asked in a test: in this process, or as a process of its own?"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx

from cli.fakes.app import App
from cli.fakes.asking import TOKEN
from services.ingest.adapters.protocol import SECRET, Answer, Request

HERE = "http://127.0.0.1"


def asked(app: App, request: Request, headers: Mapping[str, str] | None = None) -> Answer:
    """The answer of fakes in this process."""
    url = urlsplit(request.url)
    stated = {"host": url.netloc, **{name: value.replace(SECRET, TOKEN) for name, value in request.headers}}
    scope = {
        "type": "http",
        "method": request.method,
        "raw_path": url.path.encode(),
        "query_string": url.query.encode(),
        "headers": [(name.encode(), value.encode()) for name, value in {**stated, **(headers or {})}.items()],
    }
    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.request", "body": request.body or b"", "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(app(scope, receive, send))
    given = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return Answer(sent[0]["status"], request.url, given, sent[1]["body"], sent[0]["status"] == 304)


@dataclass(frozen=True)
class Fakes:
    """Fakes that run as a process."""

    port: int
    process: subprocess.Popen[str]
    client: httpx.Client

    def base(self, host: str) -> str:
        return f"{HERE}:{self.port}/{host}"

    def day(self, today: date) -> None:
        self.client.put("/_fake/day", json={"today": today.isoformat()}).raise_for_status()

    def faults(self, *rules: Mapping[str, Any], seed: int = 1) -> None:
        self.client.put("/_fake/faults", json={"rules": rules, "seed": seed}).raise_for_status()

    def requests(self, host: str | None = None) -> list[dict[str, Any]]:
        answer = self.client.get("/_fake/requests", params={"host": host} if host else {}).raise_for_status()
        found: list[dict[str, Any]] = answer.json()
        return found

    def forget(self) -> None:
        self.client.delete("/_fake/requests").raise_for_status()


@contextmanager
def fakes(postings: Iterable[Mapping[str, Any]], folder: Path, today: date) -> Iterator[Fakes]:
    """Fakes of all systems, which list these postings."""
    file = folder / "listed.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in postings))
    command = [sys.executable, "-m", "cli.fakes", "--postings", str(file), "--today", today.isoformat()]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            port = json.loads(process.stdout.readline())["port"]
            with httpx.Client(base_url=f"{HERE}:{port}", timeout=60) as client:
                yield Fakes(port, process, client)
        finally:
            process.terminate()
