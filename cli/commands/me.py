"""`pipeline me`: the name under which commands are recorded."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.client.actor import known, remember
from cli.printing import show


def me(
    name: Annotated[str | None, typer.Argument(help="Your name, as reps and colleagues know you.")] = None,
) -> None:
    """Store your name, which is recorded with what you do.

    Without an argument, it prints your name.

    Example: pipeline me ann
    """
    if name is not None:
        show.say(f"From now on you are {remember(name)}.")
    elif current := known():
        show.say(current)
    else:
        raise ValueError("No name is stored yet: `pipeline me NAME` stores one.")
