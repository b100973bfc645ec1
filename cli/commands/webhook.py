"""`pipeline webhook`: which addresses get events, and what came of each."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from time import monotonic
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from cli.client.actor import OPERATOR, By, who
from cli.client.clock import reader
from cli.client.connection import ask, made, talk
from cli.commands.options import Json, group
from cli.printing import show
from cli.printing import webhooks as printed
from cli.printing.progress import counted
from shared.contracts.courier import (
    AddWebhook,
    Deliveries,
    Delivery,
    DeliveryDetails,
    PauseWebhook,
    RemoveWebhook,
    Replay,
    ResumeWebhook,
    RotateSecret,
    SendTest,
    Webhook,
    WebhookDetails,
    Webhooks,
    WebhookSecret,
)

if TYPE_CHECKING:
    from shared.messaging.broker import Broker

T = TypeVar("T")

PAUSE = 0.2
"""Seconds between two questions while something is on its way."""

app = group("Webhooks: addresses of other systems that get events, and what came of each.")

Name = Annotated[str, typer.Argument(help="The webhook, as `pipeline webhook list` shows it.", show_default=False)]
Wait = Annotated[float, typer.Option(min=0, max=3_600, help="Seconds to wait for what comes of it.")]


@app.command()
def add(
    name: Annotated[str, typer.Argument(help="Its name: lower case, digits and hyphens.", show_default=False)],
    url: Annotated[str, typer.Argument(help="Where the receiver is: https://HOST/PATH.", show_default=False)],
    types: Annotated[
        list[str] | None,
        typer.Option("--type", help="A type of events: score.changed, 'lead.*', '*'; repeatable.  [default: *]"),
    ] = None,
    tiers: Annotated[
        list[int] | None, typer.Option("--tier", help="Only of facilities in this tier; repeatable.")
    ] = None,
    states: Annotated[list[str] | None, typer.Option("--state", help="Only in this state; repeatable.")] = None,
    owners: Annotated[list[str] | None, typer.Option("--owner", help="Only of this rep; repeatable.")] = None,
    ordered: Annotated[
        bool,
        typer.Option("--ordered", help="Keep the order of a facility's events; a failure blocks later ones."),
    ] = False,
    personal: Annotated[
        bool, typer.Option("--personal", help="Also send events that contain contact data of people.")
    ] = False,
    after: Annotated[
        str | None,
        typer.Option("--from", metavar="CURSOR", help="Begin after this cursor; 0: with all that the log has."),
    ] = None,
    by: By = None,
    as_json: Json = False,
) -> None:
    """Send events to an address from now on; a webhook of that name is changed, and keeps its secret.

    Requests are signed as Standard Webhooks 1.0, around a CloudEvent in JSON. `pipeline webhook secret NAME` shows
    what the receiver verifies with. A private address is called only if PIPELINE_OUTBOUND_ALLOW lists it.

    Example: pipeline webhook add crm https://crm.example/hooks --type 'lead.*' --type score.changed --tier 1
    """
    command = made(
        AddWebhook,
        name=name,
        url=url,
        types=types or ["*"],
        tiers=tiers or None,
        states=states or None,
        owners=owners or None,
        ordered=ordered,
        personal=personal,
        after=after,
        actor=who(by, unknown=OPERATOR),
    )
    _show(ask(command), as_json)
    if not as_json:
        show.say(f"`pipeline webhook secret {name}` shows its secret, `pipeline webhook test {name}` calls it.")


@app.command("list")
def listed(as_json: Json = False) -> None:
    """All webhooks, and how each receiver is doing.

    Example: pipeline webhook list
    """
    found = ask(Webhooks())
    if as_json:
        show.as_json(found)
    else:
        printed.webhooks(found, reader("courier"))


@app.command("show")
def shown(name: Name, as_json: Json = False) -> None:
    """Everything about a webhook: what it gets, how far it has come, and what went wrong.

    Example: pipeline webhook show crm
    """
    _show(ask(made(WebhookDetails, name=name)), as_json)


def _show(found: Webhook, as_json: bool) -> None:
    if as_json:
        show.as_json(found)
    else:
        printed.webhook(found, reader("courier"))


@app.command()
def secret(name: Name, as_json: Json = False) -> None:
    """Show the secret with which a receiver verifies its requests, and the one before while both sign.

    It is derived from PIPELINE_COURIER_SECRET_KEY and stored nowhere.

    Example: pipeline webhook secret crm
    """
    found = ask(made(WebhookSecret, name=name))
    if as_json:
        show.as_json(found)
        return
    show.line(found.secret)
    if found.previous and found.both_until:
        show.say(f"Until {reader('courier')(found.both_until)} this one signs as well: {found.previous}")


@app.command()
def rotate(
    name: Name,
    hours: Annotated[float, typer.Option(min=0, max=720, help="How long the secret before signs as well.")] = 24.0,
    by: By = None,
    as_json: Json = False,
) -> None:
    """Sign with a new secret from now on, and for some hours also with the one before.

    Example: pipeline webhook rotate crm --hours 48
    """
    ask(made(RotateSecret, name=name, hours=hours, actor=who(by, unknown=OPERATOR)))
    secret(name, as_json)


@app.command("test")
def try_out(name: Name, wait: Wait = 30.0, as_json: Json = False) -> None:
    """Send an event of the type `webhook.test` now, and show what the receiver answered.

    Example: pipeline webhook test crm
    """
    with counted(f"calling {name}"):
        found = talk(lambda broker: _tested(broker, name, wait))
    if as_json:
        show.as_json(found)
    else:
        printed.delivery(found, reader("courier"))
    if found.state != "delivered":
        raise typer.Exit(1)


async def _tested(broker: Broker, name: str, wait: float) -> Delivery:
    sent = await broker.ask(made(SendTest, name=name, actor=who(unknown=OPERATOR)))

    async def look() -> Delivery:
        return await broker.ask(DeliveryDetails(name=name, delivery=sent.delivery))

    return await _until(look, lambda found: found.state != "waiting", wait)


async def _until(look: Callable[[], Awaitable[T]], is_over: Callable[[T], bool], wait: float) -> T:
    end = monotonic() + wait
    while True:
        found = await look()
        if is_over(found) or monotonic() >= end:
            return found
        await asyncio.sleep(PAUSE)


@app.command("deliveries")
def delivered(
    name: Name,
    states: Annotated[
        list[str] | None,
        typer.Option("--only", help="Only `waiting`, `blocked`, `delivered` or `failed`; repeatable."),
    ] = None,
    before: Annotated[int | None, typer.Option(help="The number of the last delivery of the page before.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=2_000, help="How many, the newest events first.")] = 50,
    as_json: Json = False,
) -> None:
    """What was delivered: each event, its attempts, and the last answer.

    Example: pipeline webhook deliveries crm --only failed
    """
    found = ask(made(Deliveries, name=name, states=states or None, before=before, limit=limit))
    if as_json:
        show.as_json(found)
    else:
        printed.deliveries(name, found, reader("courier"))


@app.command()
def replay(
    name: Name,
    numbers: Annotated[
        list[int] | None, typer.Argument(metavar="[DELIVERY]...", help="As `pipeline webhook deliveries` numbers them.")
    ] = None,
    after: Annotated[
        str | None, typer.Option("--from", metavar="CURSOR", help="Everything after this cursor; 0: the whole log.")
    ] = None,
    until: Annotated[str | None, typer.Option(metavar="CURSOR", help="Up to this cursor, included.")] = None,
    by: By = None,
    as_json: Json = False,
) -> None:
    """Send events anew, under the same ids: some of them, or all that the webhook wants of a part of the log.

    Example: pipeline webhook replay crm --from 48000
    """
    if bool(numbers) == (after is not None):
        raise typer.BadParameter("Name deliveries, or a cursor with --from.")
    found = ask(
        made(
            Replay,
            name=name,
            deliveries=numbers or None,
            after=after,
            until=until,
            actor=who(by, unknown=OPERATOR),
        )
    )
    if as_json:
        show.as_json(found)
    else:
        show.say(f"{found.events:,} events are sent anew; `pipeline webhook deliveries {name}` shows what comes of it.")


@app.command()
def pause(
    name: Name,
    reason: Annotated[str, typer.Option(help="Why, for others.")] = "",
    wait: Wait = 60.0,
    by: By = None,
    as_json: Json = False,
) -> None:
    """Send nothing more. It returns once no request is on its way; events wait in the log until it is resumed.

    Example: pipeline webhook pause crm --reason "their database moves"
    """
    found = talk(lambda broker: _paused(broker, name, reason, who(by, unknown=OPERATOR), wait))
    _show(found, as_json)
    if found.sending:
        show.problem("Requests are still on their way.")
        raise typer.Exit(1)


async def _paused(broker: Broker, name: str, reason: str, actor: str, wait: float) -> Webhook:
    await broker.ask(made(PauseWebhook, name=name, reason=reason, actor=actor))

    async def look() -> Webhook:
        return await broker.ask(WebhookDetails(name=name))

    return await _until(look, lambda found: not found.sending, wait)


@app.command()
def resume(name: Name, by: By = None, as_json: Json = False) -> None:
    """Send everything that it has not got, now, although it was paused or its receiver failed.

    Example: pipeline webhook resume crm
    """
    _show(ask(made(ResumeWebhook, name=name, actor=who(by, unknown=OPERATOR))), as_json)


@app.command()
def remove(name: Name, by: By = None) -> None:
    """Remove a webhook with what is known of its deliveries.

    Example: pipeline webhook remove crm
    """
    ask(made(RemoveWebhook, name=name, actor=who(by, unknown=OPERATOR)))
    show.say(f"Nothing is sent to {name} any more.")
