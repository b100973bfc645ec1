"""`pipeline me`: in whose name commands are recorded."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.client.actor import known, remember
from cli.printing import show


def me(
    name: Annotated[str | None, typer.Argument(help="Your name, as reps and colleagues know you.")] = None,
) -> None:
    """Remember who you are, for everything that is recorded with a name.

    Without a name, it says who you are.

    Example: pipeline me ann
    """
    if name is not None:
        show.say(f"From now on you are {remember(name)}.")
    elif current := known():
        show.say(current)
    else:
        raise ValueError("Nobody was named yet: `pipeline me NAME` does it.")
