"""How do mail services pass on what came back? Postmark, and SES through SNS; neither without its setting.

A caller is recognized before its message is read, and a message that was passed on before has no second effect.
"""

from __future__ import annotations

import asyncio
import hmac
from base64 import b64decode
from typing import Any

import structlog
from pydantic_core import from_json, to_json
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from services.notifier import settings, sns
from services.notifier.domain import postmark
from services.notifier.domain.arriving import arrived
from services.notifier.domain.sns import confirmation, objection, server_of
from services.notifier.routes import description
from services.notifier.usecases.receiving import MOST_STORED, Received, receive
from shared.contracts.refusals import Refused
from shared.http.backend import backend_of, json_of
from shared.http.json_surface import Answer, endpoint

log = structlog.get_logger()

MOST_OF_POSTMARK = 48_000_000
"""Bytes of a request: Postmark accepts messages of 35 MB, whose attachments it encodes."""
MOST_OF_SNS = 300_000
"""Bytes of a request: SNS passes on 256 KB."""

_large = asyncio.Semaphore(1)
_certificates = sns.Certificates()


@endpoint
async def from_postmark(request: Request) -> Answer:
    """A message that arrived, a bounce or a complaint. One large request at a time is in memory."""
    login = settings.deployed().postmark_login.get_secret_value()
    if not login:
        raise Refused("PIPELINE_POSTMARK_LOGIN is not set, so Postmark is not expected here.", 404)
    if not _is_login(request, login):
        return _unauthorized()
    async with _large:
        body = _object(await json_of(request, MOST_OF_POSTMARK))
        raw = postmark.message_of(body) if postmark.is_inbound(body) else _compact(body)
    await _receive(request, "postmark", raw)
    return 200, {"message": "Received."}


@endpoint
async def from_ses(request: Request) -> Answer:
    """A message or a notice of SES through SNS, or the request of SNS to confirm the subscription."""
    deployed = settings.deployed()
    if not deployed.ses_topic:
        raise Refused("PIPELINE_SES_TOPIC is not set, so SES is not expected here.", 404)
    server = deployed.sns_server or server_of(deployed.ses_topic)
    body = _object(await json_of(request, MOST_OF_SNS))
    await _check(request, body, deployed.ses_topic, server)
    if body["Type"] == "SubscriptionConfirmation":
        await _called(confirmation(body, server))
        log.info("mail.subscribed", topic=deployed.ses_topic)
    else:
        await _receive(request, "ses", _of_ses(body["Message"]))
    return 200, {"message": "Received."}


async def _check(request: Request, body: dict[str, Any], topic: str, server: str) -> None:
    """Refuses what SNS has not signed for this topic."""
    async with backend_of(request).begin() as tx:
        now = tx.now
    if refused := objection(body, topic, server, now):
        raise Refused(refused, 403)
    try:
        certificate = await asyncio.to_thread(_certificates.get, body["SigningCertURL"])
    except sns.NotAvailable as error:
        raise Refused(str(error), 503) from error
    if not sns.is_signed(body, certificate):
        raise Refused("The signature is not that of SNS.", 403)


async def _called(url: str) -> None:
    try:
        await asyncio.to_thread(sns.fetch, url)
    except sns.NotAvailable as error:
        raise Refused(str(error), 503) from error


async def _receive(request: Request, source: str, raw: bytes) -> None:
    found = await asyncio.to_thread(arrived, raw[:MOST_STORED], settings.private())
    async with backend_of(request).begin() as tx:
        await receive(source, [Received(found, raw[:MOST_STORED], len(raw))], tx)


def _of_ses(message: str) -> bytes:
    """The message that SES received, or its notice."""
    try:
        notice = from_json(message)
    except ValueError:
        return message.encode()
    content = notice.get("content") if isinstance(notice, dict) else None
    if not isinstance(content, str):
        return message.encode()
    try:
        return b64decode(content, validate=True)
    except ValueError:
        return content.encode()


def _is_login(request: Request, login: str) -> bool:
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    try:
        stated = b64decode(given, validate=True)
    except ValueError:
        return False
    return scheme.lower() == "basic" and hmac.compare_digest(stated, login.encode())


def _unauthorized() -> JSONResponse:
    message = {"message": "Call this address as Postmark does, with the user and password that it was given."}
    return JSONResponse(message, 401, {"WWW-Authenticate": "Basic"})


def _object(content: Any) -> dict[str, Any]:
    if not isinstance(content, dict):
        raise Refused("The body is no JSON object.", 400)
    return content


def _compact(notice: dict[str, Any]) -> bytes:
    """A notice without the message that it is about, which is ours."""
    return to_json({name: value for name, value in notice.items() if name != "Content"})


@endpoint
async def describe(request: Request) -> Answer:
    return 200, description.document()


ROUTES = [
    Route("/mail/postmark", from_postmark, methods=["POST"]),
    Route("/mail/ses", from_ses, methods=["POST"]),
    Route("/openapi.json", describe, methods=["GET"]),
]
