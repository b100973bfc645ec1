"""`pipeline export`: data of the services as a file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli.client.connection import talk
from cli.commands.options import to_write
from cli.files import exporting
from cli.files.exporting import EXPORTS
from cli.printing import show


def export(
    what: Annotated[str, typer.Argument(help=f"One of: {', '.join(EXPORTS)}.")],
    out: Annotated[Path, typer.Option("--out", callback=to_write, help="The CSV file to write.")],
) -> None:
    """Write postings, signals, scores, leads, tasks or drafts to a CSV file.

    Example: pipeline export tasks --out tasks.csv
    """
    if what not in EXPORTS:
        raise typer.BadParameter(f"{what!r} cannot be exported; choose from {', '.join(EXPORTS)}.")
    count = talk(lambda broker: exporting.export(broker, what, out))
    show.say(f"{count} {what} written to {out}.")
