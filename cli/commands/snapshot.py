"""`pipeline snapshot`: the current state of what a service owns."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.client.connection import talk
from cli.client.recalling import current
from cli.printing import show
from shared.contracts.topology import PUBLISHES, WITHOUT_SNAPSHOT


def snapshot(
    subject: Annotated[str, typer.Argument(metavar="SUBJECT", help="The subject of the events: `facility.listed`.")],
) -> None:
    """List the current state that the events of a subject carry, as JSON lines.

    Example: pipeline snapshot score.changed
    """
    owners = {
        event.SUBJECT: service
        for service, events in PUBLISHES.items()
        for event in events
        if event not in WITHOUT_SNAPSHOT
    }
    if subject not in owners:
        raise ValueError(f"{subject!r} has no snapshot; there are {', '.join(sorted(owners))}.")
    talk(lambda broker: current(broker, owners[subject], subject, show.as_json))
