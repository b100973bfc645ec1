"""`pipeline events`: what was published."""

from __future__ import annotations

from datetime import time
from typing import Annotated, Any

import typer

from cli.client.clock import deployment, reader
from cli.client.connection import talk
from cli.client.recalling import recall
from cli.commands.options import Json, Types, day
from cli.printing import show
from shared.clock import instant_at
from shared.contracts.topology import subjects_like


def events(
    since: Annotated[str, typer.Option(metavar="YYYY-MM-DD", help="The first day.")],
    types: Types = None,
    facility: Annotated[str | None, typer.Option(metavar="ID", help="Only those of this facility.")] = None,
    as_json: Json = False,
) -> None:
    """List the events that were published since a day, one line each; `pipeline listen` shows them as they happen.

    Services store their events for three years unless PIPELINE_HISTORY_DAYS is set.

    Example: pipeline events 'posting.*' --since 2026-07-01
    """
    subjects = subjects_like(types or ["*"])
    first = instant_at(day(since, "--since"), time(), deployment().timezone)
    at = reader()

    def line(event: dict[str, Any]) -> None:
        if as_json:
            show.as_json(event)
        else:
            show.line(f"{at(event['time'])}  {event['subject']:<20} {event['key']:<38} {event['text']}")

    talk(lambda broker: recall(broker, subjects, facility, first, line))
