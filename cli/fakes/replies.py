"""What does a fake answer?"""

from __future__ import annotations

import hashlib
import json
from typing import Any, NamedTuple


class Reply(NamedTuple):
    """An answer over HTTP."""

    status: int
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()
    seconds: float = 0.0
    """How long it takes; longer than a client waits, to hang."""

    @property
    def is_json(self) -> bool:
        return any(name == "content-type" and "json" in value for name, value in self.headers)


def as_json(value: Any, code: int = 200, headers: tuple[tuple[str, str], ...] = ()) -> Reply:
    return Reply(code, json.dumps(value).encode(), (("content-type", "application/json; charset=utf-8"), *headers))


def text(value: str, kind: str = "text/plain; charset=utf-8", code: int = 200) -> Reply:
    return Reply(code, value.encode(), (("content-type", kind),))


def status(code: int, message: str = "") -> Reply:
    """An answer that refuses."""
    return as_json({"message": message or "Not found", "status": code}, code)


def remembered(reply: Reply, known: str, changed: str | None = None, since: str = "") -> Reply:
    """The answer with an ETag; status 304 if the request states the same one, or the same time of change."""
    tag = f'"{hashlib.sha256(reply.body).hexdigest()[:20]}"'
    headers = (("etag", tag), *((("last-modified", changed),) if changed else ()))
    if known == tag or (not known and changed and since == changed):
        return Reply(304, b"", headers)
    return reply._replace(headers=(*reply.headers, *headers))
