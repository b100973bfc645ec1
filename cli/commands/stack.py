"""`pipeline up`, `down` and `setup`: the servers and services on this machine."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.printing import show
from cli.printing.status import where
from cli.stack import lifecycle, stackfile
from cli.stack.stackfile import Stack


def up(detach: Annotated[bool, typer.Option("--detach", "-d", help="Return once it is ready.")] = False) -> None:
    """Start NATS, PostgreSQL and the services, and keep them up until Ctrl-C.

    `pipeline down` stops them, too. Data is in `.pipeline/`. If `PIPELINE_NATS_URL` or `PIPELINE_DATABASE_URL` is set,
    those servers are used.
    """
    if detach:
        stack = lifecycle.start("data", show.say)
        _say_ready(stack)
    else:
        lifecycle.run_foreground("data", show.say, on_ready=_say_ready)


def down(wipe: Annotated[bool, typer.Option("--wipe", help="Also delete everything that is stored.")] = False) -> None:
    """Stop what `up` or `demo` started; nothing is left running."""
    home = stackfile.home()
    if wipe:
        lifecycle.wipe(home, show.say)
        show.say("Stopped; all stored data is deleted.")
    else:
        known = stackfile.recorded(home) is not None
        lifecycle.stop(home, show.say)
        show.say("Stopped." if known else "No stack was running.")


def setup() -> None:
    """Prepare servers that others run: databases, tables, streams and consumers.

    `up` does this automatically. Needs `PIPELINE_NATS_URL` (a user that can manage streams) and
    `PIPELINE_<SERVICE>_DATABASE_URL` for each service; also `PIPELINE_DATABASE_URL`, a role that can create databases,
    if these do not exist yet.
    """
    from cli.provision import prepare

    raise typer.Exit(prepare.main())


def _say_ready(stack: Stack) -> None:
    show.say("Ready.")
    where(stack)
