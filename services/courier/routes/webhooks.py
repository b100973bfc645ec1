"""How do programs manage webhooks over HTTP? By the use cases of `pipeline webhook`, with a key for nothing else.

A request that changes something is a command with the program as its actor. Its `Idempotency-Key` makes it the same
command when it is sent again.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final, TypeVar
from urllib.parse import urlencode
from uuid import NAMESPACE_URL, UUID, uuid4, uuid5

from pydantic import BaseModel, ValidationError
from pydantic_core import to_json
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from engines.problems import problems, sentence
from services.courier.store import webhooks as store
from services.courier.usecases import showing, webhooks
from services.courier.usecases.holding import manager_of
from services.courier.usecases.kinds import PERSONAL_TYPES
from shared.contracts import courier as c
from shared.contracts.courier_webhook_keys import WebhookKey
from shared.contracts.refusals import Refused
from shared.contracts.requests import Command
from shared.http.backend import backend_of, has_body, json_of
from shared.http.json_surface import endpoint, key_hash_of
from shared.settings import split
from shared.storage.commands import once
from shared.storage.database import Tx

MAX_BYTES: Final = 100_000
IDEMPOTENCY: Final = "Idempotency-Key"
LONGEST_IDEMPOTENCY_KEY: Final = 200
GIVEN: Final = ("name", "actor", "command_id")
"""Fields of commands that the body does not have: the address, the API key and the header state them."""

_COMMANDS: Final = uuid5(NAMESPACE_URL, "urn:facility-pipeline:courier:webhooks")

R = TypeVar("R", bound=BaseModel)
M = TypeVar("M", bound=Command[Any])

CarryOut = Callable[[R, Tx], Awaitable[Any]]


@endpoint
async def listed(request: Request) -> Response:
    """All webhooks, and how each receiver is doing."""
    async with backend_of(request).begin() as tx:
        await manager_of(tx, key_hash_of(request))
        return _json(await showing.webhooks(c.Webhooks(), tx))


@endpoint
async def put(request: Request) -> Response:
    """Add a webhook, or change one that exists: 201 or 200."""
    key_hash, fields = await _asked(request)
    async with backend_of(request).begin() as tx:
        manager = await manager_of(tx, key_hash)
        command = _command(request, c.AddWebhook, fields, manager)
        if command.personal and not manager.personal:
            raise Refused(
                "This API key may not let webhooks get events with contact data; `pipeline key add NAME --webhooks"
                " --personal` creates one that may.",
                403,
                {"personal": "is not allowed"},
            )
        is_new = not await store.find(tx, [command.name])
        reply = await once(tx, command, webhooks.add_webhook)
    return _response(reply, 201 if is_new else 200)


@endpoint
async def removed(request: Request) -> Response:
    await _done(request, c.RemoveWebhook, webhooks.remove_webhook)
    return Response(status_code=204)


@endpoint
async def tested(request: Request) -> Response:
    """202 with the number of the delivery, at whose address the result will be."""
    reply = await _done(request, c.SendTest, webhooks.send_test)
    number = c.TestSent.model_validate_json(reply).delivery
    return _response(reply, 202, {"Location": f"/webhooks/{request.path_params['name']}/deliveries/{number}"})


@endpoint
async def delivered(request: Request) -> Response:
    """A page of deliveries; `Link` has the address of the next one, if there may be one."""
    given: dict[str, Any] = dict(request.query_params)
    if "states" in given:
        given["states"] = list(split(",".join(request.query_params.getlist("states"))))
    async with backend_of(request).begin() as tx:
        manager = await manager_of(tx, key_hash_of(request))
        asked = _made(c.Deliveries, given, {"name": request.path_params["name"]})
        found = await showing.deliveries(asked, tx)
    headers = {}
    if len(found) == asked.limit:
        following = urlencode({**request.query_params, "before": found[-1].delivery}, safe=",")
        headers["Link"] = f'<{request.url.path}?{following}>; rel="next"'
    return _json([_visible(each, manager) for each in found], headers=headers)


@endpoint
async def delivery(request: Request) -> Response:
    async with backend_of(request).begin() as tx:
        manager = await manager_of(tx, key_hash_of(request))
        asked = _made(c.DeliveryDetails, {}, request.path_params)
        return _json(_visible(await showing.delivery_details(asked, tx), manager))


def _visible(found: c.Delivery, manager: WebhookKey) -> c.Delivery:
    """What a receiver answered to an event with contact data may quote it."""
    hides = found.type in PERSONAL_TYPES and not manager.personal
    return found.model_copy(update={"answer": None}) if hides else found


def _shows(kind: type[R], show: CarryOut[R]) -> Callable[[Request], Awaitable[Response]]:
    """An endpoint that asks a question about a webhook."""

    @endpoint
    async def shown(request: Request) -> Response:
        async with backend_of(request).begin() as tx:
            await manager_of(tx, key_hash_of(request))
            return _json(await show(_made(kind, {}, request.path_params), tx))

    return shown


def _does(kind: type[M], carry_out: CarryOut[M], status: int = 200) -> Callable[[Request], Awaitable[Response]]:
    """An endpoint that carries out a command about a webhook."""

    @endpoint
    async def did(request: Request) -> Response:
        return _response(await _done(request, kind, carry_out), status)

    return did


async def _done(request: Request, kind: type[M], carry_out: CarryOut[M]) -> bytes:
    """The reply to a command, in JSON."""
    key_hash, fields = await _asked(request)
    async with backend_of(request).begin() as tx:
        return await once(tx, _command(request, kind, fields, await manager_of(tx, key_hash)), carry_out)


async def _asked(request: Request) -> tuple[str, dict[str, Any]]:
    """The hash of the key, and the fields of the body, which is read only for a key that manages webhooks."""
    key_hash = key_hash_of(request)
    async with backend_of(request).begin() as tx:
        await manager_of(tx, key_hash)
    fields = await json_of(request, MAX_BYTES) if has_body(request) else {}
    if not isinstance(fields, dict):
        raise Refused("The body must be an object with fields.", 422)
    return key_hash, fields


def _command(request: Request, kind: type[M], fields: Mapping[str, Any], manager: WebhookKey) -> M:
    given = {"name": request.path_params["name"], "actor": manager.name, "command_id": _id_of(request, manager)}
    return _made(kind, fields, given)


def _id_of(request: Request, manager: WebhookKey) -> UUID:
    """The same for the same request with the same `Idempotency-Key`."""
    key = request.headers.get(IDEMPOTENCY)
    if key is None:
        return uuid4()
    if not 1 <= len(key) <= LONGEST_IDEMPOTENCY_KEY:
        raise Refused(f"An {IDEMPOTENCY} has 1 to {LONGEST_IDEMPOTENCY_KEY} characters.", 422)
    return uuid5(_COMMANDS, to_json([manager.name, request.method, request.url.path, key]).decode())


def _made(kind: type[R], fields: Mapping[str, Any], given: Mapping[str, Any]) -> R:
    """A request of the contract; refuses fields that are invalid, and those that the caller does not state."""
    if twice := [each for each in GIVEN if each in fields]:
        raise Refused(f"{', '.join(twice)}: not a field here.", 422, dict.fromkeys(twice, "is not a field here"))
    try:
        return kind.model_validate({**fields, **given})
    except ValidationError as invalid:
        raise Refused(sentence(invalid, "request"), 422, problems(invalid, "request")) from None


def _json(content: Any, headers: Mapping[str, str] | None = None) -> Response:
    return _response(to_json(content), 200, headers)


def _response(content: bytes, status: int, headers: Mapping[str, str] | None = None) -> Response:
    """Some of them have secrets, and all of them change."""
    return Response(content, status, {"Cache-Control": "no-store", **(headers or {})}, "application/json")


_ONE: Final = "/webhooks/{name}"
ROUTES: Final = [
    Route("/webhooks", listed, methods=["GET"]),
    Route(_ONE, _shows(c.WebhookDetails, showing.webhook_details), methods=["GET"]),
    Route(_ONE, put, methods=["PUT"]),
    Route(_ONE, removed, methods=["DELETE"]),
    Route(f"{_ONE}/secret", _shows(c.WebhookSecret, showing.webhook_secret), methods=["GET"]),
    Route(f"{_ONE}/rotate", _does(c.RotateSecret, webhooks.rotate_secret), methods=["POST"]),
    Route(f"{_ONE}/pause", _does(c.PauseWebhook, webhooks.pause_webhook), methods=["POST"]),
    Route(f"{_ONE}/resume", _does(c.ResumeWebhook, webhooks.resume_webhook), methods=["POST"]),
    Route(f"{_ONE}/test", tested, methods=["POST"]),
    Route(f"{_ONE}/replay", _does(c.Replay, webhooks.replay, 202), methods=["POST"]),
    Route(f"{_ONE}/deliveries", delivered, methods=["GET"]),
    Route(f"{_ONE}/deliveries/{{delivery}}", delivery, methods=["GET"]),
]
