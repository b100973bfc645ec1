"""What does another system get in a demo? Each change of a lead, by a webhook that the fakes receive and verify."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from cli.client.connection import persistently
from cli.demo.sources import client_of_this_machine, fakes_of_this_machine
from shared.contracts.courier import AddWebhook, Webhooks, WebhookSecret

if TYPE_CHECKING:
    from shared.messaging.broker import Broker

NAME: Final = "receiver"
PATH: Final = "/leads"
ACTOR: Final = "demo"


async def add(broker: Broker, fakes_url: str) -> None:
    """Send the events of leads to a fake receiver from now on, which accepts only what is signed."""
    url = f"{fakes_url}/receiver.example{PATH}"
    command = AddWebhook(name=NAME, url=url, types=["lead.*"], ordered=True, actor=ACTOR)
    await persistently(broker, command)
    secret = await persistently(broker, WebhookSecret(name=NAME))
    async with client_of_this_machine() as client:
        stated = {"path": PATH, "secrets": [secret.secret]}
        (await client.put(f"{fakes_url}/_fake/receiver/settings", json=stated)).raise_for_status()


async def compared(broker: Broker) -> dict[str, int]:
    """What was delivered, what was not, and what the receiver accepted: each event under one id."""
    webhook = next((each for each in await broker.ask(Webhooks()) if each.name == NAME), None)
    fakes = fakes_of_this_machine()
    if webhook is None or fakes is None:
        return {"delivered": 0, "failed": 0, "received": 0}
    async with client_of_this_machine() as client:
        answer = await client.get(f"{fakes.url}/_fake/receiver/got", params={"path": PATH})
    accepted = {each["id"] for each in answer.raise_for_status().json() if each["accepted"]}
    missing = webhook.failed + webhook.waiting
    return {"delivered": webhook.delivered, "failed": missing, "received": len(accepted)}


def complaint(summary: Mapping[str, Any]) -> str | None:
    """What is wrong if the two sides do not agree."""
    found = summary["courier"]
    if not found["failed"] and found["delivered"] == found["received"]:
        return None
    return (
        f"The courier delivered {found['delivered']:,} events, and has {found['failed']:,} to send; the receiver"
        f" accepted {found['received']:,}. `pipeline webhook deliveries {NAME}` shows each one."
    )
