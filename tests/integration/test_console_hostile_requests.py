"""What does the console do with requests that no page of it sends?"""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from starlette.types import Message

from services.console.screens.surface import limited
from shared.contracts.refusals import Refused
from tests.support.console import Browser, Console, Services, empty_site, one_browser, one_console

pytestmark = pytest.mark.asyncio(loop_scope="module")
shared, site, browser = one_console, empty_site, one_browser


async def raw(site: Console, method: str, path: str, headers: dict[str, str], body: list[Message]) -> list[Message]:
    """What the console sends for a request as it arrives, which no client would send."""
    sent, left = list[Message](), list(body)

    async def receive() -> Message:
        if left:
            return left.pop(0)
        await asyncio.Event().wait()
        raise AssertionError

    async def send(message: Message) -> None:
        sent.append(message)

    scope: dict[str, Any] = {
        "type": "http",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "scheme": "http",
        "http_version": "1.1",
        "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 8084),
    }
    await site.app(scope, receive, send)
    return sent


@pytest.mark.parametrize("host", ["[", "[::1", "evil.example", ""])
async def test_a_host_that_is_none_is_refused(site: Console, host: str) -> None:
    [start, _] = await raw(site, "GET", "/sign-in", {"Host": host}, [])

    assert start["status"] == 421


async def test_an_origin_that_is_none_is_another_site(browser: Browser) -> None:
    assert (await browser.post("/sign-in", origin="http://[")).status_code == 403


@pytest.mark.parametrize("method, path", [("TRACE", "/sign-in"), ("GET", "/static/none")])
async def test_what_the_router_refuses_has_the_headers_of_pages(site: Console, method: str, path: str) -> None:
    [start, _] = await raw(site, method, path, {"Host": "127.0.0.1:8084"}, [{"type": "http.request"}])

    names = {name.decode() for name, _ in start["headers"]}
    assert start["status"] in (404, 405)
    assert {
        "content-security-policy",
        "cross-origin-opener-policy",
        "cross-origin-resource-policy",
        "permissions-policy",
        "x-content-type-options",
    } <= names
    assert "strict-transport-security" not in names  # over plain HTTP it would mean nothing


async def test_over_https_browsers_use_nothing_else_for_a_year(site: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIPELINE_CONSOLE_URL", "https://console.example")
    async with Console(site.running, Services()).browser("http://10.0.0.7:8084") as browser:
        for path in ("/sign-in", "/static/console.css", "/nothing"):
            response = await browser.client.get(path)
            assert response.headers["strict-transport-security"] == "max-age=31536000"


async def test_a_form_that_does_not_arrive_is_given_up() -> None:
    async def stalled() -> Message:
        await asyncio.sleep(60)
        return {"type": "http.request", "body": b"", "more_body": True}

    with pytest.raises(Refused, match="did not arrive") as refused:
        await limited(stalled, 0.05)()

    assert refused.value.code == 408


@pytest.mark.parametrize(
    "field, status", [("actor", 303), ("facility_id", 303), ("facility_id.x", 303), ("text.x", 422)]
)
async def test_a_field_that_no_form_has_is_refused_or_changes_nothing(
    site: Console, browser: Browser, field: str, status: int
) -> None:
    async def noted(request: Any, service: str) -> Any:
        assert (request.actor, request.facility_id) == ("rep-1", "335001")

    site.services.replies = noted
    await site.enter(browser, "dana", "rep", "rep-1")
    await own(site, "335001")

    answer = await browser.do("add_note", **{"target": "335001", "text": "Called.", field: "335002"})

    assert answer.status_code == status


async def own(site: Console, facility_id: str) -> None:
    """An account of rep-1."""
    await site.running.sql(
        "INSERT INTO facilities (facility_id, name, owner, listed) VALUES (%(id)s, 'Alder', 'rep-1', true)",
        id=facility_id,
    )
