"""`pipeline events`: what is being published."""

from __future__ import annotations

from datetime import time
from typing import Annotated, Any

import typer

from cli.client.clock import deployment, reader
from cli.client.connection import talk
from cli.client.following import follow, known_subject
from cli.client.recalling import recall
from cli.commands.options import Json, day
from cli.printing import show
from shared.clock import instant_at


def events(
    subject: Annotated[str | None, typer.Option(help="Only subjects that begin like this: `posting.`")] = None,
    past: Annotated[bool, typer.Option("--past", help="Begin with the events still in the streams.")] = False,
    since: Annotated[
        str | None, typer.Option(metavar="YYYY-MM-DD", help="Only those published since this day, then end.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Follow the streams, one line per event, until Ctrl-C; or list what was published since a day.

    `--since` reads the events that services store, for three years unless PIPELINE_HISTORY_DAYS is set.

    Example: pipeline events --past --subject posting.
    """
    known_subject(subject)
    at = reader()

    def line(event: dict[str, Any]) -> None:
        if as_json:
            show.as_json(event)
        else:
            show.line(f"{at(event['time'])}  {event['subject']:<20} {event['key']:<38} {event['text']}")

    if since:
        first = instant_at(day(since, "--since"), time(), deployment().timezone)
        talk(lambda broker: recall(broker, subject, first, line))
        return
    talk(lambda broker: follow(broker, subject, past, line))
