"""How is the management of webhooks described to the author of a client?

The schemas of bodies and replies are those of the contract by which they are validated.
"""

from __future__ import annotations

from typing import Any

from services.courier.routes.webhooks import GIVEN, IDEMPOTENCY, LONGEST_IDEMPOTENCY_KEY, MAX_BYTES
from shared.contracts import courier as c
from shared.contracts.requests import PAGE, Request
from shared.http.openapi import errors, json, ref


def paths() -> dict[str, Any]:
    one = "/webhooks/{name}"
    return {
        "/webhooks": {
            "get": _operation("listWebhooks", "All webhooks, and how each receiver is doing", _many("Webhook"))
        },
        one: {
            "get": _one("readWebhook", "What a webhook gets, and how its receiver is doing", "Webhook"),
            "put": _put(),
            "delete": _remove(),
        },
        f"{one}/secret": {
            "get": _one(
                "readSecret", "With which secret its receiver verifies requests; stored nowhere", "Secret", "409"
            )
        },
        f"{one}/rotate": {
            "post": _command(
                "rotateSecret", "Sign with a new secret, for some hours also with the one before", c.RotateSecret
            )
        },
        f"{one}/pause": {
            "post": _command(
                "pauseWebhook", "Send nothing more; `sending` is true while requests are on their way", c.PauseWebhook
            )
        },
        f"{one}/resume": {
            "post": _command("resumeWebhook", "Send everything that it has not got, now", c.ResumeWebhook)
        },
        f"{one}/test": {"post": _test()},
        f"{one}/replay": {"post": _replay()},
        f"{one}/deliveries": {"get": _deliveries()},
        f"{one}/deliveries/{{delivery}}": {"get": _delivery()},
    }


def schemas() -> dict[str, Any]:
    replies = (c.Webhook, c.Secret, c.Delivery, c.TestSent, c.Replayed)
    return {each.__name__: each.model_json_schema(mode="serialization") for each in replies}


def _operation(
    name: str, summary: str, reply: dict[str, Any], *codes: str, parameters: tuple[dict[str, Any], ...] = ()
) -> dict[str, Any]:
    return {
        "operationId": name,
        "summary": summary,
        "parameters": list(parameters),
        "responses": {"200": reply, **errors("403", *codes)},
    }


def _one(name: str, summary: str, reply: str, *codes: str) -> dict[str, Any]:
    return _operation(name, summary, _reply(reply), "404", "422", *codes, parameters=(_NAME,))


def _command(
    name: str, summary: str, kind: type[Request], *codes: str, replies: dict[str, Any] | None = None
) -> dict[str, Any]:
    return {
        "operationId": name,
        "summary": summary,
        "parameters": [_NAME, _IDEMPOTENCY],
        "requestBody": {"required": False, "description": f"At most {MAX_BYTES:,} bytes", **json(_body(kind))},
        "responses": {**(replies or {"200": _reply("Webhook")}), **errors("400", "403", "404", "413", "422", *codes)},
    }


def _put() -> dict[str, Any]:
    replies = {"200": _reply("Webhook", "Changed"), "201": _reply("Webhook", "Added")}
    put = _command(
        "putWebhook", "Add a webhook, or change one that exists", c.AddWebhook, "409", "410", replies=replies
    )
    put["requestBody"]["required"] = True
    del put["responses"]["404"]
    return put


def _remove() -> dict[str, Any]:
    replies = {"204": {"description": "Removed with its deliveries"}}
    return _command("removeWebhook", "Remove a webhook", c.RemoveWebhook, replies=replies)


def _test() -> dict[str, Any]:
    where = {"description": "The address of the delivery", "schema": {"type": "string"}}
    replies = {"202": {**_reply("TestSent", "It is called now"), "headers": {"Location": where}}}
    return _command("testWebhook", "Send an event of the type `webhook.test`", c.SendTest, "409", replies=replies)


def _replay() -> dict[str, Any]:
    replies = {"202": _reply("Replayed", "How many events are sent anew")}
    summary = "Send events anew under the same ids: some, or all that it wants of a part of the log"
    return _command("replayEvents", summary, c.Replay, "410", replies=replies)


def _deliveries() -> dict[str, Any]:
    states = {
        "name": "states",
        "in": "query",
        "description": "`waiting`, `blocked`, `delivered`, `failed`, separated by commas",
    }
    before = {"name": "before", "in": "query", "description": "The number of the last delivery of the page before"}
    limit = {"name": "limit", "in": "query", "description": "How many at most"}
    parameters = (
        _NAME,
        {**states, "schema": {"type": "string"}},
        {**before, "schema": _NUMBER},
        {**limit, "schema": {"type": "integer", "minimum": 1, "maximum": PAGE, "default": 100}},
    )
    page = _many("Delivery")
    page["headers"] = {
        "Link": {"description": "The address of the next page, with `rel=next`", "schema": {"type": "string"}}
    }
    summary = "What came of each event, the newest first"
    return _operation("readDeliveries", summary, page, "404", "422", parameters=parameters)


def _delivery() -> dict[str, Any]:
    found = _one("readDelivery", "What came of one event", "Delivery")
    number = {"name": "delivery", "in": "path", "required": True, "description": "Its number; tests are below 0"}
    found["parameters"].append({**number, "schema": _NUMBER})
    return found


def _reply(name: str, description: str = "As it is now") -> dict[str, Any]:
    return {"description": description, **json(ref(name))}


def _many(name: str) -> dict[str, Any]:
    return {"description": "Perhaps none", **json({"type": "array", "items": ref(name)})}


def _body(kind: type[Request]) -> dict[str, Any]:
    """The schema of a command, without what the request states elsewhere."""
    schema = kind.model_json_schema()
    fields = {
        name: {**field, "description": _FIELDS[name]} if name in _FIELDS else field
        for name, field in schema["properties"].items()
        if name not in GIVEN
    }
    required = [name for name in schema.get("required", ()) if name not in GIVEN]
    return {"type": "object", "additionalProperties": False, "properties": fields, "required": required}


_NUMBER = {"type": "integer", "minimum": -(2**53), "maximum": 2**53}
_NAME = {
    "name": "name",
    "in": "path",
    "required": True,
    "description": "Lower case, digits and hyphens",
    "schema": {"type": "string", "pattern": r"^[a-z0-9][a-z0-9-]{0,62}$"},
}
_IDEMPOTENCY = {
    "name": IDEMPOTENCY,
    "in": "header",
    "required": False,
    "description": "A request that is repeated with the same text has one effect, and gets the same reply",
    "schema": {"type": "string", "minLength": 1, "maxLength": LONGEST_IDEMPOTENCY_KEY},
}
_FIELDS = {
    "url": "Where the receiver is: https://HOST/PATH",
    "types": "Types such as `score.changed`, or `lead.*`, or `*`",
    "tiers": "Only events of facilities in these tiers; without it, any",
    "states": "Only events of facilities in these states; without it, any",
    "owners": "Only events of facilities of these reps; without it, any",
    "ordered": "Keep the order of the events of a facility",
    "personal": "Also send events with contact data of people; only for keys that were created for it",
    "after": "Begin after this cursor; `0`: with all that is left of the log",
    "until": "Up to this cursor, included; without it, up to where the webhook is",
    "deliveries": "Their numbers; instead of `after`",
    "hours": "How long the secret before signs as well",
    "reason": "Why, for others",
}
