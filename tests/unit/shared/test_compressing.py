"""Are pages compressed, and does their length reveal nothing?"""

from __future__ import annotations

import gzip

import pytest
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response

from shared.http.compressing import compressed
from shared.http.html_surface import csrf_token

PAGE = "<p>An account, its score and its touches.</p>" * 100


def page(accepts: str = "gzip", response: Response | None = None) -> Response:
    request = Request({"type": "http", "headers": [(b"accept-encoding", accepts.encode())]})
    return compressed(request, response or HTMLResponse(PAGE))


def test_a_page_is_compressed_for_those_who_accept_it() -> None:
    found = page()

    assert gzip.decompress(found.body).decode() == PAGE
    assert found.headers["content-length"] == str(len(found.body))
    assert len(found.body) < len(PAGE) / 10
    assert bytes(page("br").body).decode() == PAGE


@pytest.mark.parametrize("response", [HTMLResponse("<p>Short.</p>"), PlainTextResponse(PAGE)])
def test_what_is_short_or_no_page_is_sent_as_it_is(response: Response) -> None:
    assert page(response=response).body == response.body


def test_the_same_page_has_many_lengths_so_that_they_reveal_nothing() -> None:
    assert len({len(page().body) for _ in range(200)}) > 20


def test_the_token_of_forms_looks_different_in_every_response() -> None:
    assert len({csrf_token("a") for _ in range(10)}) == 10
