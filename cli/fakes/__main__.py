"""The fakes of all outside systems, as one process: `python -m cli.fakes --postings FILE.jsonl`."""

from __future__ import annotations

import argparse
import asyncio
import json
import socket
from datetime import date
from pathlib import Path

import uvicorn

from cli.fakes.app import App
from cli.fakes.world import World, lines_of, posting_of, vintage_of


def main() -> None:
    """Serve until the process is ended. The first line on standard output is `{"port": ...}`."""
    parser = argparse.ArgumentParser(prog="python -m cli.fakes", description=__doc__)
    parser.add_argument(
        "--postings", type=Path, help="a JSON line for each posting, with at, listed_from, listed_until"
    )
    parser.add_argument("--datasets", type=Path, help="a JSON line for each vintage: id, title, file, offered_from")
    parser.add_argument("--today", type=date.fromisoformat, help="the day that decides what is listed")
    parser.add_argument("--day-file", type=Path, help="where the day is kept that was set, for the next start")
    parser.add_argument("--port", type=int, default=0, help="on 127.0.0.1; any free one by default")
    options = parser.parse_args()
    postings = (posting_of(row) for row in lines_of(options.postings)) if options.postings else ()
    vintages = (
        (vintage_of(row, options.datasets.parent) for row in lines_of(options.datasets)) if options.datasets else ()
    )
    kept: Path | None = options.day_file
    today = date.fromisoformat(kept.read_text()) if kept and kept.exists() else options.today
    app = App(World(postings, vintages, today), kept)
    listening = socket.create_server(("127.0.0.1", options.port), backlog=1_000)
    print(json.dumps({"port": listening.getsockname()[1]}), flush=True)
    settings = uvicorn.Config(app, log_level="critical", access_log=False, timeout_graceful_shutdown=1)
    asyncio.run(uvicorn.Server(settings).serve([listening]))


if __name__ == "__main__":
    main()
