"""`pipeline console`: the page on which people work, and who may use it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer

from cli.client.actor import By, who
from cli.client.connection import talk
from cli.commands.options import Json, group
from cli.printing import show
from cli.printing.progress import counted
from shared.contracts.console_rebuilding import Rebuild, Rebuilding, RebuildProgress

if TYPE_CHECKING:
    from shared.messaging.broker import Broker

app = group("The console: the page on which people work.")

POLL_SECONDS = 0.5


@app.callback()
def console() -> None:
    """The console: the page on which people work."""


@app.command()
def rebuild(
    wait: Annotated[bool, typer.Option("--wait/--no-wait", help="Wait until it has ended.")] = True,
    by: By = None,
    as_json: Json = False,
) -> None:
    """Build what the console shows anew, from what the services own and have published.

    Pages stay readable meanwhile. Users, sessions, saved views and the audit log are not touched. It goes on if the
    console restarts; called again, the command follows the rebuild that is under way.

    Example: pipeline console rebuild
    """
    ended = talk(lambda broker: _rebuilt(broker, Rebuild(actor=who(by)), wait=wait))
    if as_json:
        show.as_json(ended)
    elif ended.ended_at:
        show.say(f"Rebuilt from {ended.events:,} states and events.")
    else:
        show.say(
            f"The rebuild is under way: {ended.done} of {ended.steps} parts. `pipeline console rebuild` follows it."
        )


async def _rebuilt(broker: Broker, request: Rebuild, *, wait: bool) -> RebuildProgress:
    progress = await broker.ask(request)
    with counted("Rebuilding", progress.steps) as (bar, task):
        while wait and progress.ended_at is None:
            await asyncio.sleep(POLL_SECONDS)
            progress = await broker.ask(Rebuilding())
            bar.update(task, completed=progress.done)
    return progress
