"""How are the pages of invented data opened in a real browser?"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Browser, Page, StorageState, sync_playwright

from services.console.rendering.environment import content, names, render
from shared.http.html_surface import HEADERS
from tests.browser.samples.frames import Sample

CHROMIUM = Path("/usr/bin/chromium")
WIDE, NARROW, NARROWEST = (1280, 860), (390, 844), (320, 640)
ZOOMED = (320, 256)
"""A screen of 1280 × 1024 at 400 %."""
TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".woff2": "font/woff2"}


@contextmanager
def served(samples: Mapping[str, Sample], posted: list[str] | None = None) -> Iterator[str]:
    """The address of a server that has a page for each sample, with the headers of the console.

    Commands are added to `posted`, and lead to the page named after the first part of their `back`.
    """

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = urlsplit(self.path).path
            name = path.removeprefix("/static/")
            if path.startswith("/static/") and name in names():
                self._reply(200, content(name), TYPES[Path(name).suffix])
            elif (sample := samples.get(path.removeprefix("/"))) is not None:
                self._reply(200, render(sample.template, **sample.context).encode(), "text/html; charset=utf-8")
            else:
                self._reply(404, b"", "text/plain")

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            if posted is not None:
                posted.append(f"{self.path}?{body}")
            self.send_response(303)
            self.send_header("Location", "/" + parse_qs(body)["back"][0].split("/")[1])
            self.send_header("Content-Length", "0")
            self.end_headers()

        def _reply(self, status: int, body: bytes, content_type: str) -> None:
            self.send_response(status)
            for name, value in {**HEADERS, "Content-Type": content_type, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """A test reads no log of requests."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def chromium() -> Iterator[Browser]:
    """Debian's browser."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@dataclass(slots=True)
class Opened:
    """A page, and what the browser complained about."""

    page: Page
    complaints: list[str] = field(default_factory=list)

    def listen(self) -> None:
        """A message of the console, a violation of the policy and an error of a script are complaints."""
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))


@contextmanager
def opened(
    browser: Browser, size: tuple[int, int], scheme: str, *, script: bool = True, state: StorageState | None = None
) -> Iterator[Opened]:
    """A page of this size; `scheme` is `light` or `dark`, and `state` has the cookies of a person."""
    width, height = size
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if scheme == "dark" else "light",
        java_script_enabled=script,
        has_touch=width < 768,
        reduced_motion="reduce",
        storage_state=state,
    )
    try:
        found = Opened(context.new_page())
        found.listen()
        yield found
    finally:
        context.close()


def size_of(page: Page) -> tuple[int, int]:
    """Width and height of the screen."""
    size = page.viewport_size
    assert size is not None, "the page has a fixed size"
    return size["width"], size["height"]
