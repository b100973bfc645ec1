"""How does a page ask the owner of a thing, and what does it show if there is no answer?"""

from __future__ import annotations

import asyncio
from typing import TypeVar

import structlog
from starlette.requests import Request

from shared.contracts.refusals import AskFailed
from shared.contracts.requests import Question
from shared.http.backend import backend_of

R = TypeVar("R")

log = structlog.get_logger()

PATIENCE_SECONDS = 3.0
SILENT = (503, 504)


async def asked(request: Request, question: Question[R], service: str = "") -> R | None:
    """The reply; None if the service does not answer in time. Raises `AskFailed` if it refuses."""
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            return await backend_of(request).ask(question, service=service)
    except TimeoutError:
        silent = f"no reply in {PATIENCE_SECONDS} s"
    except AskFailed as failed:
        if failed.code not in SILENT:
            raise
        silent = str(failed)
    log.warning("ask.unanswered", request=type(question).__name__, error=silent)
    return None


async def found(request: Request, question: Question[R]) -> R | None:
    """The reply; None also if the service knows no such thing."""
    try:
        return await asked(request, question)
    except AskFailed as failed:
        if failed.code != 404:
            raise
        return None
