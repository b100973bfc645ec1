"""`pipeline notice`: which notices our own people get in chats and by mail."""

from __future__ import annotations

import asyncio
import re
from time import monotonic
from typing import TYPE_CHECKING, Annotated

import typer

from cli.client.actor import OPERATOR, By, who
from cli.client.clock import reader
from cli.client.connection import ask, made, talk
from cli.commands.options import Json, group
from cli.printing import notices as printed
from cli.printing import show
from cli.printing.progress import counted
from shared.contracts.courier_notices import (
    AddRecipient,
    Notice,
    NoticeDetails,
    NoticePreview,
    PauseRecipient,
    Recipient,
    Recipients,
    RemoveRecipient,
    ResumeRecipient,
    SendTestNotice,
)

if TYPE_CHECKING:
    from shared.messaging.broker import Broker

PAUSE = 0.2
"""Seconds between two questions while a notice is on its way."""
_QUIET = re.compile(r"(\d\d?:\d\d)-(\d\d?:\d\d)")

app = group("Notices to our own people, in a chat or by mail: alerts, breaches, and a worklist in the morning.")

Name = Annotated[str, typer.Argument(help="The recipient, as `pipeline notice list` shows it.", show_default=False)]


@app.command()
def add(
    name: Annotated[str, typer.Argument(help="Its name: lower case, digits and hyphens.", show_default=False)],
    slack: Annotated[
        str | None, typer.Option(metavar="CHANNEL", help="A channel, by its name in PIPELINE_COURIER_SLACK_URLS.")
    ] = None,
    email: Annotated[str | None, typer.Option(metavar="ADDRESS", help="An address of the team.")] = None,
    kinds: Annotated[
        list[str] | None,
        typer.Option("--kind", help="`hot`, `sla`, `tier` or `worklist`; repeatable.  [default: hot, sla, worklist]"),
    ] = None,
    rep: Annotated[str | None, typer.Option(help="Only what is about this rep; without it, all of the team.")] = None,
    quiet: Annotated[
        str | None, typer.Option(metavar="FROM-TO", help="Hours in which nothing arrives, such as 18:00-08:00.")
    ] = None,
    at: Annotated[str, typer.Option(metavar="TIME", help="When the worklist arrives on working days.")] = "08:00",
    timezone: Annotated[
        str | None, typer.Option(help="Whose hours these are, such as America/Denver.  [default: the deployment's]")
    ] = None,
    by: By = None,
    as_json: Json = False,
) -> None:
    """Let one of our own people, or a channel of ours, get notices from now on; one of that name is changed.

    `hot`: accounts that entered tier 1. `sla`: accounts that waited too long. `tier`: all that changed tier.
    `worklist`: the tasks of the day. At most one of each kind arrives in an hour, and none on weekends and holidays.

    Example: pipeline notice add jo --email jo@seller.example --rep rep-1 --kind worklist --quiet 18:00-08:00
    """
    hours = _QUIET.fullmatch(quiet) if quiet else None
    if quiet and not hours:
        raise typer.BadParameter("Write quiet hours as 18:00-08:00.", param_hint="--quiet")
    command = made(
        AddRecipient,
        name=name,
        slack=slack,
        email=email,
        kinds=kinds or ["hot", "sla", "worklist"],
        rep=rep,
        quiet_from=hours[1].zfill(5) if hours else None,
        quiet_to=hours[2].zfill(5) if hours else None,
        morning_at=at.zfill(5),
        timezone=timezone,
        actor=who(by, unknown=OPERATOR),
    )
    _show(ask(command), as_json)
    if not as_json:
        show.say(f"`pipeline notice test {name}` sends one now.")


def _show(found: Recipient, as_json: bool) -> None:
    if as_json:
        show.as_json(found)
    else:
        printed.recipients([found], reader("courier"))


@app.command("list")
def listed(as_json: Json = False) -> None:
    """Who gets which notices, and what became of the last one.

    Example: pipeline notice list
    """
    found = ask(Recipients())
    if as_json:
        show.as_json(found)
    else:
        printed.recipients(found, reader("courier"))


@app.command("preview")
def previewed(name: Name, as_json: Json = False) -> None:
    """What a recipient gets next, and not before when.

    Example: pipeline notice preview jo
    """
    found = ask(made(NoticePreview, name=name))
    if as_json:
        show.as_json(found)
    else:
        printed.previews(found, reader("courier"))


@app.command("test")
def try_out(
    name: Name,
    wait: Annotated[float, typer.Option(min=0, max=3_600, help="Seconds to wait for what comes of it.")] = 30.0,
    as_json: Json = False,
) -> None:
    """Send a notice now, also in quiet hours, and show whether it was accepted.

    Example: pipeline notice test jo
    """
    with counted(f"sending to {name}"):
        found = talk(lambda broker: _tested(broker, name, wait))
    if as_json:
        show.as_json(found)
    else:
        printed.notice(found)
    if found.state != "sent":
        raise typer.Exit(1)


async def _tested(broker: Broker, name: str, wait: float) -> Notice:
    sent = await broker.ask(made(SendTestNotice, name=name, actor=who(unknown=OPERATOR)))
    end = monotonic() + wait
    while True:
        last = (await broker.ask(NoticeDetails(name=name))).last
        if last and last.notice_id == sent.notice_id and (last.state != "waiting" or last.error):
            return last
        if monotonic() >= end:
            return sent
        await asyncio.sleep(PAUSE)


@app.command()
def pause(
    name: Name,
    reason: Annotated[str, typer.Option(help="Why, for others.")] = "",
    by: By = None,
    as_json: Json = False,
) -> None:
    """Send nothing more; what waits is dropped.

    Example: pipeline notice pause jo --reason "on leave"
    """
    _show(ask(made(PauseRecipient, name=name, reason=reason, actor=who(by, unknown=OPERATOR))), as_json)


@app.command()
def resume(name: Name, by: By = None, as_json: Json = False) -> None:
    """Send what happens from now on, to a recipient that was paused.

    Example: pipeline notice resume jo
    """
    _show(ask(made(ResumeRecipient, name=name, actor=who(by, unknown=OPERATOR))), as_json)


@app.command()
def remove(name: Name, by: By = None) -> None:
    """Remove a recipient with its notices.

    Example: pipeline notice remove jo
    """
    ask(made(RemoveRecipient, name=name, actor=who(by, unknown=OPERATOR)))
    show.say(f"{name} gets no notices any more.")
