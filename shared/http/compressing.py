"""How are pages compressed without revealing what is secret in them?

Who sees the length of many responses, and chooses a text that they repeat, can guess a secret beside it letter by
letter (BREACH). So the token of forms looks different in every response (`html_surface.csrf_token`), cookies are not
sent with what other sites embed, and every response is longer by a random number of bytes.
"""

from __future__ import annotations

import gzip
import io
import secrets

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

LEVEL = 5
LEAST_BYTES = 1_000
MOST_PADDING = 50
"""Random bytes; each is two letters of the name that the header of gzip has."""


def compressed(request: Request, response: Response) -> Response:
    """The same page, compressed if the browser accepts that; anything else unchanged."""
    if not isinstance(response, HTMLResponse):
        return response
    response.headers["Vary"] = "Accept-Encoding"
    if "gzip" in request.headers.get("Accept-Encoding", "") and len(response.body) >= LEAST_BYTES:
        response.body = _gzipped(bytes(response.body))
        response.headers["Content-Encoding"] = "gzip"
        response.headers["Content-Length"] = str(len(response.body))
    return response


def _gzipped(body: bytes) -> bytes:
    name, file = secrets.token_hex(secrets.randbelow(MOST_PADDING + 1)), io.BytesIO()
    with gzip.GzipFile(name, "wb", LEVEL, file, mtime=0) as packed:
        packed.write(body)
    return file.getvalue()
