"""Replaces a service in tests of its process: it reports that it is healthy, and returns its environment."""

from __future__ import annotations

import json
import os
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from cli.stack.target import Target


class Health(BaseHTTPRequestHandler):
    """200 on everything; the body is the environment, so that a test sees which secrets arrived."""

    def do_GET(self) -> None:
        body = json.dumps({name: value for name, value in os.environ.items() if name.startswith("PIPELINE_")}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


async def set_up(target: Target, progress: Callable[[str], None]) -> None:
    """Counts its runs in the database, so that a test can check whether data persists."""
    import psycopg  # imported here, because the service starts faster without it

    progress("Counting this start")
    with psycopg.connect(target.database_url or "") as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS starts (at timestamptz DEFAULT now())")
        connection.execute("INSERT INTO starts DEFAULT VALUES")


async def set_up_in_vain(target: Target, progress: Callable[[str], None]) -> None:
    raise RuntimeError("the tables cannot be created today")


if __name__ == "__main__":
    HTTPServer(("127.0.0.1", int(os.environ["PIPELINE_HTTP_PORT"])), Health).serve_forever()
